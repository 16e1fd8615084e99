import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeKernelspec } from '../../src/notebook/kernelspec.ts';
import { peerPython, peerVersions } from '../peers/peer-environment.ts';

/** `npm run bench -- notebook`: nacre's kernel beside ipykernel, started in turn and asked the same by jupyter_client. */
const rounds = 5;

const titles: Record<string, string> = {
  settled: 'six seconds later, in all',
  'trivial cell': 'a trivial cell',
};

interface Step {
  wall: number;
  cpu: number;
  megabytes: number;
}
type Rounds = Record<string, Step>[];

const python = peerPython('kernel');
const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-notebook-'));
try {
  writeKernelspec(folder);
  const script = fileURLToPath(new URL('../peers/time_kernels.py', import.meta.url));
  const { nacre, python3 } = JSON.parse(
    execFileSync(python, [script, folder, String(rounds)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, NACRE_HISTORY: 'off' },
    }),
  ) as { nacre: Rounds; python3: Rounds };
  const versions = peerVersions(python, ['ipykernel', 'jupyter_client', 'matplotlib']);
  const steps = Object.keys(nacre[0]);
  const row = (step: string) => {
    const [ours, theirs] = [nacre, python3].map((all) => ({
      cpu: median(all.map((one) => one[step].cpu)),
      wall: median(all.map((one) => one[step].wall)),
      megabytes: median(all.map((one) => one[step].megabytes)),
    }));
    const ratio = theirs.cpu < 0.02 ? '–' : (ours.cpu / theirs.cpu).toFixed(1);
    return `| ${titles[step] ?? step} | ${ours.cpu.toFixed(2)} | ${theirs.cpu.toFixed(2)} | ${ratio} | ${ours.wall.toFixed(2)} | ${theirs.wall.toFixed(2)} | ${ours.megabytes.toFixed(0)} | ${theirs.megabytes.toFixed(0)} |`;
  };
  const text = `# The kernel beside ipykernel

\`npm run bench -- notebook\`, ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}, load ${loadavg()[0].toFixed(1)} at the end. ${Object.entries(
    versions,
  )
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.

Medians of ${rounds} kernels each, started in turn by jupyter_client. Processor time of the kernel's process and all that it started, which other
programs disturb less than the clock; ratios where ipykernel takes 0.02 s or more, the resolution being 0.01 s. Memory is what is
resident after the step.

| step | nacre: processor, s | ipykernel | ratio | nacre: clock, s | ipykernel | nacre: MB | ipykernel |
|---|---:|---:|---:|---:|---:|---:|---:|
${steps.map(row).join('\n')}

*Ready* is the first answer to \`kernel_info\`, when a front end shows the kernel as idle. nacre's kernel then loads TypeScript without being
asked: *six seconds later* holds that work, and a first cell that comes earlier waits for the rest of it. A first import of nacre
checks the types of all its rooms and loads them; ipykernel's counterpart is numpy and matplotlib. The first figure is three
planes of a scan, interactive in nacre, pictures by matplotlib in ipykernel.
`;
  writeFileSync(fileURLToPath(new URL('../notebook.md', import.meta.url)), text);
  process.stdout.write(text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
