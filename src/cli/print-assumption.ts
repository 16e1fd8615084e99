import type { Assumption } from '../runtime/assumptions.ts';

/** A line on stderr for something that was left out, taken as given or chosen between two readings. */
export function printAssumption({ patient, file, found, taken, why }: Assumption): void {
  const place = [patient && `patient ${patient}`, file].filter((part) => part).join(', ');
  process.stderr.write(
    `nacre: note: ${place === '' ? '' : `${place}: `}found ${found}; taken: ${taken} (${why})\n`,
  );
}
