import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import type { FileSource } from '../file-source.ts';
import type { ImagePart } from '../image-address.ts';
import { dicomFilesBelow } from './folder.ts';
import { fitsPattern } from './named-region.ts';
import { readHeaderFrom } from './read-header.ts';
import { type GroupedSeries, groupSeries, type ImageSeries, type RegionSeries } from './series.ts';

export interface SelectOptions {
  /** Name of the scan in messages and notes. */
  file: string;
  part: ImagePart;
  /** Contours and segmentations are looked for first. Default false. */
  isMask?: boolean | undefined;
  note?: NoteAssumption | undefined;
}

/**
 * Selects what a DICOM folder or file stands for: its only image series, or the one file of contours or a segmentation.
 *
 * @throws NacreError `not-an-image`, `several-series`, `several-regions`, `needs-image`, `unknown-name`, and those of
 *   `readHeaderFrom`
 */
export function selectDicom(
  files: FileSource,
  path: string,
  options: SelectOptions,
): ImageSeries | RegionSeries {
  const { file, part, isMask = false, note } = options;
  const folder = files.isFolder(path);
  const { dicom, others } = folder ? dicomFilesBelow(files, path) : { dicom: [path], others: [] };
  const grouped = groupSeries(dicom.map((one) => readHeaderFrom(files, one)));
  const left = others.length + grouped.others.length;
  if (left > 0 && dicom.length > grouped.others.length) {
    note?.({
      kind: 'dicom-other-files',
      file,
      found: `${left} files that are no images, contours or segmentations`,
      taken: 'the others',
      why: 'they hold no voxels',
    });
  }
  const { images, regions } = grouped;
  if (isMask && (regions.length > 0 || part.roi !== undefined)) {
    return onlyRegions(regions, options);
  }
  if (images.length === 0 && regions.length > 0) {
    throw new NacreError('needs-image', 'contours and segmentations have no voxels of their own', {
      file,
      found: regions.map(({ kind }) => kind).join(', '),
      expected: 'an image, or this file as the mask of an image',
      todo: 'give the image that they were drawn on as the image, and this file as its mask',
    });
  }
  return onlySeries(grouped, options);
}

function onlyRegions(
  regions: readonly RegionSeries[],
  { file, part: { roi } }: SelectOptions,
): RegionSeries {
  if (regions.length === 1) return regions[0];
  if (regions.length === 0) {
    throw new NacreError('unknown-name', 'the mask has no named regions', {
      file,
      found: roi,
      expected: 'an RTSTRUCT or SEG file',
      todo: 'name the label instead (--label)',
    });
  }
  const named = regions.filter(
    ({ header }) => roi !== undefined && header.regions.some(({ name }) => fitsPattern(name, roi)),
  );
  if (named.length === 1) return named[0];
  throw new NacreError(
    'several-regions',
    'several files of contours or segmentations could be meant',
    {
      file,
      found: regions
        .map(({ kind, header }) => `${kind} (${header.regions.map(({ name }) => name).join(', ')})`)
        .join('; '),
      expected: 'one of them',
      todo: 'name the file instead of the folder',
    },
  );
}

function onlySeries(
  { images }: GroupedSeries,
  { file, part: { series }, note }: SelectOptions,
): ImageSeries {
  const candidates = images.filter(
    ({ header }) =>
      series === undefined ||
      String(header.seriesNumber) === series ||
      fitsPattern(header.seriesDescription ?? '', series),
  );
  const usable = candidates.filter(({ refusal }) => refusal === undefined);
  if (usable.length === 1) {
    const left = candidates.filter((one) => one !== usable[0]);
    if (left.length > 0) {
      note?.({
        kind: 'dicom-series-left-out',
        file,
        found: `beside the series ${left.length} that can be no volume: ${[...new Set(left.map(({ refusal }) => refusal?.code))].join(', ')}`,
        taken: shown(usable[0]),
        why: 'it is the only one that is a volume',
      });
    }
    return usable[0];
  }
  // Reading the series refuses it later, with the reason.
  if (usable.length === 0 && candidates.length > 0) return candidates[0];
  if (candidates.length > 0) {
    throw new NacreError('several-series', 'several series could be meant', {
      file,
      found: usable.map(shown).join('; '),
      expected: 'one series',
      todo: 'give each series a folder of its own, or name one (series in the manifest, #series=NUMBER behind the path)',
    });
  }
  if (series !== undefined && images.length > 0) {
    throw new NacreError('unknown-name', 'no series of that number or description', {
      file,
      found: series,
      expected: images.map(shown).join('; '),
      todo: 'name one of these',
    });
  }
  throw new NacreError('not-an-image', 'there is no DICOM image', {
    file,
    expected: 'the slices of a series',
    todo: 'correct the path',
  });
}

function shown({ header, slices, matrix }: ImageSeries): string {
  const { seriesNumber, seriesDescription, modality } = header;
  const name = [seriesNumber, seriesDescription].filter((one) => one !== undefined).join(' ');
  return `${name === '' ? 'a series without name' : `series ${name}`} (${modality}, ${slices.length} slices of ${matrix.join('×')})`;
}
