import { NacreError } from '../../runtime/errors.ts';
import type { Booster } from './booster.ts';

/** Loads the machine's own XGBoost. @throws NacreError `booster-unavailable`, `bad-library` */
export type NativeLoader = (places?: readonly string[]) => Promise<Booster>;

/** A page has no machine that could hold one. */
let load: NativeLoader = async () => {
  throw new NacreError('booster-unavailable', 'no native XGBoost can be used', {
    found: 'a page, which calls no library of its machine',
    expected: 'a study in Node',
    todo: 'ask for ml-xgboost',
  });
};

/** Hands in the loader of this machine (`machine/xgboost/provide-native.ts`). */
export function provideNativeBooster(loader: NativeLoader): void {
  load = loader;
}

/** The native engine. @param places where to look for it, instead of the usual ones */
export function nativeBooster(places?: readonly string[]): Promise<Booster> {
  return load(places);
}
