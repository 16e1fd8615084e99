import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import type { ModelList } from '../../src/deep/models/model-list.ts';
import { sharedFolder } from '../shared-folder.ts';
import { documentExamples, helpExamples, wordsOf } from './example-commands.ts';
import { lighter, notRun } from './exceptions.ts';
import { makeWorld, type World } from './world.ts';

const published = vi.hoisted(() => ({ list: undefined as ModelList | undefined }));
vi.mock('../../src/deep/models/model-list.ts', async (original) => {
  const real = await original<typeof import('../../src/deep/models/model-list.ts')>();
  const readModelList: typeof real.readModelList = (path) =>
    path === undefined && published.list !== undefined ? published.list : real.readModelList(path);
  return { ...real, readModelList };
});

const root = resolve('.');
const shared = sharedFolder();
const examples = [...helpExamples(), ...documentExamples(root)];
const nacreOf = (text: string) =>
  text
    .replace(/^npm run (?:--silent )?study(?: --)?(?= |$)/, 'nacre study')
    .replace(/^npm run (?:--silent )?nacre --(?= |$)/, 'nacre')
    .replace(/^npx nacre(?= |$)/, 'nacre');
const scripts = JSON.parse(readFileSync('package.json', 'utf8')).scripts as Record<string, string>;
const commands = [...new Set(examples.map(({ text }) => nacreOf(text)))];
const isNacre = (text: string) => /^(?:[A-Z_]+=\S+ )*nacre(?= |$)/.test(text);

/** Files that an example writes and a later one reads: those that make come first. */
const order = ['study', 'cohort', 'models', 'extract', 'train', 'radiomics', 'encode'];
const rank = (text: string) => {
  const at = order.indexOf(/nacre (\w+)/.exec(text)?.[1] ?? '');
  return at < 0 ? order.length : at;
};

let world: World;
let environment: Record<string, string>;
let output = '';
beforeAll(async () => {
  world = await makeWorld();
  published.list = world.list;
  process.chdir(world.folder);
  environment = {
    VIRTUAL_ENV: join(world.folder, 'venv'),
    HOME: world.folder,
    NACRE_CACHE: join(world.folder, 'cache'),
    NACRE_MODELS: join(world.folder, 'models'),
    JUPYTER_DATA_DIR: join(world.folder, 'jupyter'),
    NACRE_CHROMIUM: '/opt/chrome',
  };
  process.env = { ...process.env, ...environment };
  vi.spyOn(process.stdout, 'write').mockImplementation(record);
  vi.spyOn(process.stderr, 'write').mockImplementation(record);
  // What examples take as given: runs of the two studies, and a trained model.
  for (const line of [
    'study ispy1.yaml --no-report',
    'study phantom.yaml --no-report --workers 1',
    'train studies/phantom.yaml --set resnet34-clinical --endpoint pcr --out pcr.json',
  ]) {
    const code = await runCli(['node', 'nacre', ...line.split(' ')]);
    if (code !== 0) throw new Error(`${line}: ${output}`);
  }
  cpSync('runs/ispy1', 'runs/x', { recursive: true });
  cpSync('runs/phantom', 'my/run', { recursive: true });
});
afterAll(() => {
  vi.restoreAllMocks();
  process.chdir(root);
  world?.close();
});
afterEach(() => {
  process.exitCode = undefined;
});

function record(text: string | Uint8Array): boolean {
  output += text;
  return true;
}

/** Paths outside the working folder become paths inside it; `*` becomes the files. */
function inWorld(word: string): string[] {
  if (word.startsWith('../shared')) return [word.replace('../shared', shared ?? '../shared')];
  const at = word.replace(/^([\w-]+=)?\/(data|media|my|opt)\//, `$1${world.folder}/$2/`);
  const star = /^([^*]*\/)\*(\.\w+)$/.exec(at);
  if (star === null) return [at];
  const [, folder, ending] = star;
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => folder + name);
}

async function run(text: string): Promise<number> {
  const { words, settings } = wordsOf(text, environment);
  const before = { ...process.env };
  process.env = { ...process.env, ...settings };
  output = '';
  try {
    return await runCli(['node', ...words.flatMap(inWorld)]);
  } finally {
    process.env = before;
  }
}

describe('examples of help texts and documents', () => {
  it('are many, and found everywhere', () => {
    const places = new Set(examples.map(({ place }) => place));
    expect(examples.length).toBeGreaterThan(40);
    for (const place of ['README.md', 'models/README.md', 'nacre encode --help']) {
      expect([...places]).toContain(place);
    }
  });

  it('that are not run, or run lighter, still stand somewhere', () => {
    for (const [text, reason] of Object.entries(notRun)) {
      expect(commands, `${text} (${reason}) stands nowhere any more`).toContain(text);
    }
    for (const { example } of lighter) {
      expect(commands, `${example} stands nowhere any more`).toContain(example);
    }
  });

  it('that are no commands of nacre are listed with a reason, or are scripts of package.json', () => {
    const others = commands.filter((text) => !isNacre(text) && notRun[text] === undefined);
    const unknown = others.filter((text) => {
      const { words } = wordsOf(text, {});
      const script = words[0] === 'npm' && words[1] === 'run' ? words[2] : undefined;
      return script === undefined || scripts[script] === undefined;
    });
    expect(unknown).toEqual([]);
  });

  const runs = commands.filter((text) => isNacre(text) && notRun[text] === undefined);
  runs.sort((a, b) => rank(a) - rank(b));
  it.each(runs)(
    '%s',
    async (text) => {
      const line = lighter.find(({ example }) => example === text)?.instead ?? text;
      if (line.includes('../shared') && (shared === undefined || !existsSync(shared))) return;
      const code = await run(line);
      expect(code, output.slice(-1500)).toBe(0);
    },
    300_000,
  );
});
