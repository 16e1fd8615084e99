// `npm run nacre` and `npm run study`: compiled code where `dist` is up to date, else the sources through tsx.
import { isFresh } from './fresh-dist.mjs';

if (isFresh()) await import('../dist/cli/main.js');
else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('../src/cli/main.ts');
}
