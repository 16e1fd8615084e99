import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../src/runtime/hash.ts';
import { RandomStream } from '../src/runtime/random-stream.ts';
import { bytesBelow, type StreamingWorld, streamingWorld } from '../test/study/streaming-world.ts';

/**
 * A streamed extraction that is killed in the middle, ten times: 200 phantom patients of 34 MB (an image of 30 MB and its mask), the
 * disk held below 300 MB, and the tables of an undisturbed run at the end, byte for byte. Writes `bench/streaming.md`.
 *
 *   node --import tsx bench/streaming.ts [patients] [kills]
 */
const [patients, kills] = [Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 10)];
/** 156³ voxels of 8 bytes are 30 MB. */
const side = 156;
const bound = 300e6;
const here = mkdtempSync(join(tmpdir(), 'nacre-streaming-'));

const studyText = `id: streamed
title: A streamed extraction
cohort: ./manifest.json
endpoints: [pcr]
extraction:
  scans: [ceT1]
  extractors: [radiomics]
  regions: [intra]
  radiomics: { featureClass: { firstorder: [], shape: [] } }
sets: { all: { extractor: radiomics } }
seed: 1
`;

interface Course {
  peak: number;
  killed: number;
  seconds: number;
}

/** One run of the command; killed with SIGKILL once the server has sent so many bytes. */
async function run(
  world: StreamingWorld,
  name: string,
  killAt: number | undefined,
  course: Course,
): Promise<boolean> {
  const to = join(here, name);
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', 'src/cli/main.ts', 'cohort', 'fetch', world.manifest],
      ...['--then', 'extract', '--study', join(here, 'world/study.yaml'), '--disk', '100MB'],
      ...['--to', to, '--cache', join(to, 'cache'), '--workers', '1'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const watch = setInterval(() => {
    course.peak = Math.max(course.peak, bytesBelow(to));
    if (killAt !== undefined && world.sent >= killAt) child.kill('SIGKILL');
  }, 100);
  const [code, signal] = await new Promise<[number | null, string | null]>((done) => {
    child.on('exit', (...how) => done(how));
  });
  clearInterval(watch);
  if (signal === 'SIGKILL') course.killed++;
  else if (code !== 0) throw new Error(`${name} ended with ${code}`);
  return signal === null;
}

/** SHA-256 of every table and of the manifest. */
function resultOf(name: string): string {
  const to = join(here, name);
  const stream = readdirSync(to).find((entry) => entry.startsWith('stream-')) as string;
  const folder = join(to, stream);
  const files = [
    'manifest.json',
    ...readdirSync(join(folder, 'features')).map((f) => `features/${f}`),
  ];
  return files.map((file) => `${file} ${sha256(readFileSync(join(folder, file)))}`).join('\n');
}

async function main(): Promise<void> {
  mkdirSync(join(here, 'world'), { recursive: true });
  const world = await streamingWorld(join(here, 'world'), { patients, side });
  writeFileSync(join(here, 'world/study.yaml'), studyText);
  const calm: Course = { peak: 0, killed: 0, seconds: 0 };
  const disturbed: Course = { peak: 0, killed: 0, seconds: 0 };
  let began = Date.now();
  await run(world, 'calm', undefined, calm);
  calm.seconds = (Date.now() - began) / 1000;
  const whole = world.sent;
  process.stderr.write(`undisturbed: ${calm.seconds.toFixed(0)} s\n`);
  const stream = RandomStream.of(1, 'kills');
  world.sent = 0;
  began = Date.now();
  // A kill in each tenth of the way, at a random byte of it.
  for (let i = 0; i < kills; i++) {
    const killAt = world.sent + ((0.2 + 0.7 * stream.next()) * whole) / (kills + 1);
    if (await run(world, 'killed', killAt, disturbed)) break;
    process.stderr.write(`killed ${disturbed.killed} times\n`);
  }
  await run(world, 'killed', undefined, disturbed);
  disturbed.seconds = (Date.now() - began) / 1000;
  const [first, second] = [resultOf('calm'), resultOf('killed')];
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  const rows = [
    ['undisturbed', calm, whole],
    ['killed', disturbed, world.sent],
  ] as const;
  const text = `# A streamed extraction, killed

\`node --import tsx bench/streaming.ts ${patients} ${kills}\` on ${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}.
${patients} phantom patients of ${megabytes(whole / patients)}, ${megabytes(whole)} in all, on a server of this machine; first order and shape of the tumour.

| run | SIGKILL | bytes sent | most bytes on disk | seconds |
|---|---|---|---|---|
${rows.map(([name, { killed, peak, seconds }, sent]) => `| ${name} | ${killed} | ${megabytes(sent)} | ${megabytes(peak)} | ${seconds.toFixed(0)} |`).join('\n')}

Tables and manifest of both: ${first === second ? 'the same bytes' : 'DIFFERENT'}. Disk below ${megabytes(bound)}: ${Math.max(calm.peak, disturbed.peak) < bound ? 'yes' : 'NO'}.
Most bytes on disk are of the whole data folder, its cache of features included, seen ten times a second.
`;
  writeFileSync('bench/streaming.md', text);
  process.stdout.write(text);
  world.server.close();
  rmSync(here, { recursive: true, force: true });
  if (first !== second || Math.max(calm.peak, disturbed.peak) >= bound) process.exitCode = 1;
}

await main();
