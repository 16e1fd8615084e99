import { type DeepData, type DeepNetwork, deepFolder } from '../deep-protocol.ts';
import { filesBeside } from '../files-beside.ts';
import type { DroppedFile } from '../protocol.ts';
import { byId } from './dom.ts';

/**
 * The files of the folder `deep` where the page was opened from disk. A browser reads none of them by itself there: the reader
 * chooses or drops the folder, and from then on they are at hand as bytes.
 */
export class DeepFiles {
  readonly chosen = new Map<string, Blob>();
  private readonly data: DeepData;
  private readonly onChange: () => void;

  constructor(data: DeepData, onChange: () => void) {
    this.data = data;
    this.onChange = onChange;
    byId('deep-from-disk', HTMLElement).hidden = false;
    for (const id of ['deep-folder', 'deep-files']) {
      const input = byId(id, HTMLInputElement);
      input.addEventListener('change', () => {
        const files = [...(input.files ?? [])];
        if (files.length === 0) return;
        const ours = this.take(files.map((file) => ({ path: file.name, file })));
        if (!ours) this.say(`None of the files of ${deepFolder}/ is among what was chosen.`);
        // The same folder can be chosen again after a file in it was replaced.
        input.value = '';
      });
    }
  }

  /**
   * Keeps the files that have the names of the folder's.
   *
   * @returns whether there was any
   */
  take(files: readonly DroppedFile[]): boolean {
    const names = new Set(this.all().map(({ file }) => file));
    const ours = files.flatMap(({ path, file }) => {
      const name = path.split('/').at(-1) ?? path;
      return names.has(name) ? [{ name, file }] : [];
    });
    for (const { name, file } of ours) this.chosen.set(name, file);
    if (ours.length > 0) this.onChange();
    return ours.length > 0;
  }

  /** Says what is missing for a network, or has another length; what the bytes are is seen when they are read. */
  ready(network: DeepNetwork): boolean {
    if (this.chosen.size === 0) {
      this.say('Nothing chosen.');
      return false;
    }
    const needed = [...Object.values(this.data.programs), network];
    const faults = needed.flatMap(({ file, bytes }) => {
      const size = this.chosen.get(file)?.size;
      if (size === bytes) return [];
      return size === undefined
        ? [`${file} is missing`]
        : [`${file} is another file: found ${size} bytes, expected ${bytes}`];
    });
    this.say(
      faults.length === 0
        ? `The ${needed.length} files for ${network.block} are here.`
        : `${faults.join('; ')}. Choose the folder ${deepFolder}/ as nacre site wrote it with this page.`,
    );
    return faults.length === 0;
  }

  /** The worker, as an address that the page can start. @throws NacreError of `filesBeside` */
  async workerAddress(): Promise<string> {
    const bytes = await filesBeside(this.chosen, location.href)(this.data.programs.worker);
    return URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' }));
  }

  private all() {
    return [...Object.values(this.data.programs), ...this.data.networks];
  }

  private say(sentence: string): void {
    byId('deep-chosen', HTMLElement).textContent = sentence;
  }
}
