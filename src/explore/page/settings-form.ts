import type { ImageType } from '../../radiomics/image-type-names.ts';
import type { ParameterFile } from '../../radiomics/parameter-file.ts';
import { defaultSettings, type Settings } from '../../radiomics/settings.ts';
import type { RegionRequest } from '../protocol.ts';
import { byId, choose, chosen, element } from './dom.ts';

/** Image types that need no setting of their own, and LoG with its width. */
const filters: readonly { type: ImageType; title: string }[] = [
  { type: 'Original', title: 'none (original)' },
  { type: 'LoG', title: 'LoG' },
  { type: 'Wavelet', title: 'wavelet' },
  { type: 'Square', title: 'square' },
  { type: 'SquareRoot', title: 'square root' },
  { type: 'Logarithm', title: 'logarithm' },
  { type: 'Exponential', title: 'exponential' },
  { type: 'Gradient', title: 'gradient' },
  { type: 'LBP3D', title: 'LBP 3D' },
];

/** Sliders with a number beside them. */
const sliders = ['ring', 'bin-width', 'bin-count', 'scale', 'spacing', 'sigma'] as const;
type Slider = (typeof sliders)[number];

/** What a control changes: the ring, settings of the measurement, or both. */
export type Moved = 'ring' | 'setting' | 'all';

export interface ChosenSettings extends RegionRequest {
  parameters: ParameterFile;
}

/**
 * The form of settings. What it has no control for (other classes, re-segmentation, …) stays as the parameter file has it.
 */
export class SettingsForm {
  private parameters: ParameterFile = {};
  private readonly onChange: (moved: Moved) => void;

  constructor(onChange: (moved: Moved) => void) {
    this.onChange = onChange;
    byId('filters', HTMLElement).append(
      ...filters.map(({ type, title }) =>
        element(
          'label',
          {},
          element('input', { type: 'checkbox', value: type, name: 'filter' }),
          ` ${title}`,
        ),
      ),
    );
    for (const name of sliders) {
      const [range, number] = inputsOf(name);
      range.addEventListener('input', () => {
        number.value = range.value;
      });
      number.addEventListener('input', () => {
        range.value = number.value;
      });
    }
    const form = byId('settings', HTMLFormElement);
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', ({ target }) => {
      const input = target as HTMLInputElement;
      if (input.type === 'file' || input.id === 'label') return;
      this.readControls(input);
      this.enable();
      this.onChange(['ring', 'ring-number', 'within-body'].includes(input.id) ? 'ring' : 'setting');
    });
    byId('defaults', HTMLButtonElement).addEventListener('click', () => this.set({}));
  }

  /** Takes parameters over into the controls, and reports the change. */
  set(parameters: ParameterFile, ring?: { ringMm: number; ringWithin: 'body' | 'scan' }): void {
    this.parameters = structuredClone(parameters);
    const setting: Settings = { ...defaultSettings, ...(parameters.setting as Partial<Settings>) };
    const types = Object.keys(parameters.imageType ?? {});
    for (const box of filterBoxes()) {
      box.checked = types.length === 0 ? box.value === 'Original' : types.includes(box.value);
    }
    choose('bins', setting.binCount === null ? 'width' : 'count');
    put('bin-width', setting.binWidth);
    put('bin-count', setting.binCount ?? 32);
    byId('normalise', HTMLInputElement).checked = setting.normalize;
    put('scale', setting.normalizeScale);
    const spacing = setting.resampledPixelSpacing;
    byId('resample', HTMLInputElement).checked = spacing !== null;
    put('spacing', spacing?.[0] ?? 1);
    byId('interpolator', HTMLSelectElement).value = setting.interpolator ?? 'sitkBSpline';
    const sigma = parameters.imageType?.LoG?.sigma ?? setting.sigma;
    put('sigma', Number(sigma[0] ?? 3));
    choose('conventions', setting.conventions);
    if (ring !== undefined) {
      put('ring', ring.ringMm);
      byId('within-body', HTMLInputElement).checked = ring.ringWithin === 'body';
    }
    this.enable();
    this.onChange('all');
  }

  get chosen(): ChosenSettings {
    return {
      region: chosen('region') === 'peri' ? 'peri' : 'intra',
      ringMm: numberOf('ring'),
      ringWithin: byId('within-body', HTMLInputElement).checked ? 'body' : 'scan',
      parameters: structuredClone(this.parameters),
    };
  }

  /** Writes the control that moved into the parameters, and nothing else. */
  private readControls(moved: HTMLInputElement): void {
    const setting = { ...(this.parameters.setting ?? {}) } as Record<string, unknown>;
    const is = (...ids: string[]) => ids.includes(moved.id) || ids.includes(moved.name);
    if (is('bins', 'bin-width', 'bin-width-number', 'bin-count', 'bin-count-number')) {
      const byCount = chosen('bins') === 'count';
      setting.binWidth = numberOf('bin-width');
      setting.binCount = byCount ? numberOf('bin-count') : null;
    }
    if (is('normalise')) setting.normalize = moved.checked;
    if (is('scale', 'scale-number')) setting.normalizeScale = numberOf('scale');
    if (is('resample', 'spacing', 'spacing-number')) {
      const mm = numberOf('spacing');
      const resample = byId('resample', HTMLInputElement).checked;
      setting.resampledPixelSpacing = resample ? [mm, mm, mm] : null;
    }
    if (is('interpolator')) setting.interpolator = moved.value;
    if (is('conventions')) setting.conventions = moved.value;
    for (const key of Object.keys(setting) as (keyof Settings)[]) {
      if (setting[key] === defaultSettings[key]) delete setting[key];
    }
    const imageType = is('filter', 'sigma', 'sigma-number')
      ? this.imageTypes(is('sigma', 'sigma-number'))
      : this.parameters.imageType;
    this.parameters = {
      ...this.parameters,
      ...(imageType === undefined ? {} : { imageType }),
      setting,
    } as ParameterFile;
  }

  /** The filters that are ticked, with the settings that the file gives them. */
  private imageTypes(sigmaMoved: boolean): ParameterFile['imageType'] {
    const before = (this.parameters.imageType ?? {}) as Record<string, object>;
    const known = filters.map(({ type }) => type as string);
    const types: Record<string, object> = {};
    for (const { value, checked } of filterBoxes()) {
      if (checked) types[value] = before[value] ?? {};
    }
    // Types without a control of theirs stay.
    for (const [name, custom] of Object.entries(before)) {
      if (!known.includes(name)) types[name] = custom;
    }
    const log = types.LoG as { sigma?: unknown } | undefined;
    if (log !== undefined && (sigmaMoved || log.sigma === undefined)) {
      types.LoG = { ...log, sigma: [numberOf('sigma')] };
    }
    return (Object.keys(types).length === 0 ? { Original: {} } : types) as never;
  }

  /** Shows the sliders that have an effect. */
  private enable(): void {
    const show = (name: Slider, shown: boolean) => {
      const row = byId(name, HTMLInputElement).closest<HTMLElement>('.slider');
      if (row !== null) row.hidden = !shown;
    };
    const ticked = (id: string) => byId(id, HTMLInputElement).checked;
    show('bin-width', chosen('bins') === 'width');
    show('bin-count', chosen('bins') === 'count');
    show('scale', ticked('normalise'));
    show('spacing', ticked('resample'));
    const label = byId('interpolator', HTMLSelectElement).closest('label');
    if (label !== null) label.hidden = !ticked('resample');
    show(
      'sigma',
      filterBoxes().some(({ value, checked }) => value === 'LoG' && checked),
    );
  }
}

function filterBoxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>('input[name="filter"]')];
}

function inputsOf(name: Slider): [range: HTMLInputElement, number: HTMLInputElement] {
  return [byId(name, HTMLInputElement), byId(`${name}-number`, HTMLInputElement)];
}

function put(name: Slider, value: number): void {
  for (const input of inputsOf(name)) input.value = String(value);
}

/** The number field has the last word: it takes values between the steps of the slider and beyond its ends. */
function numberOf(name: Slider): number {
  const [range, number] = inputsOf(name);
  const typed = number.valueAsNumber;
  return Number.isFinite(typed) && typed > 0 ? typed : Number(range.value);
}
