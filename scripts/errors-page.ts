import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errorCatalogue } from '../src/runtime/error-codes.ts';

/** Address of the page in this checkout. */
export const errorsPageFile = fileURLToPath(new URL('../docs/errors.md', import.meta.url));

/** `docs/errors.md`: every error code, when it comes and what to do. */
export function errorsPage(): string {
  const rooms = Object.entries(errorCatalogue).map(([room, codes]) => {
    const rows = Object.entries(codes).map(
      ([code, { when, todo }]) => `| \`${code}\` | ${when} | ${todo} |`,
    );
    return [`## ${room}`, '', '| code | when | what to do |', '|---|---|---|', ...rows, ''].join(
      '\n',
    );
  });
  return `# Errors

Every refusal of nacre is a \`NacreError\` with a \`code\` for programs, a message for people, and \`facts\`: file, patient, row, column,
what was found, what was expected, what to do. On the command line it ends in exit code 3. Each code stands below under the
room that first throws it. \`isNacreError(error, 'geometry-mismatch')\` narrows the type.

This page is written by \`npm run docs:errors\`.

${rooms.join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(errorsPageFile, errorsPage());
}
