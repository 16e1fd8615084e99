import { NacreError } from '../../runtime/errors.ts';
import type { FeatureColumn } from '../../table/feature-table.ts';
import type { RowSites } from '../row-sites.ts';
import { type HeldOutRows, TrainingRows, withColumns } from '../rows.ts';
import type { FittedTransformer, Transformer } from '../transformer.ts';
import { type CovariateCoding, codingsOf, designColumns } from './covariate-design.ts';
import { siteEffects } from './empirical-bayes.ts';
import { type HarmoniseSettings, takes } from './harmonise-settings.ts';
import { leastSquares } from './least-squares.ts';

/** What ComBat learned of one column. */
export interface HarmonisedColumn {
  name: string;
  /** Mean over training rows, weighted by site. */
  mean: number;
  /** Coefficient per design column of the covariates, the outcome last where it is preserved. */
  beta: readonly number[];
  /** Pooled standard deviation (divided by N). */
  sd: number;
  /** Per known site, in the order of `sites`: γ* in pooled standard deviations. */
  gamma: readonly number[];
  /** Square root of δ*. */
  scale: readonly number[];
}

/** Everything ComBat learned, as plain data. */
export interface CombatModel {
  /** Column of the site in the manifest, where it is known. */
  by?: string | undefined;
  /** Known sites, sorted. */
  sites: readonly string[];
  codings: readonly CovariateCoding[];
  /** Training mean of the outcome, where its effect is preserved. */
  outcomeMean: number | null;
  unknownSite: HarmoniseSettings['unknownSite'];
  columns: readonly HarmonisedColumn[];
}

/**
 * ComBat (Johnson, Li and Rabinovic 2007): location and scale of each site, by parametric empirical Bayes over the columns, with
 * stated covariates preserved. Fitted on training rows with their sites; applied to any rows of a known site.
 *
 * Equal to neuroCombat 0.2.12 (`eb=True, parametric=True`, no reference batch) on the rows it was fitted on.
 *
 * References: Johnson WE et al., Biostatistics 2007; 8: 118, doi:10.1093/biostatistics/kxj037. Fortin JP et al., NeuroImage 2018;
 * 167: 104, doi:10.1016/j.neuroimage.2017.11.024.
 */
export class Combat implements Transformer {
  readonly settings: HarmoniseSettings;

  constructor(settings: HarmoniseSettings) {
    this.settings = settings;
  }

  /** @throws NacreError `missing-sites`, `too-few-sites` (fewer than two with two rows each), `confounded-site`, `missing-values` */
  fit(train: TrainingRows): FittedCombat {
    const { settings } = this;
    const chosen = train.columns.filter((column) => takes(settings, column));
    if (chosen.length === 0) return untouched(settings);
    const { sites: all, covariates } = sitesIn(train);
    const counts = new Map<string, number>();
    for (const site of all) if (site !== undefined) counts.set(site, (counts.get(site) ?? 0) + 1);
    const sites = [...counts.keys()].filter((site) => (counts.get(site) ?? 0) >= 2).sort();
    if (sites.length < 2) {
      throw new NacreError('too-few-sites', 'harmonisation needs two sites', {
        column: settings.by,
        found: `${sites.length} with two training rows or more`,
        expected: 'at least 2',
        todo: 'leave harmonise out, or name another column (harmonise.by)',
      });
    }
    const rows = all.flatMap((site, row) =>
      site !== undefined && sites.includes(site) ? [row] : [],
    );
    const siteOf = rows.map((row) => sites.indexOf(all[row] as string));
    const codings = codingsOf(covariates);
    const preserved = designColumns(codings, { covariates });
    if (settings.outcome) preserved.push(Float64Array.from(train.labels));
    const picked = preserved.map((values) => Float64Array.from(rows, (row) => values[row]));
    const indicators = sites.map((_, s) => Float64Array.from(siteOf, (at) => (at === s ? 1 : 0)));
    const solver = leastSquares([...indicators, ...picked]);
    if ('dependent' in solver) {
      throw new NacreError(
        'confounded-site',
        'a covariate of the harmonisation cannot be distinguished from the site',
        {
          column: designNames(codings, settings.outcome)[solver.dependent - sites.length],
          found: 'the sites and the covariates before it determine it on training rows',
          expected: 'values that differ within a site',
          todo: 'leave it out of harmonise.covariates',
        },
      );
    }
    const shares = sites.map((site) => (counts.get(site) as number) / rows.length);
    const standard = chosen.map((column) =>
      standardise(column, rows, siteOf, picked, shares, solver),
    );
    const effects = sites.map((_, s) => {
      const mine = siteOf.flatMap((at, i) => (at === s ? [i] : []));
      return siteEffects(standard.map(({ values }) => Float64Array.from(mine, (i) => values[i])));
    });
    let positives = 0;
    for (const label of train.labels) positives += label;
    return new FittedCombat({
      by: settings.by,
      sites,
      codings,
      outcomeMean: settings.outcome ? positives / train.labels.length : null,
      unknownSite: settings.unknownSite,
      columns: standard.map(({ name, mean, beta, sd }, f) => ({
        ...{ name, mean, beta, sd },
        gamma: effects.map(({ gamma }) => gamma[f]),
        scale: effects.map(({ delta }) => Math.sqrt(delta[f])),
      })),
    });
  }
}

/** Result of `Combat.fit`. */
export class FittedCombat implements FittedTransformer {
  readonly model: CombatModel;

  constructor(model: CombatModel) {
    this.model = model;
  }

  /**
   * Rows of a known site harmonised; those of others as they are, where the settings allow it.
   *
   * @throws NacreError `unknown-site`, `missing-sites`, `missing-column`
   */
  transform<R extends TrainingRows | HeldOutRows>(rows: R): R {
    const { model } = this;
    if (model.columns.length === 0) return rows;
    const { sites, covariates } = sitesIn(rows);
    const siteOf = sites.map((site) => (site === undefined ? -1 : model.sites.indexOf(site)));
    const unknown = siteOf.indexOf(-1);
    if (unknown >= 0 && model.unknownSite === 'refuse') {
      throw unknownSite(rows.patients[unknown], sites[unknown], model);
    }
    const preserved = designColumns(model.codings, { covariates });
    if (model.outcomeMean !== null) {
      const mean = model.outcomeMean;
      preserved.push(
        TrainingRows.is(rows)
          ? Float64Array.from(rows.labels)
          : new Float64Array(rows.patients.length).fill(mean),
      );
    }
    const learned = new Map(model.columns.map((column) => [column.name, column]));
    return withColumns(
      rows,
      rows.columns.map((column) => {
        const fitted = learned.get(column.name);
        if (fitted === undefined) return column;
        const values = column.values.slice();
        for (let row = 0; row < values.length; row++) {
          if (siteOf[row] < 0) continue;
          values[row] = harmonised(values[row], fitted, siteOf[row], (k) => preserved[k][row]);
        }
        return { ...column, values };
      }),
    );
  }

  toJSON(): object {
    return { ...this.model };
  }
}

/** Of columns that are not harmonised, such as clinical variables alone: changes nothing, and asks for no site. */
function untouched({ unknownSite: unknown }: HarmoniseSettings): FittedCombat {
  return new FittedCombat({
    sites: [],
    codings: [],
    outcomeMean: null,
    unknownSite: unknown,
    columns: [],
  });
}

/** One value without its site: ((x − m − Xβ) / σ − γ*) / √δ* · σ + m + Xβ. */
export function harmonised(
  value: number,
  { mean, beta, sd, gamma, scale }: HarmonisedColumn,
  site: number,
  covariate: (column: number) => number,
): number {
  let expected = mean;
  for (let k = 0; k < beta.length; k++) expected += beta[k] * covariate(k);
  return (((value - expected) / sd - gamma[site]) / scale[site]) * sd + expected;
}

/** The refusal of a row whose site was not learned. */
export function unknownSite(
  patient: string,
  site: string | undefined,
  { sites }: Pick<CombatModel, 'sites'>,
): NacreError {
  return new NacreError('unknown-site', 'harmonisation does not know the site of a patient', {
    patient,
    found: site ?? 'no site',
    expected: `one of ${sites.slice(0, 8).join(', ')}${sites.length > 8 ? ', …' : ''}, with two training rows or more`,
    todo: 'set harmonise.unknownSite: pass to leave such rows as they are (they are listed), or leave harmonise out',
  });
}

function standardise(
  { name, values: all }: FeatureColumn,
  rows: readonly number[],
  siteOf: readonly number[],
  preserved: readonly Float64Array[],
  shares: readonly number[],
  solver: { solve(values: Float64Array): Float64Array },
) {
  const values = Float64Array.from(rows, (row) => all[row]);
  const gap = values.findIndex(Number.isNaN);
  if (gap >= 0) {
    throw new NacreError('missing-values', 'harmonisation needs complete columns', {
      column: name,
      row: rows[gap] + 1,
      expected: 'no missing value',
      todo: 'set impute to median, mean or most-frequent',
    });
  }
  const solved = solver.solve(values);
  const beta = Array.from(solved.subarray(shares.length));
  const mean = shares.reduce((sum, share, s) => sum + share * solved[s], 0);
  const expected = (i: number) => beta.reduce((sum, b, k) => sum + b * preserved[k][i], 0);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const residual = values[i] - solved[siteOf[i]] - expected(i);
    squares += residual * residual;
  }
  const variance = squares / values.length;
  // A column that is constant within each site has no scale: neuroCombat takes 1.
  const sd = variance > 0 ? Math.sqrt(variance) : 1;
  return {
    name,
    mean,
    beta,
    sd,
    values: values.map((value, i) => (value - mean - expected(i)) / sd),
  };
}

function designNames(codings: readonly CovariateCoding[], outcome: boolean): string[] {
  const named = codings.flatMap((coding) =>
    coding.type === 'number'
      ? [coding.name]
      : coding.levels.slice(1).map((level) => `${coding.name}=${level}`),
  );
  return outcome ? [...named, 'outcome'] : named;
}

function sitesIn(rows: { sites?: RowSites | undefined }): RowSites {
  if (rows.sites !== undefined) return rows.sites;
  throw new NacreError('missing-sites', 'harmonisation needs the site of each row', {
    found: 'rows without sites',
    expected: 'sites handed to splitRows or rowsToPredict',
    todo: 'pass { sites } beside the table',
  });
}
