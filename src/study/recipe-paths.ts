import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { TrainedModel } from './model-file.ts';

/**
 * A study names its own weights from its folder, a model file from the folder of that file: prediction finds them from
 * any working folder. Names that are no file of the study's folder belong to the model store and stay.
 *
 * @param studyFolder folder of the study that the model was trained by
 * @param modelFolder folder that the model file is written to
 */
export function withRecipePathsFrom(
  model: TrainedModel,
  studyFolder: string,
  modelFolder: string,
): TrainedModel {
  const { extraction } = model.recipe;
  if (extraction === undefined || Array.isArray(extraction.extractors)) return model;
  const extractors = Object.fromEntries(
    Object.entries(extraction.extractors).map(([name, choice]) => [
      name,
      movedPaths(choice, studyFolder, modelFolder),
    ]),
  ) as typeof extraction.extractors;
  return { ...model, recipe: { ...model.recipe, extraction: { ...extraction, extractors } } };
}

function movedPaths(choice: unknown, from: string, to: string): unknown {
  if (typeof choice !== 'object' || choice === null) return choice;
  const moved: Record<string, unknown> = { ...choice };
  for (const key of ['checkpoint', 'onnx']) {
    const named = moved[key];
    if (typeof named !== 'string') continue;
    const path = resolve(from, named);
    if (existsSync(path)) moved[key] = relative(to, path).replaceAll('\\', '/');
  }
  return moved;
}
