import { exp } from '../../runtime/elementary.ts';
import type { RandomStream } from '../../runtime/random-stream.ts';
import type { LatentPatient, Subtype } from './latent-response.ts';

/** Clinical variables of a SYNTHETIC patient as cells of a table; empty where missing. */
export type ClinicalCells = Record<(typeof clinicalColumns)[number], string>;

/** What is known before treatment: the predictors. */
export const baselineColumns = [
  'age',
  'menopausal',
  'er',
  'pr',
  'her2',
  'ki67',
  'subtype',
  'grade',
  'histology',
  'ct_stage',
  'cn_stage',
  'laterality',
  'longest_diameter',
] as const;

export const clinicalColumns = [
  'patient_id',
  ...baselineColumns,
  'longest_diameter_after',
  'pcr',
] as const;

/** Per subtype: share of ER, PR where ER is positive, Ki-67 (median, %), grade 3. */
const bySubtype: Record<Subtype, { er: number; pr: number; ki67: number; grade3: number }> = {
  'HR+/HER2-': { er: 1, pr: 0.82, ki67: 20, grade3: 0.25 },
  'HER2+': { er: 0.5, pr: 0.6, ki67: 35, grade3: 0.6 },
  'triple-negative': { er: 0, pr: 0, ki67: 55, grade3: 0.8 },
};

/**
 * Draws the clinical variables: some realistic prevalence, linked to the latent response through the subtype alone, so that
 * they carry no information on the outcome beyond the subtype. Sizes are those of the drawn tumour, before and after treatment.
 *
 * @param missing share of values lost in HER2 (with the subtype), Ki-67 (three times as often), grade, nodes, size after
 */
export function drawClinical(
  patient: string,
  { subtype, pcr, fall }: LatentPatient,
  diameter: number,
  missing: number,
  stream: RandomStream,
): ClinicalCells {
  const rates = bySubtype[subtype];
  const yes = (share: number) => (stream.next() < share ? 1 : 0);
  const age = Math.min(80, Math.max(24, Math.round(50 + 10 * stream.normal())));
  const er = yes(rates.er);
  const pr = er === 1 ? yes(rates.pr) : 0;
  const ki67 = Math.min(95, Math.round(rates.ki67 * exp(0.4 * stream.normal())));
  const u = stream.next();
  const size = Math.round(10 * diameter) / 10;
  const after = Math.round(10 * diameter * (1 - fall)) / 10;
  const cells: ClinicalCells = {
    patient_id: patient,
    age: String(age),
    menopausal: age + 3 * stream.normal() > 51 ? 'post' : 'pre',
    er: String(er),
    pr: String(pr),
    her2: subtype === 'HER2+' ? '1' : '0',
    ki67: String(Math.max(1, ki67)),
    subtype,
    grade: yes(rates.grade3) === 1 ? '3' : yes(0.85) === 1 ? '2' : '1',
    histology: u < 0.84 ? 'ductal' : u < 0.94 ? 'lobular' : 'other',
    ct_stage: size <= 20 ? 'T1' : 'T2',
    cn_stage: `N${yes(0.55) === 0 ? 0 : 1 + yes(0.25)}`,
    laterality: yes(0.5) === 1 ? 'right' : 'left',
    longest_diameter: size.toFixed(1),
    longest_diameter_after: after.toFixed(1),
    pcr: String(pcr),
  };
  if (yes(missing) === 1) {
    cells.her2 = '';
    cells.subtype = '';
  }
  if (yes(Math.min(1, 3 * missing)) === 1) cells.ki67 = '';
  if (yes(missing) === 1) cells.grade = '';
  if (yes(missing / 2) === 1) cells.cn_stage = '';
  if (yes(missing / 2) === 1) cells.longest_diameter_after = '';
  return cells;
}
