import type { Command } from 'commander';

/** `--resample-mask`, not `--ceT1` and not a dash within a word. */
const flagPattern = /(?<![\w-])--[a-z][a-z-]*[a-z](?![\w-])/g;

/** Messages also advise flags of Node. */
const ofNode = ['--max-old-space-size'];

/**
 * The message of an error as one command can print it. Readers and checks serve many commands and advise the flags of some:
 * advice in brackets that the command does not know is left out (`(--label, or label in a study)` becomes `(label in a
 * study)`), elsewhere the commands that know the flag are named behind it.
 *
 * @param command the one that runs; undefined leaves the message as it is
 */
export function adviceFor(message: string, command: Command | undefined): string {
  if (command === undefined) return message;
  const known = (flag: string) => flagsOf(command).has(flag) || ofNode.includes(flag);
  const foreign = (text: string) =>
    !/nacre [a-z]/.test(text) && [...text.matchAll(flagPattern)].some(([flag]) => !known(flag));
  const withoutForeign = message.replace(/ \(([^()]*)\)/g, (whole, inside: string) => {
    if (!foreign(inside)) return whole;
    const kept = inside.split(/,? or |, /).filter((part) => !foreign(part));
    return kept.length === 0 ? '' : ` (${kept.join(', or ')})`;
  });
  // A sentence with a whole command line already names the command.
  return withoutForeign
    .split(/(?<=;)/)
    .map((part) =>
      foreign(part)
        ? part.replace(flagPattern, (flag) =>
            known(flag) ? flag : `${flag}${ownersOf(flag, command)}`,
          )
        : part,
    )
    .join('');
}

let running: Command | undefined;

/** Remembers the running command, because it also prints errors that do not end it. */
export function setRunningCommand(command: Command): void {
  running = command;
}

/** `adviceFor` the command that runs. */
export function advised(message: string): string {
  return adviceFor(message, running);
}

/** Flags of a command, those of its parents included. */
function flagsOf(command: Command): Set<string> {
  const flags = new Set(['--help', '--version']);
  for (let at: Command | null = command; at !== null; at = at.parent) {
    for (const { long } of at.options) if (long) flags.add(long);
  }
  return flags;
}

/** ` (of nacre radiomics, nacre encode)`: at most three commands that know a flag. */
function ownersOf(flag: string, command: Command): string {
  let root = command;
  while (root.parent !== null) root = root.parent;
  const owners: string[] = [];
  const visit = (at: Command, name: string) => {
    if (at.options.some(({ long }) => long === flag)) owners.push(name);
    for (const inner of at.commands) visit(inner, `${name} ${inner.name()}`);
  };
  visit(root, root.name());
  return owners.length === 0 ? '' : ` (of ${owners.slice(0, 3).join(', ')})`;
}
