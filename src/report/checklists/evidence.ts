import { designOf } from '../../evaluation/design.ts';
import { NacreError } from '../../runtime/errors.ts';
import type { StudyConfig } from '../../study/config.ts';
import type { EndpointResults, FeatureSetResults } from '../../study/results.ts';
import { runFiles } from '../../study/run-folder.ts';
import { type Answer, answerOf } from '../answer.ts';
import { readRunConfig } from '../methods.ts';
import { endpointOf, type OpenedRun } from '../open-run.ts';
import { printed } from '../printed-number.ts';

/** Where a number or word of an answer comes from: a JSON pointer into a file of the run folder, with what stands there. */
export interface AnswerTrace {
  file: string;
  pointer: string;
  value: unknown;
}

type File = typeof runFiles.results | typeof runFiles.config | typeof runFiles.provenance;

/**
 * Reads a run for the answers of a checklist. Every value that goes into a text is read by its place, and the place is kept as
 * the trace of the answer, so that an answer cannot state what the run does not hold.
 */
export class Evidence {
  readonly run: OpenedRun;
  readonly config: StudyConfig;
  readonly endpoint: EndpointResults;
  /** Arms of the answer box: ours, and the best one without images. */
  readonly answer: Answer;
  readonly #traces: AnswerTrace[] = [];

  constructor(run: OpenedRun, endpoint?: string) {
    this.run = run;
    this.config = readRunConfig(run.folder);
    this.endpoint = endpointOf(run, endpoint);
    this.answer = answerOf(this.endpoint, this.config);
  }

  /** Places read since the last call. */
  takeTraces(): AnswerTrace[] {
    return this.#traces.splice(0);
  }

  /** A value of the run, which becomes a trace. @throws NacreError `unknown-name` for a place that is not there */
  read(file: File, pointer: string): unknown {
    const value = valueAt(this.#content(file), pointer);
    if (value === undefined) {
      throw new NacreError('unknown-name', 'the run has no such place', {
        file: `${this.run.folder}/${file}`,
        found: pointer,
        expected: 'a place that the file holds',
      });
    }
    this.#traces.push({ file, pointer, value });
    return value;
  }

  /** The same where the place may be missing. */
  readIfThere(file: File, pointer: string): unknown {
    return valueAt(this.#content(file), pointer) === undefined
      ? undefined
      : this.read(file, pointer);
  }

  result(pointer: string): string {
    return textOf(this.read(runFiles.results, pointer));
  }

  setting(pointer: string): string {
    return textOf(this.read(runFiles.config, pointer));
  }

  /** A share of the results in percent. */
  percent(pointer: string): string {
    return `${(100 * Number(this.read(runFiles.results, pointer))).toFixed(1)}%`;
  }

  /** Pointer to the endpoint, or to something in it. */
  at(rest = ''): string {
    return `/endpoints/${this.run.results.endpoints.indexOf(this.endpoint)}${rest}`;
  }

  /** Pointer to a set of the endpoint, or to something in it. */
  atSet(set: FeatureSetResults, rest = ''): string {
    return this.at(`/featureSets/${this.endpoint.featureSets.indexOf(set)}${rest}`);
  }

  /** `59.1% (47.4% to 70.9%)` of a metric of a set. */
  interval(
    set: FeatureSetResults,
    metric: 'balancedAccuracy' | 'auc' | 'sensitivity' | 'specificity',
  ): string {
    const place = (what: string) => this.percent(this.atSet(set, `/summary/${metric}/${what}`));
    return `${place('mean')} (${place('low')} to ${place('high')})`;
  }

  /** Kind of the design, such as `hold-out`. */
  get design(): string {
    return designOf(this.run.results.study).kind;
  }

  /** True where features were made from scans by this run. */
  get extracts(): boolean {
    return this.config.extraction !== undefined;
  }

  /** Scans that features of any set come from. */
  get scans(): string[] {
    const { featureSets } = this.endpoint;
    const named = featureSets.flatMap(({ parts, selection }) => [
      ...(parts?.scans ?? []),
      ...selection.flatMap(({ modality }) => modality ?? []),
    ]);
    return [...new Set(named)];
  }

  #content(file: File): unknown {
    if (file === runFiles.results) return this.run.results;
    if (file === runFiles.provenance) return this.run.provenance;
    return this.config;
  }
}

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
export function valueAt(root: unknown, pointer: string): unknown {
  let at = root;
  for (const part of pointer.split('/').slice(1)) {
    if (at === null || typeof at !== 'object') return undefined;
    at = (at as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return at;
}

function textOf(value: unknown): string {
  if (typeof value === 'number') {
    return printed(Number.isInteger(value) ? String(value) : value.toFixed(3));
  }
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
