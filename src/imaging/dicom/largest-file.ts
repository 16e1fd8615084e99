/** No DICOM file that nacre reads is larger, bytes: Node reads no larger file into one buffer. */
export const largestFile = 2 ** 31 - 1;
