import { readFileSync } from 'node:fs';
import { contourMask } from '../../imaging/dicom/contour-mask.ts';
import { contoursOf } from '../../imaging/dicom/contours.ts';
import { parseDataSet } from '../../imaging/dicom/data-set.ts';
import { headerOf } from '../../imaging/dicom/header.ts';
import { type DicomVolumes, readImageSeries } from '../../imaging/dicom/read-series.ts';
import { segmentationOnGrid } from '../../imaging/dicom/segmentation.ts';
import { maskOfLabel } from '../../imaging/mask-labels.ts';
import type { Mask, Volume } from '../../imaging/volume.ts';
import { diskFiles } from '../../machine/disk-files.ts';
import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import type { CatalogueRegions, CatalogueSeries } from './catalogue.ts';

export interface ReadCataloguedOptions {
  deskew?: boolean | undefined;
  note?: NoteAssumption | undefined;
}

/**
 * Reads one volume of a series.
 *
 * @param phase from 1 on; undefined for a series of one volume
 * @throws NacreError of the readers; `several-series` where a phase must be named
 */
export async function readCataloguedVolume(
  { id, source }: CatalogueSeries,
  phase: number | undefined,
  options: ReadCataloguedOptions = {},
): Promise<Volume> {
  const readFile = diskFiles.reader();
  const { volumes } = await readImageSeries(
    source,
    { ...options, file: id, readFile },
    ({ phases, by }) => {
      if (phase === undefined && phases.length === 1) return [0];
      if (phase !== undefined && phase >= 1 && phase <= phases.length) return [phase - 1];
      throw new NacreError(
        phase === undefined ? 'several-series' : 'bad-option',
        phase === undefined ? 'the series holds several volumes' : 'the series has no such phase',
        {
          file: id,
          found: phase === undefined ? `${phases.length}, distinguished by ${by}` : String(phase),
          expected: phase === undefined ? 'a phase' : `1 to ${phases.length}`,
          todo: 'write the phase beside the series in series.yaml',
        },
      );
    },
  );
  return volumes[0];
}

/** How many volumes a series holds, counted by comparing pixels where its headers do not give it. @throws NacreError of the readers */
export async function countPhases(
  { id, source }: CatalogueSeries,
  options: ReadCataloguedOptions = {},
): Promise<number> {
  const { stack }: DicomVolumes = await readImageSeries(
    source,
    { ...options, file: id, readFile: diskFiles.reader() },
    () => [0],
  );
  return stack.phases.length;
}

/** Reads one region onto the grid of its image. @throws NacreError of the readers */
export async function readCataloguedMask(
  image: Volume,
  { id, source }: CatalogueRegions,
  region: number,
  { note }: ReadCataloguedOptions = {},
): Promise<Mask> {
  const file = source.header.file;
  const bytes = readFileSync(file);
  const set = parseDataSet(bytes, file);
  const header = headerOf(set, bytes.length);
  if (source.kind === 'contours') {
    const contours = contoursOf(set, header.referencedSeries, { roi: String(region) });
    return contourMask(image, contours, { file: id, note });
  }
  const roi = String(region);
  const labels = await segmentationOnGrid(image, set, header, { roi }, { file: id, note });
  return maskOfLabel(labels, { label: 1, file: id });
}
