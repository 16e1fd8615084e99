/** The parts of the TypeScript compiler that are needed here: tslab brings one of its own. */
export interface Parser {
  createSourceFile(name: string, text: string, target: number): SyntaxNode;
  forEachChild(node: SyntaxNode, visit: (child: SyntaxNode) => void): void;
  ScriptTarget: { Latest: number };
  SyntaxKind: { ShorthandPropertyAssignment: number };
}
interface SyntaxNode {
  kind: number;
  end: number;
  name?: { text: string; end: number };
}

/**
 * Writes `{ x }` out as `{ x: x }`. tslab turns a variable of an earlier cell into a property of its `exports`, but
 * asks what the *property* of a shorthand is instead of the variable, so `{ x }` of an earlier cell is left as it is
 * and not found when the cell runs. Lines stay where they are. `{ __proto__ }` alone means something else when
 * written out, and is left.
 *
 * @param code a cell
 */
export function writeOutShorthand(code: string, parser: Parser): string {
  const names: { text: string; end: number }[] = [];
  const visit = (node: SyntaxNode) => {
    if (node.kind === parser.SyntaxKind.ShorthandPropertyAssignment && node.name !== undefined) {
      names.push(node.name);
    }
    parser.forEachChild(node, visit);
  };
  visit(parser.createSourceFile('cell.ts', code, parser.ScriptTarget.Latest));
  let written = '';
  let at = 0;
  for (const { text, end } of names) {
    if (text === '__proto__') continue;
    written += `${code.slice(at, end)}: ${text}`;
    at = end;
  }
  return written + code.slice(at);
}
