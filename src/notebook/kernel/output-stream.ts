/** Longest time that text waits for more, milliseconds. */
const patience = 60;
/** Text that is sent at once, characters. */
const enough = 64 * 1024;

/**
 * Joins bursts of small writes into few messages; the order between stdout, stderr and displays is kept. A loop that
 * never gives way is seen too: its text is sent from within the write.
 */
export class OutputStream {
  readonly #send: (name: string, text: string) => void;
  #name = '';
  #pieces: string[] = [];
  #length = 0;
  #since = 0;
  #scheduled = false;

  constructor(send: (name: string, text: string) => void) {
    this.#send = send;
  }

  write(name: string, text: string): void {
    if (text === '') return;
    if (name !== this.#name) {
      this.flush();
      this.#name = name;
    }
    if (this.#pieces.length === 0) this.#since = performance.now();
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length >= enough || performance.now() - this.#since > patience) {
      this.flush();
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  flush(): void {
    if (this.#pieces.length === 0) return;
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    this.#send(this.#name, text);
  }
}
