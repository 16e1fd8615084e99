import type { Cohort } from '../../cohort/cohort.ts';
import { type DeepOfRunOptions, deepOfRun } from '../../explore/deep-of-run.ts';
import { deepFolder } from '../../explore/deep-protocol.ts';
import { exploreOfRun } from '../../explore/explore-of-run.ts';
import type { ExplorePage } from '../../explore/explore-page.ts';
import { type PageScripts, pageScripts } from '../../explore/page-scripts.ts';
import type { StudyConfig } from '../../study/config.ts';
import type { Run } from '../../study/run-folder.ts';
import { formulaMarkup } from './markdown.ts';

/** The page that computes, as a site asks for it. */
export interface SiteExplore {
  /** Configuration of the run. */
  config: StudyConfig;
  /** Programs of the page. Default: those of the build. */
  scripts?: PageScripts | undefined;
  /** Networks that the page runs; their files go into the folder `deep`. Default: none. */
  deep?: (DeepOfRunOptions & { networks: readonly string[] }) | undefined;
}

export const exploreLink = { file: 'explore.html', title: 'Explore' };

/**
 * What explore.html holds; without a page, and with a message, where its programs were not built.
 *
 * @param cohort scans and endpoints; undefined: nothing of single patients
 */
export async function exploreOfSite(
  run: Run,
  { config, scripts = pageScripts(), deep: wanted }: SiteExplore,
  { cohort, patients }: { cohort: Cohort | undefined; patients: number },
): Promise<{
  page?: Omit<ExplorePage, 'links'>;
  /** Beside the page. */
  files?: ReadonlyMap<string, string | Uint8Array>;
  messages: string[];
}> {
  if (scripts === undefined) {
    return { messages: ['no explore.html: its programs are not built (npm run build)'] };
  }
  const { data, parts, messages } = await exploreOfRun({
    run,
    config,
    cohort,
    patients,
    formula: formulaMarkup,
  });
  if (wanted === undefined) return { page: { data, parts, scripts }, messages };
  const { folder } = run;
  const { deepWorker } = scripts;
  const deep = await deepOfRun({ folder, config }, wanted.networks, deepWorker, wanted);
  const names = deep.data.networks.map(({ block }) => block).join(', ');
  const contents = [
    ...data.contents,
    `Not in this file but in the folder ${deepFolder}/ beside it: ${names}, and onnxruntime-web (MIT, Copyright (c) Microsoft Corporation). They are loaded when deep features are asked for: over http by the page, from disk once you choose the folder.`,
  ];
  const page = { data: { ...data, contents, deep: deep.data }, parts, scripts };
  return { page, files: deep.files, messages };
}
