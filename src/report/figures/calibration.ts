import { mean } from '../../table/mean.ts';
import { type Figure, plotText } from '../figure.ts';
import { type OpenedRun, predictionsByPartition } from '../open-run.ts';
import type { FeatureSetsOptions } from './balanced-accuracy.ts';
import type { LabelledAnswer } from './roc.ts';
import { unitPanels } from './unit-panels.ts';

export interface CalibrationOptions extends FeatureSetsOptions {
  /** Bins of equal numbers of predictions; 2 or more. Default 5. */
  bins?: number | undefined;
}

/**
 * Calibration, one panel per feature set: observed share of the positive class against predicted probability, in bins
 * of equal counts over all test predictions; bars are ± one standard deviation over partitions.
 */
export function calibration(run: OpenedRun, options: CalibrationOptions = {}): Figure {
  return unitPanels(run, options, {
    name: 'calibration',
    title: 'Calibration',
    caption:
      'Calibration on held-out patients: predictions of all partitions in bins of equal counts; bars: ± one standard deviation over partitions, cut at 0 and 1; dashed: predicted equals observed. Class weights make the booster answer as if both classes were equally frequent, which moves the whole curve to one side; a curve flatter than the diagonal is that of predictions too sure of themselves.',
    x: 'predicted probability',
    y: (endpoint) => `observed share of ${plotText(endpoint.positiveName)}`,
    beyond: 0.02,
    score: { title: 'Brier', spread: (set) => set.summary.brier },
    draw(set, { endpoint, colour, on }) {
      const predictions = predictionsByPartition(run, endpoint.id, set.id);
      const bins = calibrationBins(predictions, options.bins ?? 5);
      return [
        {
          type: 'scatter',
          mode: 'lines+markers',
          x: bins.map((b) => b.predicted),
          y: bins.map((b) => b.observed),
          // Cut at 0 and 1, where shares end.
          error_y: {
            type: 'data',
            symmetric: false,
            array: bins.map((b) => Math.min(b.sd, 1 - b.observed)),
            arrayminus: bins.map((b) => Math.min(b.sd, b.observed)),
            thickness: 1.5,
            width: 5,
          },
          line: { color: colour, width: 2 },
          marker: { color: colour, size: 9 },
          text: bins.map((b) => `${b.count} predictions`),
          hovertemplate: 'predicted %{x:.2f}, observed %{y:.2f} (%{text})<extra></extra>',
          ...on,
        },
      ];
    },
  });
}

export interface CalibrationBin {
  /** Mean predicted probability. */
  predicted: number;
  /** Share of label 1. */
  observed: number;
  /** Sample standard deviation of the share over partitions with predictions in the bin; 0 for one partition. */
  sd: number;
  count: number;
}

/** Bins by rank of the pooled probability; equal probabilities stay together. */
export function calibrationBins(
  partitions: readonly LabelledAnswer[][],
  bins: number,
): CalibrationBin[] {
  const pooled = partitions
    .flatMap((rows, partition) => rows.map((row) => ({ row, partition })))
    .sort((a, b) => a.row.probability - b.row.probability);
  const result: CalibrationBin[] = [];
  for (let at = 0; at < pooled.length; ) {
    let end = Math.min(pooled.length, Math.ceil(((result.length + 1) * pooled.length) / bins));
    if (end <= at) end = at + 1;
    while (end < pooled.length && pooled[end].row.probability === pooled[end - 1].row.probability) {
      end++;
    }
    const members = pooled.slice(at, end);
    const shares = partitions.flatMap((_, partition) => {
      const partitionMembers = members.filter((m) => m.partition === partition);
      return partitionMembers.length === 0 ? [] : [mean(partitionMembers.map((m) => m.row.label))];
    });
    const centre = mean(shares);
    result.push({
      predicted: mean(members.map((m) => m.row.probability)),
      observed: mean(members.map((m) => m.row.label)),
      sd: Math.sqrt(
        shares.reduce((sum, s) => sum + (s - centre) ** 2, 0) / Math.max(1, shares.length - 1),
      ),
      count: members.length,
    });
    at = end;
  }
  return result;
}
