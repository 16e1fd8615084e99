import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../src/cli/advised-flags.ts';
import { buildProgram } from '../../src/cli/program.ts';

/** Flags of every command by its name, `cohort fetch`; a group has those of its commands. */
function flagsOfCommands(): Map<string, Set<string>> {
  const flags = new Map<string, Set<string>>();
  const visit = (command: Command, name: string): Set<string> => {
    const own = new Set(command.options.flatMap(({ long }) => long ?? []));
    for (const inner of command.commands) {
      for (const flag of visit(inner, `${name} ${inner.name()}`.trim())) own.add(flag);
    }
    flags.set(name, new Set([...own, '--help', '--version']));
    return own;
  };
  visit(buildProgram(), '');
  return flags;
}

interface Advice {
  file: string;
  text: string;
}

/** Every string of a source that names a flag; template strings with `…` for what is filled in. */
function advice(file: string, source: string): Advice[] {
  const found: Advice[] = [];
  const visit = (node: ts.Node) => {
    let text: string | undefined;
    if (ts.isStringLiteralLike(node)) text = node.text;
    else if (ts.isTemplateExpression(node)) {
      text = node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
    }
    if (text !== undefined && flagsIn(text).length > 0) found.push({ file, text });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true));
  return found;
}

/** Flags of other programs: Chromium, git. */
const foreign = [
  'src/report/static-export.ts',
  'src/notebook/kernelspec.ts',
  'src/study/provenance.ts',
];
/** Of Node and pip. */
const ofOthers = ['--import', '--max-old-space-size', '--no-deps'];

const commands = flagsOfCommands();
const names = [...commands.keys()].filter((name) => name !== '');

/** Commands that a text names, the longest name that fits: `nacre cohort fetch ispy1 --to X`. */
function namedIn(text: string): string[] {
  return [...text.matchAll(/nacre ([a-z]+)(?: ([a-z]+))?/g)].flatMap(([, one, two]) => {
    if (two !== undefined && commands.has(`${one} ${two}`)) return [`${one} ${two}`];
    return commands.has(one) ? [one] : [];
  });
}

/** Not the variables of a style sheet, `--ink: #222` and `var(--ink)`. */
const pattern = /(?<![\w-]|var\()--[a-z][a-z-]*[a-z](?![\w-]|:)/g;
const flagsIn = (text: string) =>
  [...text.matchAll(pattern)].map(([flag]) => flag).filter((flag) => !ofOthers.includes(flag));

/** What is wrong with the flags of a text; undefined where nothing is. */
function faultOf({ file, text }: Advice): string | undefined {
  const named = namedIn(text);
  const own = file.startsWith('src/cli/') ? basename(file, '.ts') : '';
  for (const flag of flagsIn(text)) {
    const has = (name: string) => commands.get(name)?.has(flag) ?? false;
    if (named.some(has)) continue;
    // What a command says of itself is printed as it stands; of a reader's advice the command line takes what fits.
    if (commands.has(own) ? has(own) : names.some(has)) continue;
    return `${file}: ${flag}: ${text}`;
  }
  return undefined;
}

describe('flags that messages advise', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('src', name));
  const all = files
    .filter((file) => !foreign.includes(file))
    .flatMap((file) => advice(file, readFileSync(file, 'utf8')));

  it('exist: in the command that says so, or in some command', () => {
    expect(all.length).toBeGreaterThan(60);
    expect(all.flatMap((one) => faultOf(one) ?? [])).toEqual([]);
  });

  it('are, in what a command prints, its own, or named with the command that has them', () => {
    const program = buildProgram();
    const leaves: Command[] = [];
    const visit = (command: Command) => {
      if (command.commands.length === 0) leaves.push(command);
      for (const inner of command.commands) visit(inner);
    };
    visit(program);
    const stray: string[] = [];
    for (const { file, text } of all.filter((one) => !one.file.startsWith('src/cli/'))) {
      for (const leaf of leaves) {
        const printed = adviceFor(text, leaf);
        const own = new Set(leaf.options.map(({ long }) => long));
        for (const flag of flagsIn(printed)) {
          if (own.has(flag) || /nacre [a-z]/.test(printed)) continue;
          stray.push(`${leaf.name()}: ${file}: ${printed}`);
        }
      }
    }
    expect(stray).toEqual([]);
  });

  it('in brackets are left out where the command does not have them', () => {
    const command = (name: string) =>
      buildProgram().commands.find((one) => one.name() === name) as Command;
    const text = 'x: correct the file (--params, or radiomics in a study)';
    expect(adviceFor(text, command('radiomics'))).toBe(text);
    expect(adviceFor(text, command('study'))).toBe('x: correct the file (radiomics in a study)');
    expect(adviceFor('check the path (--params)', command('study'))).toBe('check the path');
    expect(adviceFor('run with --device cpu', command('train'))).toBe(
      'run with --device (of nacre encode) cpu',
    );
  });

  it('a flag that no command has, and one of another command, are found', () => {
    const planted = (file: string, text: string) => faultOf({ file, text }) !== undefined;
    expect(planted('src/imaging/x.ts', 'take --resample-mask')).toBe(false);
    expect(planted('src/imaging/x.ts', 'take --crop-mask')).toBe(true);
    expect(planted('src/cli/study.ts', 'nacre radiomics --params')).toBe(false);
    expect(planted('src/cli/study.ts', 'take --params')).toBe(true);
    expect(planted('src/cli/models.ts', 'take --ignore-extra')).toBe(false);
    expect(planted('src/cli/report.ts', 'take --ignore-extra')).toBe(true);
  });
});
