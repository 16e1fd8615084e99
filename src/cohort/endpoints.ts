import { NacreError } from '../runtime/errors.ts';
import type { Endpoint } from './cohort.ts';
import type { DescribedColumn } from './encode-clinical.ts';
import type { EndpointRule } from './manifest.ts';

/** Missing label in `Endpoint.labels`. */
const unknown = -1;

export interface EndpointContext {
  /** Manifest, for errors. */
  file: string;
  patients: readonly string[];
  /** Described columns by their short name, values in the order of `patients`. */
  columns: ReadonlyMap<string, DescribedColumn>;
}

/**
 * Applies an endpoint rule to every patient: `column` maps codes to the two classes; `shrinkage` is class 1 where
 * (before - after) / before is at least the threshold. A patient without the values has an unknown label.
 *
 * @throws NacreError `unknown-code`, `out-of-range`, `one-class`
 */
export function applyEndpoint(id: string, rule: EndpointRule, context: EndpointContext): Endpoint {
  const labels = rule.rule === 'column' ? fromCodes(id, rule, context) : fromSizes(rule, context);
  let positives = 0;
  let negatives = 0;
  for (const label of labels) {
    if (label === 1) positives++;
    else if (label === 0) negatives++;
  }
  if (positives === 0 || negatives === 0) {
    throw new NacreError('one-class', 'an endpoint has patients of one class only', {
      file: context.file,
      column: `endpoints.${id}`,
      found: `${positives} ${rule.positiveName}, ${negatives} ${rule.negativeName}, ${labels.length - positives - negatives} unknown`,
      expected: 'patients of both classes',
      todo: 'correct the rule, or take the endpoint out of the manifest',
    });
  }
  const { title, positiveName, negativeName } = rule;
  return { id, title, positiveName, negativeName, labels };
}

function fromCodes(
  id: string,
  rule: Extract<EndpointRule, { rule: 'column' }>,
  { file, patients, columns }: EndpointContext,
): Int8Array {
  const { values } = columns.get(rule.column) as DescribedColumn;
  return Int8Array.from(patients, (patient, row) => {
    const value = values[row];
    if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) return unknown;
    const code = String(value);
    if (rule.positive.includes(code)) return 1;
    if (rule.negative.includes(code)) return 0;
    throw new NacreError('unknown-code', 'a value belongs to neither class of the endpoint', {
      file,
      patient,
      column: `endpoints.${id}: ${rule.column}`,
      found: code,
      expected: `${rule.positive.join(', ')} (${rule.positiveName}) or ${rule.negative.join(', ')} (${rule.negativeName})`,
      todo: 'list the code in positive or negative, or as missing in its column',
    });
  });
}

function fromSizes(
  rule: Extract<EndpointRule, { rule: 'shrinkage' }>,
  { file, patients, columns }: EndpointContext,
): Int8Array {
  const before = (columns.get(rule.before) as DescribedColumn).values as readonly number[];
  const after = (columns.get(rule.after) as DescribedColumn).values as readonly number[];
  return Int8Array.from(patients, (patient, row) => {
    const [first, last] = [before[row], after[row]];
    if (Number.isNaN(first) || Number.isNaN(last)) return unknown;
    if (first <= 0 || last < 0) {
      throw new NacreError('out-of-range', 'a tumour size cannot give a response', {
        file,
        patient,
        column: `${rule.before}, ${rule.after}`,
        found: `${first} before, ${last} after`,
        expected: 'a size above 0 before and of 0 or more after',
        todo: 'correct the cell, or leave it empty where the size is not known',
      });
    }
    // A fall of exactly the threshold counts as a response, despite rounding of decimal sizes.
    return (first - last) / first >= rule.threshold - 1e-12 ? 1 : 0;
  });
}
