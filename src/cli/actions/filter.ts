import { join } from 'node:path';
import { readVolume } from '../../machine/read-volume.ts';
import { writeNifti } from '../../machine/write-nifti.ts';
import { filterImage } from '../../radiomics/filter-image.ts';
import type { FilteredImage } from '../../radiomics/filters/filtered-image.ts';
import type { ImageType } from '../../radiomics/image-type-names.ts';
import { overridesFrom, radiomicsSettings } from '../../radiomics/parameter-file.ts';
import type { Settings } from '../../radiomics/settings.ts';
import { idleAssumption, settingsWithoutEffect } from '../../radiomics/settings-without-effect.ts';
import { NacreError } from '../../runtime/errors.ts';
import { printAssumption } from '../print-assumption.ts';

interface Options {
  filter: ImageType;
  setting: string[];
  conventions: Settings['conventions'];
  map?: string;
  out: string;
}

export async function run(input: string, options: Options): Promise<void> {
  const given = { conventions: options.conventions, ...overridesFrom(options.setting) };
  const settings = radiomicsSettings({
    imageType: { [options.filter]: {} },
    featureClass: { firstorder: [] },
    setting: given,
  });
  for (const idle of settingsWithoutEffect(settings)) printAssumption(idleAssumption(idle));
  const maps = filterImage(await readVolume(input), { filter: options.filter, ...given });
  const wanted = options.map === undefined ? maps : [chosen(maps, options.map)];
  if (!/\.nii(\.gz)?$/i.test(options.out)) {
    for (const { name, volume } of wanted) writeNifti(join(options.out, `${name}.nii.gz`), volume);
  } else if (wanted.length > 1) {
    throw new NacreError(
      'bad-option',
      `the filter gives ${wanted.length} maps, --out names a file`,
      {
        file: options.out,
        found: maps.map(({ name }) => name).join(', '),
        expected: 'one of them',
        todo: 'choose one (--map), or name a folder (--out maps/)',
      },
    );
  } else writeNifti(options.out, wanted[0].volume);
}

/** A map by its name, or by a part of it between hyphens that no other has. */
function chosen(maps: readonly FilteredImage[], name: string): FilteredImage {
  const exact = maps.filter((map) => map.name === name);
  const parts = maps.filter((map) => `-${map.name}-`.includes(`-${name}-`));
  const found = exact.length === 1 ? exact : parts;
  if (found.length === 1) return found[0];
  throw new NacreError(
    'unknown-name',
    found.length === 0 ? 'the filter gives no map of this name' : 'several maps have this name',
    { column: '--map', found: name, expected: maps.map((map) => map.name).join(', ') },
  );
}
