import { InvalidArgumentError, Option } from 'commander';
import { type Separator, separatorNames, separators } from '../table/separators.ts';

/** `--separator`, by character or by name, for commands that read a CSV file. */
export function separatorOption(table: string): Option {
  return new Option(
    '--separator <character>',
    `between the cells of ${table}: , ; | or comma, semicolon, tab, bar. Default: recognised`,
  ).argParser((text): Separator => {
    const found = separators.find(
      (one) =>
        text === one ||
        separatorNames[one].split(' ').includes(text) ||
        (one === '\t' && text === '\\t'),
    );
    if (found !== undefined) return found;
    throw new InvalidArgumentError('expected comma, semicolon, tab or bar.');
  });
}
