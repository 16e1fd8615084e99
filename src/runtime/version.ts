import { readFileSync } from 'node:fs';

/** Version of nacre, from its package.json (two folders up from source and from dist alike). */
export function nacreVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
