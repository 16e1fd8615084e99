/** The parts of the TypeScript compiler that are needed here. */
export interface CompletenessParser {
  createSourceFile(name: string, text: string, target: number): SourceFile;
  flattenDiagnosticMessageText(text: unknown, newLine: string): string;
  ScriptTarget: { Latest: number };
}
interface SourceFile {
  parseDiagnostics?: { start: number; length: number; code: number; messageText: unknown }[];
}

export type Completeness =
  | { status: 'complete' }
  | { status: 'invalid' }
  | { status: 'incomplete'; indent: string };

/** With an export the text is a module, in which `await` may stand at the top. */
const prefix = 'export {};\n';
/** TypeScript's codes for `*` + `/` expected and for a template literal that does not end. */
const unendedText = new Set([1010, 1160]);

/**
 * Whether a cell could run (`complete`), needs more lines (`incomplete`, with the indent of the next one), or will never
 * run however it goes on (`invalid`). It is incomplete where the parser's first complaint is that the text ends.
 */
export function completeness(code: string, parser: CompletenessParser): Completeness {
  const text = prefix + code;
  const source = parser.createSourceFile('cell.ts', text, parser.ScriptTarget.Latest);
  const [first] = source.parseDiagnostics ?? [];
  if (first === undefined) return { status: 'complete' };
  const end = prefix.length + code.trimEnd().length;
  const atEnd = first.start >= end || unendedText.has(first.code);
  if (!atEnd) return { status: 'invalid' };
  const message = parser.flattenDiagnosticMessageText(first.messageText, ' ');
  if (!unendedText.has(first.code) && !/expected/i.test(message)) return { status: 'invalid' };
  return { status: 'incomplete', indent: indentAfter(code) };
}

/** Two spaces more than the last line has, where it opens a bracket; as the last line otherwise. */
function indentAfter(code: string): string {
  const line = code.slice(code.lastIndexOf('\n') + 1);
  const indent = /^\s*/.exec(line)![0];
  return /[([{]\s*$/.test(line) ? `${indent}  ` : indent;
}
