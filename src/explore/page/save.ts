import { csvText } from '../../table/csv.ts';
import type { MeasuredFeature } from '../protocol.ts';
import { element } from './dom.ts';

/** Hands a text to the browser as a file. */
export function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = element('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The row that `nacre radiomics` writes, without its diagnostics. */
export function featureCsv(
  names: { image: string; mask: string },
  label: number,
  features: readonly MeasuredFeature[],
): string {
  return csvText([
    { name: 'Image', type: 'STRING', data: [names.image] },
    { name: 'Mask', type: 'STRING', data: [names.mask] },
    { name: 'Label', type: 'STRING', data: [String(label)] },
    ...features.map(({ name, value }) => ({
      name,
      type: 'DOUBLE' as const,
      data: [value ?? Number.NaN],
    })),
  ]);
}
