import { parseParameterText, type RadiomicsSettings } from '../radiomics/parameter-file.ts';
import type { Settings } from '../radiomics/settings.ts';
import { readText } from '../runtime/read-text.ts';

/**
 * Reads a PyRadiomics parameter file (YAML or JSON), as it is: groups `imageType`, `featureClass` and `setting`.
 *
 * @param overrides settings that win over those of the file
 * @throws NacreError `file-missing`, `bad-yaml`, `unknown-key` with the nearest known one (also an image type), `bad-config`
 */
export function readParameterFile(
  path: string,
  overrides: Partial<Settings> = {},
): RadiomicsSettings {
  const text = readText(
    path,
    'the parameter file',
    'a PyRadiomics parameter file (YAML)',
    'check the path (--params)',
  );
  return parseParameterText(text, { file: path, overrides });
}
