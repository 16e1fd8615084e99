import { format } from 'node:util';

/** Content of a Jupyter `error` message. */
export interface FaultContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** Collects what went wrong in the running cell: a failed type check, a throw, a rejection nobody handled. */
export class KernelFaults {
  private readonly faults: FaultContent[] = [];
  private cellRuns = false;

  /** Stands in for the `console.error` that tslab's executor reports with. */
  readonly fromExecutor = (...what: unknown[]): void => {
    if (what.length === 1) this.faults.push(describe(what[0]));
    // `%s%d:%d - %s` of file, line, column and message: TypeScript refused the cell.
    else this.faults.push({ ename: 'TypeError in cell', evalue: format(...what), traceback: [] });
  };

  /** Listener for `uncaughtException` and `unhandledRejection`. */
  readonly fromProcess = (reason: unknown): void => {
    if (this.cellRuns) this.faults.push(describe(reason));
    else process.stderr.write(`nacre kernel: ${format(reason)}\n`);
  };

  /** A cell starts: what went wrong before is not its fault. */
  begin(): void {
    this.cellRuns = true;
    this.faults.length = 0;
  }

  /** The cell ended: one `error` message for all that was collected, undefined where the cell did well. */
  take(): FaultContent | undefined {
    this.cellRuns = false;
    const [first, ...rest] = this.faults.splice(0);
    if (first === undefined) return undefined;
    const traceback = [first, ...rest].flatMap((f) => [`${f.ename}: ${f.evalue}`, ...f.traceback]);
    return { ...first, traceback };
  }
}

function describe(reason: unknown): FaultContent {
  if (!(reason instanceof Error)) {
    return { ename: 'Thrown', evalue: format(reason), traceback: [] };
  }
  const frames = (reason.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !/node:internal|[\\/]tslab[\\/]dist[\\/]/.test(line));
  return { ename: reason.name, evalue: reason.message, traceback: frames };
}
