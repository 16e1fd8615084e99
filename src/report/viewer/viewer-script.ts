import { printedScript } from '../printed-number.ts';
import { niftiScript } from './nifti-script.ts';
import { niivueDrawer } from './niivue-drawer.ts';
import { plainDrawer } from './plain-drawer.ts';

/**
 * The viewer's script: plain JavaScript for the page, after niivue's bundle. Controls, keys and the loading of scans; NiiVue draws
 * where the browser has WebGL 2, else a 2D canvas. Choosing a scan adds its script file, which calls `nacreScan`; the newest
 * choice wins, an older file that arrives late is passed over. All positions are LPS millimetres.
 */
export const viewerScript = `'use strict';
(() => {
${niftiScript}${printedScript}${plainDrawer}${niivueDrawer}
  const { synthetic, colours: hex, entries } = JSON.parse(document.getElementById('scans').textContent);
  const rgb = (text) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
  const colours = { intra: rgb(hex.intra), peri: rgb(hex.peri) };
  const at = (id) => document.getElementById(id);
  const [canvas, patient, scan, view, low, high, opacity] = ['picture', 'patient', 'scan', 'view', 'low', 'high', 'opacity'].map(at);
  const note = (text) => { at('note').textContent = text; at('note').hidden = text === ''; };
  const option = (value) => Object.assign(document.createElement('option'), { value, textContent: value });
  const short = (value) => Number(value.toPrecision(4));
  /** Sliders by the patient's axes, right, front and head. */
  const sliders = [['sagittal', 0], ['coronal', 1], ['axial', 2]].map(([name, axis]) => ({ name, axis, input: at('slice-' + name), count: at('count-' + name) }));
  const names = { intra: 'intratumoral', peri: 'peritumoral' };
  let drawer;
  let wanted;
  let shown;

  const showSlices = () => {
    for (const { axis, input, count } of sliders) {
      const total = drawer.counts()[axis];
      const now = drawer.slice(axis) + 1;
      input.max = total;
      input.value = now;
      count.textContent = now + ' of ' + total;
      input.setAttribute('aria-valuetext', count.textContent);
    }
  };
  const moved = ({ lps, value, inside }) => {
    if (!shown) return;
    const mm = lps.map((n) => printed(n.toFixed(1))).join(', ');
    at('where').textContent = shown.patient + ', ' + shown.scan + (synthetic || shown.synthetic ? ' (synthetic)' : '') +
      ': ' + printed(String(Number(value.toPrecision(5)))) + ' ' + shown.unit + ' at ' + mm + ' mm (LPS)' +
      (inside.length ? ', ' + inside.map((name) => names[name]).join(' and ') : '');
    showSlices();
  };
  const windowed = (black, white) => {
    low.value = short(black);
    high.value = short(white);
  };
  const showRegions = () => drawer.setRegions({ intra: at('intra').checked, peri: at('peri').checked, fill: Number(opacity.value) });
  const showView = () => {
    const name = view.value;
    drawer.setView(name);
    for (const slider of sliders) slider.input.closest('label').hidden = name !== 'multi' && name !== slider.name;
    at('cut').closest('label').hidden = !drawer.views.includes('render') || !['multi', 'render'].includes(name);
  };

  globalThis.nacreScan = async (data) => {
    if (!wanted || data.patient !== wanted.patient || data.scan !== wanted.scan) return;
    const mine = wanted;
    try {
      shown = undefined;
      if (!(await drawer.load(data, () => mine === wanted))) return;
      shown = data;
      windowed(...data.window);
      at('unit').textContent = data.unit;
      at('peri').disabled = !data.peri;
      showRegions();
      drawer.goTo(data.centre);
      note([data.cropped ? 'A large scan: cut to the surroundings of the tumour.' : '', data.missing || ''].filter(Boolean).join(' '));
      canvas.setAttribute('aria-label', 'Scan ' + data.scan + ' of ' + data.patient + (synthetic || data.synthetic ? ' (synthetic)' : '') + ' with its regions');
      document.body.dataset.shown = data.patient + ' ' + data.scan;
    } catch (error) {
      note('This scan cannot be shown: ' + (error && error.message));
    }
  };

  const choose = () => {
    wanted = entries.find((entry) => entry.patient === patient.value && entry.scan === scan.value);
    if (!wanted) return;
    const script = document.createElement('script');
    script.src = wanted.file;
    script.onload = () => script.remove();
    script.onerror = () => note('The file ' + script.getAttribute('src') + ' is missing: copy the whole folder of the site.');
    document.head.append(script);
  };
  const scans = () => {
    const before = scan.value;
    const found = entries.filter((entry) => entry.patient === patient.value).map((entry) => entry.scan);
    scan.replaceChildren(...found.map(option));
    scan.value = found.includes(before) ? before : found[0];
    at('previous').disabled = patient.selectedIndex === 0;
    at('next').disabled = patient.selectedIndex === patient.length - 1;
    choose();
  };
  const stepPatient = (step) => {
    const to = patient.selectedIndex + step;
    if (to < 0 || to >= patient.length) return;
    patient.selectedIndex = to;
    scans();
  };
  const stepScan = () => {
    scan.selectedIndex = (scan.selectedIndex + 1) % scan.length;
    choose();
  };
  const toggle = (box) => {
    if (box.disabled) return;
    box.checked = !box.checked;
    box.dispatchEvent(new Event('change'));
  };
  const setView = (name) => {
    if (!drawer.views.includes(name)) return;
    view.value = name;
    showView();
  };
  const step = (axis, by) => { if (shown) drawer.setSlice(axis, drawer.slice(axis) + by); };
  /** The axis that up and down go along: towards the head, the front or the patient's right. */
  const through = () => ({ sagittal: 0, coronal: 1 })[view.value] ?? 2;
  const inSpace = () => view.value === 'render';
  const keys = {
    ArrowUp: () => (inSpace() ? drawer.turn(0, 10) : step(through(), 1)),
    ArrowDown: () => (inSpace() ? drawer.turn(0, -10) : step(through(), -1)),
    // The patient's right is on the left of the picture.
    ArrowLeft: () => (inSpace() ? drawer.turn(-10, 0) : step(view.value === 'sagittal' ? 1 : 0, 1)),
    ArrowRight: () => (inSpace() ? drawer.turn(10, 0) : step(view.value === 'sagittal' ? 1 : 0, -1)),
    PageUp: () => step(view.value === 'axial' || view.value === 'multi' ? 1 : 2, 1),
    PageDown: () => step(view.value === 'axial' || view.value === 'multi' ? 1 : 2, -1),
    Home: () => shown && drawer.goTo(shown.centre),
    n: () => stepPatient(1),
    p: () => stepPatient(-1),
    s: stepScan,
    t: () => toggle(at('intra')),
    r: () => toggle(at('peri')),
    x: () => at('cut').closest('label').hidden || toggle(at('cut')),
    0: () => setView('multi'),
    1: () => setView('axial'),
    2: () => setView('coronal'),
    3: () => setView('sagittal'),
    4: () => setView('render'),
  };

  // Before NiiVue, whose own keys are not those of the page.
  canvas.parentElement.addEventListener('keydown', (event) => {
    if (event.key === 'Tab' || event.ctrlKey || event.altKey || event.metaKey) return;
    event.stopPropagation();
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }, true);
  canvas.parentElement.addEventListener('keyup', (event) => event.stopPropagation(), true);
  canvas.addEventListener('pointerdown', () => canvas.focus({ preventScroll: true, focusVisible: false }));

  const windowing = () => {
    const [black, white] = [Number(low.value), Number(high.value)];
    if (shown && low.value !== '' && high.value !== '' && white > black) drawer.setWindow(black, white);
  };
  patient.replaceChildren(...[...new Set(entries.map((entry) => entry.patient))].map(option));
  patient.addEventListener('change', scans);
  scan.addEventListener('change', choose);
  at('previous').addEventListener('click', () => stepPatient(-1));
  at('next').addEventListener('click', () => stepPatient(1));
  low.addEventListener('change', windowing);
  high.addEventListener('change', windowing);
  opacity.addEventListener('input', showRegions);
  at('intra').addEventListener('change', showRegions);
  at('peri').addEventListener('change', showRegions);
  at('cut').addEventListener('change', () => drawer.setCut(at('cut').checked));
  at('home').addEventListener('click', keys.Home);
  view.addEventListener('change', showView);
  for (const { axis, input } of sliders) input.addEventListener('input', () => { if (shown) drawer.setSlice(axis, Number(input.value) - 1); });

  const parts = { colours, moved, windowed };
  const begin = (made) => {
    drawer = made;
    for (const choice of [...view.options]) if (!drawer.views.includes(choice.value)) choice.remove();
    if (!drawer.views.includes('render')) {
      view.options[0].textContent = 'three planes';
      at('plain').hidden = false;
      for (const row of document.querySelectorAll('.only-3d')) row.hidden = true;
    }
    showView();
    scans();
  };
  const webGl = document.createElement('canvas').getContext('webgl2');
  document.body.dataset.drawer = webGl ? 'niivue' : 'plain';
  if (webGl) niivueDrawer(canvas, parts).then(begin, (error) => note('NiiVue does not start: ' + (error && error.message)));
  else begin(plainDrawer(canvas, parts));
})();
`;
