import { NacreError, nearestName } from '../runtime/errors.ts';
import { codeOfOne } from './binary-coding.ts';
import { describedAs } from './derived-columns.ts';
import type { Manifest, ManifestColumn } from './manifest.ts';
import { type DerivedColumn, partsOf } from './manifest-derived.ts';

/** Every described column by its short name, derived ones included. @throws NacreError `bad-config` */
function columnsByName(manifest: Manifest, file: string): Map<string, ManifestColumn> {
  const columns = new Map(
    manifest.tables.flatMap(({ columns }) =>
      Object.values(columns).map((column) => [column.name, column] as const),
    ),
  );
  for (const [name, rule] of Object.entries(manifest.derived)) {
    checkDerived(name, rule, columns, file);
    columns.set(name, describedAs(name, rule, columns));
  }
  return columns;
}

/** Which types the parts of a derived column may have. */
const typesOfParts: Record<DerivedColumn['rule'], readonly ManifestColumn['type'][]> = {
  product: ['number'],
  log: ['number'],
  match: ['id', 'text', 'category'],
  cases: ['binary', 'category'],
};

function checkDerived(
  name: string,
  rule: DerivedColumn,
  columns: Map<string, ManifestColumn>,
  file: string,
): void {
  const where = `derived.${name}`;
  for (const part of partsOf(rule)) {
    const { type } = known(part, columns, where, file);
    const allowed = typesOfParts[rule.rule];
    if (allowed.includes(type)) continue;
    throw wrong(file, where, `${part}, a ${type} column`, `${allowed.join(' or ')} columns`);
  }
  if (rule.rule !== 'cases') return;
  for (const { where: codes } of rule.cases) {
    for (const [part, code] of Object.entries(codes)) {
      const column = known(part, columns, where, file);
      const coding = 'coding' in column ? column.coding : undefined;
      if (coding === undefined || Object.hasOwn(coding, code)) continue;
      throw wrong(
        file,
        where,
        `${part}: ${JSON.stringify(code)}`,
        `a code of ${part}: ${Object.keys(coding).join(', ')}`,
      );
    }
  }
}

/**
 * Checks that a schema cannot express: names are unique and known, codings are whole, and nothing measured after treatment
 * started is a predictor.
 *
 * @throws NacreError `bad-config`, `leaking-predictor`
 */
export function checkManifest(manifest: Manifest, file: string): void {
  unique(
    [
      ...manifest.tables.flatMap(({ columns }) =>
        Object.values(columns).map((column) => column.name),
      ),
      ...Object.keys(manifest.derived),
    ],
    'column name',
    file,
  );
  unique(
    manifest.sources.map(({ path }) => path),
    'source path',
    file,
  );
  unique(
    [...manifest.features.map(({ block }) => block), ...Object.keys(manifest.blocks), 'clinical'],
    'feature block',
    file,
  );
  unique(manifest.predictors, 'predictor', file);
  const columns = columnsByName(manifest, file);
  for (const [name, column] of columns) checkCoding(name, column, file);
  const { treatmentPredictors } = manifest;
  for (const name of treatmentPredictors) {
    const { measured } = known(name, columns, 'treatmentPredictors', file);
    if (measured === 'treatment') continue;
    throw wrong(
      file,
      `treatmentPredictors: ${name}`,
      `measured: ${measured}`,
      'measured: treatment',
    );
  }
  for (const predictor of manifest.predictors) {
    checkPredictor(predictor, 'predictors', columns, { file, treatmentPredictors });
  }
  for (const [block, names] of Object.entries(manifest.blocks)) {
    unique(names, `column of the block ${block}`, file);
    for (const predictor of names) {
      checkPredictor(predictor, `blocks.${block}`, columns, { file, treatmentPredictors });
    }
  }
  if (manifest.group !== undefined) checkGrouping(manifest.group, 'group', columns, file);
  unique(manifest.subgroups, 'subgroup', file);
  for (const subgroup of manifest.subgroups) known(subgroup, columns, 'subgroups', file);
  for (const { block, ignore, keep } of manifest.features) {
    const both = keep.find((title) => ignore.includes(title));
    if (both !== undefined) {
      throw wrong(
        file,
        `features.${block}`,
        `${both} both in ignore and in keep`,
        'in one of the two',
      );
    }
  }
  if (manifest.reachable !== undefined && !manifest.synthetic) {
    throw wrong(
      file,
      'reachable',
      'synthetic: false',
      'synthetic: true (no formula of real patients is known)',
    );
  }
  for (const [id, rule] of Object.entries(manifest.endpoints)) {
    const where = `endpoints.${id}`;
    if (rule.rule === 'column') {
      known(rule.column, columns, `${where}.column`, file);
      const both = rule.positive.find((code) => rule.negative.includes(code));
      if (both !== undefined) {
        throw wrong(file, where, `code ${both} in both classes`, 'classes without a common code');
      }
    } else {
      const before = known(rule.before, columns, `${where}.before`, file);
      const after = known(rule.after, columns, `${where}.after`, file);
      for (const [side, column] of [['before', before] as const, ['after', after] as const]) {
        if (column.type === 'number') continue;
        throw wrong(file, `${where}.${side}`, `a ${column.type} column`, 'a number column');
      }
      if (before.measured !== 'baseline' || after.measured === 'baseline') {
        throw wrong(
          file,
          where,
          `before measured at ${before.measured}, after at ${after.measured}`,
          'before at baseline, after later',
        );
      }
    }
  }
  for (const predictor of manifest.predictors) {
    refuseOutcome(predictor, 'predictors', manifest, file);
  }
  for (const [block, names] of Object.entries(manifest.blocks)) {
    for (const predictor of names) refuseOutcome(predictor, `blocks.${block}`, manifest, file);
  }
}

/** A site, a cohort or a scanner has a name per patient. */
function checkGrouping(
  name: string,
  where: string,
  columns: Map<string, ManifestColumn>,
  file: string,
): void {
  const { type } = known(name, columns, where, file);
  if (type !== 'number') return;
  throw wrong(file, where, `${name}, a number column`, 'binary, category, text or id');
}

const whyNoPredictor = {
  treatment: 'it is the treatment, which was chosen for the patient and not measured on her',
  assigned: 'it was given by people, not measured',
  during: 'it was measured after treatment had started',
  after: 'it was measured after treatment had started',
} as const;

function checkPredictor(
  name: string,
  where: string,
  columns: Map<string, ManifestColumn>,
  { file, treatmentPredictors }: { file: string; treatmentPredictors: readonly string[] },
): void {
  const column = known(name, columns, where, file);
  const treatment = column.measured === 'treatment';
  if (column.measured !== 'baseline' && !(treatment && treatmentPredictors.includes(name))) {
    const why = whyNoPredictor[column.measured];
    throw new NacreError('leaking-predictor', `${name} cannot be a predictor: ${why}`, {
      file,
      column: `${where}: ${name}`,
      found: `measured: ${column.measured}`,
      expected: 'measured: baseline',
      todo: treatment
        ? `take it out of ${where}; who wants it on purpose names it in treatmentPredictors too`
        : `take it out of ${where}`,
    });
  }
  if (column.type === 'id' || column.type === 'text') {
    throw wrong(file, `${where}: ${name}`, `type ${column.type}`, 'number, binary or category');
  }
}

/** Refuses predictors that an endpoint is computed from, whatever time of measurement the manifest gives. */
function refuseOutcome(name: string, where: string, manifest: Manifest, file: string): void {
  const leak = (found: string) =>
    new NacreError('leaking-predictor', `${name} cannot be a predictor: it gives the answer away`, {
      file,
      column: `${where}: ${name}`,
      found,
      expected: 'what was measured before treatment',
      todo: `take it out of ${where}`,
    });
  // A column derived from the outcome is the outcome.
  const rule = Object.hasOwn(manifest.derived, name) ? manifest.derived[name] : undefined;
  if (rule !== undefined) {
    for (const part of partsOf(rule)) refuseOutcome(part, where, manifest, file);
  }
  for (const [id, rule] of Object.entries(manifest.endpoints)) {
    const outcome = rule.rule === 'column' ? rule.column : rule.after;
    if (outcome === name) throw leak(`the endpoint ${id} is made of it`);
  }
  // One file may be described twice, as two tables.
  const predictors = describedPlaces(manifest).filter(({ column }) => column.name === name);
  const other = describedPlaces(manifest).find(
    ({ place, column }) =>
      column.measured !== 'baseline' &&
      column.name !== name &&
      predictors.some((predictor) => predictor.place === place),
  );
  if (other !== undefined) {
    throw leak(
      `its column in the file is also ${other.column.name}, measured: ${other.column.measured}`,
    );
  }
}

function describedPlaces(manifest: Manifest): { place: string; column: ManifestColumn }[] {
  return manifest.tables.flatMap(({ file, sheet, columns }) =>
    Object.entries(columns).map(([title, column]) => ({
      place: JSON.stringify([file, sheet ?? '', title]),
      column,
    })),
  );
}

function checkCoding(name: string, column: ManifestColumn, file: string): void {
  if (column.type !== 'binary' && column.type !== 'category') return;
  if (column.coding === undefined) {
    if (column.type !== 'binary' || column.one === undefined) return;
    throw wrong(file, name, `one: ${column.one} without coding`, 'coding beside one, or neither');
  }
  const codes = Object.keys(column.coding);
  const twice = column.missing.find((code) => codes.includes(code));
  if (twice !== undefined) {
    throw wrong(file, name, `code ${twice} both coded and missing`, 'one meaning a code');
  }
  if (column.type !== 'binary') return;
  if (codes.length !== 2) {
    throw wrong(file, name, `${codes.length} codes`, 'two codes in a binary column');
  }
  const one = codeOfOne(column, column.coding);
  if (one === undefined) {
    throw new NacreError('unknown-coding', `it is unclear which code of ${name} becomes 1`, {
      file,
      column: name,
      found: `the codes ${codes.join(' and ')}, and no "one"`,
      expected: 'the code that becomes 1',
      todo: `add to the column in the manifest: "one": ${JSON.stringify(codes[1])} (or ${JSON.stringify(codes[0])})`,
    });
  }
  if (!codes.includes(one)) {
    throw wrong(file, name, `one: ${one}`, `one of the codes ${codes.join(', ')}`);
  }
}

function known(
  name: string,
  columns: Map<string, ManifestColumn>,
  where: string,
  file: string,
): ManifestColumn {
  const column = columns.get(name);
  if (column !== undefined) return column;
  const near = nearestName(name, columns.keys());
  throw new NacreError('bad-config', 'the manifest names a column that no table describes', {
    file,
    column: where,
    found: name,
    expected: 'the name of a described column',
    todo: near === undefined ? 'describe it in tables' : `did you mean ${near}?`,
  });
}

function unique(names: readonly string[], what: string, file: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw wrong(file, what, `${name} twice`, `each ${what} once`);
    seen.add(name);
  }
}

function wrong(file: string, column: string, found: string, expected: string): NacreError {
  return new NacreError('bad-config', 'the manifest contradicts itself', {
    file,
    column,
    found,
    expected,
  });
}
