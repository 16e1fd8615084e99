import { printedScript } from '../printed-number.ts';
import { niftiScript } from '../viewer/nifti-script.ts';

/**
 * The editor of masks: NiiVue's drawing on the scan. NiiVue keeps a drawing in an order of its own (RAS), and reports of
 * drawings saved reversed are open (niivue issue 1374): here the voxels are put back into the order of the file by the
 * steps of the image, and before anything is saved the corners of the grid are compared in millimetres with those of the
 * header that nacre wrote. The file itself is made from that header, by the server or here, never by NiiVue.
 */
export const editorScript = `(() => {
${niftiScript}${printedScript}  const at = (id) => document.getElementById(id);
  const { review, reviewer, keep, status, download, refresh } = globalThis.nacreReview;
  const dialog = at('editor');
  const note = (text) => { at('note').textContent = text; at('note').hidden = text === ''; };
  const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  let nv;
  let wanted;
  let shown;
  let saved;

  const gzip = async (bytes) => new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer());
  /** Calls back with the index in the file and in NiiVue's drawing, for each voxel. */
  const eachVoxel = (image, call) => {
    const [, nx, ny, nz] = image.dimsRAS;
    const [start, step] = [image.img2RASstart, image.img2RASstep];
    for (let z = 0, ras = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        for (let x = 0; x < nx; x++, ras++) {
          call(start[0] + x * step[0] + start[1] + y * step[1] + start[2] + z * step[2], ras);
        }
      }
    }
  };
  /** The corners of the grid in millimetres, by NiiVue's own geometry and by the header. */
  const requireSamePlaces = (image, { size, affine }) => {
    const dims = image.dimsRAS.slice(1, 4);
    const [start, step] = [image.img2RASstart, image.img2RASstep];
    for (let corner = 0; corner < 8; corner++) {
      const ras = dims.map((n, a) => ((corner >> a) & 1 ? n - 1 : 0));
      const index = ras.reduce((sum, n, a) => sum + start[a] + n * step[a], 0);
      const ijk = [index % size[0], Math.floor(index / size[0]) % size[1], Math.floor(index / (size[0] * size[1]))];
      const stored = affine.map((row) => row[0] * ijk[0] + row[1] * ijk[1] + row[2] * ijk[2] + row[3]);
      const drawn = nv.vox2mm(ras, image.matRAS);
      const apart = Math.hypot(...stored.map((mm, a) => mm - drawn[a]));
      if (!(apart < 0.01)) throw new Error('the drawing would be saved ' + apart.toFixed(2) + ' mm from where it is shown; nothing was saved');
    }
  };
  /** The drawing in the order of the file: 1 inside. */
  const drawnVoxels = () => {
    const image = nv.volumes[0];
    const voxels = new Uint8Array(nv.drawBitmap.length);
    eachVoxel(image, (file, ras) => { voxels[file] = nv.drawBitmap[ras] === 1 ? 1 : 0; });
    return voxels;
  };
  const partOf = ({ size, data }, offset, part, label) => {
    const voxels = new Uint8Array(part[0] * part[1] * part[2]);
    for (let k = 0, to = 0; k < part[2]; k++) {
      for (let j = 0; j < part[1]; j++) {
        const row = offset[0] + size[0] * (offset[1] + j + size[1] * (offset[2] + k));
        for (let i = 0; i < part[0]; i++, to++) if (data[row + i] === label) voxels[to] = 1;
      }
    }
    return voxels;
  };

  const countDrawn = () => {
    let n = 0;
    for (let i = 0; i < nv.drawBitmap.length; i++) if (nv.drawBitmap[i] === 1) n++;
    return n;
  };
  const describe = () => {
    if (!shown || !nv.drawBitmap) return;
    const n = countDrawn();
    const ml = (count) => (count * shown.voxelVolume / 1000).toPrecision(3) + ' ml';
    at('drawn').textContent = 'Mask: ' + n + ' voxels, ' + ml(n) + '; in the file: ' + shown.voxels + ' voxels, ' + ml(shown.voxels) + '.';
  };
  const isChanged = () => {
    if (!shown || !nv.drawBitmap) return false;
    const now = drawnVoxels();
    return now.some((value, i) => value !== saved[i]);
  };

  const tool = () => document.querySelector('input[name=tool]:checked').value;
  const chooseTool = () => {
    const name = tool();
    if (!nv) return;
    nv.opts.penSize = Math.max(1, Math.min(25, Math.round(Number(at('width').value) || 1)));
    nv.setDrawingEnabled(name !== 'move');
    if (name !== 'move') nv.setPenValue(name === 'eraser' ? 0 : 1, name === 'fill');
  };

  const start = async () => {
    const { Niivue } = globalThis.niivue;
    nv = new Niivue({
      backColor: [0, 0, 0, 1], crosshairColor: [1, 1, 1, 0.6], crosshairWidth: 0.25, crosshairWidthUnit: 'mm', crosshairGap: 8,
      sagittalNoseLeft: true, isRadiologicalConvention: true, isColorbar: false, multiplanarShowRender: 0, multiplanarLayout: 0,
      showAllOrientationMarkers: true, fontColor: [1, 0.85, 0.3, 1], tileMargin: 2, dragAndDropEnabled: false, loadingText: '',
      logLevel: 'error', isResizeCanvas: true, maxDrawUndoBitmaps: 24, isNearestInterpolation: true,
    });
    const [r, g, b] = rgb(review.colours.peri);
    nv.addColormap('nacre-peri', { R: [0, r], G: [0, g], B: [0, b], A: [0, 255], I: [0, 255] });
    const [tr, tg, tb] = rgb(review.colours.intra);
    nv.onLocationChange = (location) => {
      if (!shown) return;
      // NiiVue counts in RAS.
      const [x, y, z] = location.mm;
      const value = location.values && location.values[0] ? location.values[0].value : NaN;
      at('where').textContent = printed(String(Number(value.toPrecision(5)))) + ' ' + shown.unit + ' at ' + [-x, -y, z].map((n) => printed(n.toFixed(1))).join(', ') + ' mm (LPS)' + (review.synthetic || shown.synthetic ? ', synthetic' : '');
    };
    nv.onDrawingChanged = describe;
    await nv.attachToCanvas(at('gl'));
    nv.setDrawColormap({ R: [0, tr, 200], G: [0, tg, 200], B: [0, tb, 200], A: [0, 255, 255], I: [0, 1, 2], labels: ['', 'tumour', 'outside'] });
    nv.setSliceType(nv.sliceTypeMultiplanar);
  };

  globalThis.nacreScan = async (data) => {
    if (!wanted || data.number !== wanted.number) return;
    const mine = wanted;
    try {
      if (!nv) await start();
      const { NVImage } = globalThis.niivue;
      const load = (base64, name, more) => NVImage.loadFromBase64({ base64, name: name + '.nii.gz', ...more });
      const [black, white] = data.window;
      const image = await load(data.image, 'image', { colormap: 'gray', cal_min: black, cal_max: white, trustCalMinMax: false });
      const header = readNifti(await unpacked(data.image));
      const wholeBytes = await unpacked(data.labels);
      const whole = readNifti(wholeBytes);
      const peri = data.peri ? await load(data.peri, 'peri', { colormap: 'nacre-peri', cal_min: 0, cal_max: 1, opacity: 0.2 }) : undefined;
      if (mine !== wanted) return;
      if (nv.drawBitmap) nv.closeDrawing();
      while (nv.volumes.length > 0) nv.removeVolume(nv.volumes[nv.volumes.length - 1]);
      nv.addVolume(image);
      image.cal_min = black;
      image.cal_max = white;
      if (peri) nv.addVolume(peri);
      saved = partOf(whole, data.offset, header.size, data.label);
      const affine = header.affine;
      const volume = Math.abs(
        affine[0][0] * (affine[1][1] * affine[2][2] - affine[1][2] * affine[2][1]) -
        affine[0][1] * (affine[1][0] * affine[2][2] - affine[1][2] * affine[2][0]) +
        affine[0][2] * (affine[1][0] * affine[2][1] - affine[1][1] * affine[2][0]));
      shown = { ...data, header, whole, wholeBytes, peri, voxelVolume: volume, voxels: saved.reduce((sum, v) => sum + v, 0) };
      nv.createEmptyDrawing();
      const bitmap = nv.drawBitmap;
      eachVoxel(image, (file, ras) => { bitmap[ras] = saved[file]; });
      nv.drawClearAllUndoBitmaps();
      nv.drawAddUndoBitmap();
      nv.setDrawOpacity(Number(at('opacity').value));
      at('low').value = Number(black.toPrecision(4));
      at('high').value = Number(white.toPrecision(4));
      at('unit').textContent = data.unit;
      at('ring').disabled = !peri;
      showRing();
      nv.updateGLVolume();
      const [x, y, z] = data.centre;
      nv.scene.crosshairPos = nv.mm2frac([-x, -y, z], 0, true);
      nv.createOnLocationChange();
      nv.refreshDrawing(true);
      document.querySelector('input[name=tool][value=move]').checked = true;
      chooseTool();
      describe();
      note(data.note || '');
      document.body.dataset.editing = String(data.number);
      at('gl').focus();
    } catch (error) {
      note('This scan cannot be shown: ' + (error && error.message));
    }
  };
  const showRing = () => {
    const i = shown && shown.peri ? nv.volumes.indexOf(shown.peri) : -1;
    if (i > 0) nv.setOpacity(i, at('ring').checked ? 0.2 : 0);
  };

  globalThis.nacreEditor = {
    open: (scan) => {
      wanted = scan;
      delete document.body.dataset.editing;
      at('editor-title').textContent = scan.patient + ', ' + scan.scan + (review.synthetic ? ' (synthetic)' : '');
      note('');
      at('drawn').textContent = '';
      dialog.showModal();
      const script = document.createElement('script');
      script.src = scan.editor;
      script.onload = () => script.remove();
      script.onerror = () => note('The file ' + script.getAttribute('src') + ' is missing: copy the whole folder.');
      document.head.append(script);
    },
    get viewer() { return nv; },
    drawnVoxels,
  };

  const grow = () => {
    if (!shown || !nv.drawBitmap) return;
    if (countDrawn() === 0) return note('Grow-cut needs a mask to grow from: draw some of the tumour first.');
    note('');
    // Everything farther than 10 mm from the box of the mask is outside: without it the whole scan would become tumour.
    const [, nx, ny, nz] = nv.volumes[0].dimsRAS;
    const [, sx, sy, sz] = nv.volumes[0].pixDimsRAS;
    const low = [nx, ny, nz];
    const high = [-1, -1, -1];
    const bitmap = nv.drawBitmap;
    for (let z = 0, i = 0; z < nz; z++) for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++, i++) {
      if (bitmap[i] !== 1) continue;
      [x, y, z].forEach((n, a) => { low[a] = Math.min(low[a], n); high[a] = Math.max(high[a], n); });
    }
    const pad = [sx, sy, sz].map((mm) => Math.ceil(10 / mm));
    const within = (n, a) => n >= low[a] - pad[a] && n <= high[a] + pad[a];
    for (let z = 0, i = 0; z < nz; z++) for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++, i++) {
      if (bitmap[i] === 0 && !(within(x, 0) && within(y, 1) && within(z, 2))) bitmap[i] = 2;
    }
    const clean = () => { for (let i = 0; i < nv.drawBitmap.length; i++) if (nv.drawBitmap[i] !== 1) nv.drawBitmap[i] = 0; };
    const add = nv.drawAddUndoBitmap;
    // Undo must return to the mask alone, without the marks for grow-cut.
    nv.drawAddUndoBitmap = (...more) => { clean(); add.apply(nv, more); };
    try {
      nv.drawGrowCut();
    } finally {
      delete nv.drawAddUndoBitmap;
      clean();
    }
    nv.refreshDrawing(true);
    describe();
  };

  const save = async () => {
    if (!shown || !nv.drawBitmap) return;
    const by = reviewer();
    if (!by) return note('Enter your name on the page first: it is written beside the mask.');
    if (countDrawn() === 0) return note('The mask is empty: nothing was saved. Exclude the patient instead.');
    try {
      requireSamePlaces(nv.volumes[0], shown.header);
      const voxels = drawnVoxels();
      if (voxels.every((value, i) => value === saved[i])) return note('The mask is as it was: nothing was saved.');
      if (review.served) {
        const answer = await fetch('mask?number=' + shown.number + '&by=' + encodeURIComponent(by) + '&from=' + wanted.maskSha256, {
          method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: voxels,
        });
        if (!answer.ok) throw new Error(await answer.text());
        keep(await answer.json());
        saved = voxels;
        sessionStorage.setItem('nacre-status', shown.patient + ' ' + shown.scan + ': edited mask saved; look at it and decide.');
        sessionStorage.setItem('nacre-by', by);
        location.hash = 'scan-' + shown.number;
        location.reload();
        return;
      }
      const file = await gzip(withLabel(voxels));
      const hash = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', file)), (b) => b.toString(16).padStart(2, '0')).join('');
      const before = review.rows.filter((row) => row.patient === shown.patient && row.scan === shown.scan && row.action === 'edit');
      const edit = Math.max(shown.edits, ...before.map((row) => row.edit)) + 1;
      const name = shown.maskName + '.edited-' + edit + '.nii.gz';
      download(file, name, 'application/gzip');
      const last = before[before.length - 1];
      keep({ patient: shown.patient, scan: shown.scan, action: 'edit', reason: '', by, at: new Date().toISOString(), imageSha256: wanted.imageSha256, maskSha256: last ? last.editSha256 : wanted.maskSha256, edit, editSha256: hash });
      saved = voxels;
      refresh(shown.number);
      note(name + ' downloaded: put it beside the old mask' + (shown.maskName.startsWith('mask-of-') ? ' under the name of that mask with .edited-' + edit + '.nii.gz in the place of its ending' : '') + ', and download the decisions too.');
    } catch (error) {
      note('Not saved: ' + (error && error.message));
    }
  };
  /** The whole mask file with the drawing in the place of its label. */
  const withLabel = (voxels) => {
    const bytes = shown.wholeBytes.slice();
    const { size, data } = readNifti(bytes);
    for (let i = 0; i < data.length; i++) if (data[i] === shown.label) data[i] = 0;
    const [part, offset] = [shown.header.size, shown.offset];
    for (let k = 0, from = 0; k < part[2]; k++) for (let j = 0; j < part[1]; j++) {
      const row = offset[0] + size[0] * (offset[1] + j + size[1] * (offset[2] + k));
      for (let i = 0; i < part[0]; i++, from++) if (voxels[from]) data[row + i] = shown.label;
    }
    bytes.set(new Uint8Array(data.buffer), 352);
    return bytes;
  };

  const close = () => {
    if (isChanged() && !confirm('Close without saving the edited mask?')) return false;
    dialog.close();
    return true;
  };
  at('close').addEventListener('click', close);
  dialog.addEventListener('cancel', (event) => { event.preventDefault(); close(); });
  dialog.addEventListener('close', () => { wanted = undefined; delete document.body.dataset.editing; });
  at('undo').addEventListener('click', () => { if (shown && nv.drawBitmap) { nv.drawUndo(); describe(); } });
  at('grow').addEventListener('click', grow);
  at('save').addEventListener('click', save);
  for (const radio of document.querySelectorAll('input[name=tool]')) radio.addEventListener('change', chooseTool);
  at('width').addEventListener('change', chooseTool);
  at('ring').addEventListener('change', showRing);
  at('opacity').addEventListener('input', () => nv && nv.setDrawOpacity(Number(at('opacity').value)));
  at('view').addEventListener('change', () => {
    const types = { multi: nv.sliceTypeMultiplanar, axial: nv.sliceTypeAxial, coronal: nv.sliceTypeCoronal, sagittal: nv.sliceTypeSagittal };
    nv.setSliceType(types[at('view').value]);
  });
  for (const id of ['low', 'high']) at(id).addEventListener('change', () => {
    const [black, white] = [Number(at('low').value), Number(at('high').value)];
    if (!nv || !nv.volumes[0] || !(white > black)) return;
    nv.volumes[0].cal_min = black;
    nv.volumes[0].cal_max = white;
    nv.updateGLVolume();
  });
  at('gl').addEventListener('keydown', (event) => {
    const moves = { ArrowLeft: [1, 0, 0], ArrowRight: [-1, 0, 0], ArrowUp: [0, 1, 0], ArrowDown: [0, -1, 0], PageUp: [0, 0, 1], PageDown: [0, 0, -1] };
    if (!shown || !nv.drawBitmap) return;
    if (moves[event.key]) {
      nv.moveCrosshairInVox(...moves[event.key]);
    } else if (event.key === ' ' && tool() !== 'move') {
      nv.drawPenAxCorSag = 0;
      nv.drawPt(...nv.frac2vox(nv.scene.crosshairPos), tool() === 'eraser' ? 0 : 1);
      nv.drawAddUndoBitmap();
      nv.refreshDrawing(true);
      describe();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  const savedStatus = sessionStorage.getItem('nacre-status');
  if (savedStatus) {
    status(savedStatus);
    if (!at('by').value) at('by').value = sessionStorage.getItem('nacre-by') || '';
    sessionStorage.removeItem('nacre-status');
    const card = location.hash && document.getElementById(location.hash.slice(1));
    if (card) card.focus();
  }
})();
`;
