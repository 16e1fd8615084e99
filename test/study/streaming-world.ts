import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import type { Volume } from '../../src/imaging/volume.ts';
import { manifestHead, pcrColumn, pcrEndpoint } from '../cohort/pcr-manifest.ts';

export interface StreamingWorld {
  manifest: string;
  patients: number;
  server: Server;
  /** Bytes that were asked for. */
  sent: number;
}

/**
 * A cohort whose scans exist only on a server of this machine, which makes them when they are asked for: phantom patients of a
 * sphere in noise, uncompressed NIfTI of `side`³ voxels of 8 bytes, so that 200 patients of 30 MB need no disk here either.
 */
export async function streamingWorld(
  folder: string,
  { patients, side }: { patients: number; side: number },
): Promise<StreamingWorld> {
  const ids = Array.from({ length: patients }, (_, i) => `S${String(i + 1).padStart(3, '0')}`);
  const server = createServer((request, response) => {
    const [id, what] = (request.url ?? '').slice(1).split('/');
    if (!ids.includes(id)) {
      response.writeHead(404).end();
      return;
    }
    const bytes = madeFile(ids.indexOf(id), what.startsWith('mask'), side);
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    world.sent += bytes.length - from;
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': bytes.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    response.end(bytes.subarray(from));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const rows = ids.flatMap((id, i) =>
    [false, true].map((mask) => {
      const bytes = madeFile(i, mask, side);
      const hash = createHash('sha256').update(bytes).digest('hex');
      const name = mask ? 'mask.nii' : 'image.nii';
      return `${id}/${name},http://127.0.0.1:${port}/${id}/${name},${bytes.length},${hash}`;
    }),
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'files.csv'), `path,address,bytes,sha256\n${rows.join('\n')}\n`);
  writeFileSync(
    join(folder, 'table.csv'),
    `patient,pcr\n${ids.map((id, i) => `${id},${i % 2}`).join('\n')}\n`,
  );
  const manifest = join(folder, 'manifest.json');
  writeFileSync(
    manifest,
    JSON.stringify({
      ...manifestHead,
      id: 'streamed-phantom',
      title: 'Streamed phantom',
      tables: [
        {
          id: 'table',
          file: 'table.csv',
          format: 'csv',
          patient: { column: 'patient' },
          columns: {
            pcr: pcrColumn,
          },
        },
      ],
      archives: [{ kind: 'list', id: 'files', licence: 'MIT', file: 'files.csv' }],
      images: { ceT1: { image: '{patient}/image.nii', mask: '{patient}/mask.nii' } },
      endpoints: {
        pcr: pcrEndpoint,
      },
    }),
  );
  const world = { manifest, patients, server, sent: 0 };
  return world;
}

/** Grey background that all patients share: only the surroundings of the sphere are noise, so that a file is made in milliseconds. */
const backgrounds = new Map<number, Float64Array>();

function background(side: number): Float64Array {
  const known = backgrounds.get(side) ?? new Float64Array(side * side * side).fill(100);
  backgrounds.set(side, known);
  return known;
}

/** Image and mask of a patient as they are served. */
export function madePair(
  patient: number,
  side: number,
  options: { gzip: boolean },
): { image: Buffer; mask: Buffer } {
  return {
    image: madeFile(patient, false, side, options),
    mask: madeFile(patient, true, side, options),
  };
}

/** A sphere of brighter noise, other for each patient; the same bytes each time. */
function madeFile(
  patient: number,
  mask: boolean,
  side: number,
  { gzip } = { gzip: false },
): Buffer {
  const data = mask ? new Uint8Array(side * side * side) : background(side).slice();
  const radius = 4 + (patient % 4);
  const [low, high] = [Math.floor(side / 2) - 12, Math.floor(side / 2) + 12];
  let state = ((patient + 1) * 2654435761) >>> 0;
  for (let z = low; z < high; z++) {
    for (let y = low; y < high; y++) {
      for (let x = low; x < high; x++) {
        const [dx, dy, dz] = [x - side / 2, y - side / 2, z - side / 2];
        const inside = dx * dx + dy * dy + dz * dz <= radius * radius;
        const i = x + side * (y + side * z);
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        data[i] = mask
          ? Number(inside)
          : (inside ? 300 + 20 * (patient % 5) : 100) + (state >>> 24);
      }
    }
  }
  const volume: Volume = {
    data,
    size: [side, side, side],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  return Buffer.from(niftiBytes(volume, { gzip }));
}

/** Bytes of all files below a folder now. */
export function bytesBelow(folder: string): number {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) {
        bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
      }
    }
  } catch {
    // A folder that is deleted while it is read is read as far as it was there.
  }
  return bytes;
}
