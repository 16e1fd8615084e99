import { NacreError } from '../runtime/errors.ts';

/** Which part of a DICOM folder or file is meant. */
export interface ImagePart {
  /** Number or description of the series, `*` for any characters. */
  series?: string | undefined;
  /** 1-based number of the volume in a series of several. */
  phase?: number | undefined;
  /** Name or number of a region (ROI of an RTSTRUCT, segment of a SEG), `*` for any characters. */
  roi?: string | undefined;
  /** Resample a stack that is off its normal. */
  deskew?: boolean | undefined;
}

/** A scan or mask as it is named: a path, and the part of it that is meant. */
export interface ImageAddress {
  path: string;
  part: ImagePart;
}

/** The names, in the order in which an address is written. */
const names = ['series', 'phase', 'roi', 'deskew'] as const;

/**
 * Writes an address as one text: `dce#phase=2`, `RS.dcm#roi=GTV*`. It can stand wherever the path of a scan or mask can:
 * in a batch, a study's manifest, on the command line.
 */
export function imageAddress(path: string, part: ImagePart): string {
  const parts = names.flatMap((name) => {
    const value = part[name];
    if (value === undefined || value === false) return [];
    return [`${name}=${encodeURIComponent(String(value)).replaceAll('*', '%2A')}`];
  });
  // Text that people write themselves has a plain star.
  return parts.length === 0 ? path : `${path}#${parts.join('&').replaceAll('%2A', '*')}`;
}

/**
 * Reads an address. A file whose name holds a # is that file.
 *
 * @param exists true for the path of a file or folder
 * @throws NacreError `bad-option` for a part that is not known
 */
export function addressIn(text: string, exists: (path: string) => boolean): ImageAddress {
  const at = text.lastIndexOf('#');
  if (at < 0 || !/^(series|phase|roi|deskew)=/.test(text.slice(at + 1)) || exists(text)) {
    return { path: text, part: {} };
  }
  const part: ImagePart = {};
  for (const piece of text.slice(at + 1).split('&')) {
    const equals = piece.indexOf('=');
    const name = piece.slice(0, equals);
    const value = decoded(piece.slice(equals + 1));
    const phase = Number(value);
    if (name === 'series' && value) part.series = value;
    else if (name === 'roi' && value) part.roi = value;
    else if (name === 'phase' && Number.isInteger(phase) && phase > 0) part.phase = phase;
    else if (name === 'deskew' && value === 'true') part.deskew = true;
    else {
      throw new NacreError('bad-option', 'the part of the scan is not valid', {
        file: text,
        found: piece,
        expected: 'series=NAME, phase=NUMBER, roi=NAME or deskew=true',
      });
    }
  }
  return { path: text.slice(0, at), part };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
