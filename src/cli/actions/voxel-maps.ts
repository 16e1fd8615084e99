import { extractVoxelMaps } from '../../features/extract-voxel-maps.ts';
import { readParameterFile } from '../../machine/read-parameter-file.ts';
import {
  overridesFrom,
  type ParameterFile,
  radiomicsSettings,
} from '../../radiomics/parameter-file.ts';
import { idleAssumption, settingsWithoutEffect } from '../../radiomics/settings-without-effect.ts';
import { parseYaml } from '../../runtime/read-yaml.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { interruptible } from '../interruptible.ts';
import { printAssumption } from '../print-assumption.ts';

interface Options {
  params?: string;
  label?: number;
  setting: string[];
  voxelSetting: string[];
  out: string;
  workers: number;
  resume?: boolean;
}

export async function run(image: string, mask: string, options: Options): Promise<void> {
  const overrides = overridesFrom(options.setting);
  const read =
    options.params === undefined
      ? radiomicsSettings({}, { overrides })
      : readParameterFile(options.params, overrides);
  const settings =
    options.voxelSetting.length === 0
      ? read
      : radiomicsSettings({
          ...(read as ParameterFile),
          voxelSetting: { ...read.voxelSetting, ...fromTexts(options.voxelSetting) } as never,
        });
  for (const idle of settingsWithoutEffect(settings)) printAssumption(idleAssumption(idle));
  const left = 'finished pieces are kept, the same command with --resume goes on';
  await interruptible(left, (signal) =>
    extractVoxelMaps(image, mask, options.out, settings, {
      label: options.label,
      workers: options.workers,
      resume: options.resume,
      signal,
      progress: (total, already) => startProgress('voxel maps', total, already),
      note: printAssumption,
    }),
  );
}

function fromTexts(texts: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      const key = text.slice(0, at).trim();
      return [key, parseYaml(text.slice(at + 1), { what: `the setting ${key}` })];
    }),
  );
}
