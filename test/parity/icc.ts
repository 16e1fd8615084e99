import { readFileSync } from 'node:fs';
import { type IccForm, icc, iccForms } from '../../src/learning/icc.ts';
import { type ParityReport, type ParityRow, relativeDifference } from './parity-row.ts';

interface Golden {
  versions: Record<string, string>;
  cases: ({ name: string; values: number[][] } & Record<
    IccForm,
    Record<'icc' | 'low' | 'high', number>
  >)[];
}

const tolerance = 1e-8;

/** Intraclass correlations beside pingouin (`bench/peers/reference_icc.py`). */
export default async function compare(): Promise<ParityReport> {
  const golden: Golden = JSON.parse(
    readFileSync(new URL('../goldens/icc.json', import.meta.url), 'utf8'),
  );
  const rows = golden.cases.flatMap(({ name, values, ...expected }) => {
    const ours = icc(values.flat(), values[0].length);
    return iccForms.flatMap((form) =>
      (['icc', 'low', 'high'] as const).map((item): ParityRow => {
        const [value, reference] = [ours[form][item], expected[form][item]];
        return {
          suite: 'icc',
          case: `ICC(${form}), ${name}`,
          item,
          ours: value,
          reference,
          tolerance: '1e-8 relative',
          ok: relativeDifference(value, reference) <= tolerance,
        };
      }),
    );
  });
  const versions = Object.entries(golden.versions).map(([name, version]) => `${name} ${version}`);
  return { rows, remarks: [`golden values of ${versions.join(', ')}`] };
}
