import { metricNames } from '../evaluation/metrics.ts';
import { type Html, html } from './html.ts';
import type { OpenedRun } from './open-run.ts';
import { printedScript } from './printed-number.ts';

/** Dialog for a clicked number. Without JavaScript the link leads to its text, which names the command to use. */
export function traceDialog(): Html {
  return html`<p id="trace">Every number that is underlined with dots opens its own trail: partitions, configuration, code, inputs. The same, computed again from the files: <code>nacre trace RUN NUMBER</code>.</p>
<dialog id="trace-dialog"><div></div><form method="dialog"><button>Close</button></form></dialog>`;
}

/** Data behind the clicks. Contains no times or worker counts, so that equal results give equal bytes. */
export function tracesOf({ results, partitions, provenance }: OpenedRun): object {
  return {
    configuration: results.study.configSha256,
    seed: results.study.seed,
    code: `nacre ${provenance.nacre}, commit ${provenance.gitCommit ?? 'unknown'}${provenance.gitDirty ? ' with local changes' : ''}`,
    inputs: provenance.inputs.length,
    metrics: metricNames,
    endpoints: results.endpoints.map((endpoint) => ({
      id: endpoint.id,
      partitions: (partitions[endpoint.id] ?? []).map(({ index, seed, train, test }) => ({
        index,
        seed,
        train: `${train.patients.length} (${train.positives}) ${train.sha256.slice(0, 16)}`,
        test: `${test.patients.length} (${test.positives}) ${test.sha256.slice(0, 16)}`,
      })),
      sets: endpoint.featureSets.map((set) => ({
        id: set.id,
        title: set.title,
        parts: set.parts,
        values: set.partitions.map(({ metrics }) => metricNames.map((metric) => metrics[metric])),
        thresholds: set.partitions.map(({ threshold }) => threshold),
        selected: set.partitions.map(({ selected }) => selected.join(', ')),
      })),
    })),
  };
}

/** Text nodes only, so that data never becomes markup. */
export const traceScript = `
${printedScript}const traces = JSON.parse(document.getElementById('traces').textContent);
const dialog = document.getElementById('trace-dialog');
const add = (to, tag, text) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; to.append(e); return e; };
document.addEventListener('click', (event) => {
  const link = event.target.closest ? event.target.closest('a.trace') : null;
  if (!link || !dialog.showModal) return;
  event.preventDefault();
  const [endpointId, setId, metric, ...rest] = link.dataset.trace.split('/');
  const feature = rest.join('/');
  const endpoint = traces.endpoints.find((e) => e.id === endpointId);
  const sets = setId.split(':').map((id) => endpoint.sets.find((s) => s.id === id));
  const m = traces.metrics.indexOf(metric);
  const box = dialog.firstElementChild;
  box.replaceChildren();
  dialog.setAttribute('aria-label', 'Trail of ' + link.dataset.trace);
  add(box, 'h3', link.dataset.trace);
  for (const set of sets) {
    const parts = set.parts && set.parts.extractors.length ? ': ' + set.parts.extractors.join(' + ') + (set.parts.clinical ? ' + clinical' : '') + '; scans ' + set.parts.scans.join(', ') + '; regions ' + set.parts.regions.join(', ') : '';
    add(box, 'p', set.title + parts + '.');
  }
  const paired = sets.length > 1;
  add(box, 'p', paired ? 'First minus second on the same partitions.' : feature ? 'Share of ' + sets[0].values.length + ' partitions that kept it; 1 where one did.' : 'Mean over ' + sets[0].values.length + ' partitions.');
  const scroll = add(box, 'div'); scroll.className = 'scroll';
  const table = add(scroll, 'table');
  const head = add(add(table, 'thead'), 'tr');
  const titles = ['partition', 'seed', ...(paired ? ['first', 'second', 'difference'] : ['value', 'threshold']), 'train: patients (class 1), SHA-256 of ids', 'test: the same', ...(paired ? [] : ['features kept'])];
  for (const t of titles) add(head, 'th', t).scope = 'col';
  const body = add(table, 'tbody');
  sets[0].values.forEach((row, i) => {
    const p = endpoint.partitions[i] || { index: i, seed: '', train: '', test: '' };
    const tr = add(body, 'tr');
    const value = feature ? (sets[0].selected[i].split(', ').includes(feature) ? 1 : 0) : row[m];
    const other = paired ? sets[1].values[i][m] : 0;
    const values = paired ? [value.toFixed(4), other.toFixed(4), printed((value - other).toFixed(4))] : [feature ? value : value.toFixed(4), sets[0].thresholds[i].toFixed(3)];
    add(tr, 'th', String(p.index)).scope = 'row';
    for (const t of [p.seed, ...values, p.train, p.test, ...(paired ? [] : [sets[0].selected[i]])]) add(tr, 'td', String(t));
  });
  add(box, 'p', 'Configuration SHA-256 ' + traces.configuration + ', seed ' + traces.seed + '. ' + traces.code + '. ' + traces.inputs + ' input files, listed under Provenance.');
  add(box, 'p', 'nacre trace RUN ' + link.dataset.trace);
  dialog.showModal();
});
`;
