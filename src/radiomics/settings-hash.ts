import { canonicalJson, sha256 } from '../runtime/hash.ts';
import type { RadiomicsSettings } from './parameter-file.ts';

/** SHA-256 of settings: equal settings, whatever their order in the file, have one hash. */
export function settingsHash(settings: RadiomicsSettings): string {
  return sha256(canonicalJson(settings));
}
