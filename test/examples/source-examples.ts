import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentBlocks } from './example-commands.ts';

/** TypeScript that a reader is shown. */
export interface SourceExample {
  /** File and line, or the document. */
  place: string;
  code: string;
}

/** Every `@example` of the sources, and every TypeScript block of the documents. */
export function sourceExamples(root: string): SourceExample[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort();
  return [
    ...files.flatMap((name) =>
      examplesOf(`src/${name}`, readFileSync(join(root, 'src', name), 'utf8')),
    ),
    ...documentBlocks(root)
      .filter(({ language }) => ['ts', 'typescript', 'js', 'mjs'].includes(language))
      .map(({ place, text }) => ({ place, code: text })),
  ];
}

function examplesOf(file: string, text: string): SourceExample[] {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const lines = comment[0].split('\n').map((line) => line.replace(/^\s*(\/\*\*|\*\/|\* ?)/, ''));
    const at = lines.findIndex((line) => line.startsWith('@example'));
    if (at < 0) return [];
    const first = lines[at].slice('@example'.length).trim();
    const rest = lines.slice(at + 1);
    const end = rest.findIndex((line) => /^(@|References?:|\*\/)/.test(line));
    const code = [first, ...(end < 0 ? rest : rest.slice(0, end))]
      .filter((line) => !line.startsWith('```'))
      .join('\n')
      .replace(/\*\/\s*$/, '')
      .trim();
    const line = text.slice(0, comment.index).split('\n').length + at;
    return [{ place: `${file}:${line}`, code }];
  });
}
