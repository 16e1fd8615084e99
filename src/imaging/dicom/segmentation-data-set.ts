import { sha256 } from '../../runtime/hash.ts';
import { type DicomSource, indexToPoint, type Mask, type Vector3, type Volume } from '../volume.ts';
import { along } from './series.ts';

/** A region to be written as a segment. */
export interface SegmentToWrite {
  mask: Mask;
  /** Name of the segment, at most 64 characters. */
  label: string;
  /** How it was drawn. Default `SEMIAUTOMATIC`. */
  algorithm?: 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL' | undefined;
}

/** Concepts of PS3.16 that the file names. */
const codes = {
  tissue: code('85756007', 'SCT', 'Tissue'),
  segmentation: code('113076', 'DCM', 'Segmentation'),
  source: code('121322', 'DCM', 'Source Image for Image Processing Operation'),
};

function code(CodeValue: string, CodingSchemeDesignator: string, CodeMeaning: string) {
  return { CodeValue, CodingSchemeDesignator, CodeMeaning };
}

/** A data set by the keywords of PS3.6, as dcmjs takes it. */
export type NaturalDataSet = Record<string, unknown>;

/** Attributes that a segmentation copies from its images, so that an archive files it with them. */
export interface SegmentedPatient {
  patientId: string;
  source: DicomSource;
}

/**
 * A binary segmentation (PS3.3, A.51) as a data set: a frame for each segment and slice in which it has a voxel. Name,
 * birth date, sex and accession number of the patient stay empty; the id and the UIDs of study and series are those of
 * the images, by which an archive files it. UIDs of its own derive from what it holds: same regions, same bytes.
 *
 * @param created time of the segmentation, `YYYYMMDD` and `HHMMSS`
 */
export function segmentationDataSet(
  image: Volume,
  segments: readonly SegmentToWrite[],
  { patientId, source }: SegmentedPatient,
  created: { date: string; time: string },
  version: string,
): NaturalDataSet {
  const [nx, ny, nz] = image.size;
  const pixels = nx * ny;
  const frames: { segment: number; slice: number }[] = [];
  for (const [s, { mask }] of segments.entries()) {
    for (let k = 0; k < nz; k++) {
      const slice = mask.data.subarray(k * pixels, (k + 1) * pixels);
      if (slice.some((value) => value !== 0)) frames.push({ segment: s + 1, slice: k });
    }
  }
  const bits = packedBits(segments, frames, pixels);
  const seed = sha256(
    [sha256(bits), source.seriesUid, ...segments.map(({ label }) => label), version].join('\n'),
  );
  const normal: Vector3 = [image.direction[2], image.direction[5], image.direction[8]];
  const up = (slice: number) => along(normal, indexToPoint(image, [0, 0, slice]));
  // Dimension index values count the positions that occur, from the lowest.
  const places = [...new Set(frames.map(({ slice }) => slice))].sort((a, b) => up(a) - up(b));
  const dimensions = uidOf(`${seed} dimensions`);
  return {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
    SOPInstanceUID: uidOf(`${seed} instance`),
    ...{ PatientID: patientId, PatientName: '', PatientBirthDate: '', PatientSex: '' },
    ...{ StudyInstanceUID: source.studyUid, StudyID: '', StudyDate: '', StudyTime: '' },
    ...{ AccessionNumber: '', ReferringPhysicianName: '' },
    ...{ SeriesInstanceUID: uidOf(`${seed} series`), SeriesNumber: '1', Modality: 'SEG' },
    ...{ InstanceNumber: '1', ImageType: ['DERIVED', 'PRIMARY'] },
    ...{ ContentDate: created.date, ContentTime: created.time },
    ...{ SeriesDescription: 'Segmentation', ContentLabel: 'SEGMENTATION' },
    ...{ ContentDescription: '', ContentCreatorName: '' },
    ...{ Manufacturer: 'nacre', ManufacturerModelName: 'nacre', DeviceSerialNumber: '1' },
    SoftwareVersions: version,
    FrameOfReferenceUID: source.frameOfReference ?? uidOf(`${source.seriesUid} frame of reference`),
    PositionReferenceIndicator: '',
    ...{ SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2' },
    ...{ NumberOfFrames: String(frames.length), Rows: ny, Columns: nx },
    ...{ BitsAllocated: 1, BitsStored: 1, HighBit: 0, PixelRepresentation: 0 },
    ...{ LossyImageCompression: '00', BurnedInAnnotation: 'NO' },
    ...{ SegmentationType: 'BINARY', SegmentsOverlap: segments.length > 1 ? 'UNDEFINED' : 'NO' },
    SegmentSequence: segments.map(({ label, algorithm = 'SEMIAUTOMATIC' }, s) => ({
      SegmentNumber: s + 1,
      SegmentLabel: label.slice(0, 64),
      SegmentAlgorithmType: algorithm,
      ...(algorithm === 'MANUAL' ? {} : { SegmentAlgorithmName: 'nacre' }),
      SegmentedPropertyCategoryCodeSequence: [codes.tissue],
      SegmentedPropertyTypeCodeSequence: [codes.tissue],
    })),
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: source.seriesUid,
        ReferencedInstanceSequence: instancesOf(source),
      },
    ],
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensions }],
    DimensionIndexSequence: [
      dimension(dimensions, 0x0062000b, 0x0062000a, 'Segment Number'),
      dimension(dimensions, 0x00200032, 0x00209113, 'Image Position (Patient)'),
    ],
    SharedFunctionalGroupsSequence: [sharedGroups(image)],
    PerFrameFunctionalGroupsSequence: frames.map(({ segment, slice }) => ({
      FrameContentSequence: [{ DimensionIndexValues: [segment, places.indexOf(slice) + 1] }],
      PlanePositionSequence: [
        { ImagePositionPatient: indexToPoint(image, [0, 0, slice]).map(decimalString) },
      ],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
      DerivationImageSequence: [derivation(source, slice)],
    })),
    PixelData: [bits.buffer],
    _vrMap: { PixelData: 'OB' },
  };
}

/** One bit for each pixel, lowest bit first, frames without a gap between them (PS3.5, 8.1.1); filled up to an even length. */
function packedBits(
  segments: readonly SegmentToWrite[],
  frames: readonly { segment: number; slice: number }[],
  pixels: number,
): Uint8Array<ArrayBuffer> {
  const bytes = Math.ceil((frames.length * pixels) / 8);
  const out = new Uint8Array(bytes + (bytes % 2));
  for (const [f, { segment, slice }] of frames.entries()) {
    const { data } = segments[segment - 1].mask;
    for (let i = 0; i < pixels; i++) {
      if (data[slice * pixels + i] === 0) continue;
      const bit = f * pixels + i;
      out[bit >> 3] |= 1 << (bit & 7);
    }
  }
  return out;
}

function sharedGroups({ direction, spacing }: Volume): NaturalDataSet {
  const orientation = [0, 3, 6, 1, 4, 7].map((at) => decimalString(direction[at]));
  return {
    PlaneOrientationSequence: [{ ImageOrientationPatient: orientation }],
    PixelMeasuresSequence: [
      {
        PixelSpacing: [decimalString(spacing[1]), decimalString(spacing[0])],
        SliceThickness: decimalString(spacing[2]),
        SpacingBetweenSlices: decimalString(spacing[2]),
      },
    ],
  };
}

function dimension(
  DimensionOrganizationUID: string,
  DimensionIndexPointer: number,
  FunctionalGroupPointer: number,
  DimensionDescriptionLabel: string,
): NaturalDataSet {
  return {
    DimensionOrganizationUID,
    DimensionIndexPointer,
    FunctionalGroupPointer,
    DimensionDescriptionLabel,
  };
}

function instancesOf({ slices }: DicomSource): NaturalDataSet[] {
  const known = new Map(slices.map((slice) => [slice.sopInstance, slice]));
  return [...known.values()].map(({ sopClass, sopInstance }) => ({
    ReferencedSOPClassUID: sopClass,
    ReferencedSOPInstanceUID: sopInstance,
  }));
}

function derivation({ slices }: DicomSource, k: number): NaturalDataSet {
  const { sopClass, sopInstance, frame } = slices[k];
  const multiple = slices.some((one, i) => i !== k && one.sopInstance === sopInstance);
  return {
    DerivationCodeSequence: [codes.segmentation],
    SourceImageSequence: [
      {
        ReferencedSOPClassUID: sopClass,
        ReferencedSOPInstanceUID: sopInstance,
        ...(multiple ? { ReferencedFrameNumber: String(frame + 1) } : {}),
        PurposeOfReferenceCodeSequence: [codes.source],
      },
    ],
  };
}

/** A decimal string (DS) has 16 characters at most. */
function decimalString(value: number): string {
  const whole = String(value + 0);
  if (whole.length <= 16) return whole;
  for (let digits = 15; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  return value.toExponential(8);
}

/** A UID below 2.25, the root for UUIDs, of 128 bits of a hash. */
export function uidOf(text: string): string {
  return `2.25.${BigInt(`0x${sha256(text).slice(0, 32)}`)}`;
}
