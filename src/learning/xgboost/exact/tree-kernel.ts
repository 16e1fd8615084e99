import { webAssembly } from '../../../runtime/web-assembly.ts';
import { treeKernelBytes } from './tree-kernel-bytes.ts';

type Global<T = number> = { readonly value: T };

/** What wasm/tree-kernel.ts exports; its comments say what each does. */
export interface TreeKernel {
  /** Its buffer is replaced whenever memory grows. */
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly derivatives: Global;
  readonly values: Global;
  readonly margins: Global;
  readonly labels: Global;
  readonly activeColumns: Global;
  readonly searchesUp: Global;
  readonly levels: Global;
  readonly sumGradient: Global;
  readonly sumHessian: Global;
  readonly foundColumn: Global;
  readonly foundLoss: Global;
  readonly foundValue: Global;
  readonly foundMissingLeft: Global;
  arrange(rows: number, columns: number, levels: number): number;
  configure(
    lambda: number,
    alpha: number,
    minChildWeight: number,
    positiveWeight: number,
    active: number,
  ): void;
  derive(): number;
  sumRows(depth: number, from: number, to: number): void;
  search(depth: number, gradient: number, hessian: number, gain: number): void;
  divide(
    depth: number,
    from: number,
    to: number,
    column: number,
    split: number,
    missingLeft: number,
    orders: number,
  ): number;
  enter(depth: number, right: number): void;
  setLeaf(depth: number, from: number, to: number, value: number): void;
  addLeaves(): void;
}

let kernel: TreeKernel | undefined;

/** The kernel of this thread: one instance, whose memory grows to the largest table that was fitted. */
export function treeKernel(): TreeKernel {
  if (kernel === undefined) {
    kernel = webAssembly(treeKernelBytes)() as TreeKernel;
  }
  return kernel;
}
