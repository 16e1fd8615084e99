import { describeColumns, type EndpointDescription } from '../evaluation/describe-columns.ts';
import type { FeatureColumn } from '../table/feature-table.ts';
import { patientRows } from '../table/patient-rows.ts';
import type { StudyConfig } from './config.ts';
import type { Arm } from './units.ts';

/** Descriptions of the candidate columns, by endpoint. Between two endpoints signals and messages of workers are handled. */
export async function describeEndpoints(
  { endpoints }: Pick<StudyConfig, 'endpoints'>,
  arms: readonly Arm[],
): Promise<ReadonlyMap<string, EndpointDescription>> {
  const descriptions = new Map<string, EndpointDescription>();
  for (const id of endpoints) {
    await new Promise((resolve) => setImmediate(resolve));
    descriptions.set(id, descriptionOf(arms.filter(({ endpoint }) => endpoint === id)));
  }
  return descriptions;
}

/** Every candidate column of an endpoint once, described on all labelled patients. */
function descriptionOf(arms: readonly Arm[]): EndpointDescription {
  const columns = new Map<string, FeatureColumn>();
  for (const { patients, tables } of arms) {
    for (const table of tables) {
      const fresh = table.columns.filter(({ name }) => !columns.has(name));
      if (fresh.length === 0) continue;
      const rows = patientRows(table.patients, patients);
      for (const column of fresh) {
        const values = Float64Array.from(rows, (row) => column.values[row]);
        columns.set(column.name, { ...column, values });
      }
    }
  }
  return describeColumns([...columns.values()], arms[0].labels);
}
