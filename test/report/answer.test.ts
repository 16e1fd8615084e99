import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../../src/report/answer.ts';
import { methodsText, readRunConfig } from '../../src/report/methods.ts';
import { type OpenedRun, openRun } from '../../src/report/open-run.ts';
import { cohortTitle, noticesOfTerminal, noticesSaidOnce } from '../../src/report/said-once.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { parseStudyConfig, type StudyConfig } from '../../src/study/config.ts';
import type { EndpointResults } from '../../src/study/results.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

let run: OpenedRun;
let config: StudyConfig;
let page: string;
beforeAll(async () => {
  const folder = writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-answer-')));
  run = await openRun(folder);
  config = readRunConfig(folder);
  const { report } = await writeReport(folder, { pictures: false });
  page = readFileSync(report, 'utf8');
});

function changed(change: (endpoint: EndpointResults) => void): EndpointResults {
  const endpoint = structuredClone(run.results.endpoints[0]);
  change(endpoint);
  return endpoint;
}

const setAccuracy = (endpoint: EndpointResults, id: string, values: [number, number, number]) => {
  const [mean, low, high] = values;
  const set = endpoint.featureSets.find((one) => one.id === id);
  Object.assign(set!.summary.balancedAccuracy, { mean, low, high });
};

describe('the answer', () => {
  it('is about the best arm with images, notes that it is the best, and stands beside the best arm without', () => {
    const answer = answerOf(
      changed((endpoint) => {
        setAccuracy(endpoint, 'clinical', [0.7, 0.6, 0.8]);
        setAccuracy(endpoint, 'radiomics', [0.5, 0.4, 0.6]);
        setAccuracy(endpoint, 'radiomics+clinical', [0.66, 0.55, 0.77]);
        endpoint.comparisons = [
          {
            a: 'clinical',
            b: 'radiomics+clinical',
            metric: 'balancedAccuracy',
            ...{ difference: 0.04, low: -0.02, high: 0.1, t: 1, p: 0.3 },
          },
        ];
      }),
      config,
    );
    expect([answer.ours.id, answer.chosen, answer.withoutImages?.id]).toEqual([
      'radiomics+clinical',
      'best',
      'clinical',
    ]);
    // The run compares in the other direction.
    expect(answer.difference).toEqual({ difference: -0.04, low: -0.1, high: 0.02, p: 0.3 });
    expect(answer.sentence).toBe(
      'Radiomics + clinical reaches a balanced accuracy of 66.0% (95% interval 55.0% to 77.0%), above chance with its whole interval (50%); Clinical without images reaches 70.0%: these 156 patients show no difference (−4.0 points, 95% interval −10.0 to +2.0, p = 0.300). Published: 79.0% (A paper, ResNet34 + clinical), on other patients and other images.',
    );
  });

  it('is about the reference where the study names one, whatever its number', () => {
    const answer = answerOf(
      changed((endpoint) => {
        endpoint.table = { reference: 'radiomics', sets: ['radiomics', 'clinical'] };
        setAccuracy(endpoint, 'radiomics', [0.4, 0.3, 0.49]);
      }),
      config,
    );
    expect([answer.ours.id, answer.chosen]).toEqual(['radiomics', 'reference']);
    expect(answer.sentence).toContain('below chance with its whole interval');
  });

  it('does not invent images for a study without them', () => {
    const answer = answerOf(
      changed((endpoint) => {
        endpoint.featureSets = endpoint.featureSets.slice(0, 1);
      }),
      config,
    );
    expect([answer.ours.id, answer.chosen, answer.withoutImages]).toEqual([
      'clinical',
      'only',
      undefined,
    ]);
    expect(answer.sentence).not.toContain('without images');
  });
});

describe('the page', () => {
  /** Without the study file, whose comments are the user's own. */
  const text = () =>
    page
      .slice(page.indexOf('<body'), page.indexOf('<noscript>'))
      .replace(/<pre>[\s\S]*?<\/pre>/g, '');

  it('answers before all else, with a sentence per endpoint made from the numbers of the run', () => {
    const at = text().indexOf('id="answer"');
    for (const later of ['id="cohort"', '<table', '<figure', 'id="methods"']) {
      expect(text().indexOf(later)).toBeGreaterThan(at);
    }
    for (const endpoint of run.results.endpoints) {
      const answer = answerOf(endpoint, config);
      expect(text()).toContain(answer.sentence);
      expect(text()).toContain(`${(100 * answer.ours.summary.balancedAccuracy.mean).toFixed(1)}%`);
    }
  });

  it('says SYNTHETIC once', () => {
    expect(text().match(/SYNTHETIC/g)).toHaveLength(1);
  });

  it('does not repeat what the list of assumptions states', () => {
    const cohort = {
      ...run.results.cohort,
      title: 'SYNTHETIC phantom cohort: 24 patients',
      notices: [
        'a scan is missing and its features are imputed from training rows: 1 patient (SYN_007)',
        'SYNTHETIC: all 24 patients and their scans were made by code from seed 2, signal 1.',
        'T2: 1 of 24 patients lack the scan (SYN_007)',
        'clinical: 1 constant feature (clinical.histology=other), of no use to a model',
        'RANDOM weights (seed 0) in resnet10',
      ],
    };
    const kinds = ['scan-missing', 'column-constant'];
    const assumptions = kinds.map((kind) => ({ kind, level: 'note', records: 1, patients: 1 }));
    expect(noticesSaidOnce({ ...cohort, assumptions } as never)).toEqual([
      'RANDOM weights (seed 0) in resnet10',
    ]);
    // Without such a list nothing is lost.
    expect(noticesSaidOnce({ ...cohort, assumptions: [] })).toHaveLength(4);
    expect(noticesOfTerminal(cohort)).toEqual([0, 3, 4].map((i) => cohort.notices[i]));
    expect(cohortTitle(cohort)).toBe('Phantom cohort: 24 patients');
    expect(cohortTitle({ ...cohort, synthetic: false })).toBe(cohort.title);
  });

  it('leads from the contents to places that are there', () => {
    const nav = text().slice(text().indexOf('report-contents'), text().indexOf('</nav>'));
    const links = [...nav.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(8);
    for (const id of links) expect(text()).toContain(`id="${id}"`);
    expect(new Set(links).size).toBe(links.length);
  });

  it('gives each figure a name, its drawing the same, and a caption', () => {
    const places = [
      ...text().matchAll(
        /<figure aria-label="([^"<]{8,})"><div class="plot"[^>]*data-label="([^"]+)"[^>]*><\/div><figcaption>(.{20,}?)<\/figcaption>/gs,
      ),
    ];
    expect(places.length).toBeGreaterThan(6);
    expect(places).toHaveLength(text().match(/<div class="plot"/g)?.length ?? 0);
    for (const [, figure, drawing] of places) expect(drawing).toBe(figure);
  });
});

describe('methods', () => {
  const mrmr = (method: string) =>
    methodsText(
      run.results,
      parseStudyConfig(
        `id: x\ntitle: x\ncohort: x\nendpoints: [pcr]\nfeatureSets: [{ id: a, blocks: [a] }]\nseed: 1\npipeline: { mrmr: { method: ${method} } }\n`,
        'x.yaml',
      ),
    );

  it.each([
    ['mid', 'Peng et al. 2005', 'TPAMI.2005.159'],
    ['miq', 'Ding and Peng 2005', 'S0219720005001004'],
    ['fcd', 'Ding and Peng 2005', 'S0219720005001004'],
    ['fcq', 'Ding and Peng 2005', 'S0219720005001004'],
  ])('cite the right source of %s: %s', (method, short, doi) => {
    const { paragraphs, references } = mrmr(method);
    const said = paragraphs.find((paragraph) => paragraph.includes('redundancy')) ?? '';
    expect(said).toContain(`(${method.toUpperCase()}) (${short})`);
    expect(references.filter((entry) => entry.includes(doi))).toHaveLength(1);
  });

  it('list what is cited and nothing else', () => {
    const { paragraphs, references } = mrmr('miq');
    const whole = paragraphs.join(' ');
    for (const entry of references) {
      const author = entry.split(' ')[0];
      const year = entry.match(/\b(19|20)\d\d\b/)?.[0];
      expect(whole, entry).toMatch(new RegExp(`${author}[^;)]*${year}`));
    }
    expect(whole).not.toMatch(/undefined|NaN/);
  });
});
