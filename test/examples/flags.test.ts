import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';

/** Flags of every command by its name, `cohort fetch`; a group has those of its commands. */
function flagsOfCommands(): Map<string, Set<string>> {
  const flags = new Map<string, Set<string>>();
  const visit = (command: Command, name: string): Set<string> => {
    const own = new Set(command.options.flatMap(({ long }) => long ?? []));
    for (const inner of command.commands) {
      for (const flag of visit(inner, `${name} ${inner.name()}`.trim())) own.add(flag);
    }
    flags.set(name, new Set([...own, '--help']));
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
    if (text !== undefined && /(^|[^\w-])--[a-z]/.test(text)) found.push({ file, text });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true));
  return found;
}

/** Flags of other programs: Chromium, git, Node. */
const foreign = [
  'src/report/static-export.ts',
  'src/notebook/kernelspec.ts',
  'src/study/provenance.ts',
];
const ofNode = ['--import', '--max-old-space-size'];

const commands = flagsOfCommands();
const names = [...commands.keys()].filter((name) => name !== '');

/** Commands that a text names, the longest name that fits: `nacre cohort fetch ispy1 --to X`. */
function namedIn(text: string): string[] {
  return [...text.matchAll(/nacre ([a-z]+)(?: ([a-z]+))?/g)].flatMap(([, one, two]) => {
    if (two !== undefined && commands.has(`${one} ${two}`)) return [`${one} ${two}`];
    return commands.has(one) ? [one] : [];
  });
}

/** What is wrong with the flags of a text; undefined where nothing is. */
function faultOf({ file, text }: Advice): string | undefined {
  const flags = [...text.matchAll(/(?<![\w-])(--[a-z][a-z-]*[a-z])/g)].map(([flag]) => flag);
  const own = file.startsWith('src/cli/') ? basename(file, '.ts') : undefined;
  const printed = own !== undefined && commands.has(own) ? [own] : [];
  const asked = [...new Set([...namedIn(text), ...printed])];
  for (const flag of flags) {
    if (ofNode.includes(flag)) continue;
    // A file of options that several commands share, and the messages of the command line itself.
    if (asked.length === 0 && own !== undefined) {
      if (names.some((name) => commands.get(name)?.has(flag))) continue;
    }
    if (asked.some((name) => commands.get(name)?.has(flag))) continue;
    return `${file}: ${flag} of ${asked.join(', ') || 'no command that the text names'}: ${text}`;
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

  it('exist in the command that prints them, or stand beside the command that has them', () => {
    expect(all.length).toBeGreaterThan(60);
    expect(all.flatMap((one) => faultOf(one) ?? [])).toEqual([]);
  });

  it('a flag that no command has, and one of another command, are found', () => {
    const planted = (file: string, text: string) => faultOf({ file, text }) !== undefined;
    expect(planted('src/imaging/x.ts', 'take --resample-mask')).toBe(true);
    expect(planted('src/imaging/x.ts', 'nacre radiomics --resample-mask')).toBe(false);
    expect(planted('src/imaging/x.ts', 'nacre study --resample-mask')).toBe(true);
    expect(planted('src/cli/models.ts', 'take --ignore-extra')).toBe(false);
    expect(planted('src/cli/report.ts', 'take --ignore-extra')).toBe(true);
  });
});
