import { Document, isScalar, isSeq, Scalar, visit } from 'yaml';
import type { ParameterFile } from '../radiomics/parameter-file.ts';

/**
 * The text of a parameter file that gives back exactly these parameters, as `nacre radiomics --params` and PyRadiomics read it.
 *
 * @param comment lines at the top
 */
export function parameterText(parameters: ParameterFile, comment: readonly string[] = []): string {
  const document = new Document(parameters, { aliasDuplicateObjects: false });
  document.commentBefore = comment.map((line) => ` ${line}`).join('\n');
  visit(document, {
    Seq(_, list) {
      // Lists of numbers in a line, as people write spacings and widths.
      list.flow = list.items.every((item) => isScalar(item));
    },
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'sigma' || !isSeq(value)) return;
      value.items = value.items.map((item) => sigmaScalar((item as Scalar).value));
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** A width keeps its spelling, which names the image: '3' is written 3, the number 3 is written 3.0. */
function sigmaScalar(sigma: unknown): Scalar {
  if (typeof sigma === 'string' && /^[0-9]+$/.test(sigma)) return new Scalar(Number(sigma));
  const scalar = new Scalar(sigma);
  if (typeof sigma === 'number') scalar.minFractionDigits = 1;
  return scalar;
}
