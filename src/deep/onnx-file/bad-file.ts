import { NacreError } from '../../runtime/errors.ts';

/** The refusal of a file that is no network. */
export function badFile(file: string, found: string, cause?: unknown): NacreError {
  return new NacreError('bad-model', 'not an ONNX network that nacre can run', {
    file,
    found,
    expected: 'an .onnx file with a graph, its constants in it or beside it',
    todo: 'export the network again',
    cause,
  });
}
