import type { ErrorCatalogue } from './catalogue.ts';

/** Checkpoints, networks and their input. */
export const deepErrors = {
  'checkpoint-forbidden': {
    when: 'A checkpoint asks for code, not only for weights. Nothing in it was run.',
    todo: 'Save the state dict alone.',
  },
  'checkpoint-invalid': {
    when: 'A file is not a checkpoint that nacre reads, or it is damaged.',
    todo: 'Copy or fetch the file again.',
  },
  'checkpoint-mismatch': {
    when: 'The weights are not those of the network that is asked for.',
    todo: 'Name the network that the checkpoint belongs to.',
  },
  'checkpoint-type': {
    when: 'Tensors have an element type that weights cannot have.',
    todo: 'Save the weights in floating point.',
  },
  'checkpoint-weights': {
    when: 'Weights are NaN, infinite, or negative where a variance is.',
    todo: 'Check the training run that wrote them.',
  },
  'model-missing': {
    when: 'A network or its checkpoint is not installed.',
    todo: 'Run `nacre models fetch`, or name another folder.',
  },
  'bad-model': {
    when: 'A file is not a model that nacre made, or it is damaged.',
    todo: 'Convert or train it again.',
  },
  'model-output': {
    when: 'Features are not finite, or those of a test image are all alike.',
    todo: 'Check the weights of the model.',
  },
  'device-unavailable': { when: 'onnxruntime cannot use the device.', todo: 'Use --device cpu.' },
  disposed: { when: 'The encoder was used after `dispose`.', todo: 'Load a new one.' },
  'mask-missing': { when: 'A step needs a region and got no mask.', todo: 'Give the mask.' },
  'crop-background': {
    when: 'The crop holds nothing above the background.',
    todo: 'Check the mask and the crop settings.',
  },
  'grid-oblique': {
    when: 'Two grids are turned against each other.',
    todo: 'Resample one onto the other.',
  },
} as const satisfies ErrorCatalogue;
