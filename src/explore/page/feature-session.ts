import type { ExploreData, ExploreScan, PackedScan } from '../explore-data.ts';
import { parameterText } from '../parameter-text.ts';
import type { MaskMessage, MeasuredFeature, OpenedScan, WorkerAnswer } from '../protocol.ts';
import { agreementWithRun } from './agreement.ts';
import { DeepSession, type DeepSubject } from './deep-session.ts';
import { byId, carried, element, fillSelect } from './dom.ts';
import { OwnFilesForm } from './dropped.ts';
import { FeatureTable } from './feature-table.ts';
import type { Pile } from './piles.ts';
import { PlaneView } from './plane-view.ts';
import { featureCsv, save } from './save.ts';
import { type Moved, SettingsForm } from './settings-form.ts';
import { type Request, WorkerClient } from './worker-client.ts';

type OpenRequest = Extract<Request, { kind: 'open' }>;

/** The first panel at work: one scan is open, a worker measures it, another draws its ring. */
export class FeatureSession {
  private readonly data: ExploreData;
  private readonly view = new PlaneView();
  private readonly table: FeatureTable;
  private readonly form: SettingsForm;
  private readonly recipe = byId('recipe', HTMLDetailsElement);
  private readonly deep: DeepSession | undefined;
  private measurer = new WorkerClient();
  private readonly ringer = new WorkerClient();
  private opened: OpenedScan | undefined;
  private ofRun: ExploreScan | undefined;
  private asOpened: OpenRequest | undefined;
  private features: MeasuredFeature[] = [];
  private bodyKnown = false;
  private measuring: number | undefined;
  private ringing: number | undefined;
  private waiting: number | undefined;

  constructor(data: ExploreData) {
    this.data = data;
    this.table = new FeatureTable(byId('groups', HTMLElement), data);
    this.form = new SettingsForm((moved) => this.changed(moved));
    this.deep = data.deep && new DeepSession(data.deep, () => this.deepSubject());
    new OwnFilesForm({
      read: (image, mask) => this.openOwn(image, mask),
      problem: (sentence) => this.problem(sentence),
      takenElsewhere: (files) => this.deep?.take(files) ?? false,
    });
    this.listen();
    this.form.set({}, { ringMm: 5, ringWithin: 'body' });
    if (data.scans.length > 0) this.choosePatient(data.scans[0].patient);
  }

  private listen(): void {
    this.recipe.addEventListener('toggle', () => this.showRecipe());
    const button = (id: string, act: () => void) =>
      byId(id, HTMLButtonElement).addEventListener('click', act);
    button('open-own', () => {
      const form = byId('own', HTMLElement);
      form.hidden = !form.hidden;
      byId('open-own', HTMLButtonElement).setAttribute('aria-expanded', String(!form.hidden));
    });
    button('as-run', () => this.settingsOfRun());
    button('save-csv', () => {
      const { opened } = this;
      if (opened === undefined) return;
      const features = [...this.features, ...(this.deep?.features ?? [])];
      save('features.csv', featureCsv(opened.names, opened.label, features), 'text/csv');
    });
    button('save-parameters', () => save('parameters.yaml', this.parameterFile(), 'text/yaml'));
    byId('find', HTMLInputElement).addEventListener('input', ({ target }) =>
      this.table.find((target as HTMLInputElement).value),
    );
    byId('label', HTMLSelectElement).addEventListener('change', ({ target }) => {
      if (this.asOpened === undefined) return;
      this.open({ ...this.asOpened, label: Number((target as HTMLSelectElement).value) });
    });
    byId('parameter-file', HTMLInputElement).addEventListener('change', ({ target }) => {
      const [file] = (target as HTMLInputElement).files ?? [];
      if (file !== undefined) this.readParameters(file);
    });
    if (this.data.scans.length === 0) return;
    const patients = [...new Set(this.data.scans.map(({ patient }) => patient))];
    const patient = byId('patient', HTMLSelectElement);
    fillSelect(
      patient,
      patients.map((name) => ({ value: name, text: name })),
    );
    patient.addEventListener('change', () => {
      if (patient.value !== ownScan.value) this.choosePatient(patient.value);
    });
    byId('scan', HTMLSelectElement).addEventListener('change', () => this.chooseScan());
  }

  private choosePatient(patient: string): void {
    const ownChoice = byId('patient', HTMLSelectElement).querySelector(
      `option[value="${ownScan.value}"]`,
    );
    ownChoice?.remove();
    const select = byId('scan', HTMLSelectElement);
    select.disabled = false;
    const before = select.value;
    const scans = this.data.scans.filter((one) => one.patient === patient);
    fillSelect(
      select,
      scans.map(({ scan }) => ({ value: scan, text: scan })),
    );
    if (scans.some(({ scan }) => scan === before)) select.value = before;
    this.chooseScan();
  }

  private chooseScan(): void {
    const patient = byId('patient', HTMLSelectElement).value;
    const scan = byId('scan', HTMLSelectElement).value;
    const ofRun = this.data.scans.find((one) => one.patient === patient && one.scan === scan);
    if (ofRun === undefined) return;
    const sameScan = this.ofRun?.scan === scan;
    this.ofRun = ofRun;
    const packed = carried<PackedScan>(ofRun.element);
    const names = { image: `${patient} ${scan}`, mask: `${patient} ${scan}, mask` };
    byId('as-run', HTMLButtonElement).hidden = false;
    // Another patient is measured as the last one was, unless the run measures that scan differently.
    if (!sameScan) this.settingsOfRun();
    this.open({ kind: 'open', packed, names, ct: ofRun.ct });
  }

  private settingsOfRun(): void {
    const { ofRun } = this;
    if (ofRun !== undefined) this.form.set(ofRun.parameters, ofRun);
  }

  private openOwn(image: Pile, mask: Pile): void {
    this.ofRun = undefined;
    byId('as-run', HTMLButtonElement).hidden = true;
    if (this.data.scans.length > 0) {
      // Any patient can be chosen from there, the last one too.
      const patient = byId('patient', HTMLSelectElement);
      const { value, text } = ownScan;
      if (patient.value !== value) patient.prepend(element('option', { value }, text));
      patient.value = value;
      const scan = byId('scan', HTMLSelectElement);
      fillSelect(scan, []);
      scan.disabled = true;
    }
    this.open({ kind: 'open', image: image.files, mask: mask.files });
  }

  private open(request: OpenRequest): void {
    this.asOpened = request;
    window.clearTimeout(this.waiting);
    this.opened = undefined;
    this.deep?.forget();
    this.bodyKnown = false;
    this.features = [];
    this.problem(undefined);
    this.say('Reading the scan …', true);
    this.enableSaving(false);
    // A new worker: what the last one was busy with is of no use any more, and its scan leaves the memory.
    this.measurer.end();
    this.measurer = new WorkerClient();
    this.measuring = undefined;
    this.measurer.send(request, (answer) => this.onOpened(answer));
  }

  private onOpened(answer: WorkerAnswer): void {
    if (answer.kind === 'failed') {
      if (this.opened === undefined) {
        this.table.clear();
        this.say('Nothing was measured.', false);
      }
      this.problem(answer.message);
      return;
    }
    if (answer.kind === 'body') {
      this.setUpRing(answer.body);
      return;
    }
    if (answer.kind !== 'opened') return;
    const { scan } = answer;
    this.opened = scan;
    this.deep?.forget();
    this.view.open(scan);
    const { ofRun } = this;
    for (const mark of document.querySelectorAll('.mark')) {
      mark.textContent = ofRun !== undefined && this.data.synthetic ? 'SYNTHETIC' : '';
    }
    this.table.compareWith(ofRun === undefined ? '' : this.prefix());
    fillSelect(
      byId('label', HTMLSelectElement),
      scan.labels.map(({ label, voxels }) => ({
        value: String(label),
        text: `${label} (${voxels} voxels)`,
      })),
    );
    byId('label', HTMLSelectElement).value = String(scan.label);
    byId('label-choice', HTMLElement).hidden = scan.labels.length < 2;
    this.noteAssumptions(scan);
    this.measure();
  }

  /** What the readers took as given, as the command line prints it. */
  private noteAssumptions({ assumptions }: OpenedScan): void {
    const notes = byId('notes', HTMLElement);
    notes.hidden = assumptions.length === 0;
    notes.replaceChildren(
      ...assumptions.map(({ found, taken, why }) =>
        element('p', {}, `Taken as given: ${taken}. Found: ${found}. ${why}.`),
      ),
    );
  }

  private setUpRing(body: MaskMessage): void {
    const { opened } = this;
    if (opened === undefined) return;
    this.bodyKnown = true;
    this.ringer.send({ kind: 'ring-setup', tumour: opened.tumour, body }, () => {});
    this.drawRing();
  }

  /** A control moved. The ring is drawn at once; of measurements in a row the last one counts. */
  private changed(moved: Moved): void {
    this.showRecipe();
    if (this.opened === undefined) return;
    this.deep?.follow();
    if (moved !== 'setting' && this.bodyKnown) this.drawRing();
    if (moved === 'ring' && this.form.chosen.region === 'intra') return;
    this.mark(true);
    // What is still measured, or could be saved, belongs to the settings as they were.
    this.measurer.ignore(this.measuring);
    this.enableSaving(false);
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.measure(), 30);
  }

  private drawRing(): void {
    const { ringMm, ringWithin } = this.form.chosen;
    this.ringing = this.ringer.send(
      { kind: 'ring', ringMm, ringWithin },
      (answer) => {
        if (answer.kind === 'ring') this.view.setRing(answer.ring);
        if (answer.kind === 'failed') this.view.setRing(undefined);
      },
      this.ringing,
    );
  }

  private measure(): void {
    const { opened } = this;
    if (opened === undefined) return;
    const { parameters, region, ringMm, ringWithin } = this.form.chosen;
    this.table.compareWith(this.ofRun === undefined ? '' : this.prefix());
    this.showRecipe();
    this.say('Measuring …', true);
    const found: MeasuredFeature[] = [];
    this.measuring = this.measurer.send(
      { kind: 'measure', parameters, region, ringMm, ringWithin },
      (answer) => {
        if (answer.kind === 'failed') {
          this.features = [];
          this.table.clear();
          this.enableSaving(false);
          this.say('Nothing was measured.', false);
          this.problem(answer.message);
        }
        if (answer.kind !== 'measured') return;
        found.push(...answer.features);
        this.table.update(answer.features);
        if (answer.images < answer.ofImages) {
          this.say(
            `${found.length} features, image ${answer.images} of ${answer.ofImages} …`,
            true,
          );
          return;
        }
        this.finished(found, answer);
      },
      this.measuring,
    );
  }

  private finished(
    found: MeasuredFeature[],
    { milliseconds, voxels }: Extract<WorkerAnswer, { kind: 'measured' }>,
  ): void {
    this.features = found;
    this.table.keepOnly(new Set(found.map(({ name }) => name)));
    const { region, ringMm } = this.form.chosen;
    const lost = found.filter(({ value }) => value === null).length;
    const where = region === 'peri' ? `the ring of ${ringMm} mm` : 'the tumour';
    this.say(
      `${found.length} features of ${where}, ${voxels.toLocaleString('en')} voxels, ${(milliseconds / 1000).toFixed(2)} s${lost > 0 ? `; ${lost} without a value` : ''}.`,
      false,
    );
    this.problem(undefined);
    const agreement = byId('agreement', HTMLElement);
    const sentence =
      this.ofRun === undefined
        ? undefined
        : agreementWithRun(this.prefix(), this.ofRun.values, found);
    agreement.hidden = sentence === undefined;
    agreement.textContent = sentence ?? '';
    this.enableSaving(true);
  }

  private deepSubject(): DeepSubject | undefined {
    const { asOpened, opened, ofRun } = this;
    if (asOpened === undefined || opened === undefined) return undefined;
    const { region, ringMm, ringWithin } = this.form.chosen;
    return { scan: asOpened, region, ringMm, ringWithin, ofRun };
  }

  private prefix(): string {
    return `${this.ofRun?.scan}.${this.form.chosen.region}.`;
  }

  private parameterFile(): string {
    // What is the default is written too where a reader of the file would look for it.
    const { parameters: chosen } = this.form.chosen;
    const parameters = {
      imageType: { Original: {} },
      ...chosen,
      setting: { binWidth: 25, ...chosen.setting },
    };
    return parameterText(parameters, ['Made by the page explore.html of nacre.', this.command()]);
  }

  private command(): string {
    const { region, ringMm, ringWithin } = this.form.chosen;
    const { names, label } = this.opened ?? { names: { image: 'SCAN', mask: 'MASK' }, label: 1 };
    const [image, mask] =
      this.ofRun === undefined ? [names.image, names.mask].map(quoted) : ['SCAN', 'MASK'];
    const ring =
      region === 'peri'
        ? ` --region peri --ring ${ringMm}${ringWithin === 'scan' ? ' --ring-within scan' : ''}`
        : '';
    return `nacre radiomics ${image} ${mask} --params parameters.yaml${label === 1 ? '' : ` --label ${label}`}${ring}`;
  }

  private showRecipe(): void {
    // Written only where it is seen: a slider asks for it at every step.
    if (!this.recipe.open) return;
    byId('command', HTMLElement).textContent = this.command();
    byId('parameters', HTMLElement).textContent = this.parameterFile();
  }

  private readParameters(file: File): void {
    this.mark(true);
    file.text().then((text) => {
      this.ringer.send({ kind: 'parameters', file: file.name, text }, (answer) => {
        this.mark(false);
        if (answer.kind === 'failed') this.problem(answer.message);
        if (answer.kind !== 'parameters') return;
        this.problem(undefined);
        this.form.set(answer.parameters);
      });
    });
  }

  private say(sentence: string, busy: boolean): void {
    const status = byId('status', HTMLElement);
    status.textContent = sentence;
    status.classList.toggle('busy', busy);
    // Counted for tests: each request ends with one sentence that is not busy.
    const { dataset } = document.body;
    if (!busy) dataset.answers = String(Number(dataset.answers ?? 0) + 1);
    this.mark(busy);
    byId('groups', HTMLElement).setAttribute('aria-busy', String(busy));
  }

  /** For tests: busy from the moment something is asked for, before its sentence shows it, until nothing is waited for. */
  private mark(busy: boolean): void {
    document.body.dataset.features = busy ? 'busy' : 'idle';
  }

  private problem(message: string | undefined): void {
    const place = byId('problem', HTMLElement);
    place.hidden = message === undefined;
    place.textContent = message ?? '';
  }

  private enableSaving(can: boolean): void {
    byId('save-csv', HTMLButtonElement).disabled = !can;
    byId('save-parameters', HTMLButtonElement).disabled = !can;
  }
}

/** In the list of patients while a scan of the reader's own is open. */
const ownScan = { value: '', text: 'your own scan' };

function quoted(name: string): string {
  return /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
