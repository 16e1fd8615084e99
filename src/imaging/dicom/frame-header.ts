import { NacreError } from '../../runtime/errors.ts';
import type { Vector3 } from '../volume.ts';
import type { Attributes } from './attributes.ts';
import { type Moment, momentOfDateAndTime, momentOfDateTime } from './moment.ts';
import type { DicomKeyword } from './tags.ts';

/** Where a frame lies and how its stored values become values: of a file with one frame, the file's own. */
export interface FrameHeader {
  /** LPS position of the centre of the first pixel, mm. */
  position?: Vector3 | undefined;
  /** Unit vectors of a row (along which columns are counted) and of a column, LPS: six numbers. */
  orientation?: readonly number[] | undefined;
  /** Millimetres between columns (x) and between rows (y). */
  spacing?: readonly [number, number] | undefined;
  sliceThickness?: number | undefined;
  spacingBetweenSlices?: number | undefined;
  slope: number;
  intercept: number;
  temporalPosition?: number | undefined;
  acquisition?: Moment | undefined;
  /** Milliseconds after the trigger. */
  trigger?: number | undefined;
  content?: Moment | undefined;
  echoTime?: number | undefined;
  bValue?: number | undefined;
  /** Type of this frame, for an enhanced image. */
  frameType?: string[] | undefined;
  /** Number of the segment that the frame belongs to, for a segmentation. */
  segment?: number | undefined;
}

/**
 * The frames of an image: of an enhanced one out of its shared and per-frame functional groups, of any other out of the
 * data set itself.
 *
 * @throws NacreError `frame-count` where there are fewer or more groups than frames
 */
export function frameHeaders(a: Attributes, frames: number, file: string): FrameHeader[] {
  const groups = a.items('perFrameGroups');
  const shared = a.item('sharedGroups');
  if (groups.length === 0) {
    const sources = shared === undefined ? [a] : [shared, a];
    // Frames of an old multi-frame image have no place of their own: only the first can have the file's.
    return Array.from({ length: frames }, (_, i) =>
      i === 0 ? frameHeader(sources, a) : { ...frameHeader(sources, a), position: undefined },
    );
  }
  if (groups.length !== frames) {
    throw new NacreError(
      'frame-count',
      'the file describes another number of frames than it holds',
      {
        file,
        found: `${groups.length} per-frame groups`,
        expected: `${frames}, the number of frames`,
        todo: 'export the series again',
      },
    );
  }
  return groups.map((group) => frameHeader(shared === undefined ? [group] : [group, shared], a));
}

/** @param sources where an attribute may stand, the first that holds it wins; `a` is the data set, for what stands only there */
function frameHeader(sources: readonly Attributes[], a: Attributes): FrameHeader {
  /** The places that hold attributes of a functional group: the group's item, or the data set itself. */
  const places = (sequence: DicomKeyword): Attributes[] =>
    sources.flatMap((source) => (source === a ? [a] : source.items(sequence).slice(0, 1)));
  const numbers = (sequence: DicomKeyword, keyword: DicomKeyword) =>
    first(places(sequence), (place) => place.decimals(keyword));
  const number = (sequence: DicomKeyword, keyword: DicomKeyword) => numbers(sequence, keyword)?.[0];
  const position = numbers('planePositionSequence', 'imagePosition');
  const orientation = numbers('planeOrientationSequence', 'imageOrientation');
  const spacing = numbers('pixelMeasuresSequence', 'pixelSpacing');
  const content = places('frameContentSequence');
  return {
    position: position?.length === 3 ? [position[0], position[1], position[2]] : undefined,
    orientation: orientation?.length === 6 ? orientation : undefined,
    spacing: spacing?.length === 2 ? [spacing[1], spacing[0]] : undefined,
    sliceThickness: number('pixelMeasuresSequence', 'sliceThickness'),
    spacingBetweenSlices: number('pixelMeasuresSequence', 'spacingBetweenSlices'),
    slope: number('pixelValueTransformationSequence', 'rescaleSlope') ?? 1,
    intercept: number('pixelValueTransformationSequence', 'rescaleIntercept') ?? 0,
    temporalPosition:
      first(content, (one) => one.unsignedList('temporalPositionIndex', 4)[0]) ??
      a.decimal('temporalPosition'),
    acquisition:
      first(content, (one) => momentOfDateTime(one, 'frameAcquisitionDateTime')) ??
      momentOfDateTime(a, 'acquisitionDateTime') ??
      momentOfDateAndTime(a, 'acquisitionDate', 'acquisitionTime'),
    trigger:
      first(places('cardiacSynchronizationSequence'), (one) => one.double('cardiacTriggerDelay')) ??
      a.decimal('triggerTime'),
    content: momentOfDateAndTime(a, 'contentDate', 'contentTime'),
    echoTime:
      first(places('mrEchoSequence'), (one) => one.double('effectiveEchoTime')) ??
      a.decimal('echoTime'),
    bValue:
      first(places('mrDiffusionSequence'), (one) => one.double('diffusionBValue')) ??
      a.double('diffusionBValue'),
    frameType: first(
      (
        ['mrImageFrameTypeSequence', 'ctImageFrameTypeSequence', 'petFrameTypeSequence'] as const
      ).flatMap(places),
      (one) => {
        const type = one.texts('frameType');
        return type.length > 0 ? type : undefined;
      },
    ),
    segment: first(places('segmentIdentificationSequence'), (one) =>
      one.unsigned('referencedSegment'),
    ),
  };
}

function first<T>(
  places: readonly Attributes[],
  read: (one: Attributes) => T | undefined,
): T | undefined {
  for (const place of places) {
    const value = read(place);
    if (value !== undefined) return value;
  }
  return undefined;
}
