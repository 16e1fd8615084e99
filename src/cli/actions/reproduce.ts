import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startProgress } from '../../runtime/terminal/progress.ts';
import type { TableDifference } from '../../study/compare-tables.ts';
import { reproduce } from '../../study/reproduce.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible } from '../interruptible.ts';

interface Options {
  study?: string;
  data?: string;
  mirror?: string;
  pseudonymKey?: string;
  cache?: string;
  keep?: string;
}

export async function reproduceCommand(run: string, options: Options): Promise<void> {
  const kept = options.keep === undefined ? undefined : resolve(options.keep);
  if (kept !== undefined) mkdirSync(kept, { recursive: true });
  const within = kept ?? mkdtempSync(join(tmpdir(), 'nacre-reproduce-'));
  const clean = () => {
    if (kept === undefined) rmSync(within, { recursive: true, force: true });
  };
  try {
    await interruptible('nothing was compared', async (signal) => {
      const { same, files, changes } = await reproduce(run, {
        within,
        studyFile: options.study && resolve(options.study),
        data: options.data,
        mirror: options.mirror,
        pseudonymKey: options.pseudonymKey,
        cache: options.cache,
        signal,
        extractionProgress: (total, already) => startProgress('features', total, already),
        progress: (total, already) => startProgress('reproduce', total, already),
      });
      for (const { file, same: equal, before, after, firstDifference, values } of files) {
        const how =
          before === undefined
            ? 'only in the second run'
            : after === undefined
              ? 'missing in the second run'
              : equal
                ? `same bytes  ${before}`
                : `DIFFERENT from byte ${firstDifference}: ${before.slice(0, 12)} before, ${after.slice(0, 12)} now`;
        process.stdout.write(`${file}: ${how}\n`);
        if (values !== undefined) process.stdout.write(`  ${valuesLine(values)}\n`);
      }
      for (const change of changes) process.stdout.write(`changed since: ${change}\n`);
      process.stdout.write(
        same
          ? `reproduced: all ${files.length} files are the same bytes\n`
          : `NOT reproduced: ${files.filter((one) => !one.same).length} of ${files.length} files differ\n`,
      );
      if (!same) process.exitCode = exitCodes.unexpected;
    });
  } finally {
    clean();
  }
}

/** Distinguishes rounding of the last bits (another processor or Node) from a real change. */
function valuesLine({ columns, largest, rounding }: TableDifference): string {
  if (!Number.isFinite(largest) && columns.length === 0) return 'other patients or other columns';
  const most = 5;
  const rest = columns.length - most;
  const names = columns.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const apart = `largest difference ${largest.toExponential(1)} of the value`;
  return `${rounding ? 'rounding' : 'a change'}: ${columns.length} columns differ, ${apart}: ${names}`;
}
