import { NacreError } from '../runtime/errors.ts';
import { ColumnSelection } from './column-selection.ts';
import { type IccForm, icc } from './icc.ts';
import type { TrainingRows } from './rows.ts';
import type { Transformer } from './transformer.ts';

export interface StabilityOptions {
  /** Default `1,1`. */
  icc?: IccForm | undefined;
  /** Default 0.75: at least good, after Koo and Li (2016, J Chiropr Med 15:155). */
  atLeast?: number | undefined;
}

/**
 * Drops features that change with the outline of the tumour: those whose intraclass correlation over redrawn outlines of the
 * training patients is below a threshold, or not defined (a feature that never varies). Columns without redraws stay: no outline
 * changes them. The redraws of held-out patients are not within reach (`TrainingRows`).
 */
export class StabilityFilter implements Transformer {
  readonly options: { icc: IccForm; atLeast: number };

  constructor({ icc: form = '1,1', atLeast = 0.75 }: StabilityOptions = {}) {
    this.options = { icc: form, atLeast };
  }

  /** @throws NacreError `no-redraws` */
  fit({ columns, redraws }: TrainingRows): ColumnSelection {
    if (redraws === undefined) {
      throw new NacreError('no-redraws', 'the stability filter needs redrawn outlines', {
        column: 'pipeline.stability',
        found: 'rows without redraws',
        expected: 'features measured again under redrawn outlines',
        todo: 'add perturb: { times: 5 } to the study, or leave stability out',
      });
    }
    const { icc: form, atLeast } = this.options;
    return new ColumnSelection(
      columns
        .filter(({ name }) => {
          const values = redraws.columns.get(name);
          return values === undefined || icc(values, redraws.times)[form].icc >= atLeast;
        })
        .map(({ name }) => name),
    );
  }
}
