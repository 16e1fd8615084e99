import { z } from 'zod';
import { NacreError, unknownName } from '../../runtime/errors.ts';
import type { SiteCovariate } from '../row-sites.ts';
import { type CombatModel, harmonised, unknownSite } from './combat.ts';
import { type CovariateCoding, designColumns } from './covariate-design.ts';

const numbers = z.array(z.number());

/** What ComBat learned of the columns that a model uses, as a model file holds it. */
export const portableCombatSchema = z.strictObject({
  /** Column of the site in the manifest. */
  by: z.string().optional(),
  sites: z.array(z.string()).min(2),
  codings: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({ name: z.string(), type: z.literal('number'), fill: z.number() }),
      z.strictObject({
        name: z.string(),
        type: z.literal('text'),
        levels: z.array(z.string()),
        fill: z.string(),
      }),
    ]),
  ),
  outcomeMean: z.number().nullable(),
  unknownSite: z.enum(['refuse', 'pass']),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      mean: z.number(),
      beta: numbers,
      sd: z.number().gt(0),
      /** Per site, in their order. */
      gamma: numbers,
      scale: z.array(z.number().gt(0)),
    }),
  ),
});

export type PortableCombat = z.output<typeof portableCombatSchema>;

/** Remark on a patient whose site the model did not learn, and passes. */
export const notHarmonised = 'the site is unknown to the model: features were not harmonised';

/** Where a new patient was measured, and the covariates that harmonisation preserves, by name. */
export interface PatientSite {
  site?: string | undefined;
  /** Numbers, or meanings of a category; absent or undefined where missing. */
  covariates?: Readonly<Record<string, number | string | undefined>> | undefined;
}

/** The part of a fitted ComBat that the named columns need; undefined where it changes none of them. */
export function portableCombat(
  model: CombatModel,
  names: readonly string[],
): PortableCombat | undefined {
  const columns = model.columns.filter(({ name }) => names.includes(name));
  if (columns.length === 0) return undefined;
  return JSON.parse(JSON.stringify({ ...model, columns })) as PortableCombat;
}

/**
 * The values of one patient without the effect of the site. Missing values stay missing.
 *
 * @throws NacreError `unknown-site` where the model refuses one, `not-a-number`, `unknown-name` for a level that training lacked
 */
export function harmonisePatient(
  model: PortableCombat,
  values: ReadonlyMap<string, number>,
  patient: string,
  { site, covariates = {} }: PatientSite,
): ReadonlyMap<string, number> {
  const at = site === undefined ? -1 : model.sites.indexOf(site);
  if (at < 0) {
    if (model.unknownSite === 'pass') return values;
    throw unknownSite(patient, site, model);
  }
  const design = designColumns(model.codings, {
    covariates: model.codings.map((coding): SiteCovariate => {
      const { name } = coding;
      const value = covariates[name];
      return coding.type === 'number'
        ? { name, type: 'number', values: Float64Array.of(numberOf(name, value, patient)) }
        : { name, type: 'text', values: [levelOf(coding, value)] };
    }),
  });
  const expected = [
    ...design.map(([value]) => value),
    ...(model.outcomeMean === null ? [] : [model.outcomeMean]),
  ];
  const moved = new Map(values);
  for (const column of model.columns) {
    const value = values.get(column.name);
    if (value === undefined || Number.isNaN(value)) continue;
    moved.set(
      column.name,
      harmonised(value, column, at, (k) => expected[k]),
    );
  }
  return moved;
}

function numberOf(name: string, value: number | string | undefined, patient: string): number {
  if (value === undefined) return Number.NaN;
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw new NacreError('not-a-number', `the covariate ${name} is not a number`, {
    patient,
    found: JSON.stringify(String(value)),
    expected: 'a number, or nothing where it is missing',
  });
}

function levelOf(
  { name, levels }: Extract<CovariateCoding, { type: 'text' }>,
  value: number | string | undefined,
): string | undefined {
  if (value === undefined) return undefined;
  if (levels.includes(String(value))) return String(value);
  throw unknownName(`harmonisation knows no such value of ${name}`, String(value), levels);
}
