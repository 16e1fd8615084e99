/** Kind of a DICOM object, from its SOP class. */
export type ObjectKind = 'image' | 'secondary-capture' | 'contours' | 'segmentation' | 'other';

const storage = '1.2.840.10008.5.1.4.1.1';

/** Classes of images with a place in the patient (PS3.4, B.5). */
const images = [
  '1', // computed radiography: read for its refusal by name
  '1.1',
  '2',
  '2.1',
  '2.2',
  '4',
  '4.1',
  '4.3',
  '4.4',
  '6.2',
  '13.1.1',
  '13.1.2',
  '13.1.3',
  '20',
  '30',
  '128',
  '128.1',
  '130',
];

/** The kind of a SOP class UID. Secondary captures are pictures of a screen, without a place in the patient. */
export function objectKind(sopClass: string): ObjectKind {
  if (!sopClass.startsWith(`${storage}.`)) return 'other';
  const storageClass = sopClass.slice(storage.length + 1);
  if (storageClass === '7' || storageClass.startsWith('7.')) return 'secondary-capture';
  if (storageClass === '481.3') return 'contours';
  if (storageClass === '66.4' || storageClass === '66.7') return 'segmentation';
  return images.includes(storageClass) ? 'image' : 'other';
}
