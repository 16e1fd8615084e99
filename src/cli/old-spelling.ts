import type { EventEmitter } from 'node:events';
import { type Command, Option } from 'commander';

/**
 * Keeps an earlier spelling of an option working, without showing it: its value goes to the option of today.
 *
 * @param flags the earlier spelling: `-j, --jobs <n>`
 * @param name long name of the option of today, without dashes: `workers`
 */
export function oldSpelling(command: Command, flags: string, name: string): void {
  const option = new Option(flags).hideHelp();
  command.addOption(option);
  // Commander's commands are event emitters; its types leave `emit` out.
  const { emit } = command as Command & EventEmitter;
  command.on(`option:${option.name()}`, (value) => emit.call(command, `option:${name}`, value));
}
