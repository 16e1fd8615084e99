import { parseWithSchema } from '../runtime/parse-with-schema.ts';
import { parseJson } from '../runtime/read-json.ts';
import { readHashedText } from '../runtime/read-text.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import { checkManifest } from './manifest-checks.ts';

/**
 * Reads and checks a manifest. A column that was not measured at baseline cannot be a predictor.
 *
 * @throws NacreError `file-missing`, `bad-json`, `unknown-key`, `bad-config`, `leaking-predictor`
 */
export function readManifest(path: string): Manifest {
  return readHashedManifest(path).manifest;
}

/** The same with the SHA-256 of exactly the bytes that were read. */
export function readHashedManifest(path: string): { manifest: Manifest; sha256: string } {
  const { text, sha256 } = readHashedText(
    path,
    'the manifest',
    'a cohort manifest (JSON) such as data-manifests/ispy1.json',
    'check the path',
  );
  return { manifest: parseManifest(text, path), sha256 };
}

/** The same from text; `path` names it in errors. */
export function parseManifest(text: string, path: string): Manifest {
  const json = parseJson(text, {
    what: 'the manifest',
    file: path,
    todo: 'correct it (data-manifests/manifest.schema.json lets an editor check it)',
  });
  const manifest = parseWithSchema(manifestSchema, json, 'the manifest', path);
  checkManifest(manifest, path);
  return manifest;
}
