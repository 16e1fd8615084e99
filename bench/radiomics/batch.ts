import { extractBatch } from '../../src/features/extract-batch.ts';
import { radiomicsSettings } from '../../src/radiomics/parameter-file.ts';

/** One run of a batch on as many workers as the first argument says; image and mask paths follow. One line of JSON out. */
const [jobs, ...files] = process.argv.slice(2);
const cases = [];
for (let at = 0; at < files.length; at += 2) {
  cases.push({ row: at / 2 + 1, image: files[at], mask: files[at + 1], cells: {} });
}
const settings = radiomicsSettings({
  imageType: { Original: {}, Wavelet: {}, LoG: { sigma: [1, 3, 5] } },
  setting: { binCount: 32, additionalInfo: false },
});
const started = performance.now();
const outcomes = await extractBatch(cases, settings, { workers: Number(jobs) });
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage();
const failed = outcomes.filter(({ failures }) => failures.length > 0).length;
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, failed }));
