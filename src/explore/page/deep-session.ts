import { printed } from '../../report/printed-number.ts';
import type { DeepAnswer, DeepData, DeepNetwork, DeepRequest } from '../deep-protocol.ts';
import { deepFolder, deepWorkerFile } from '../deep-protocol.ts';
import type { DroppedFile, MeasuredFeature, WorkerAnswer } from '../protocol.ts';
import { DeepFiles } from './deep-files.ts';
import { byId, element } from './dom.ts';

type Answer = DeepAnswer | Extract<WorkerAnswer, { kind: 'failed' }>;
/** The region that is shown, and the prefix of its columns in the run; undefined for a scan of one's own. */
export type DeepSubject = Pick<DeepRequest, 'scan' | 'region' | 'ringMm' | 'ringWithin'> & {
  ofRun: { scan: string; cropped: boolean } | undefined;
};

/** Deep features of what is open. Nothing is loaded before the button is pressed. */
export class DeepSession {
  /** Of the region as it is shown; empty until they were asked for, and again once it changes. */
  features: readonly MeasuredFeature[] = [];
  private readonly data: DeepData;
  private readonly subject: () => DeepSubject | undefined;
  private readonly button = byId('deep-compute', HTMLButtonElement);
  /** Undefined where the page is served: its worker fetches them. */
  private readonly files: DeepFiles | undefined;
  private worker: Worker | undefined;
  private last = 0;
  private asked: { network: DeepNetwork; subject: DeepSubject } | undefined;

  constructor(data: DeepData, subject: () => DeepSubject | undefined) {
    this.data = data;
    this.subject = subject;
    if (location.protocol === 'file:') this.files = new DeepFiles(data, () => this.forget());
    this.button.addEventListener('click', () => this.compute());
    byId('deep-network', HTMLSelectElement).addEventListener('change', () => this.forget());
  }

  /** Of what was dropped on the page: takes the files of the networks. @returns whether there were any */
  take(files: readonly DroppedFile[]): boolean {
    return this.files?.take(files) ?? false;
  }

  /** A control moved. What the networks do not see changes nothing here. */
  follow(): void {
    const [was, now] = [this.asked?.subject, this.subject()];
    if (was === undefined || now === undefined) return;
    const sameRing = was.ringMm === now.ringMm && was.ringWithin === now.ringWithin;
    if (was.region !== now.region || (now.region === 'peri' && !sameRing)) this.forget();
  }

  /** The region changed: what was computed, or still is, belongs to another one. */
  forget(): void {
    this.last++;
    this.features = [];
    this.asked = undefined;
    this.say('', false);
    this.problem(undefined);
    byId('deep-table', HTMLElement).hidden = true;
    const network = this.network();
    const ready = network !== undefined && (this.files?.ready(network) ?? true);
    this.button.disabled = !ready || this.subject() === undefined;
  }

  private network(): DeepNetwork | undefined {
    const name = byId('deep-network', HTMLSelectElement).value;
    return this.data.networks.find(({ block }) => block === name);
  }

  private async compute(): Promise<void> {
    const subject = this.subject();
    const network = this.network();
    if (subject === undefined || network === undefined) return;
    this.forget();
    this.asked = { network, subject };
    this.button.disabled = true;
    this.say('Starting …', true);
    const { ofRun, ...region } = subject;
    const choice = (ofRun && this.data.choices[ofRun.scan]) ?? {};
    const id = this.last;
    const { programs } = this.data;
    const chosen = this.files?.chosen;
    const request = { kind: 'deep', id, network, programs, chosen, choice, ...region } as const;
    try {
      const address = await this.workerAddress();
      if (id !== this.last) return;
      this.worker ??= this.started(address);
      this.worker.postMessage(request satisfies DeepRequest);
    } catch (error) {
      if (id === this.last) this.failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** Of a worker that is yet to be started. */
  private async workerAddress(): Promise<string> {
    if (this.worker !== undefined) return '';
    const served = new URL(`${deepFolder}/${deepWorkerFile}`, location.href).href;
    return this.files?.workerAddress() ?? served;
  }

  private started(address: string): Worker {
    const worker = new Worker(address);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.id === this.last) this.receive(data);
    };
    worker.onerror = ({ message = '' }) => {
      worker.terminate();
      this.worker = undefined;
      const why = message === '' ? `${address} could not be loaded` : message;
      this.failed(`the worker of deep features stopped: ${why}`);
    };
    return worker;
  }

  private receive(answer: Answer): void {
    if (answer.kind === 'deep-step') this.say(answer.sentence, true);
    if (answer.kind === 'failed') this.failed(answer.message);
    if (answer.kind !== 'deep' || this.asked === undefined) return;
    const { network, subject } = this.asked;
    const { ofRun } = subject;
    this.features = answer.features;
    this.button.disabled = false;
    const warnings = [...answer.warnings];
    if (ofRun?.cropped)
      warnings.push(
        'this scan was cut to the surroundings of the tumour: the body that it is standardised over is not that of the run',
      );
    const compared = this.fill(ofRun === undefined ? '' : `${ofRun.scan}.${subject.region}.`);
    const threads =
      answer.threads > 1
        ? `${answer.threads} threads`
        : `one thread${self.crossOriginIsolated ? '' : ' (more need a server that sends Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp)'}`;
    const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);
    const { origin, block, features } = network;
    this.problem(warnings.length === 0 ? undefined : `Warning: ${warnings.join('; ')}.`);
    this.say(
      `${features} features of ${block}${origin === 'random' ? ', which has RANDOM weights' : ''}: input ${answer.shape.join('×')} voxels of ${answer.spacing.map((mm) => Number(mm.toFixed(2))).join('×')} mm, network ${seconds(answer.passMilliseconds)} s, ${seconds(answer.milliseconds)} s with loading, ${threads}.${compared ? '' : ' The run has none of this network to compare with.'} They are saved with the others (CSV).`,
      false,
    );
  }

  /** @returns whether the run has any of these columns */
  private fill(prefix: string): boolean {
    let compared = false;
    const rows = this.features.map(({ name, value }) => {
      const shape = this.data.columns[`${prefix}${name}`];
      const number = value ?? Number.NaN;
      compared ||= shape !== undefined;
      const [mean, z] =
        shape === undefined
          ? ['', '']
          : [
              printed(shape.mean.toPrecision(5)),
              shape.sd > 0 ? printed(((number - shape.mean) / shape.sd).toFixed(2)) : '',
            ];
      return element(
        'tr',
        {},
        element('th', { scope: 'row' }, name),
        element('td', {}, printed(number.toPrecision(7))),
        element('td', {}, mean),
        element('td', {}, z),
      );
    });
    const heads = ['Feature', 'Value', 'Mean of the run', 'z'];
    const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)));
    const table = byId('deep-table', HTMLElement);
    table.replaceChildren(
      element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows)),
    );
    table.hidden = false;
    return compared;
  }

  private failed(message: string): void {
    this.button.disabled = false;
    this.problem(message);
    this.say('Nothing was computed.', false);
  }

  private problem(message: string | undefined): void {
    const place = byId('deep-problem', HTMLElement);
    place.hidden = message === undefined;
    place.textContent = message ?? '';
  }

  private say(sentence: string, busy: boolean): void {
    const status = byId('deep-status', HTMLElement);
    status.textContent = sentence;
    status.classList.toggle('busy', busy);
    document.body.dataset.deep = busy ? 'busy' : 'idle';
  }
}
