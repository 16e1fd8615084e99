import type { DroppedFile } from '../protocol.ts';
import { byId } from './dom.ts';
import { draggedFiles } from './dragged-files.ts';
import { type OwnFiles, type Pile, pileOf, pilesOf, rolesOf } from './piles.ts';

/**
 * The files of the reader's own: chosen one by one, or dropped together. Of two that are dropped, the one named like a mask is the mask;
 * the page shows which is which, and they can be exchanged.
 */
export class OwnFilesForm {
  private chosen: OwnFiles = { image: undefined, mask: undefined };
  private readonly onRead: (image: Pile, mask: Pile) => void;
  private readonly onProblem: (sentence: string) => void;
  private readonly takenElsewhere: (files: readonly DroppedFile[]) => boolean;

  /**
   * @param on `read`: both are there. `problem`: what was dropped cannot be read. `takenElsewhere` is shown what was dropped first,
   *   and answers whether it was no scan but something of its own
   */
  constructor(on: {
    read: (image: Pile, mask: Pile) => void;
    problem: (sentence: string) => void;
    takenElsewhere: (files: readonly DroppedFile[]) => boolean;
  }) {
    this.onRead = on.read;
    this.onProblem = on.problem;
    this.takenElsewhere = on.takenElsewhere;
    for (const role of ['image', 'mask'] as const) {
      for (const kind of ['file', 'folder'] as const) {
        const input = byId(`${role}-${kind}`, HTMLInputElement);
        input.addEventListener('change', () => {
          const files = [...(input.files ?? [])].map((file) => ({
            path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
            file,
          }));
          if (files.length > 0) this.take({ [role]: pileOf(files) });
        });
      }
    }
    byId('read-own', HTMLButtonElement).addEventListener('click', () => this.read());
    byId('swap-own', HTMLButtonElement).addEventListener('click', () => {
      this.chosen = { image: this.chosen.mask, mask: this.chosen.image };
      this.show();
    });
    this.listenToDrops();
  }

  private take(part: Partial<OwnFiles>): void {
    this.chosen = { ...this.chosen, ...part };
    this.show();
  }

  private show(): void {
    const { image, mask } = this.chosen;
    byId('image-names', HTMLElement).textContent = described(image);
    byId('mask-names', HTMLElement).textContent = described(mask);
    byId('read-own', HTMLButtonElement).disabled = image === undefined || mask === undefined;
    byId('swap-own', HTMLButtonElement).disabled = image === undefined && mask === undefined;
  }

  private read(): void {
    const { image, mask } = this.chosen;
    if (image !== undefined && mask !== undefined) this.onRead(image, mask);
  }

  private listenToDrops(): void {
    const body = document.body;
    body.addEventListener('dragover', (event) => {
      event.preventDefault();
      body.classList.add('dropping');
    });
    body.addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) body.classList.remove('dropping');
    });
    body.addEventListener('drop', (event) => {
      event.preventDefault();
      body.classList.remove('dropping');
      if (event.dataTransfer === null) return;
      Promise.all(draggedFiles(event.dataTransfer.items)).then(
        (found) =>
          this.dropped(
            pilesOf(found.filter((files) => files.length > 0 && !this.takenElsewhere(files))),
          ),
        (error: unknown) =>
          this.onProblem(
            `the browser does not hand over what was dropped (${error instanceof Error ? error.message : String(error)}); choose it with the buttons instead`,
          ),
      );
    });
  }

  private dropped(piles: Pile[]): void {
    if (piles.length === 0) return;
    byId('own', HTMLElement).hidden = false;
    byId('open-own', HTMLButtonElement).setAttribute('aria-expanded', 'true');
    this.take(rolesOf(piles, this.chosen));
    this.read();
  }
}

function described(pile: Pile | undefined): string {
  if (pile === undefined) return 'nothing chosen';
  const { name, files } = pile;
  return files.length === 1 ? name : `${name}: ${files.length} files`;
}
