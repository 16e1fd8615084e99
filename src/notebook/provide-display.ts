import { provideDisplay } from '../runtime/jupyter-display.ts';
import { resultBundle } from './mime-bundle.ts';

// Imported by the face of this room, so that volumes, tables and frames of all rooms show themselves in other kernels, too.
provideDisplay(async function () {
  return (await resultBundle(this)).data;
});
