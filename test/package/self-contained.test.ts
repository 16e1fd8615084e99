import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkout } from './pack.ts';

/** What a reader of the repository or the package gets to see. */
const folders = ['src', 'studies', 'data-manifests', 'models', 'workflow', 'notebooks', 'docs'];
const files = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'environment.md'];

it('sources, studies, notebooks and documents name no file outside the repository', () => {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.parentPath.includes(join('docs', 'api')))
      .filter((entry) => entry.isFile() && /\.(ts|ya?ml|json|md|sh|ipynb|cjs)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const outside = /\.\.\/shared\b|NACRE_SHARED|(?<!\w)\/work\/|DESIGN\.md|STYLE\.md|FINDINGS\.md/;
  const found = [...paths, ...files.map((file) => join(checkout, file))].flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      // Pictures in notebooks are long lines of base64, in which any text may stand.
      .filter((line) => line.length < 2000 && outside.test(line))
      .map((line) => `${path.slice(checkout.length)}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
