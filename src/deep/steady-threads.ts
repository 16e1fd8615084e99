import { availableParallelism } from 'node:os';
import { runsInPlanes } from './onnx/plane-plan.ts';

/** From this edge on, two threads took every sum in the order of one (24, 28, 32, 36, 40 and 44 voxels were tried). */
const edgeForTwo = 24;

/**
 * Threads of one pass that give the bits of a single thread.
 *
 * onnxruntime shares the columns of a product out over its threads, and where a share is small it adds in another
 * order: 16³ crops differ in their last bits from two threads on, 24³ and 44³ from three, 28³ from four; in planes up to
 * six took every sum in the order of one. Features must not depend on the cores of a machine, so a pass takes fewer
 * threads than were asked for.
 *
 * @param shape of the input: depth, height, width
 * @param rewritten whether the network was rewritten for this shape
 * @param wanted default: all cores
 */
export function steadyThreads(
  shape: readonly number[],
  rewritten: boolean,
  wanted: number = availableParallelism(),
): number {
  if (Math.min(...shape) < edgeForTwo) return 1;
  return Math.min(wanted, rewritten && runsInPlanes(shape) ? 4 : 2);
}
