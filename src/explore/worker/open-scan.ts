import { compactVoxels } from '../../imaging/compact-voxels.ts';
import { type Box, boxOf, crop, growBox } from '../../imaging/crop.ts';
import { labelsOf, requireNotExchanged } from '../../imaging/mask-labels.ts';
import { explainMismatch } from '../../imaging/read-regions.ts';
import { tumourRegions } from '../../imaging/tumour-regions.ts';
import { geometryOf, type Mask, type Vector3, type Volume } from '../../imaging/volume.ts';
import { greyWindow } from '../../report/grey-window.ts';
import { AssumptionLog } from '../../runtime/assumptions.ts';
import { type OpenedScan, type OpenRequest, widestRing } from '../protocol.ts';
import { readDropped } from './dropped-files.ts';
import type { OpenScan } from './measure-in-steps.ts';
import { unpackScan } from './unpack-scan.ts';

/** Voxels looked at to choose black and white: enough for a percentile. */
const mostSampled = 2_000_000;

/**
 * Reads a scan and its mask as the command line does.
 *
 * @returns the scan for the measurements, and what the page draws
 * @throws NacreError of the readers and of `tumourRegions`
 */
export async function openScan(
  request: OpenRequest,
): Promise<{ scan: OpenScan; opened: OpenedScan }> {
  const log = new AssumptionLog();
  const { image, labels, body, names } =
    'packed' in request
      ? { ...(await unpackScan(request.packed)), names: request.names }
      : { ...(await readDropped(request, log.note)), body: undefined };
  requireNotExchanged(image, labels, names.mask);
  const known = labelsOf(labels, names.mask);
  const label = request.label ?? (known.find((one) => one.label === 1) ?? known[0])?.label;
  const tumour = explainMismatch(names, log.list(), () => {
    return tumourRegions(image, labels, { label, file: names.mask }).intratumoral;
  });
  const box = boxOf(tumour) as Box;
  const near = aroundTumour(tumour);
  const part = crop<Mask>(tumour, near);
  const ct = 'packed' in request ? request.ct : undefined;
  const window = greyWindow(sampled(image), ct);
  return {
    scan: {
      image,
      maskGrid: geometryOf(tumour),
      near,
      tumour: part,
      body: body && crop<Mask>(body, near),
    },
    opened: {
      geometry: geometryOf(image),
      voxels: compactVoxels(image).data,
      window,
      unit: (ct ?? window[0] === -160) ? 'HU' : 'a.u.',
      tumour: part,
      partAt: near.low,
      centre: [0, 1, 2].map((a) => (box.low[a] + box.high[a]) >> 1) as unknown as Vector3,
      tumourVoxels: known.find((one) => one.label === label)?.voxels ?? 0,
      labels: known,
      label: label ?? 1,
      names,
      assumptions: log.list(),
    },
  };
}

/** The box of a tumour with as much around it as the widest ring reaches. */
function aroundTumour(tumour: Mask): Box {
  const reach = tumour.spacing.map((mm) => Math.ceil(widestRing / mm) + 1) as unknown as Vector3;
  return growBox(boxOf(tumour) as Box, reach, tumour);
}

/** Every n-th voxel, as a row: the choice of the window sorts them. */
function sampled(image: Volume): Volume {
  const step = Math.ceil(image.data.length / mostSampled);
  if (step === 1) return image;
  const data = new Float32Array(Math.floor(image.data.length / step));
  for (let i = 0; i < data.length; i++) data[i] = image.data[i * step];
  return { ...image, size: [data.length, 1, 1], data };
}
