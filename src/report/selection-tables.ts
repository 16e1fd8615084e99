import type {
  EndpointResults,
  FeatureSetResults,
  SelectedFeature,
  SelectionGroup,
} from '../study/results.ts';
import { frequencyId } from '../study/trace.ts';
import { type Html, html, htmlTable } from './html.ts';
import { signed } from './printed-number.ts';

const heads: Record<SelectionGroup['by'], string> = {
  scan: 'by scan',
  region: 'by region',
  extractor: 'by extractor',
};

/** Features of one set that are named in the table of rankings. */
const top = 5;

/**
 * Where the selected features come from, by scan, region and extractor, and the features most often selected; of the
 * sets in the paper's table, or of all where there is none. Nothing for studies whose sets are plain blocks.
 */
export function selectionTables(endpoint: EndpointResults): Html {
  const wanted = endpoint.table?.sets ?? endpoint.featureSets.map(({ id }) => id);
  const sets = wanted.flatMap((id) =>
    endpoint.featureSets.filter((set) => set.id === id && set.groups !== undefined),
  );
  if (sets.length === 0) return html``;
  return html`${(['scan', 'region', 'extractor'] as const).map((by) => groupTable(sets, by))}
${rankingTable(endpoint.id, sets)}`;
}

function groupTable(sets: readonly FeatureSetResults[], by: SelectionGroup['by']): Html {
  const groups = (set: FeatureSetResults) => (set.groups ?? []).filter((group) => group.by === by);
  // A set of one group needs no table of shares; other tables list its clinical variables.
  const shared = sets.filter(
    (set) => groups(set).filter(({ name }) => name !== 'clinical').length > 1,
  );
  if (shared.length === 0) return html``;
  const names = [...new Set(shared.flatMap((set) => groups(set).map(({ name }) => name)))];
  const last = names.filter((name) => name !== 'clinical');
  const across = names.includes('clinical') ? [...last, 'clinical'] : last;
  const rows = shared.map((set) => [
    html`${set.title}`,
    ...across.map((name) => {
      const group = groups(set).find((one) => one.name === name);
      if (group === undefined) return html`–`;
      return html`${percent(group.keptShare)}<small>gain ${percent(group.gainShare)}, of ${percent(group.candidates / set.candidates)} candidates</small>`;
    }),
  ]);
  return htmlTable(['feature set', ...across], rows, {
    numeric: [false, ...across.map(() => true)],
    caption: `Selected features ${heads[by]}: share of all that were kept over the partitions; below, their share of the gain, and the share of candidates they were picked from.`,
  });
}

function rankingTable(endpoint: string, sets: readonly FeatureSetResults[]): Html {
  const rows = sets.flatMap((set) =>
    set.selection
      .slice(0, top)
      .map((feature, i) => [
        i === 0 ? html`${set.title}` : html``,
        html`<code>${feature.feature}</code>`,
        html`${feature.modality ?? '–'}`,
        html`${feature.region ?? '–'}`,
        html`${feature.block}`,
        html`<a class="trace" href="#trace" data-trace="${frequencyId(endpoint, set.id, feature.feature)}">${percent(feature.frequency)}</a>`,
        html`${feature.meanRank.toFixed(1)}`,
        html`${importanceText(feature)}`,
      ]),
  );
  return htmlTable(
    [
      'feature set',
      'feature',
      'scan',
      'region',
      'extractor',
      'selected in',
      'mean rank',
      'mean importance',
    ],
    rows,
    {
      numeric: [false, false, false, false, false, true, true, true],
      caption: `The ${top} features most often selected, a set each: share of the partitions that kept it; mean rank (1 best) and importance where kept: gain of its splits, or for a logistic regression the coefficient β per standard deviation (above 0: more of class 1). All of them are in results.json.`,
    },
  );
}

function importanceText({ meanGain, meanCoefficient }: SelectedFeature): string {
  if (meanCoefficient === undefined) return meanGain.toFixed(2);
  return `β ${signed(meanCoefficient.toFixed(2))}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}
