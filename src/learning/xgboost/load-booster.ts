import { isNacreError } from '../../runtime/errors.ts';
import type { Booster } from './booster.ts';
import { exactBooster } from './exact/exact-booster.ts';
import { loadMlXgboost } from './ml-xgboost.ts';
import { nativeBooster } from './native-engine.ts';

export const boosterImplementations = ['ml-xgboost', 'exact', 'native', 'auto'] as const;
export type BoosterImplementation = (typeof boosterImplementations)[number];

/**
 * The engine that a study asks for. `ml-xgboost` is the same on every machine, and the default; `exact` grows its trees faster;
 * `native` is the machine's XGBoost; `auto` takes that where there is one. The run's provenance names what was used.
 *
 * @param places where to look for the native one (see `loadXgboostLibrary`)
 * @throws NacreError `booster-unavailable`, `bad-library`
 */
export async function loadBooster(
  implementation: BoosterImplementation = 'ml-xgboost',
  places?: readonly string[],
): Promise<Booster> {
  if (implementation === 'ml-xgboost') return loadMlXgboost();
  if (implementation === 'exact') return exactBooster(await loadMlXgboost());
  try {
    return await nativeBooster(places);
  } catch (cause) {
    const absent = isNacreError(cause, 'booster-unavailable');
    if (implementation === 'auto' && absent) return loadMlXgboost();
    throw cause;
  }
}
