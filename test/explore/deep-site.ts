import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../src/cli/program.ts';
import { writeRandomNetwork } from '../../src/deep/models/random-network.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { writeSite } from '../../src/notebook/site/write-site.ts';
import { syntheticScan } from '../../src/notebook/synthetic-scan.ts';
import { installedPackage } from '../../src/runtime/installed-package.ts';
import { whyNoPage } from '../browser/chromium-page.ts';
import { bundledScripts } from './bundled-scripts.ts';
import { deepOf, rowOf } from './deep-rows.ts';
import { type SmallRun, smallDeepRun } from './small-run.ts';

/** Why networks are not run in a page here; undefined where they are. */
export const whyNoDeepPage =
  whyNoPage ??
  (installedPackage('onnxruntime-web') === undefined
    ? 'onnxruntime-web is not installed'
    : undefined);
if (whyNoDeepPage !== undefined)
  process.stdout.write(`deep features in a page: not run, ${whyNoDeepPage}\n`);

export interface DeepSite {
  small: SmallRun;
  /** The network of the page, as a checkpoint. */
  network: string;
  /** Of the command line. */
  encoded(image: string, mask: string, ...words: string[]): Promise<number[]>;
}

/** In a folder: a site whose page runs a network, and scan and mask of one's own. */
export async function deepSite(place: string): Promise<DeepSite> {
  const at = (name: string) => join(place, name);
  const network = at('weights.pth');
  const small = await smallDeepRun(place);
  writeRandomNetwork(network, 'resnet10', { seed: 0 });
  const { volume, tumour } = syntheticScan('mri');
  writeFileSync(at('scan.nii.gz'), niftiBytes(volume));
  writeFileSync(at('mask.nii.gz'), niftiBytes(tumour));
  const { config, cohort } = small;
  await writeSite(at('site'), small.folder, {
    scans: { cohort, extraction: config.extraction },
    explore: { config, scripts: await bundledScripts(), deep: { networks: [network] } },
    patients: 2,
  });
  return {
    small,
    network,
    async encoded(image, mask, ...words) {
      const out = at('encoded.csv');
      const given = ['encode', image, mask, '--model', network, '--out', out, ...words];
      const code = await runCli(['node', 'nacre', ...given]);
      if (code !== 0) throw new Error(`nacre encode ended with ${code}`);
      return deepOf(rowOf(out));
    },
  };
}
