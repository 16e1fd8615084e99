import { Pipeline, type PipelineSettings } from '../../src/learning/pipeline.ts';
import { splitRows } from '../../src/learning/rows.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { everyFifth, lcgTable } from './lcg-table.ts';

/** Fits the pipeline test's pipeline in a worker thread and sends it back as text. */
export default async (settings: PipelineSettings): Promise<string> => {
  const { table, labels } = lcgTable();
  const { train } = splitRows(table, labels, everyFifth(120, 0));
  return JSON.stringify(await new Pipeline(settings).fit(train, RandomStream.of(3, 'pipeline')));
};
