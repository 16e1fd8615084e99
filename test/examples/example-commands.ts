import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';

/** A command line that a reader is shown. */
export interface ExampleCommand {
  /** Where it stands: `nacre encode --help`, `README.md`. */
  place: string;
  /** One line, without the remark behind it: `nacre models list`. */
  text: string;
}

/** Documents whose fenced blocks are run; of a folder every Markdown file below it. What is written later is found too. */
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'environment.md',
  'docs',
  'data-manifests/template',
  'models/README.md',
  'workflow',
];

/** Every command under `Examples:` in the help of every command. */
export function helpExamples(): ExampleCommand[] {
  const found: ExampleCommand[] = [];
  const visit = (command: Command, name: string) => {
    let text = '';
    command.configureOutput({
      writeOut: (part) => {
        text += part;
      },
    });
    command.outputHelp();
    const examples = /^Examples:\n((?:[ \t].*\n?|\n(?= {2}))*)/m.exec(text)?.[1] ?? '';
    for (const line of commandLines(examples)) found.push({ place: `${name} --help`, text: line });
    for (const inner of command.commands) visit(inner, `${name} ${inner.name()}`);
  };
  visit(buildProgram(), 'nacre');
  return found;
}

/** Every line of the fenced blocks of the documents that hold commands. */
export function documentExamples(root: string): ExampleCommand[] {
  return documentBlocks(root).flatMap(({ place, language, text }) =>
    ['', 'sh', 'bash', 'console', 'shell'].includes(language) &&
    /^\s*(\$ )?(\w+=\S+ )*(npx |npm |nacre )/m.test(text)
      ? commandLines(text).map((line) => ({ place, text: line }))
      : [],
  );
}

export interface DocumentBlock {
  place: string;
  language: string;
  text: string;
}

/** The fenced blocks of the documents. */
export function documentBlocks(root: string): DocumentBlock[] {
  const files = documents.flatMap((path) => markdownFiles(root, path));
  return [...new Set(files)].flatMap((place) =>
    [
      ...readFileSync(`${root}/${place}`, 'utf8').matchAll(
        /^( *)```(\w*)[^\n]*\n([\s\S]*?)^\1```/gm,
      ),
    ].map(([, , language, text]) => ({ place, language, text })),
  );
}

function markdownFiles(root: string, path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  if (path.endsWith('.md')) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(path, name))
    .sort();
}

/** Lines of commands: continuations joined, remarks and prompts taken off, `&&` taken apart. */
function commandLines(block: string): string[] {
  return block
    .replace(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => withoutRemark(line.trim().replace(/^\$ /, '')))
    .filter((line) => line !== '')
    .flatMap((line) => line.split(/\s+&&\s+/));
}

/** Cuts at a `#` behind a blank, and at two blanks or more, which set the remarks of a help text apart. */
function withoutRemark(line: string): string {
  if (line.startsWith('#')) return '';
  const words = /^((?:[^\s"']+|"[^"]*"|'[^']*')(?: (?!#)(?:[^\s"']+|"[^"]*"|'[^']*')+)*)/.exec(
    line,
  );
  return words?.[1] ?? line;
}

/** Words of a line as a shell makes them: quotes, `$VARIABLE`, and settings of the environment in front. */
export function wordsOf(
  line: string,
  environment: Readonly<Record<string, string>>,
): { words: string[]; settings: Record<string, string> } {
  const settings: Record<string, string> = {};
  const words: string[] = [];
  for (const [raw] of line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)) {
    const text = raw
      .replace(/"([^"]*)"|'([^']*)'/g, (_, a, b) => a ?? b)
      .replace(/\$\{?([A-Z_]+)\}?/g, (_, name) => environment[name] ?? '');
    const setting = /^([A-Z_]+)=(.*)$/.exec(text);
    if (setting !== null && words.length === 0) settings[setting[1]] = setting[2];
    else words.push(text);
  }
  return { words, settings };
}
