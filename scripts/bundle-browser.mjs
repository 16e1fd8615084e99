// What runs in a page, each as one file without imports, and what is inlined: `npm run build` writes it into dist. Plain JavaScript, because it
// runs before anything is compiled. `node scripts/bundle-browser.mjs [folder]` does it alone.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const checkout = fileURLToPath(new URL('../', import.meta.url));

/** From a module of src to a file of dist. `esm` for `import` and `<script type=module>`, `iife` for plain scripts and workers. */
export const bundles = [
  { entry: 'src/browser/index.ts', file: 'browser/nacre.js', format: 'esm' },
  // Lies beside explore.html where deep features were asked for; loads onnxruntime-web from there. Plain: from disk Chromium starts no
  // worker that is a module.
  {
    entry: 'src/explore/worker/deep-worker.ts',
    file: 'explore/bundle/deep-worker.js',
    format: 'iife',
    licences: 'explore/bundle/explore.licences.txt',
  },
  // explore.html carries both as text (src/explore/page-scripts.ts).
  ...['page', 'worker'].map((name) => ({
    entry: `src/explore/${name}/${name}.ts`,
    file: `explore/bundle/${name}.js`,
    format: 'iife',
    licences: 'explore/bundle/explore.licences.txt',
  })),
];

/** Modules that get their packages put into them in place, in Node as in a page: nobody installs those. */
export const inlined = [
  { entry: 'src/runtime/distributions.ts', file: 'runtime/distributions.js', format: 'esm' },
];

/** Packages that ask for Node's modules where they find themselves in Node, and only there. */
const asking = /node_modules[\\/](@cornerstonejs[\\/]codec-\w+|ml-xgboost|dicom-parser)[\\/]/;

/** Lets these packages be bundled. Any other module that asks for Node's own ends the build. */
const withoutNode = {
  name: 'without-node',
  setup(setup) {
    setup.onResolve({ filter: /^(fs|path|crypto|zlib)$/ }, ({ path, importer }) =>
      asking.test(importer) ? { path, namespace: 'absent' } : undefined,
    );
    setup.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

/** WebAssembly goes into the file as text, so that a page needs no second one. */
const withWebAssembly = {
  name: 'with-web-assembly',
  setup(setup) {
    const codec = /^@cornerstonejs\/codec-(openjpeg|charls)\/decodewasmjs$/;
    setup.onResolve({ filter: codec }, ({ path, namespace }) =>
      namespace === 'codec' ? undefined : { path, namespace: 'codec' },
    );
    setup.onLoad({ filter: /.*/, namespace: 'codec' }, ({ path }) => ({
      contents: `import load from '${path}';
import wasmBinary from '${path.replace(/js$/, '')}';
export default (settings) => load({ ...settings, wasmBinary });`,
      resolveDir: checkout,
    }));
    setup.onLoad({ filter: /ml-xgboost[\\/]dist[\\/]wasm[\\/]xgboost\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const start = 'var Module=module.exports={};';
      if (!source.includes(start)) throw new Error(`${path} does not begin as it did`);
      const binary = 'var Module=module.exports={wasmBinary:require("./xgboost.wasm")};';
      return { contents: source.replace(start, () => binary) };
    });
  },
};

/** Bundles one module and everything that it imports. Fails where anything of Node is reached. */
export async function bundled({ entry, format }, home = checkout) {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(home, entry)],
    absWorkingDir: checkout,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    target: 'es2022',
    format,
    charset: 'utf8',
    // Names stay: errors and stacks are read by people.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    loader: { '.wasm': 'binary' },
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [withoutNode, withWebAssembly],
    logLevel: 'silent',
  });
  return {
    // publint knows a module by a line that begins with `export`.
    text: outputFiles[0].text.replace(/(?<=[;})])export(?=\{[^{}]*\};?\s*$)/, '\nexport'),
    inputs: Object.keys(metafile.inputs),
    imports: Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.map(({ path }) => path),
    ),
  };
}

/** The licences of the packages that went into a bundle. */
export function licencesOf(inputs) {
  const names = inputs.flatMap(
    (input) => /^.*node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//.exec(input)?.[1] ?? [],
  );
  // Many small packages of one author share a text.
  const byText = new Map();
  for (const name of [...new Set(names)].sort()) {
    const folder = join(checkout, 'node_modules', ...name.split('/'));
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  return [...byText].map(([text, of]) => `${of.join('\n')}\n\n${text}\n`).join('\n----\n\n');
}

/** Writes all of them into a folder, with the licences of what is in them beside them; bundles that go together share a file. */
export async function bundleAll(folder) {
  const inside = new Map();
  for (const bundle of [...bundles, ...inlined]) {
    const { text, inputs } = await bundled(bundle);
    const path = join(folder, bundle.file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const licences = join(folder, bundle.licences ?? bundle.file.replace(/\.js$/, '.licences.txt'));
    inside.set(licences, [...(inside.get(licences) ?? []), ...inputs]);
  }
  for (const [path, inputs] of inside) writeFileSync(path, licencesOf(inputs));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await bundleAll(process.argv[2] ?? join(checkout, 'dist'));
  } catch (error) {
    process.stdout.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
