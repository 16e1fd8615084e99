import { type Arm, columnsOf, type Unit } from './units.ts';

/** At least so many tasks for each worker: with fewer, a worker would have none left while another is at a long one. */
const TASKS_PER_WORKER = 4;

/**
 * Units that run one after the other in one task, because their sets share columns on the same rows with the same labels: what single
 * columns teach is then learned once. A set belongs to the block that most of its columns come from, so that ResNet50 and ResNet50 with
 * clinical variables share a task, and ResNet18 has another. No number depends on the groups.
 *
 * @param units those still to be computed, with their numbers
 * @returns groups in the order of their first units
 */
export function groupUnits(
  units: readonly { number: number; unit: Unit }[],
  arms: readonly Arm[],
  workers: number,
): { number: number; unit: Unit }[][] {
  const sharing = sharingArms(arms);
  const groups = new Map<string, { number: number; unit: Unit }[]>();
  for (const one of units) {
    const { arm, partition, permutedLabels } = one.unit;
    const rows = `${partition.train.join()} ${partition.test.join()}`;
    const key = `${sharing[arm]} ${rows} ${permutedLabels?.join('') ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups.size < TASKS_PER_WORKER * workers
    ? units.map((one) => [one])
    : [...groups.values()];
}

/** For each arm a number that it has in common with the arms it may share columns with. */
function sharingArms(arms: readonly Arm[]): number[] {
  const groups: { block: string; endpoint: string; columns: Map<string, Float64Array> }[] = [];
  return arms.map((arm) => {
    const { endpoint } = arm;
    const columns = columnsOf(arm);
    const block = mainBlock(columns);
    // Blocks may hold columns of one name with other values: such arms do not share.
    const fits = (held: ReadonlyMap<string, Float64Array>) =>
      columns.every(({ name, values }) => (held.get(name) ?? values) === values);
    let number = groups.findIndex(
      (one) => one.endpoint === endpoint && one.block === block && fits(one.columns),
    );
    if (number < 0) number = groups.push({ block, endpoint, columns: new Map() }) - 1;
    for (const { name, values } of columns) groups[number].columns.set(name, values);
    return number;
  });
}

/** The block that most columns come from; of several, the first. */
function mainBlock(columns: ReturnType<typeof columnsOf>): string {
  const counts = new Map<string, number>();
  for (const { block } of columns) counts.set(block, (counts.get(block) ?? 0) + 1);
  let main = '';
  for (const [block, count] of counts) if (count > (counts.get(main) ?? 0)) main = block;
  return main;
}
