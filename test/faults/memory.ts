import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { doneWork } from './done-work.ts';
import { copyOfWhole, done, type Fault, lastLine, runAgain } from './fault.ts';
import { root, start, study } from './subject.ts';

export const outOfMemory: Fault = {
  name: 'worker out of memory',
  what: 'worker threads with a heap of 6 to 60 MiB (resourceLimits)',
  trial: async (bench, place, stream) => {
    copyOfWhole(bench, place, { units: false });
    const face = bench.subject.face ?? join(root, 'src/index.ts');
    const driver = join(place.cache, 'driver.mjs');
    writeFileSync(driver, driverOf(face, place.run, stream.integer(6, 60)));
    const hooks = bench.subject.face === undefined ? ['--import', 'tsx'] : [];
    const ended = await start([...hooks, driver], { NACRE_CACHE: place.cache }).ended;
    const before = doneWork(place);
    const problems = await runAgain(bench, place, before);
    // V8 ends the whole process where it cannot even unwind the thread: then it is as a kill, and nothing is lost either.
    const known = ended.signal !== null || /out-of-memory|code 13[34]/.test(ended.stderr);
    if (ended.code !== 0 && !known) problems.push(`no clear refusal: ${lastLine(ended)}`);
    const told = ended.stderr.split('\n').find((line) => line.startsWith('out-of-memory'));
    return { struck: ended.code !== 0, problems, kept: done(before), said: told };
  },
};

/** The command line has no such limit; the library has. */
function driverOf(face: string, run: string, heapMiB: number): string {
  return `import { prepareCohort, readStudyConfig, runStudy } from ${JSON.stringify(pathToFileURL(face).href)};
const config = readStudyConfig(${JSON.stringify(study)});
const limits = { workers: 2, heapMiB: ${heapMiB} };
try {
  const { cohort, extracted } = await prepareCohort(config, limits);
  await runStudy(config, cohort, { out: ${JSON.stringify(run)}, extracted, ...limits });
} catch (error) {
  console.error(error.code + ' ' + error.message);
  process.exitCode = 3;
}
`;
}
