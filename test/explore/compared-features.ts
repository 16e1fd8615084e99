import { expect } from 'vitest';

/** Features that the page saved beside those of the command line, of the same files: equal to 1e-12. @returns how many */
export function compared(page: Record<string, string>, cli: Record<string, string>): number {
  const names = Object.keys(page).filter((name) => !['Image', 'Mask', 'Label'].includes(name));
  for (const name of names) {
    const [mine, other] = [Number(page[name]), Number(cli[name])];
    expect(Math.abs(mine - other), name).toBeLessThanOrEqual(1e-12 * Math.abs(other));
  }
  const ofCli = Object.keys(cli).filter((name) => /^(?!diagnostics)[^_]+_[^_]+_/.test(name));
  expect(names).toEqual(ofCli);
  return names.length;
}
