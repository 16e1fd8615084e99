/** Version of nacre: that of package.json, which `npm run release` writes here too. */
const version = '0.1.0';

export function nacreVersion(): string {
  return version;
}
