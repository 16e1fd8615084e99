import { join } from 'node:path';
import { indexToPoint, pointToIndex, type Volume } from '../../src/imaging/volume.ts';
import { readDicomHeader } from '../../src/machine/dicom/read-header.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { AssumptionLog } from '../../src/runtime/assumptions.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import { ctPhantomReport } from './ibsi1-ct-phantom.ts';
import { type ParityReport, type ParityRow, relativeDifference } from './parity-row.ts';
import { ibsiFile } from './reference/ibsi1.ts';
import { referenceFile } from './reference/reference-file.ts';

export const scope = 'parity-only';

/** Millimetres by which a voxel may lie elsewhere than in the NIfTI, whose header holds 32-bit floats. */
const placeTolerance = 1e-3;

/** Real DICOM series, contours and segmentations beside the published NIfTI of the same scans and masks. */
export default async function compare(): Promise<ParityReport> {
  const report: ParityReport & { remarks: string[] } = { rows: [], remarks: [] };
  report.rows.push(...(await seriesRows()), ...(await segmentationRows()), ...(await holeRows()));
  report.rows.push(...(await compressedRows()), ...(await irregularRows()));
  const image = await readVolume(dicom('ct-phantom', 'image'));
  const mask = await readVolume(dicom('ct-phantom', 'mask'), { grid: image });
  const features = ctPhantomReport(image, mask, 'dicom');
  report.rows.push(...features.rows);
  report.remarks.push(...(features.remarks ?? []));
  // The spacing of the NIfTI is a 32-bit float, so that volumes in mm differ in their eighth digit.
  const nifti = ctPhantomReport(
    await readVolume(ibsiFile('ct-phantom', 'image.nii.gz')),
    await readVolume(ibsiFile('ct-phantom', 'mask.nii.gz')),
    'dicom',
  );
  const worst = features.rows.reduce(
    (most, { ours }, i) => Math.max(most, relativeDifference(ours, nifti.rows[i].ours)),
    0,
  );
  report.rows.push({
    ...{ suite: 'dicom', case: 'radiomics: DICOM and RTSTRUCT beside NIfTI' },
    item: `${features.rows.length} values, largest relative difference`,
    ...{ ours: worst, reference: 0, tolerance: '1e-6', ok: worst <= 1e-6 },
  });
  return report;
}

function dicom(...path: string[]): string {
  return referenceFile('datasets', 'dicom', ...path);
}

function row(
  group: string,
  item: string,
  ours: number,
  reference: number,
  note?: string,
): ParityRow {
  const ok = ours === reference;
  return {
    ...{ suite: 'dicom', case: group, item, ours, reference, tolerance: 'equal', ok },
    ...(note === undefined ? {} : { note }),
  };
}

/** Every series with a NIfTI of the same scan: voxels of image and mask that differ, and how far voxels lie apart. */
async function seriesRows(): Promise<ParityRow[]> {
  const rows: ParityRow[] = [];
  const nifti = (patient: string, scan: string, what: string) =>
    patient === 'STS_001'
      ? dicom('sts', patient, 'nifti', `${scan}_${what}.nii.gz`)
      : referenceFile('datasets', 'sts', patient, `${scan}_${what}.nii.gz`);
  const pairs = [
    {
      name: 'CT phantom',
      folder: dicom('ct-phantom'),
      image: ibsiFile('ct-phantom', 'image.nii.gz'),
      mask: ibsiFile('ct-phantom', 'mask.nii.gz'),
    },
    ...['STS_001', 'STS_002', 'STS_008', 'STS_012'].flatMap((patient) =>
      (patient === 'STS_001' ? ['CT', 'MR_T1', 'PET'] : ['CT', 'MR_T1']).map((scan) => ({
        name: `${patient} ${scan}`,
        folder: dicom('sts', patient, scan),
        image: nifti(patient, scan, 'image'),
        mask: nifti(patient, scan, 'mask'),
      })),
    ),
  ];
  for (const { name, folder, image, mask } of pairs) {
    const scan = await readVolume(join(folder, 'image'));
    const region = await readVolume(join(folder, 'mask'), { grid: scan });
    const ofImage = difference(scan, await readVolume(image));
    const ofMask = difference(region, await readVolume(mask));
    rows.push(row('image: voxels different', name, ofImage.voxels, 0));
    rows.push(row('RTSTRUCT: voxels different', name, ofMask.voxels, 0));
    rows.push({
      ...{ suite: 'dicom', case: 'image: largest offset, mm', item: name },
      ...{ ours: ofImage.millimetres, reference: 0, tolerance: `${placeTolerance} mm` },
      ok: ofImage.millimetres <= placeTolerance,
    });
  }
  return rows;
}

/** Voxels that differ where they are compared in millimetres; a voxel without partner counts. */
function difference(ours: Volume, theirs: Volume): { voxels: number; millimetres: number } {
  const [nx, ny, nz] = ours.size;
  const [mx, my, mz] = theirs.size;
  let voxels = Math.abs(nx * ny * nz - mx * my * mz);
  let millimetres = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const point = indexToPoint(ours, [i, j, k]);
        const [x, y, z] = pointToIndex(theirs, point);
        const [u, v, w] = [Math.round(x), Math.round(y), Math.round(z)];
        const inside = u >= 0 && u < mx && v >= 0 && v < my && w >= 0 && w < mz;
        if (!inside || theirs.data[u + mx * (v + my * w)] !== ours.data[i + nx * (j + ny * k)]) {
          voxels++;
        }
        const corner = (i === 0 || i === nx - 1) && (j === 0 || j === ny - 1);
        if (!corner || (k > 0 && k < nz - 1)) continue;
        const there = indexToPoint(theirs, [u, v, w]);
        millimetres = Math.max(millimetres, ...point.map((at, axis) => Math.abs(at - there[axis])));
      }
    }
  }
  return { voxels, millimetres };
}

async function segmentationRows(): Promise<ParityRow[]> {
  const grid = await readVolume(dicom('sts', 'STS_001', 'CT', 'image'));
  const published = await readVolume(dicom('sts', 'STS_001', 'nifti', 'CT_mask.nii.gz'));
  const rows: ParityRow[] = [];
  for (const name of ['bin', 'frac', 'frac_rle', 'frac_j2k', 'labelmap']) {
    const mask = await readVolume(dicom('segmentation', `seg_${name}.dcm`), { grid });
    rows.push(row('SEG: voxels', name, sum(mask), 117_145));
    rows.push(row('SEG: voxels different', name, difference(mask, published).voxels, 0));
  }
  return rows;
}

/** Both holes, pixels in each of the three slices. */
async function holeRows(): Promise<ParityRow[]> {
  const grid = await readVolume(dicom('ct-phantom', 'image'));
  const rows: ParityRow[] = [];
  const pixels = grid.size[0] * grid.size[1];
  for (const kind of ['second-contour', 'keyhole']) {
    const mask = await readVolume(dicom('segmentation', `rtstruct_hole-${kind}.dcm`), { grid });
    for (const slice of [20, 21, 22]) {
      const data = mask.data.slice(slice * pixels, (slice + 1) * pixels);
      const count = sum({ ...mask, data });
      rows.push(row('hole: pixels in a slice', `${kind}, slice ${slice}`, count, 336));
    }
    rows.push(row('hole: pixels in all', kind, sum(mask), 3 * 336));
  }
  return rows;
}

const compressed = ['j2k', 'jls', 'jls2', 'jll', 'jll57', 'rle', 'rle2', 'defl'];

/** Packed slices beside the plain slice at the same position: pixels that differ. */
async function compressedRows(): Promise<ParityRow[]> {
  const rows: ParityRow[] = [];
  const sources = [
    { names: compressed, plain: await readVolume(dicom('ct-phantom', 'image')) },
    {
      names: ['s_j2k', 's_jls2', 's_rle2'],
      plain: await readVolume(dicom('sts', 'STS_001', 'CT', 'image')),
    },
  ];
  for (const { names, plain } of sources) {
    for (const name of names) {
      const file = dicom('compressed', `${name}.dcm`);
      const slice = await readVolume(file);
      const pixels = slice.size[0] * slice.size[1];
      const k = Math.round(pointToIndex(plain, slice.origin)[2]);
      const same = plain.data.subarray(k * pixels, (k + 1) * pixels);
      let different = Math.abs(same.length - slice.data.length);
      for (let i = 0; i < same.length; i++) if (same[i] !== slice.data[i]) different++;
      const item = `${name} (${readDicomHeader(file).syntax.name})`;
      rows.push(row('packed slice: pixels different', item, different, 0));
    }
  }
  return rows;
}

/** Each irregular series: what its README says must come of it. */
async function irregularRows(): Promise<ParityRow[]> {
  const rows: ParityRow[] = [];
  const plain = await readVolume(dicom('ct-phantom', 'image'));
  const irregular = (name: string) => dicom('irregular', name);
  /** Pixels that differ from the plain series at the same positions, `by` subtracted. */
  const differing = (volume: Volume, by = 0) => {
    const pixels = volume.size[0] * volume.size[1];
    const first = Math.round(pointToIndex(plain, volume.origin)[2]);
    let different = 0;
    for (let i = 0; i < volume.data.length; i++) {
      if (plain.data[first * pixels + i] !== volume.data[i] - by) different++;
    }
    return different;
  };
  const add = (item: string, ours: number, reference: number, note?: string) =>
    rows.push(row('irregular', item, ours, reference, note));
  for (const [phase, by] of [
    [1, 0],
    [2, 100],
  ]) {
    const volume = await readVolume(`${irregular('dce')}#phase=${phase}`);
    add(`dce, volume ${phase}: slices`, volume.size[2], 20);
    add(`dce, volume ${phase}: mm between slices`, Number(volume.spacing[2].toFixed(6)), 3);
    add(`dce, volume ${phase}: pixels different`, differing(volume, by), 0);
  }
  const whole = await refusal(irregular('dce'));
  add('dce, as one volume: refused', whole.includes('several volumes') ? 1 : 0, 1, whole);
  for (const [name, slices] of [
    ['dupslice', 20],
    ['dupnum', 20],
    ['bigendian', 6],
  ] as const) {
    const log = new AssumptionLog();
    const volume = await readVolume(irregular(name), { note: log.note });
    add(`${name}: slices`, volume.size[2], slices);
    add(`${name}: pixels different`, differing(volume), 0);
    const notes = log.list().filter(({ kind }) => kind === 'dicom-repeated-slices');
    add(`${name}: notes of repeated slices`, notes.length, name === 'dupslice' ? 1 : 0);
  }
  for (const [name, ...parts] of [
    ['missing', 'gap of 6 mm', '-82.4', '-76.4', 'expected 3 mm'],
    ['tilt', '15.00°'],
  ]) {
    const message = await refusal(irregular(name));
    const told = parts.every((part) => message.includes(part)) ? 1 : 0;
    add(`${name}: refused with ${parts.join(', ')}`, told, 1, message);
  }
  const upright = await readVolume(`${irregular('tilt')}#deskew=true`);
  add('tilt, deskewed on request: slices', upright.size[2], 20);
  return rows;
}

async function refusal(path: string): Promise<string> {
  try {
    await readVolume(path);
    return 'read';
  } catch (error) {
    if (!(error instanceof NacreError)) throw error;
    // Without the path, which differs from machine to machine.
    return error.message.replace(path, '');
  }
}

function sum({ data }: Volume): number {
  let total = 0;
  for (let i = 0; i < data.length; i++) total += data[i];
  return total;
}
