import { Option } from 'commander';
import { rowFormats } from '../report/row-formats.ts';

/** `--format json|csv|markdown`: what the command prints, for other programs. */
export function formatOption(what: string): Option {
  return new Option('--format <format>', what).choices(rowFormats);
}
