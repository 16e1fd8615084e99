/**
 * Draws a scan in three planes and in 3D with NiiVue (WebGL 2). For the viewer's script: plain JavaScript that defines
 * `niivueDrawer`, with the functions that `plainDrawer` has.
 *
 * NiiVue keeps all regions in one texture, for planes and 3D alike. In 3D the ring must let the tumour through, in the planes it
 * must be seen: the textures hold the transparencies of 3D, and the planes are coloured by a shader of their own, which takes the
 * region from its transparency and draws its outline.
 */
export const niivueDrawer = `
  const niivueDrawer = async (canvas, { colours, moved, windowed }) => {
    const { Niivue, NVImage } = globalThis.niivue;
    const density = { image: 0.5, intra: 0.9, peri: 0.04 };
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
      isClipAllVolumes: true,
      clipPlaneColor: [0, 0, 0, 0],
      clipPlaneHotKey: '',
      viewModeHotKey: '',
    });
    for (const [name, [r, g, b]] of Object.entries(colours)) {
      nv.addColormap('nacre-' + name, { R: [0, r], G: [0, g], B: [0, b], A: [0, 255], I: [0, 255] });
    }
    const glsl = ([r, g, b]) => 'vec3(' + [r, g, b].map((n) => (n / 255).toFixed(4)).join(', ') + ')';
    const sliceShader = \`#version 300 es
precision highp int;
precision highp float;
uniform highp sampler3D volume, overlay;
uniform float overlays;
uniform float overlayAlphaShader;
in vec3 texPos;
out vec4 color;
int regionAt(vec3 place) {
  ivec3 size = textureSize(overlay, 0);
  float density = texelFetch(overlay, clamp(ivec3(floor(place * vec3(size))), ivec3(0), size - 1), 0).a;
  return density > 0.4 ? 2 : density > 0.01 ? 1 : 0;
}
void main() {
  color = vec4(texture(volume, texPos).rgb, 1.0);
  if (overlays < 0.5) return;
  int here = regionAt(texPos);
  if (here == 0) return;
  vec3 right = 1.4 * dFdx(texPos);
  vec3 up = 1.4 * dFdy(texPos);
  bool edge = regionAt(texPos + right) != here || regionAt(texPos - right) != here || regionAt(texPos + up) != here || regionAt(texPos - up) != here;
  vec3 paint = here == 2 ? \${glsl(colours.intra)} : \${glsl(colours.peri)};
  color.rgb = mix(color.rgb, paint, edge ? 1.0 : overlayAlphaShader);
}\`;

    let layers = {};
    let cut = false;
    nv.onLocationChange = ({ mm: [x, y, z], values }) => {
      if (!layers.image) return;
      const inside = ['intra', 'peri'].filter((name) => {
        const i = nv.volumes.indexOf(layers[name]);
        return i > 0 && values[i] && values[i].value > 0.5;
      });
      // NiiVue counts in RAS.
      moved({ lps: [-x, -y, z], value: values && values[0] ? values[0].value : NaN, inside });
    };
    nv.onIntensityChange = (image) => windowed(image.cal_min, image.cal_max);
    await nv.attachToCanvas(canvas);
    nv.setCustomSliceShader(sliceShader);
    globalThis.nacreViewer = nv;

    const go = (place) => {
      nv.scene.crosshairPos = place;
      if (cut) setCut(true);
      nv.createOnLocationChange();
      nv.drawScene();
    };
    const counts = () => nv.volumes[0].dimsRAS.slice(1, 4);
    /** Cuts the 3D picture open at the crosshair, on the side of who looks at it; a depth above 1.8 cuts nothing. */
    const setCut = (on) => {
      cut = on;
      if (!on) return nv.setClipPlane([2, 0, 0]);
      const { renderAzimuth, renderElevation } = nv.scene;
      nv.setClipPlane([0, renderAzimuth, renderElevation]);
      const [normal, place] = [nv.scene.clipPlanes[0], nv.scene.crosshairPos];
      const depth = -[0, 1, 2].reduce((sum, a) => sum + normal[a] * (place[a] - 0.5), 0);
      nv.setClipPlane([depth, renderAzimuth, renderElevation]);
    };

    return {
      views: ['multi', 'axial', 'coronal', 'sagittal', 'render'],
      load: async (data, current) => {
        const load = (base64, name, more) => NVImage.loadFromBase64({ base64, name: name + '.nii.gz', ...more });
        const [black, white] = data.window;
        const image = await load(data.image, 'image', { colormap: 'gray', cal_min: black, cal_max: white, trustCalMinMax: false, opacity: density.image });
        const region = (name) => load(data[name], name, { colormap: 'nacre-' + name, cal_min: 0, cal_max: 1, opacity: density[name] });
        const intra = await region('intra');
        const peri = data.peri ? await region('peri') : undefined;
        if (!current()) return false;
        layers = {};
        while (nv.volumes.length > 0) nv.removeVolume(nv.volumes[nv.volumes.length - 1]);
        nv.addVolume(image);
        image.cal_min = black;
        image.cal_max = white;
        nv.addVolume(intra);
        if (peri) nv.addVolume(peri);
        layers = { image, intra, peri };
        return true;
      },
      counts,
      slice: (axis) => Math.max(0, Math.min(counts()[axis] - 1, Math.floor(nv.scene.crosshairPos[axis] * counts()[axis]))),
      setSlice: (axis, n) => {
        const place = [...nv.scene.crosshairPos];
        const count = counts()[axis];
        place[axis] = (Math.max(0, Math.min(count - 1, n)) + 0.5) / count;
        go(place);
      },
      goTo: ([x, y, z]) => {
        const place = nv.mm2frac([-x, -y, z], 0, true);
        // To the middle of a voxel; a place on the edge of two belongs to the upper one, in spite of float32.
        go(counts().map((count, a) => (Math.max(0, Math.min(count - 1, Math.floor(place[a] * count + 1e-4))) + 0.5) / count));
      },
      setRegions: (choice) => {
        nv.overlayAlphaShader = choice.fill;
        for (const name of ['intra', 'peri']) {
          const i = nv.volumes.indexOf(layers[name]);
          if (i > 0) nv.setOpacity(i, choice[name] ? density[name] : 0);
        }
        nv.updateGLVolume();
      },
      setWindow: (black, white) => {
        const image = nv.volumes[0];
        image.cal_min = black;
        image.cal_max = white;
        nv.updateGLVolume();
      },
      setView: (name) => {
        const types = { multi: nv.sliceTypeMultiplanar, axial: nv.sliceTypeAxial, coronal: nv.sliceTypeCoronal, sagittal: nv.sliceTypeSagittal, render: nv.sliceTypeRender };
        nv.setSliceType(types[name]);
      },
      setCut,
      turn: (azimuth, elevation) => {
        nv.setRenderAzimuthElevation(nv.scene.renderAzimuth + azimuth, nv.scene.renderElevation + elevation);
        if (cut) setCut(true);
      },
    };
  };
`;
