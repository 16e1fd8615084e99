import type { EndpointResults } from '../study/results.ts';

/** Sentences on boosted trees beside a logistic regression on the same columns; empty where no set stands in both. */
export function straightLineSentences({
  sameColumns = [],
  featureSets,
  comparisons,
}: EndpointResults): string[] {
  const pairs = sameColumns.flatMap(({ line, trees }) => {
    const setOf = (id: string) => featureSets.find((set) => set.id === id);
    const [straight, boosted] = [setOf(line), setOf(trees)];
    if (straight === undefined || boosted === undefined) return [];
    const test = comparisons.find(
      ({ a, b, metric }) =>
        metric === 'auc' && ((a === line && b === trees) || (a === trees && b === line)),
    );
    return [{ straight, boosted, p: test?.pHolm ?? test?.p ?? undefined }];
  });
  if (pairs.length === 0) return [];
  const below = pairs.filter(
    ({ straight, boosted }) => straight.summary.auc.mean - boosted.summary.auc.mean > 5e-4,
  );
  const sentence = (list: typeof pairs) =>
    list
      .map(
        ({ straight, boosted, p }) =>
          `${straight.title} ${percent(straight.summary.auc.mean)} against ${boosted.title} ${percent(boosted.summary.auc.mean)}${p === undefined ? '' : ` (p, Holm, ${p < 0.001 ? '< 0.001' : p.toFixed(3)})`}`,
      )
      .join('; ');
  if (below.length === 0) {
    return [
      `Trees do not stay below a straight line on the same columns, AUC %: ${sentence(pairs)}.`,
    ];
  }
  return [
    `Trees stay below a straight line on the same columns in ${below.length} of ${pairs.length} comparisons, AUC %: ${sentence(below)}.`,
  ];
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
