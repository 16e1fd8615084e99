import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dicomFilesBelow } from '../../../src/imaging/dicom/folder.ts';
import { groupSeries } from '../../../src/imaging/dicom/series.ts';
import { readDicomHeader } from '../../../src/machine/dicom/read-header.ts';
import { diskFiles } from '../../../src/machine/disk-files.ts';
import { sharedFolder } from '../../shared-folder.ts';

const shared = sharedFolder();

describe.skipIf(shared === undefined)('DICOM headers and series (../shared/datasets/dicom)', () => {
  const folder = join(shared ?? '', 'datasets', 'dicom');

  it('sorts the files of every kind into series', () => {
    const { dicom, others } = dicomFilesBelow(diskFiles, join(folder, 'sts', 'STS_001'));
    expect(others.every((file) => file.endsWith('.nii.gz'))).toBe(true);
    const { images, regions } = groupSeries(dicom.map(readDicomHeader));
    expect(images.map(({ header, slices }) => [header.modality, slices.length])).toEqual([
      ['PT', 59],
      ['CT', 59],
      ['MR', 59],
    ]);
    expect(regions.map(({ kind }) => kind)).toEqual(['contours', 'contours', 'contours']);
    for (const { header } of regions) {
      expect(images.map(({ seriesUid }) => seriesUid)).toContain(header.referencedSeries[0]);
    }
  });

  it('keeps no name, birth date, accession number or institution', () => {
    const { dicom } = dicomFilesBelow(diskFiles, join(folder, 'ct-phantom', 'image'));
    const kept = JSON.stringify(readDicomHeader(dicom[0]));
    expect(kept).not.toContain('PAT1');
    expect(kept).not.toContain('CERR');
  });

  it('names the segments of a segmentation and the series that it speaks of', () => {
    const header = readDicomHeader(join(folder, 'segmentation', 'seg_bin.dcm'));
    expect(header.kind).toBe('segmentation');
    expect(header.regions).toHaveLength(1);
    expect(header.frames).toHaveLength(31);
    expect(header.frames[0].segment).toBe(1);
    expect(header.referencedSeries).toHaveLength(1);
  });
});
