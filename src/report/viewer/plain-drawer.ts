/**
 * Draws a scan in three planes on a 2D canvas, for browsers without WebGL 2: the same data, window, outlines and crosshair as
 * NiiVue, no 3D. For the viewer's script: plain JavaScript that defines `plainDrawer`.
 *
 * Indices of slices count along the axis of the grid that is nearest to the patient's right, front and head. The patient's right
 * and front are on the left of the picture, the head on top.
 */
export const plainDrawer = `
  const plainDrawer = (canvas, { colours, moved }) => {
    const pen = canvas.getContext('2d');
    const planes = {
      axial: { across: 0, up: 1, through: 2, letters: 'RLAP' },
      coronal: { across: 0, up: 2, through: 1, letters: 'RLSI' },
      sagittal: { across: 1, up: 2, through: 0, letters: 'APSI' },
    };
    let scan;
    let at = [0, 0, 0];
    let grey = [0, 1];
    let view = 'multi';
    let regions = { intra: true, peri: true, fill: 0.45 };
    let tiles = [];

    /** Which axis of the file runs along which of the patient's, and the steps in the voxel array. */
    const gridOf = ({ size, affine }) => {
      const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
      const length = [0, 1, 2].map((c) => Math.hypot(affine[0][c], affine[1][c], affine[2][c]));
      const fit = (order) => order.reduce((sum, c, r) => sum + Math.abs(affine[r][c]) / length[c], 0);
      const order = orders.reduce((best, one) => (fit(one) > fit(best) ? one : best));
      const strides = [1, size[0], size[0] * size[1]];
      const falls = order.map((c, r) => affine[r][c] < 0);
      return {
        order,
        falls,
        counts: order.map((c) => size[c]),
        spacing: order.map((c) => length[c]),
        start: order.reduce((sum, c, r) => sum + (falls[r] ? (size[c] - 1) * strides[c] : 0), 0),
        steps: order.map((c, r) => (falls[r] ? -strides[c] : strides[c])),
      };
    };
    const indexOf = (place) => place.reduce((sum, n, r) => sum + n * scan.grid.steps[r], scan.grid.start);
    const lpsOf = (place) => {
      const { order, falls, counts } = scan.grid;
      const ijk = [0, 0, 0];
      order.forEach((c, r) => { ijk[c] = falls[r] ? counts[r] - 1 - place[r] : place[r]; });
      const [x, y, z] = scan.image.affine.map((row) => row[0] * ijk[0] + row[1] * ijk[1] + row[2] * ijk[2] + row[3]);
      return [-x, -y, z];
    };
    const clamp = (place) => place.map((n, r) => Math.max(0, Math.min(scan.grid.counts[r] - 1, n)));
    const placeOf = ([x, y, z]) => {
      const { affine } = scan.image;
      const { order, falls, counts } = scan.grid;
      const from = [-x, -y, z].map((mm, r) => mm - affine[r][3]);
      return clamp(order.map((c, r) => {
        const column = affine.map((row) => row[c]);
        const n = column.reduce((sum, v, i) => sum + v * from[i], 0) / column.reduce((sum, v) => sum + v * v, 0);
        return Math.round((falls[r] ? counts[r] - 1 - n : n) + 1e-4);
      }));
    };

    /** Where each plane stands on the canvas: side by side or in a square, whichever is larger. */
    const layOut = (width, height) => {
      const { counts, spacing } = scan.grid;
      const [x, y, z] = counts.map((n, r) => n * spacing[r]);
      const gap = 4;
      const place = (name, left, top, scale) => {
        const { across, up } = planes[name];
        return { name, left, top, width: [x, y, z][across] * scale, height: [x, y, z][up] * scale };
      };
      if (view !== 'multi') {
        const { across, up } = planes[view];
        const scale = Math.min(width / [x, y, z][across], height / [x, y, z][up]);
        const tile = place(view, 0, 0, scale);
        return [{ ...tile, left: (width - tile.width) / 2, top: (height - tile.height) / 2 }];
      }
      const row = Math.min((width - 2 * gap) / (2 * x + y), height / Math.max(y, z));
      const square = Math.min((width - gap) / (x + y), (height - gap) / (y + z));
      const list = row > square
        ? [place('axial', 0, 0, row), place('coronal', x * row + gap, 0, row), place('sagittal', 2 * (x * row + gap), 0, row)]
        : [place('coronal', 0, 0, square), place('sagittal', x * square + gap, 0, square), place('axial', 0, z * square + gap, square)];
      const right = Math.max(...list.map((tile) => tile.left + tile.width));
      const bottom = Math.max(...list.map((tile) => tile.top + tile.height));
      return list.map((tile) => ({ ...tile, left: tile.left + (width - right) / 2, top: tile.top + (height - bottom) / 2 }));
    };

    /** A slice as pixels: grey values by the window, or a region in its colour. */
    const sliceOf = ({ across, up, through }, paint) => {
      const { counts, steps } = scan.grid;
      const picture = new OffscreenCanvas(counts[across], counts[up]);
      const content = picture.getContext('2d');
      const pixels = content.createImageData(picture.width, picture.height);
      const place = [0, 0, 0];
      place[through] = at[through];
      place[across] = counts[across] - 1;
      for (let v = 0, to = 0; v < picture.height; v++) {
        place[up] = counts[up] - 1 - v;
        let from = indexOf(place);
        for (let u = 0; u < picture.width; u++, from -= steps[across], to += 4) paint(from, pixels.data, to);
      }
      content.putImageData(pixels, 0, 0);
      return picture;
    };
    /** The edges of a region in a slice, as lines between voxels. */
    const outlineOf = ({ across, up, through }, mask, tile) => {
      const { counts } = scan.grid;
      const [w, h] = [tile.width / counts[across], tile.height / counts[up]];
      const inside = (u, v) => {
        if (u < 0 || v < 0 || u >= counts[across] || v >= counts[up]) return false;
        const place = [0, 0, 0];
        place[through] = at[through];
        place[across] = counts[across] - 1 - u;
        place[up] = counts[up] - 1 - v;
        return mask.data[indexOf(place)] > 0;
      };
      const path = new Path2D();
      const line = (u1, v1, u2, v2) => {
        path.moveTo(tile.left + u1 * w, tile.top + v1 * h);
        path.lineTo(tile.left + u2 * w, tile.top + v2 * h);
      };
      for (let v = 0; v <= counts[up]; v++) {
        for (let u = 0; u <= counts[across]; u++) {
          const here = inside(u, v);
          if (here !== inside(u - 1, v)) line(u, v, u, v + 1);
          if (here !== inside(u, v - 1)) line(u, v, u + 1, v);
        }
      }
      return path;
    };

    const drawTile = (tile, ratio) => {
      const plane = planes[tile.name];
      const { counts } = scan.grid;
      const [black, white] = grey;
      const factor = 255 / (white - black);
      const { data } = scan.image;
      const picture = sliceOf(plane, (from, pixels, to) => {
        pixels[to] = pixels[to + 1] = pixels[to + 2] = (data[from] - black) * factor;
        pixels[to + 3] = 255;
      });
      pen.imageSmoothingEnabled = true;
      pen.drawImage(picture, tile.left, tile.top, tile.width, tile.height);
      for (const name of ['peri', 'intra']) {
        const mask = scan[name];
        if (!mask || !regions[name]) continue;
        const [r, g, b] = colours[name];
        const filled = sliceOf(plane, (from, pixels, to) => {
          if (mask.data[from] > 0) pixels.set([r, g, b, 255 * regions.fill], to);
        });
        pen.imageSmoothingEnabled = false;
        pen.drawImage(filled, tile.left, tile.top, tile.width, tile.height);
        pen.strokeStyle = 'rgb(' + colours[name] + ')';
        pen.lineWidth = 1.6 * ratio;
        pen.stroke(outlineOf(plane, mask, tile));
      }
      const x = tile.left + (counts[plane.across] - 0.5 - at[plane.across]) * tile.width / counts[plane.across];
      const y = tile.top + (counts[plane.up] - 0.5 - at[plane.up]) * tile.height / counts[plane.up];
      const gap = 9 * ratio;
      pen.strokeStyle = 'rgba(255, 255, 255, 0.7)';
      pen.lineWidth = ratio;
      pen.beginPath();
      for (const [x1, y1, x2, y2] of [
        [tile.left, y, x - gap, y], [x + gap, y, tile.left + tile.width, y], [x, tile.top, x, y - gap], [x, y + gap, x, tile.top + tile.height],
      ]) {
        pen.moveTo(x1, y1);
        pen.lineTo(x2, y2);
      }
      pen.stroke();
      const middle = [tile.left + tile.width / 2, tile.top + tile.height / 2];
      const edge = 3 * ratio;
      pen.font = 13 * ratio + 'px sans-serif';
      pen.fillStyle = '#ffd94d';
      const write = (text, left, top, align, base) => {
        pen.textAlign = align;
        pen.textBaseline = base;
        pen.fillText(text, left, top);
      };
      const [left, right, top, bottom] = plane.letters;
      write(left, tile.left + edge, middle[1], 'left', 'middle');
      write(right, tile.left + tile.width - edge, middle[1], 'right', 'middle');
      write(top, middle[0], tile.top + edge, 'center', 'top');
      write(bottom, middle[0], tile.top + tile.height - edge, 'center', 'bottom');
      write(tile.name, tile.left + edge, tile.top + edge, 'left', 'top');
    };
    const draw = () => {
      if (!scan) return;
      const ratio = globalThis.devicePixelRatio || 1;
      canvas.width = Math.round(canvas.clientWidth * ratio);
      canvas.height = Math.round(canvas.clientHeight * ratio);
      pen.fillStyle = '#000';
      pen.fillRect(0, 0, canvas.width, canvas.height);
      tiles = layOut(canvas.width, canvas.height);
      for (const tile of tiles) drawTile(tile, ratio);
    };
    const move = (place) => {
      at = clamp(place);
      draw();
      const index = indexOf(at);
      moved({
        lps: lpsOf(at),
        value: scan.image.data[index],
        inside: ['intra', 'peri'].filter((name) => scan[name] && scan[name].data[index] > 0),
      });
    };
    /** The plane under the pointer, and the place in it. */
    const under = (event) => {
      const ratio = canvas.width / canvas.clientWidth;
      const [x, y] = [event.offsetX * ratio, event.offsetY * ratio];
      const tile = tiles.find((one) => x >= one.left && y >= one.top && x < one.left + one.width && y < one.top + one.height);
      if (!tile) return undefined;
      const { across, up, through } = planes[tile.name];
      const { counts } = scan.grid;
      const place = [...at];
      place[across] = counts[across] - 1 - Math.floor((x - tile.left) / tile.width * counts[across]);
      place[up] = counts[up] - 1 - Math.floor((y - tile.top) / tile.height * counts[up]);
      return { place, through };
    };
    const point = (event) => {
      const found = under(event);
      if (found) move(found.place);
    };
    // A finger scrolls the page and taps the picture; a mouse may also drag.
    canvas.style.touchAction = 'manipulation';
    canvas.addEventListener('click', point);
    canvas.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'mouse' && event.buttons === 1) point(event);
    });
    canvas.addEventListener('wheel', (event) => {
      const found = under(event);
      if (!found) return;
      event.preventDefault();
      const place = [...at];
      place[found.through] += event.deltaY < 0 ? 1 : -1;
      move(place);
    }, { passive: false });
    new ResizeObserver(draw).observe(canvas);

    return {
      views: ['multi', 'axial', 'coronal', 'sagittal'],
      load: async (data, current) => {
        const read = async (base64) => (base64 ? readNifti(await unpacked(base64)) : undefined);
        const [image, intra, peri] = [await read(data.image), await read(data.intra), await read(data.peri)];
        if (!current()) return false;
        scan = { image, intra, peri, grid: gridOf(image) };
        grey = data.window;
        return true;
      },
      counts: () => scan.grid.counts,
      slice: (axis) => at[axis],
      setSlice: (axis, n) => move(at.map((old, r) => (r === axis ? n : old))),
      goTo: (lps) => move(placeOf(lps)),
      setRegions: (choice) => { regions = choice; draw(); },
      setWindow: (black, white) => { grey = [black, white]; draw(); },
      setView: (name) => { view = name; draw(); },
      setCut: () => undefined,
      turn: () => undefined,
    };
  };
`;
