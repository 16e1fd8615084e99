import { readFileSync } from 'node:fs';
import { benjaminiHochberg } from '../../src/evaluation/benjamini-hochberg.ts';
import { delong, delongTest } from '../../src/evaluation/delong.ts';
import { holm } from '../../src/evaluation/holm.ts';
import { mcnemar } from '../../src/evaluation/mcnemar.ts';
import { type ParityReport, type ParityRow, relativeDifference } from './parity-row.ts';

interface Golden {
  versions: Record<string, string>;
  delong: ({ name: string; labels: number[]; a: number[]; b: number[] } & Record<
    | 'aucA'
    | 'aucB'
    | 'varianceA'
    | 'varianceB'
    | 'lowA'
    | 'highA'
    | 'standardError'
    | 'p'
    | 'mlstatkitZ'
    | 'mlstatkitP',
    number
  >)[];
  adjusted: { name: string; p: number[]; holm: number[]; benjaminiHochberg: number[] }[];
  mcnemar: Record<
    'both' | 'onlyFirst' | 'onlySecond' | 'neither' | 'exact' | 'chiSquare' | 'asymptotic',
    number
  >[];
}

const tolerance = 1e-9;

/** DeLong, Holm, Benjamini and Hochberg, McNemar beside scipy, statsmodels and MLstatkit (`bench/peers/reference_statistics.py`). */
export default async function compare(): Promise<ParityReport> {
  const golden: Golden = JSON.parse(
    readFileSync(new URL('../goldens/statistics.json', import.meta.url), 'utf8'),
  );
  const rows: ParityRow[] = [];
  const add = (name: string, item: string, ours: number | null, reference: number) =>
    rows.push({
      suite: 'statistics',
      case: name,
      item,
      ours: ours ?? Number.NaN,
      reference,
      tolerance: '1e-9 relative',
      ok: relativeDifference(ours ?? Number.NaN, reference) <= tolerance,
    });
  for (const { name, labels, a, b, ...expected } of golden.delong) {
    const ours = delongTest(labels, a, b);
    const title = `DeLong, ${name}`;
    add(title, 'AUC a', ours.a.auc, expected.aucA);
    add(title, 'AUC b', ours.b.auc, expected.aucB);
    add(title, 'variance a', delong(labels, a).variance, expected.varianceA);
    add(title, 'variance b', ours.b.variance, expected.varianceB);
    add(title, 'logit interval a, low', ours.a.low, expected.lowA);
    add(title, 'logit interval a, high', ours.a.high, expected.highA);
    add(title, 'standard error of the difference', ours.standardError, expected.standardError);
    add(title, 'p', ours.p, expected.p);
    add(title, 'z, MLstatkit', ours.z, expected.mlstatkitZ);
    add(title, 'p, MLstatkit', ours.p, expected.mlstatkitP);
  }
  for (const one of golden.adjusted) {
    holm(one.p).forEach((value, i) => {
      add(`Holm, ${one.name}`, `test ${i + 1}`, value, one.holm[i]);
    });
    benjaminiHochberg(one.p).forEach((value, i) => {
      add(`Benjamini-Hochberg, ${one.name}`, `test ${i + 1}`, value, one.benjaminiHochberg[i]);
    });
  }
  for (const { both, onlyFirst, onlySecond, neither, ...expected } of golden.mcnemar) {
    const right = (first: number, second: number) => [
      ...Array<number>(both).fill(1),
      ...Array<number>(onlyFirst).fill(first),
      ...Array<number>(onlySecond).fill(second),
      ...Array<number>(neither).fill(0),
    ];
    const ours = mcnemar(right(1, 0), right(0, 1));
    const title = `McNemar, ${onlyFirst} and ${onlySecond}`;
    add(title, 'exact p', ours.exact, expected.exact);
    add(title, 'chi-square', ours.chiSquare, expected.chiSquare);
    add(title, 'p of chi-square', ours.asymptotic, expected.asymptotic);
  }
  const versions = Object.entries(golden.versions).map(([name, version]) => `${name} ${version}`);
  return { rows, remarks: [`reference: ${versions.join(', ')}`] };
}
