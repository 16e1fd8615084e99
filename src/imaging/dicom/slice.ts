import type { FrameHeader } from './frame-header.ts';
import type { DicomHeader, PixelEncoding } from './header.ts';

/** One slice of a series: a frame of a file. */
export interface Slice {
  header: DicomHeader;
  pixels: PixelEncoding;
  frame: FrameHeader;
  /** 0-based number of the frame in its file. */
  index: number;
}
