import type { ScalarTag } from 'yaml';

const withoutUnderscores = (text: string) => text.replaceAll('_', '');

function float(text: string): number {
  const plain = withoutUnderscores(text).toLowerCase();
  const infinite = /^([-+]?)\.inf$/.exec(plain);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  return plain === '.nan' ? Number.NaN : Number(plain);
}

function whole(text: string): bigint | number {
  const plain = withoutUnderscores(text).replace(/^\+/, '');
  const size = BigInt(plain.replace(/^-/, ''));
  return plain.startsWith('-') ? -size : size;
}

const int = 'tag:yaml.org,2002:int';
const python = (name: string) => `tag:yaml.org,2002:python/${name}`;

/** Scalars that ruamel.yaml (YAML 1.2) and PyYAML resolve and YAML 1.2's core schema does not. Without a test: where the tag is written. */
export const pythonTags: ScalarTag[] = [
  { tag: int, default: true, test: /^[-+]?[0-9]+_[0-9_]*$/, resolve: whole },
  { tag: int, default: true, test: /^[-+]?0b[01_]+$/, resolve: whole },
  {
    tag: 'tag:yaml.org,2002:float',
    default: true,
    test: /^[-+]?[0-9][0-9_]*_[0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?$/,
    resolve: float,
  },
  { tag: 'tag:yaml.org,2002:float', resolve: float },
  { tag: python('float'), resolve: float },
  { tag: python('int'), resolve: whole },
  { tag: python('bool'), resolve: (text) => /^true$/i.test(text) },
  { tag: python('none'), resolve: () => null },
  { tag: python('str'), resolve: (text) => text },
];
