import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { parseWithSchema } from '../../runtime/parse-with-schema.ts';
import { readText } from '../../runtime/read-text.ts';
import { parseYaml } from '../../runtime/read-yaml.ts';
import { writeWhole } from '../../runtime/write-whole.ts';

/** Stands where the user must decide. */
export const undecided = '?';

const scanName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'a short name: a letter, then letters, digits, _ or -');
const phase = z.int().min(1);

const candidate = z.strictObject({
  series: z.string(),
  phase: phase.optional(),
  mask: z.string(),
  roi: z.union([z.string(), z.number()]).optional(),
  what: z.string().optional(),
});

/** One scan of one patient: which series it is, which region is its tumour, and why. */
const plannedScan = z.strictObject({
  /** Id of the image series, as `nacre dicom list` shows it, or `?`. */
  series: z.string().min(1),
  /** Number of the volume, from 1, where the series holds several. */
  phase: phase.optional(),
  /** The volume before contrast, which is subtracted from this one. */
  subtract: z.strictObject({ series: z.string(), phase: phase.optional() }).optional(),
  /** Id of the contour set or segmentation; `none`: the scan is written without a mask, to be drawn in `nacre cohort qc`. */
  mask: z.string().min(1),
  /** Name or number of its region, where it holds several. */
  roi: z.union([z.string(), z.number()]).optional(),
  why: z.string().optional(),
  candidates: z.array(candidate).optional(),
});

const schema = z.strictObject({
  format: z.literal('nacre-dicom-import-1'),
  patients: z.record(z.string(), z.record(scanName, plannedScan)),
  /** Series and regions that were not taken, with reasons. For the reader of the file; nacre ignores them. */
  left: z.record(z.string(), z.array(z.string())).optional(),
});

export type SeriesPlan = z.output<typeof schema>;
export type PlannedScan = z.output<typeof plannedScan>;

/** Name of the file in the folder of the cohort. */
export const seriesFile = 'series.yaml';

/** Characters: of ten thousand scans. */
const longest = 2 ** 23;

const head = `# Which series becomes which scan. Look it over, correct what is wrong, then run the same command again.
# Ids are those of "nacre dicom list". Where series or mask is "?", nothing was chosen: copy one of the candidates, or
# remove the scan. mask: none writes the scan alone, to be drawn on in "nacre cohort qc". A scan may have any name.
`;

/** @throws NacreError `write-failed` */
export function writeSeriesFile(folder: string, plan: SeriesPlan): void {
  writeWhole(
    join(folder, seriesFile),
    head + stringify(plan, { lineWidth: 110, aliasDuplicateObjects: false }),
  );
}

/** @throws NacreError `bad-yaml`, `bad-config`, `unknown-key` */
export function readSeriesFile(folder: string): SeriesPlan | undefined {
  const path = join(folder, seriesFile);
  if (!existsSync(path)) return undefined;
  const text = readText(path, 'the plan of the import', 'series.yaml', 'check its rights');
  const value = parseYaml(text, { what: 'the plan of the import', file: path, longest });
  return parseWithSchema(schema, value, 'the plan of the import', path);
}
