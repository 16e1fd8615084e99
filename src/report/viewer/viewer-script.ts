/**
 * The viewer's script: plain JavaScript for the page, after niivue's bundle. Choosing a scan adds its script file, which
 * calls `nacreScan`; the newest choice wins, an older file that arrives late is passed over.
 */
export const viewerScript = `'use strict';
(() => {
  const { Niivue, NVImage } = globalThis.niivue;
  const { synthetic, colours, entries } = JSON.parse(document.getElementById('scans').textContent);
  const at = (id) => document.getElementById(id);
  const [patient, scan, view, low, high, opacity] = ['patient', 'scan', 'view', 'low', 'high', 'opacity'].map(at);
  const note = (text) => { at('note').textContent = text; at('note').hidden = text === ''; };
  const option = (value) => Object.assign(document.createElement('option'), { value, textContent: value });
  const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  let wanted;
  let shown;
  let layers = {};

  const nv = new Niivue({
    backColor: [0, 0, 0, 1],
    crosshairColor: [1, 1, 1, 0.6],
    crosshairWidth: 0.6,
    crosshairWidthUnit: 'mm',
    crosshairGap: 8,
    sagittalNoseLeft: true,
    isRadiologicalConvention: true,
    isColorbar: false,
    multiplanarShowRender: 1,
    multiplanarLayout: 2,
    showAllOrientationMarkers: true,
    fontColor: [1, 0.85, 0.3, 1],
    tileMargin: 2,
    dragAndDropEnabled: false,
    loadingText: '',
    logLevel: 'error',
    isResizeCanvas: true,
  });
  for (const [name, hex] of Object.entries(colours)) {
    const [r, g, b] = rgb(hex);
    nv.addColormap('nacre-' + name, { R: [0, r], G: [0, g], B: [0, b], A: [0, 255], I: [0, 255] });
  }

  nv.onLocationChange = (location) => {
    if (!shown) return;
    const [x, y, z] = location.mm;
    const value = location.values && location.values[0] ? location.values[0].value : NaN;
    const inside = ['intra', 'peri'].filter((name) => {
      const i = nv.volumes.indexOf(layers[name]);
      return i > 0 && location.values[i] && location.values[i].value > 0.5;
    }).map((name) => (name === 'intra' ? 'intratumoral' : 'peritumoral'));
    const mm = [x, y, z].map((n) => n.toFixed(1)).join(', ');
    at('where').textContent = shown.patient + ', ' + shown.scan + (synthetic ? ' (synthetic)' : '') +
      ': ' + Number(value.toPrecision(5)) + ' ' + shown.unit + ' at ' + mm + ' mm' + (inside.length ? ', ' + inside.join(' and ') : '');
  };

  const opacities = () => {
    for (const name of ['intra', 'peri']) {
      const i = nv.volumes.indexOf(layers[name]);
      if (i > 0) nv.setOpacity(i, at(name).checked ? Number(opacity.value) : 0);
    }
  };
  const windowing = () => {
    const image = nv.volumes[0];
    const [black, white] = [Number(low.value), Number(high.value)];
    if (!image || low.value === '' || high.value === '' || !(white > black)) return;
    image.cal_min = black;
    image.cal_max = white;
    nv.updateGLVolume();
  };

  globalThis.nacreScan = async (data) => {
    if (!wanted || data.patient !== wanted.patient || data.scan !== wanted.scan) return;
    const mine = wanted;
    try {
      const load = (base64, name, more) => NVImage.loadFromBase64({ base64, name: name + '.nii.gz', ...more });
      const [black, white] = data.window;
      const image = await load(data.image, 'image', { colormap: 'gray', cal_min: black, cal_max: white, trustCalMinMax: false });
      const region = (name) => load(data[name], name, { colormap: 'nacre-' + name, cal_min: 0, cal_max: 1, opacity: Number(opacity.value) });
      const intra = await region('intra');
      const peri = data.peri ? await region('peri') : undefined;
      if (mine !== wanted) return;
      while (nv.volumes.length > 0) nv.removeVolume(nv.volumes[nv.volumes.length - 1]);
      layers = { intra, peri };
      shown = data;
      nv.addVolume(image);
      image.cal_min = black;
      image.cal_max = white;
      nv.addVolume(intra);
      if (peri) nv.addVolume(peri);
      low.value = Number(black.toPrecision(4));
      high.value = Number(white.toPrecision(4));
      at('unit').textContent = data.unit;
      at('peri').disabled = !peri;
      opacities();
      nv.updateGLVolume();
      // The file is RAS+, the centre LPS.
      const [x, y, z] = data.centre;
      nv.scene.crosshairPos = nv.mm2frac([-x, -y, z], 0, true);
      nv.createOnLocationChange();
      nv.drawScene();
      note([data.cropped ? 'A large scan: cut to the surroundings of the tumour.' : '', data.missing || ''].filter(Boolean).join(' '));
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
    const names = entries.filter((entry) => entry.patient === patient.value).map((entry) => entry.scan);
    scan.replaceChildren(...names.map(option));
    scan.value = names.includes(before) ? before : names[0];
    choose();
  };
  patient.replaceChildren(...[...new Set(entries.map((entry) => entry.patient))].map(option));
  patient.addEventListener('change', scans);
  scan.addEventListener('change', choose);
  low.addEventListener('change', windowing);
  high.addEventListener('change', windowing);
  opacity.addEventListener('input', opacities);
  at('intra').addEventListener('change', opacities);
  at('peri').addEventListener('change', opacities);
  view.addEventListener('change', () => {
    const types = { multi: nv.sliceTypeMultiplanar, axial: nv.sliceTypeAxial, coronal: nv.sliceTypeCoronal, sagittal: nv.sliceTypeSagittal, render: nv.sliceTypeRender };
    nv.setSliceType(types[view.value]);
  });
  nv.onIntensityChange = (image) => {
    low.value = Number(image.cal_min.toPrecision(4));
    high.value = Number(image.cal_max.toPrecision(4));
  };

  globalThis.nacreViewer = nv;
  nv.attachToCanvas(at('gl')).then(() => {
    nv.setSliceType(nv.sliceTypeMultiplanar);
    scans();
  }, (error) => note('The viewer needs WebGL 2: ' + (error && error.message)));
})();
`;
