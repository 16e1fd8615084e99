import type * as Onnxruntime from 'onnxruntime-node';
import { readInstalledVersion } from '../runtime/installed-package.ts';
import { optionalPackage, packageMissing } from '../runtime/optional-package.ts';

/** Loads onnxruntime-node, a native module, where the first network is opened. @throws NacreError `package-missing` */
export function loadOnnxruntime(): Promise<typeof Onnxruntime> {
  return optionalPackage('onnxruntime-node', () => import('onnxruntime-node'));
}

/** Version of the installed onnxruntime-node, without loading it. @throws NacreError `package-missing` */
export function onnxruntimeVersion(): string {
  const version = readInstalledVersion('onnxruntime-node');
  if (version === undefined) throw packageMissing('onnxruntime-node');
  return version;
}
