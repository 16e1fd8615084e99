import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm run docs:architecture` draws docs/architecture.svg from the imports that dependency-cruiser finds in src. `--check`
 * fails where the picture is no longer that of the imports.
 */
const root = fileURLToPath(new URL('../', import.meta.url));
const file = join(root, 'docs', 'architecture.svg');

const purposes: Readonly<Record<string, string>> = {
  runtime: 'random streams, workers, files, errors',
  table: 'feature tables, Parquet, CSV',
  imaging: 'volumes in mm: NIfTI, NRRD, DICOM, rings',
  radiomics: 'feature classes, filters, settings',
  browser: 'the face of pages: files in memory',
  machine: 'files, threads and libraries for the rooms below',
  deep: 'checkpoints, ONNX, encoder, saliency',
  cohort: 'manifests, endpoints, clinical data',
  features: 'extraction by unit, the cache',
  learning: 'what is fitted on training rows',
  evaluation: 'partitions, metrics, intervals, audit',
  study: 'configuration, run folder, provenance',
  report: 'tables, figures, pages',
  notebook: 'show(), kernel, runner, site',
  explore: 'explore.html: a page and its workers',
  cli: 'parse, call, print',
};

interface Cruise {
  modules: { source: string; dependencies: { resolved: string }[] }[];
}

export function drawArchitecture(): string {
  const { modules } = cruise();
  const rooms = layers();
  const roomOf = (path: string) => /^src\/([a-z]+)\//.exec(path)?.[1];
  const size = new Map<string, number>();
  const edges = new Map<string, number>();
  for (const { source, dependencies } of modules) {
    const from = roomOf(source);
    if (from === undefined) continue;
    size.set(from, (size.get(from) ?? 0) + 1);
    for (const { resolved } of dependencies) {
      const to = roomOf(resolved);
      if (to === undefined || to === from) continue;
      // The face of a room that runs in a page also gives its readers of files, which stand above it.
      if (to === 'machine' && source.endsWith('/index.ts')) continue;
      edges.set(`${from} ${to}`, (edges.get(`${from} ${to}`) ?? 0) + 1);
    }
  }
  return svgOf(rooms, size, edges);
}

function cruise(): Cruise {
  const program = join(root, 'node_modules', '.bin', 'depcruise');
  const text = execFileSync(
    process.execPath,
    [
      program,
      'src',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      '--no-progress',
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  return JSON.parse(text) as Cruise;
}

/** The rooms, ground floor first, as the rules of the linter have them. */
function layers(): string[] {
  const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
    forbidden: { name: string }[];
  };
  return forbidden.flatMap(({ name }) => /^layer-([a-z]+)$/.exec(name)?.[1] ?? []);
}

const box = { left: 16, width: 380, height: 44, gap: 10, top: 64 };

/** An arc diagram: rooms from the ground floor up, an arc per pair that imports, as thick as it has imports. */
function svgOf(
  rooms: readonly string[],
  size: ReadonlyMap<string, number>,
  edges: ReadonlyMap<string, number>,
): string {
  const step = box.height + box.gap;
  const height = box.top + rooms.length * step + 16;
  const width = 960;
  const middle = (room: string) =>
    box.top + (rooms.length - 1 - rooms.indexOf(room)) * step + box.height / 2;
  const lines: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif">`,
    '<title>Rooms of nacre and the imports between them</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="16" y="28" font-size="17" font-weight="bold" fill="#222222">The rooms of src and their imports</text>`,
    `<text x="16" y="48" font-size="12" fill="#767676">Each arc leads down, from a room to one that it imports; its width is the number of imports. Drawn by scripts/draw-architecture.ts.</text>`,
  ];
  const arcs = [...edges].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [pair, count] of arcs) {
    const [from, to] = pair.split(' ');
    const [y1, y2] = [middle(from), middle(to)];
    const x = box.left + box.width;
    const reach = x + 30 + (Math.abs(y2 - y1) / (rooms.length * step)) * (width - x - 60);
    const stroke = Math.min(10, 0.8 + count / 8).toFixed(1);
    lines.push(
      `<path d="M ${x} ${y1 + 4} C ${reach.toFixed(0)} ${y1 + 4}, ${reach.toFixed(0)} ${y2 - 4}, ${x} ${y2 - 4}" fill="none" stroke="${colours[rooms.indexOf(to) % colours.length]}" stroke-opacity="0.55" stroke-width="${stroke}"><title>${from} imports ${to}: ${count}</title></path>`,
    );
  }
  for (const room of rooms) {
    const y = middle(room) - box.height / 2;
    lines.push(
      `<rect x="${box.left}" y="${y}" width="${box.width}" height="${box.height}" rx="5" fill="#f6f6f4" stroke="${colours[rooms.indexOf(room) % colours.length]}" stroke-width="2"/>`,
      `<text x="${box.left + 12}" y="${y + 19}" font-size="14" font-weight="bold" fill="#222222">${room}</text>`,
      `<text x="${box.left + box.width - 12}" y="${y + 19}" font-size="12" text-anchor="end" fill="#767676">${size.get(room) ?? 0} modules</text>`,
      `<text x="${box.left + 12}" y="${y + 36}" font-size="12" fill="#444444">${purposes[room] ?? ''}</text>`,
    );
  }
  return `${lines.join('\n')}\n</svg>\n`;
}

/** Okabe and Ito's palette. */
const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#8A7A00'];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const drawn = drawArchitecture();
  if (!process.argv.includes('--check')) writeFileSync(file, drawn);
  else if (readFileSync(file, 'utf8') !== drawn) {
    process.stderr.write(
      'docs/architecture.svg is not that of the imports: npm run docs:architecture\n',
    );
    process.exitCode = 1;
  }
}
