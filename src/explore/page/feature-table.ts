import { printed, significant } from '../../report/printed-number.ts';
import type { ColumnShape, ExploreData } from '../explore-data.ts';
import type { MeasuredFeature } from '../protocol.ts';
import { distanceText } from './distance-text.ts';
import { element, svgElement } from './dom.ts';

/** A row that is on the page, and what changes in it. */
interface Row {
  row: HTMLTableRowElement;
  value: HTMLTableCellElement;
  cohort: HTMLElement | undefined;
  mark: SVGElement | undefined;
  text: HTMLElement | undefined;
  shape: ColumnShape | undefined;
}

interface Group {
  details: HTMLDetailsElement;
  count: HTMLElement;
  body: HTMLElement;
  features: MeasuredFeature[];
  rows: Map<string, Row>;
}

const width = 96;
const height = 26;

/**
 * The features, an image type after another. Rows are made when their image is opened, and changed in place afterwards: a slider that
 * moves must not build a table.
 */
export class FeatureTable {
  private readonly groups = new Map<string, Group>();
  private readonly place: HTMLElement;
  private readonly data: ExploreData;
  /** Prefix of the run's columns: `ceT1.intra.`; empty where the scan is none of the run's. */
  private prefix = '';
  private wanted = '';

  constructor(place: HTMLElement, data: ExploreData) {
    this.place = place;
    this.data = data;
  }

  clear(): void {
    this.groups.clear();
    this.place.replaceChildren();
  }

  /** Which columns of the run the features are compared with. */
  compareWith(prefix: string): void {
    if (prefix === this.prefix) return;
    this.prefix = prefix;
    this.clear();
  }

  find(text: string): void {
    this.wanted = text.trim().toLowerCase();
    for (const group of this.groups.values()) {
      if (this.wanted !== '' && this.matching(group).length > 0) group.details.open = true;
      this.fill(group);
    }
  }

  /** Takes new values over. Images that are not measured any more disappear with `keepOnly`. */
  update(features: readonly MeasuredFeature[]): void {
    const byImage = Map.groupBy
      ? Map.groupBy(features, ({ name }) => imageOf(name))
      : groupedByImage(features);
    for (const [image, values] of byImage) {
      const group = this.groups.get(image) ?? this.addGroup(image);
      const known = new Map(group.features.map((feature) => [feature.name, feature]));
      for (const feature of values) known.set(feature.name, feature);
      group.features = [...known.values()];
      group.count.textContent = ` ${group.features.length} features`;
      this.fill(group);
    }
  }

  keepOnly(names: ReadonlySet<string>): void {
    for (const [image, group] of this.groups) {
      group.features = group.features.filter(({ name }) => names.has(name));
      if (group.features.length > 0) {
        this.fill(group);
        continue;
      }
      group.details.remove();
      this.groups.delete(image);
    }
  }

  private addGroup(image: string): Group {
    const count = element('small');
    const body = element('div', { class: 'scroll' });
    const details = element('details', {}, element('summary', {}, image, count), body);
    details.open = this.groups.size === 0;
    const group: Group = { details, count, body, features: [], rows: new Map() };
    details.addEventListener('toggle', () => this.fill(group));
    this.groups.set(image, group);
    this.place.append(details);
    return group;
  }

  private matching({ features }: Group): MeasuredFeature[] {
    return features.filter(({ name }) => name.toLowerCase().includes(this.wanted));
  }

  private fill(group: Group): void {
    if (!group.details.open) return;
    const shown = this.matching(group);
    const same =
      shown.length === group.rows.size && shown.every(({ name }) => group.rows.has(name));
    if (!same) this.build(group, shown);
    for (const feature of shown) this.change(group, feature);
  }

  private build(group: Group, shown: readonly MeasuredFeature[]): void {
    group.rows.clear();
    const compared = shown.some(({ name }) => this.shapeOf(name) !== undefined);
    const head = ['Feature', 'Value', ...(compared ? ['In the cohort', 'Selected'] : [])];
    const body = element('tbody');
    let lastClass = '';
    for (const { name } of shown) {
      const className = classOf(name);
      if (className !== lastClass) {
        lastClass = className;
        const heading = element(
          'th',
          { scope: 'rowgroup', colspan: String(head.length) },
          className,
        );
        body.append(element('tr', { class: 'class' }, heading));
      }
      const entry = this.rowOf(name, compared);
      group.rows.set(name, entry);
      body.append(entry.row);
    }
    const columns = ['', 'value', ...(compared ? ['cohort', 'selected'] : [])];
    group.body.replaceChildren(
      element(
        'table',
        { class: 'features' },
        element('colgroup', {}, ...columns.map((name) => element('col', { class: name }))),
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...head.map((title) =>
              element(
                'th',
                { scope: 'col', class: ['Value', 'Selected'].includes(title) ? 'n' : '' },
                title,
              ),
            ),
          ),
        ),
        body,
      ),
    );
  }

  private rowOf(name: string, compared: boolean): Row {
    const shape = this.shapeOf(name);
    const button = element(
      'button',
      { type: 'button', class: 'name', 'aria-expanded': 'false' },
      ...breakable(name.split('_').slice(2).join('_')),
    );
    const value = element('td', { class: 'n' });
    const row = element('tr', { 'data-feature': name }, element('td', {}, button), value);
    const entry: Row = { row, value, cohort: undefined, mark: undefined, text: undefined, shape };
    if (compared) {
      const cell = element('div', { class: 'cohort-cell' });
      if (shape !== undefined) {
        entry.mark = svgElement('line', { y1: 0, y2: height, visibility: 'hidden' });
        entry.text = element('span');
        entry.cohort = cell;
        const picture = svgElement(
          'svg',
          { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
          svgElement('path', { d: histogramPath(shape) }),
          entry.mark,
        );
        cell.append(picture, entry.text);
      }
      const share = Math.max(0, ...(shape?.selected ?? []).map((one) => one.share));
      row.append(
        element('td', {}, cell),
        element('td', { class: 'n' }, share > 0 ? percent(share) : '–'),
      );
    }
    button.addEventListener('click', () => {
      const open = button.getAttribute('aria-expanded') !== 'true';
      button.setAttribute('aria-expanded', String(open));
      if (open) row.after(this.detailOf(name, compared ? 4 : 2));
      else if (row.nextElementSibling?.classList.contains('detail'))
        row.nextElementSibling.remove();
    });
    return entry;
  }

  private change({ rows }: Group, { name, value, reason }: MeasuredFeature): void {
    const row = rows.get(name);
    if (row === undefined) return;
    if (value === null) {
      row.value.replaceChildren(element('span', { class: 'no-value' }, reason ?? 'no value'));
    } else row.value.textContent = shownNumber(value);
    const { shape, mark, text, cohort } = row;
    if (shape === undefined || mark === undefined || text === undefined) return;
    if (value === null) {
      mark.setAttribute('visibility', 'hidden');
      text.textContent = '';
      return;
    }
    const share = (value - shape.low) / (shape.high - shape.low || 1);
    const x = String(Math.max(0, Math.min(1, share)) * (width - 2) + 1);
    mark.setAttribute('x1', x);
    mark.setAttribute('x2', x);
    mark.setAttribute('visibility', 'visible');
    text.textContent = distanceText(value, shape);
    cohort?.classList.toggle('far', share < 0 || share > 1);
  }

  private shapeOf(name: string): ColumnShape | undefined {
    return this.prefix === '' ? undefined : this.data.columns[this.prefix + name];
  }

  private detailOf(name: string, columns: number): HTMLElement {
    const formula = this.data.formulas[classOf(name)]?.[name.split('_').slice(2).join('_')];
    const cell = element('td', { colspan: String(columns) });
    if (formula !== undefined) {
      const line = element('p');
      // MathML of nacre's formulas, drawn when the site was written.
      line.innerHTML = formula.markup;
      cell.append(line);
      const code =
        formula.ibsi === undefined
          ? 'not defined by IBSI'
          : `IBSI ${formula.ibsi}${formula.ibsiName ? `, ${formula.ibsiName}` : ''}`;
      cell.append(element('p', { class: 'small' }, `${name} · ${code}`));
    }
    const shape = this.shapeOf(name);
    if (shape !== undefined) {
      cell.append(
        element(
          'p',
          { class: 'small' },
          `Over ${shape.n} patients of the run: mean ${shownNumber(shape.mean)}, standard deviation ${shownNumber(shape.sd)}, from ${shownNumber(shape.low)} to ${shownNumber(shape.high)}.`,
        ),
      );
      const selected = (shape.selected ?? []).map(
        ({ endpoint, set, share }) => `${percent(share)} of partitions in ${set} (${endpoint})`,
      );
      cell.append(
        element(
          'p',
          { class: 'small' },
          selected.length > 0
            ? `Selected: ${selected.join('; ')}.`
            : 'No feature set of the run selected it.',
        ),
      );
    }
    return element('tr', { class: 'detail' }, cell);
  }
}

/** A name that may go on in the next line before a capital. */
function breakable(name: string): (string | Node)[] {
  return name
    .split(/(?=[A-Z][a-z])/)
    .flatMap((part, i) => (i > 0 ? [element('wbr'), part] : [part]));
}

/** `original_glcm_Contrast` is of the image `original`; names of images may hold hyphens, never an underscore. */
function imageOf(name: string): string {
  return name.split('_', 1)[0];
}

function classOf(name: string): string {
  return name.split('_', 2)[1] ?? '';
}

function groupedByImage(features: readonly MeasuredFeature[]): Map<string, MeasuredFeature[]> {
  const groups = new Map<string, MeasuredFeature[]>();
  for (const feature of features) {
    const image = imageOf(feature.name);
    groups.set(image, [...(groups.get(image) ?? []), feature]);
  }
  return groups;
}

function histogramPath({ counts }: ColumnShape): string {
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  return counts
    .map((count, bin) => {
      const top = height - (count / most) * (height - 2);
      return count === 0
        ? ''
        : `M${bin * step} ${height}V${top.toFixed(1)}h${step - 0.6}V${height}z`;
    })
    .join('');
}

export function shownNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return printed(value.toExponential(3));
  return significant(value, 5);
}

export const percent = (share: number) => `${Math.round(100 * share)}%`;
