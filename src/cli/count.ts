import { InvalidArgumentError } from 'commander';

/** Parser of options that count things: a whole number from 1. */
export function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected 1 or more.');
  return value;
}
