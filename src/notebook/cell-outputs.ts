import type { JupyterMessage } from './kernel/wire.ts';
import type { NotebookOutput } from './notebook-file.ts';

/** Turns what a kernel publishes for one cell into the outputs a notebook stores. */
export class CellOutputs {
  readonly outputs: NotebookOutput[] = [];
  /** Displays by id, over all cells: an update rewrites the output wherever it stands. */
  private readonly displays: Map<string, Extract<NotebookOutput, { data: object }>[]>;

  constructor(displays: Map<string, Extract<NotebookOutput, { data: object }>[]>) {
    this.displays = displays;
  }

  readonly take = ({ header, content }: JupyterMessage): void => {
    switch (header.msg_type) {
      case 'stream':
        this.stream(String(content.name), String(content.text));
        break;
      case 'display_data':
      case 'execute_result':
        this.display(content);
        break;
      case 'update_display_data':
        this.update(content);
        break;
      case 'error':
        this.outputs.push({
          output_type: 'error',
          ename: String(content.ename),
          evalue: String(content.evalue),
          traceback: (content.traceback as unknown[]).map(String),
        });
        break;
    }
  };

  private stream(name: string, text: string): void {
    const last = this.outputs[this.outputs.length - 1];
    if (last?.output_type === 'stream' && last.name === name) last.text = `${last.text}${text}`;
    else this.outputs.push({ output_type: 'stream', name, text });
  }

  private display(content: Record<string, unknown>): void {
    const output: Extract<NotebookOutput, { data: object }> = {
      output_type: 'display_data',
      data: content.data as Record<string, unknown>,
      metadata: (content.metadata as Record<string, unknown>) ?? {},
    };
    this.outputs.push(output);
    const id = displayId(content);
    if (id === undefined) return;
    const same = this.displays.get(id);
    if (same === undefined) this.displays.set(id, [output]);
    else same.push(output);
  }

  private update(content: Record<string, unknown>): void {
    for (const output of this.displays.get(displayId(content) ?? '') ?? []) {
      output.data = content.data as Record<string, unknown>;
    }
  }
}

function displayId(content: Record<string, unknown>): string | undefined {
  return (content.transient as { display_id?: string } | undefined)?.display_id;
}
