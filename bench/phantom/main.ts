import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../src/runtime/cache-folder.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { page } from './report.ts';
import { scanSeeds } from './settings.ts';
import { type ScanCohort, triedWithScans } from './with-scans.ts';
import { triedWithoutScans } from './without-scans.ts';

/**
 * How near the best reachable balanced accuracy a study of as many SYNTHETIC patients as the embedded one has ends, what the learner loses on the way
 * and what the features lose. Writes bench/phantom.md. What was done stays in the cache: stopped, it goes on where it was.
 */
const cache = cacheFolder();
const tried = await triedWithoutScans(cache);
// The study's own cohort last: its networks take most of the time.
const scanned: ScanCohort[] = [];
for (const seed of [...scanSeeds].reverse()) scanned.unshift(await triedWithScans(seed, cache));
writeWhole(fileURLToPath(new URL('../phantom.md', import.meta.url)), page(tried, scanned));
