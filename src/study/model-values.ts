import type { Cohort } from '../cohort/cohort.ts';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError, nearestName, unknownName } from '../runtime/errors.ts';
import type { FeatureColumn } from '../table/feature-table.ts';
import { clinicalBlock } from './feature-sets.ts';
import type { TrainedModel } from './model-file.ts';
import { clinicalName } from './train-model.ts';

type ClinicalRecipe = TrainedModel['recipe']['clinical'][string];

/** Clinical values of a cohort's patients by the columns of a model. */
export interface ClinicalValues {
  /**
   * Values of the model's clinical columns for one patient; NaN is missing.
   *
   * @throws NacreError `feature-missing`, `unknown-name` for a category that the model does not know
   */
  valuesOf(row: number, remarks: string[]): Map<string, number>;
}

/**
 * Finds the clinical variables of a model in a cohort. Cohorts may code a variable with other numbers and name it in other columns;
 * what is compared is the meaning that the manifest gives each code.
 *
 * @throws NacreError `feature-missing` for a variable that the cohort lacks, `other-coding` where a word means the opposite
 */
export function clinicalValuesOf(
  { recipe }: Pick<TrainedModel, 'recipe'>,
  { id, blocks, clinicalCodes = {} }: Pick<Cohort, 'id' | 'blocks' | 'clinicalCodes'>,
  note: NoteAssumption,
): ClinicalValues {
  const columns = blocks[clinicalBlock]?.columns ?? [];
  const readers = Object.entries(recipe.clinical).flatMap(([variable, learned]) => {
    const found = columnsOf(variable, columns);
    if (found.length === 0) {
      refuseUnlessMissing({ variable, learned, id, columns }, note);
      return [];
    }
    checkType(variable, learned, found, id);
    checkCoding(variable, learned, clinicalCodes[variable] ?? {}, note);
    return [{ variable, learned, found }];
  });
  return {
    valuesOf(row, remarks) {
      const values = new Map<string, number>();
      for (const { variable, learned, found } of readers) {
        if (found.every(({ column }) => Number.isNaN(column.values[row]))) {
          if (!learned.mayBeMissing) throw missingValue(variable);
          remarks.push(`${variable} is missing and was filled in as in training`);
          continue;
        }
        for (const { column, meaning } of found) {
          values.set(column.name, column.values[row]);
          if (meaning === undefined || column.values[row] !== 1) continue;
          if (learned.meanings?.includes(meaning)) continue;
          throw unknownName(
            `the model knows no such value of ${variable}`,
            meaning,
            learned.meanings ?? [],
          );
        }
        // A meaning that the cohort's coding lacks is one that its patients do not have.
        for (const meaning of learned.meanings ?? []) {
          const name = `${clinicalBlock}.${variable}=${meaning}`;
          if (!values.has(name)) values.set(name, 0);
        }
      }
      return values;
    },
  };
}

interface FoundColumn {
  column: FeatureColumn;
  /** Meaning of a category that the column stands for. */
  meaning?: string | undefined;
}

function columnsOf(variable: string, columns: readonly FeatureColumn[]): FoundColumn[] {
  return columns.flatMap((column) => {
    const [name, meaning] = clinicalName(column.name);
    return name === variable ? [{ column, meaning }] : [];
  });
}

function refuseUnlessMissing(
  {
    variable,
    learned,
    id,
    columns,
  }: { variable: string; learned: ClinicalRecipe; id: string; columns: readonly FeatureColumn[] },
  note: NoteAssumption,
): void {
  const known = [...new Set(columns.map(({ name }) => clinicalName(name)[0]))];
  const near = nearestName(variable, known);
  if (!learned.mayBeMissing) {
    throw new NacreError(
      'feature-missing',
      `the model needs the clinical variable ${variable}, which the cohort ${id} does not have`,
      {
        found: known.join(', ') || 'no clinical variable',
        expected: variable,
        todo: `describe its column in the manifest under the name ${variable} and name it in predictors${near === undefined ? '' : ` (${near} is there: is it the same?)`}`,
      },
    );
  }
  note({
    kind: 'variable-missing',
    level: 'warning',
    found: `the cohort has no ${variable}, which the model uses`,
    taken: 'filled in for every patient as in training, where some lacked it too',
    why: 'describe the column in the manifest and name it in predictors if the cohort has it',
  });
}

function checkType(
  variable: string,
  { meanings }: ClinicalRecipe,
  found: readonly FoundColumn[],
  id: string,
): void {
  const isCategory = found.some(({ meaning }) => meaning !== undefined);
  if (isCategory === (meanings !== undefined)) return;
  throw new NacreError('other-coding', `${variable} is of another type than in training`, {
    found: `${isCategory ? 'a category' : 'a number or two classes'} in the cohort ${id}`,
    expected: meanings === undefined ? 'a number or two classes' : `one of ${meanings.join(', ')}`,
    todo: `give ${variable} the same type in the manifest`,
  });
}

/** Words (not code numbers, which are each file's own) that both cohorts use must become the same value. */
function checkCoding(
  variable: string,
  { codes = {}, meanings }: ClinicalRecipe,
  cohortCodes: Readonly<Record<string, number | string>>,
  note: NoteAssumption,
): void {
  const words = (coding: Readonly<Record<string, number | string>>) =>
    Object.keys(coding).filter((word) => !/^[+-]?[\d.]+$/.test(word));
  const shared = words(codes).filter((word) => Object.hasOwn(cohortCodes, word));
  for (const word of shared) {
    if (codes[word] === cohortCodes[word]) continue;
    throw new NacreError('other-coding', `${variable} is coded the other way than in training`, {
      found: `${word} becomes ${cohortCodes[word]}`,
      expected: `${word} becomes ${codes[word]}`,
      todo: `set "one" of ${variable} in the manifest as in that of training`,
    });
  }
  if (meanings !== undefined || shared.length > 0) return;
  if (words(codes).length === 0 || words(cohortCodes).length === 0) return;
  note({
    kind: 'coding-unlike-training',
    level: 'warning',
    found: `${variable}: ${words(cohortCodes).join(', ')} here, ${words(codes).join(', ')} in training`,
    taken: 'the code that each manifest turns into 1 is taken to mean the same',
    why: 'the two manifests share no word for it; use the same meanings to make sure',
  });
}

function missingValue(variable: string): NacreError {
  return new NacreError('feature-missing', `the model needs the clinical variable ${variable}`, {
    found: 'an empty value',
    expected: 'a value: no patient of training lacked it',
  });
}
