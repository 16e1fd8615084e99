import type { Data } from 'plotly.js-dist-min';
import type { Prediction } from '../../study/predictions.ts';
import { mean } from '../../table/mean.ts';
import { setColours } from '../block-colours.ts';
import { type Figure, grey, plotText, wrapText } from '../figure.ts';
import { type Annotation, type Axis, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, featureSetsOf, type OpenedRun, predictionsByPartition } from '../open-run.ts';
import type { FeatureSetsOptions } from './balanced-accuracy.ts';
import { cohortLine } from './cohort-line.ts';
import { axisKeys, panelGrid, sharePanels } from './panel-grid.ts';

export interface CalibrationOptions extends FeatureSetsOptions {
  /** Bins of equal numbers of predictions; 2 or more. Default 5. */
  bins?: number | undefined;
}

/**
 * Calibration, one panel per feature set: observed share of the positive class against predicted probability, in bins
 * of equal counts over all test predictions; bars are ± one standard deviation over partitions.
 */
export function calibration(run: OpenedRun, options: CalibrationOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const sets = featureSetsOf(endpoint, options.featureSets);
  const panels = panelGrid(sets.length, sharePanels);
  const data: Data[] = [];
  const axes: Record<string, Axis> = {};
  const annotations: Annotation[] = [];
  const colourOf = setColours(run);
  sets.forEach((set, i) => {
    const colour = colourOf(set);
    const keys = axisKeys(i);
    const bins = calibrationBins(
      predictionsByPartition(run, endpoint.id, set.id),
      options.bins ?? 5,
    );
    const on = { xaxis: keys.x, yaxis: keys.y };
    data.push({
      type: 'scatter',
      mode: 'lines',
      x: [0, 1],
      y: [0, 1],
      line: { color: grey, width: 1, dash: 'dash' },
      hoverinfo: 'skip',
      ...on,
    });
    data.push({
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
    });
    axes[keys.layoutX] = axis('predicted probability', {
      domain: panels.boxes[i].x,
      anchor: keys.y,
      range: [-0.02, 1.02],
      dtick: 0.25,
    });
    axes[keys.layoutY] = axis(`observed share of ${plotText(endpoint.positiveName)}`, {
      domain: panels.boxes[i].y,
      anchor: keys.x,
      range: [-0.02, 1.02],
      dtick: 0.25,
    });
    const { mean, sd } = set.summary.brier;
    annotations.push(
      panels.title(
        i,
        `<b>${wrapText(set.title, 30)}</b><br>Brier ${mean.toFixed(3)} ± ${sd.toFixed(3)}`,
      ),
    );
  });
  return plotlyFigure({
    name: `${endpoint.id}-calibration`,
    caption:
      'Calibration on held-out patients: predictions of all partitions in bins of equal counts; bars: ± one standard deviation over partitions, cut at 0 and 1; dashed: predicted equals observed. Class weights shift probabilities towards 0.5, so a curve off the diagonal is expected where the booster was weighted.',
    data,
    layout: {
      ...baseLayout(`Calibration: ${plotText(endpoint.title)}`, cohortLine(run, endpoint), panels),
      ...axes,
      margin: panels.margin,
      annotations,
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
  partitions: readonly Prediction[][],
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
