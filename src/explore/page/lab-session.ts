import { describeAudit, summariseAudit } from '../../evaluation/audit.ts';
import {
  meanAndSd,
  type ResampledInterval,
  resampledInterval,
} from '../../evaluation/resampled-t.ts';
import { signed } from '../../report/printed-number.ts';
import { mean } from '../../table/mean.ts';
import type { ExploreData, ExploreEndpoint, ExploreSet } from '../explore-data.ts';
import type { LabAnswer, LabColumns, LabSet } from '../protocol.ts';
import { byId, carried, choose, chosen, element, fillSelect } from './dom.ts';
import type { Draw } from './draw.ts';
import { drawChart } from './lab-chart.ts';
import { WorkerClient } from './worker-client.ts';

interface LabChoice {
  seed: number;
  partitions: number;
  flippedShare: number;
  selectBefore: boolean;
  tuned: boolean;
}

/** Permutations of an audit in the page: enough for a verdict, few enough to wait for. */
const permutations = 8;

/** The second panel at work. Draws run one after another in a worker of their own. */
export class LabSession {
  private readonly data: ExploreData;
  private worker = new WorkerClient();
  private draws: Draw[] = [];
  private running = false;
  /** Whether the study selects features at all. */
  private selects = true;
  private endpoint: ExploreEndpoint;
  private set: ExploreSet;
  private table: LabSet;
  private readonly columns = carried<LabColumns>('lab-columns');

  constructor(data: ExploreData) {
    this.data = data;
    this.endpoint = data.endpoints[0];
    this.set = this.endpoint.sets[0];
    this.table = carried<LabSet>(this.set.element);
    const endpoints = byId('lab-endpoint', HTMLSelectElement);
    fillSelect(
      endpoints,
      data.endpoints.map(({ id, title }) => ({ value: id, text: title })),
    );
    endpoints.addEventListener('change', () => this.chooseEndpoint(endpoints.value));
    const sets = byId('lab-set', HTMLSelectElement);
    sets.addEventListener('change', () => this.chooseSet(sets.value));
    const button = (id: string, act: () => void) =>
      byId(id, HTMLButtonElement).addEventListener('click', act);
    button('lab-run', () => this.start(() => this.draw(this.choice())));
    button('lab-audit', () => this.start(() => this.audit(this.choice())));
    button('lab-both', () => this.start(() => this.showLeak()));
    button('lab-stop', () => this.stop());
    button('lab-clear', () => this.clear());
    button('lab-draw-again', () => {
      const seed = byId('lab-seed', HTMLInputElement);
      seed.value = String(Number(seed.value) + 1000);
      this.start(() => this.draw(this.choice()));
    });
    const shown = (id: string, text: (value: number) => string) => {
      const input = byId(id, HTMLInputElement);
      input.addEventListener('input', () => {
        byId(`${id}-at`, HTMLOutputElement).textContent = text(Number(input.value));
      });
    };
    shown('lab-partitions', String);
    shown('lab-flip', (value) => `${value}%`);
    byId('lab-form', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
    this.chooseEndpoint(this.endpoint.id);
  }

  private chooseEndpoint(id: string): void {
    this.endpoint = this.data.endpoints.find((one) => one.id === id) ?? this.endpoint;
    fillSelect(
      byId('lab-set', HTMLSelectElement),
      this.endpoint.sets.map((set) => ({ value: set.id, text: set.title })),
    );
    this.chooseSet(this.endpoint.sets[0].id);
  }

  private chooseSet(id: string): void {
    this.set = this.endpoint.sets.find((one) => one.id === id) ?? this.set;
    this.table = carried<LabSet>(this.set.element);
    byId('lab-seed', HTMLInputElement).value = String(this.table.seed);
    const partitions = byId('lab-partitions', HTMLInputElement);
    partitions.value = String(this.set.partitions);
    byId('lab-partitions-at', HTMLOutputElement).textContent = partitions.value;
    const { balancedAccuracy: run } = this.set;
    const { pipeline, together } = this.table;
    this.selects = pipeline.mrmr !== undefined || pipeline.rfe !== undefined;
    const before = document.querySelector<HTMLInputElement>(
      'input[name="selection"][value="before"]',
    );
    if (before !== null) before.disabled = !this.selects;
    if (!this.selects) choose('selection', 'inside');
    byId('lab-about', HTMLElement).textContent =
      `${this.table.columns.length} candidate columns.${run === null ? '' : ` The run: ${run.toFixed(3)} over ${this.set.partitions} partitions. ${this.set.repeats ? `Seed ${this.table.seed}, unflipped, selected inside and tuned, the first draw repeats it.` : ''}`}${this.selects ? '' : ' The study selects no features: there is nothing to do before the split.'}${together === undefined ? '' : ` Rows with the same ${together.column} stay on one side of every partition, and their labels move together.`}`;
    this.clear();
    this.buttons();
  }

  private choice(): LabChoice {
    return {
      seed: Number(byId('lab-seed', HTMLInputElement).value) || 0,
      partitions: Number(byId('lab-partitions', HTMLInputElement).value),
      flippedShare: Number(byId('lab-flip', HTMLInputElement).value) / 100,
      selectBefore: chosen('selection') === 'before',
      tuned: byId('lab-tuned', HTMLInputElement).checked,
    };
  }

  private async start(work: () => Promise<unknown>): Promise<void> {
    if (this.running) this.stop();
    this.running = true;
    this.buttons();
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Stopped))
        this.say(error instanceof Error ? error.message : String(error), false);
    } finally {
      this.running = false;
      this.buttons();
    }
  }

  private stop(): void {
    this.worker.end();
    this.worker = new WorkerClient();
    this.running = false;
    this.draws = this.draws.filter(({ values }) => values.length > 0);
    this.say('Stopped.', false);
    this.buttons();
    this.show();
  }

  private clear(): void {
    this.draws = [];
    this.show();
    byId('lab-verdict', HTMLElement).replaceChildren();
    this.say('Nothing drawn yet.', false);
  }

  private async draw(choice: LabChoice): Promise<Draw> {
    const line = this.addLine(titleOf(choice), choice, false, choice.partitions);
    await this.partitions(choice, undefined, (answer) => {
      line.values.push(answer.balancedAccuracy);
      line.aucs.push(answer.auc);
      line.testToTrain = answer.test.patients / answer.train;
      this.say(
        `${line.title}: partition ${answer.partition + 1} of ${answer.ofPartitions} …`,
        true,
      );
      this.show();
    });
    this.say(
      `${line.title}: balanced accuracy ${mean(line.values).toFixed(3)} over ${line.values.length} partitions.`,
      false,
    );
    return line;
  }

  /** The permuted-label audit, permutation by permutation: labels that mean nothing, through the same evaluation. */
  private async audit(choice: LabChoice): Promise<Draw> {
    const line = this.addLine(
      `audit: labels shuffled, selected ${choice.selectBefore ? 'before the split' : 'inside'}`,
      choice,
      true,
      permutations,
    );
    for (let permutation = 0; permutation < permutations; permutation++) {
      const values: number[] = [];
      const aucs: number[] = [];
      await this.partitions(choice, permutation, (answer) => {
        values.push(answer.balancedAccuracy);
        aucs.push(answer.auc);
        this.say(
          `${line.title}: permutation ${permutation + 1} of ${permutations}, partition ${answer.partition + 1} …`,
          true,
        );
      });
      line.values.push(mean(values));
      line.aucs.push(mean(aucs));
      this.show();
    }
    const sentence = describeAudit(summariseAudit(line.values));
    byId('lab-verdict', HTMLElement).append(
      element(
        'p',
        { class: /^NOT/.test(sentence) ? 'notice' : 'good' },
        `${line.title}: ${sentence}.`,
      ),
    );
    this.say(`${line.title}: mean ${mean(line.values).toFixed(3)}.`, false);
    return line;
  }

  /** Both ways of selecting, on labels that mean nothing: the difference is the leak. */
  private async showLeak(): Promise<void> {
    const choice = { ...this.choice(), tuned: false, flippedShare: 0 };
    byId('lab-tuned', HTMLInputElement).checked = false;
    choose('selection', 'before');
    const inside = await this.audit({ ...choice, selectBefore: false });
    const before = await this.audit({ ...choice, selectBefore: true });
    // The same shuffled labels both times: the permutations are pairs.
    const { mean: added, sd } = meanAndSd(
      before.values.map((value, p) => value - inside.values[p]),
    );
    const error = sd / Math.sqrt(permutations);
    const points = (value: number) => (100 * value).toFixed(1);
    const [leaky, honest] = [before, inside].map(({ values }) => mean(values).toFixed(3));
    const sentence =
      added > 2 * error
        ? `With labels shuffled there is nothing to find. Selecting before the split gives ${leaky} all the same, ${points(added)} points more than selecting inside (${honest}): that is what the mistake adds.`
        : `With labels shuffled there is nothing to find. Selecting before the split gives ${leaky}, selecting inside ${honest}: what the mistake adds, among ${this.table.columns.length} columns, lies within two standard errors of ${permutations} permutations (${signed(points(added))} points, standard error ${points(error)}).`;
    byId('lab-verdict', HTMLElement).append(element('p', { class: 'notice' }, sentence));
    this.say(sentence, false);
  }

  private addLine(title: string, choice: LabChoice, audit: boolean, wanted: number): Draw {
    const { selectBefore: leaky } = choice;
    const patients = this.patients(choice);
    const line = { title, leaky, values: [], aucs: [], testToTrain: 0, patients, audit, wanted };
    this.draws.push(line);
    this.show();
    return line;
  }

  /** Of each class, after as many labels were flipped as will be; which ones they are is not known here, and hardly matters. */
  private patients({ flippedShare }: LabChoice): Draw['patients'] {
    const { labels } = this.table;
    const ones = labels.filter((label) => label === 1).length;
    const positives = Math.round(ones + flippedShare * (labels.length - 2 * ones));
    return { positives, negatives: labels.length - positives };
  }

  private partitions(
    choice: LabChoice,
    permutation: number | undefined,
    each: (answer: LabAnswer) => void,
  ): Promise<void> {
    const { worker } = this;
    return new Promise((resolve, reject) => {
      worker.send(
        { kind: 'lab', columns: this.columns, set: this.table, permutation, ...choice },
        (answer) => {
          if (worker !== this.worker) return reject(new Stopped());
          if (answer.kind === 'failed') return reject(new Error(answer.message));
          if (answer.kind !== 'lab') return;
          each(answer);
          if (answer.partition + 1 === answer.ofPartitions) resolve();
        },
      );
    });
  }

  private show(): void {
    const intervals = this.draws.map((draw): ResampledInterval | undefined =>
      draw.audit || draw.values.length < 2
        ? undefined
        : resampledInterval(draw.values, draw.testToTrain, {
            metric: 'balancedAccuracy',
            patients: draw.patients,
          }),
    );
    drawChart(byId('lab-chart', HTMLElement), this.draws, intervals);
    const table = byId('lab-table', HTMLTableElement);
    table.hidden = this.draws.length === 0;
    table.tBodies[0].replaceChildren(
      ...this.draws.map(({ title, values, aucs, leaky }, i) => {
        const interval = intervals[i];
        const number = (text: string) => element('td', { class: 'n' }, text);
        return element(
          'tr',
          leaky ? { class: 'leak' } : {},
          element('td', {}, title),
          number(values.length > 0 ? mean(values).toFixed(3) : '…'),
          number(
            interval === undefined
              ? '–'
              : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`,
          ),
          number(aucs.length > 0 ? mean(aucs).toFixed(3) : '…'),
        );
      }),
    );
  }

  private say(sentence: string, busy: boolean): void {
    const status = byId('lab-status', HTMLElement);
    status.textContent = sentence;
    status.classList.toggle('busy', busy);
  }

  private buttons(): void {
    byId('lab-stop', HTMLButtonElement).disabled = !this.running;
    for (const id of ['lab-run', 'lab-audit', 'lab-both', 'lab-clear', 'lab-draw-again']) {
      byId(id, HTMLButtonElement).disabled = this.running || (id === 'lab-both' && !this.selects);
    }
    document.body.dataset.lab = this.running ? 'running' : 'idle';
  }
}

class Stopped extends Error {}

function titleOf({ seed, flippedShare, selectBefore, tuned }: LabChoice): string {
  return [
    `seed ${seed}`,
    ...(flippedShare > 0 ? [`${Math.round(100 * flippedShare)}% flipped`] : []),
    selectBefore ? 'selected before the split' : 'selected inside',
    ...(tuned ? [] : ['not tuned']),
  ].join(', ');
}
