/** A worker that does not come back. */
export default function lost(how: string): void {
  if (how === 'ends') process.exit(9);
  const heap: number[][] = [];
  for (;;) heap.push(new Array(10_000).fill(heap.length));
}
