import { z } from 'zod';
import { networkVariants } from '../deep/architecture.ts';
import { type OnnxChoice, onnxChoiceSchema } from '../deep/onnx-file/onnx-choice.ts';
import { isListedOnce, listedOnce } from '../runtime/listed-once.ts';

/** The paper's five, in its order: handcrafted features and MedicalNet's four networks. */
export const extractorNames = [
  'radiomics',
  'resnet10',
  'resnet18',
  'resnet34',
  'resnet50',
] as const;
export type BuiltInExtractor = (typeof extractorNames)[number];
export type NetworkExtractor = Exclude<BuiltInExtractor, 'radiomics'>;

/** Name of an extractor: one of the built-in five, or one that the study gives to a network of its own. */
export type ExtractorName = string;

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits, as sha256sum prints them');

/** Weights of the user's own (fine-tuned, or trained by others) for a ResNet that nacre builds from their keys. */
export const ownCheckpointSchema = z.strictObject({
  /** Path of the .pth, .safetensors or converted .onnx file, from the study file; or a file name in the model store. */
  checkpoint: z.string().min(1),
  /** SHA-256 of that file. Without it the file is trusted on first use, and refused when it changes later (`pin`). */
  sha256: sha256.optional(),
  /** Title in tables and figures. Default: the name of the extractor. */
  title: z.string().min(1).optional(),
  variant: z.enum(networkVariants).optional(),
  stemStride: z.union([z.literal(1), z.literal(2)]).optional(),
  /** Leave tensors outside stem and layers aside. */
  ignoreExtra: z.boolean().optional(),
});

export type OwnCheckpoint = z.output<typeof ownCheckpointSchema>;

/**
 * A built-in extractor as it comes: `radiomics: {}`. The keys of the other two are named, so that a fault elsewhere in an entry
 * that has one of them is described, and not that key.
 */
const asItComes = z.strictObject({
  onnx: z.never().optional(),
  checkpoint: z.never().optional(),
});

const choiceSchema = z.union([ownCheckpointSchema, onnxChoiceSchema, asItComes]);

/** Letters, digits and hyphens: names of columns are read back by their dots and underscores. */
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'letters, digits and - only');

/** A list of built-in extractors, or a map from names to what they are. */
export const extractorsSchema = z
  .union([z.array(z.enum(extractorNames)).min(1), z.record(name, choiceSchema)])
  .superRefine((extractors, context) => {
    if (Array.isArray(extractors)) {
      if (!isListedOnce(extractors)) context.addIssue({ code: 'custom', message: listedOnce });
      return;
    }
    const names = Object.keys(extractors);
    if (names.length === 0) context.addIssue({ code: 'custom', message: 'at least one extractor' });
    for (const key of names) {
      const builtIn = extractorNames.some((known) => known === key);
      const fromCheckpoint = 'checkpoint' in extractors[key];
      const onnx = 'onnx' in extractors[key];
      if (key === 'clinical' || (fromCheckpoint && key === 'radiomics') || (onnx && builtIn)) {
        context.addIssue({ code: 'custom', path: [key], message: 'a name of its own' });
      } else if (!builtIn && !fromCheckpoint && !onnx) {
        context.addIssue({
          code: 'custom',
          path: [key],
          message: `onnx and sha256, checkpoint and sha256, or one of ${extractorNames.join(', ')}`,
        });
      }
    }
  });

export type Extractors = z.output<typeof extractorsSchema>;
export type ExtractorChoice = z.output<typeof choiceSchema>;

/** Names of the extractors, in the order of their tables. */
export function extractorsOf(extractors: Extractors): string[] {
  return Array.isArray(extractors) ? extractors : Object.keys(extractors);
}

/** The checkpoint that the study names for an extractor; undefined for a built-in one. */
export function ownCheckpoint(
  extractors: Extractors,
  extractor: string,
): OwnCheckpoint | undefined {
  const choice = Array.isArray(extractors) ? undefined : extractors[extractor];
  return choice !== undefined && 'checkpoint' in choice ? (choice as OwnCheckpoint) : undefined;
}

/** The ONNX file that the study names for an extractor. */
export function ownOnnx(extractors: Extractors, extractor: string): OnnxChoice | undefined {
  const choice = Array.isArray(extractors) ? undefined : extractors[extractor];
  return choice !== undefined && 'onnx' in choice ? (choice as OnnxChoice) : undefined;
}

/** Checkpoint or ONNX file of the user's own; undefined for a built-in extractor. */
export function ownNetwork(
  extractors: Extractors,
  extractor: string,
): OwnCheckpoint | OnnxChoice | undefined {
  return ownCheckpoint(extractors, extractor) ?? ownOnnx(extractors, extractor);
}

/** Scans that an extractor takes as channels of one input; undefined where it takes one scan at a time. */
export function channelScans(extractors: Extractors, extractor: string): string[] | undefined {
  const channels = ownOnnx(extractors, extractor)?.input.channels;
  return Array.isArray(channels) ? channels : undefined;
}

/** Name in columns of several scans that are channels of one input: `T1+T2`. */
export function jointScan(channels: readonly string[]): string {
  return channels.join('+');
}

/** The scans behind the first part of a column's name: of `T1+T2` both. */
export function scansBehind(extractors: Extractors, modality: string): string[] {
  const joint = extractorsOf(extractors)
    .flatMap((name) => [channelScans(extractors, name) ?? []])
    .find((channels) => channels.length > 0 && jointScan(channels) === modality);
  return joint ?? [modality];
}

/** Only these extractors, each as it was. */
export function withoutOthers(extractors: Extractors, kept: readonly string[]): Extractors {
  if (Array.isArray(extractors)) return extractors.filter((one) => kept.includes(one));
  return Object.fromEntries(Object.entries(extractors).filter(([one]) => kept.includes(one)));
}
