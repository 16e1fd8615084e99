import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Volume } from '../../src/imaging/volume.ts';
import { answerBox } from '../../src/report/answer-box.ts';
import { assumptionList } from '../../src/report/assumption-list.ts';
import { drawScript } from '../../src/report/draw-script.ts';
import { plotlyFigure } from '../../src/report/figure-layout.ts';
import { greyPng } from '../../src/report/grey-png.ts';
import { escapeHtml, html } from '../../src/report/html.ts';
import { leftOutByReason } from '../../src/report/left-out.ts';
import { methodsText, readRunConfig } from '../../src/report/methods.ts';
import { type OpenedRun, openRun } from '../../src/report/open-run.ts';
import { pValueText } from '../../src/report/p-value.ts';
import { paperRows, publishedColumns } from '../../src/report/paper-table.ts';
import { centreOf, greyPixels, percentiles } from '../../src/report/plane-grey.ts';
import { planesThrough } from '../../src/report/plane-slice.ts';
import {
  cohortSection,
  endpointBody,
  provenanceSection,
} from '../../src/report/report-sections.ts';
import { selectionTables } from '../../src/report/selection-tables.ts';
import { traceDialog, traceScript, tracesOf } from '../../src/report/trace-click.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

let folder: string;
let run: OpenedRun;
beforeAll(async () => {
  folder = writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-report-')));
  run = await openRun(folder);
});

describe('text', () => {
  it('from data is escaped, and markup of our own is not', () => {
    expect(escapeHtml(`<a href="x">'&`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;');
    expect(html`<p>${'<b>'}${html`<i>${1}</i>`}${[html`x`, html`y`]}</p>`.text).toBe(
      '<p>&lt;b&gt;<i>1</i>xy</p>',
    );
  });

  it('of a p-value has three digits, a bound below them, a dash where there is none', () => {
    expect([0.0421, 0.0001, null, undefined].map(pValueText)).toEqual([
      '0.042',
      '< 0.001',
      '–',
      '–',
    ]);
  });
});

describe('sections', () => {
  it('the cohort names who was left out and why, by reason', () => {
    const { cohort } = run.results;
    expect(leftOutByReason([...cohort.excluded, { patient: 'S9', reason: 'x' }])).toEqual([
      { reason: 'no pathology <report>', patients: ['S003'] },
      { reason: 'x', patients: ['S9'] },
    ]);
    const box = answerBox(run.results, readRunConfig(folder)).text;
    expect(box).toContain('Patients left out: 1');
    expect(box).toContain('no pathology &lt;report&gt;');
    expect(cohortSection(run.results).text).not.toContain('no pathology');
  });

  it('assumptions are counted by kind; without any there is no list', () => {
    expect(assumptionList([]).text).toBe('');
    const one = { kind: 'scan-missing', found: 'no CT', taken: 'the others', why: 'it is allowed' };
    const list = assumptionList([
      { ...one, patient: 'P1' },
      { ...one, patient: 'P2' },
    ]).text;
    expect(list).toContain('Assumptions: 2');
    expect(list).toMatch(/scan missing, 2 records, 2 patients/);
  });

  it('an endpoint shows every feature set and a place for each figure', () => {
    const [endpoint] = run.results.endpoints;
    const figure = plotlyFigure({
      name: 'pcr-balanced-accuracy',
      caption: 'c',
      data: [],
      layout: { width: 10, height: 20 },
    });
    const body = endpointBody(endpoint, [figure]).body.text;
    for (const { title } of endpoint.featureSets) expect(body).toContain(escapeHtml(title));
    expect(body).toContain('data-figure="pcr-balanced-accuracy"');
    expect(body).toContain('width:10px;height:20px');
  });

  it('provenance shows the hash of the configuration, and the methods its numbers', () => {
    expect(provenanceSection(run.provenance, run.results).text).toContain('0'.repeat(12));
    const text = methodsText(run.results, readRunConfig(folder)).paragraphs.join('\n');
    expect(text).toContain('160 patients');
    expect(text).toContain('made by code');
  });

  it('the paper table has the rows that the study asks for, in their order', () => {
    const [endpoint] = run.results.endpoints;
    expect(paperRows({ ...endpoint, table: undefined } as typeof endpoint)).toEqual([]);
    const table = { sets: ['radiomics', 'clinical'] } as NonNullable<typeof endpoint.table>;
    expect(paperRows({ ...endpoint, table }).map(({ set }) => set.id)).toEqual(table.sets);
    expect(publishedColumns(endpoint).every(({ set }) => set === undefined)).toBe(true);
  });

  it('selection tables stand only where features are grouped', () => {
    const [endpoint] = run.results.endpoints;
    const ungrouped = endpoint.featureSets.map((set) => ({ ...set, groups: undefined }));
    expect(selectionTables({ ...endpoint, featureSets: ungrouped } as typeof endpoint).text).toBe(
      '',
    );
  });
});

describe('scripts of the page', () => {
  it('are JavaScript that parses', () => {
    for (const script of [drawScript, traceScript])
      expect(() => new Function(script)).not.toThrow();
  });

  it('a click finds seed, configuration and inputs', () => {
    expect(tracesOf({ ...run, partitions: { endpoints: [] } } as never)).toMatchObject({
      seed: 7,
      inputs: 1,
    });
    expect(traceDialog().text).toContain('<dialog');
  });
});

describe('planes of a volume', () => {
  const volume: Volume = {
    size: [3, 2, 2],
    spacing: [1, 1, 2],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    data: Float64Array.from({ length: 12 }, (_, i) => i),
  };
  const slices = planesThrough(volume, centreOf(volume));

  it('axial, coronal and sagittal, front and head on top', () => {
    expect(slices.map(({ name, width, height }) => [name, width, height])).toEqual([
      ['axial', 3, 2],
      ['coronal', 3, 2],
      ['sagittal', 2, 2],
    ]);
    // The upper left pixel of the coronal plane is the patient's right, at the head.
    expect(slices[1].voxelAt(0, 0)).toBe(3 + 6);
  });

  it('grey values span the window', () => {
    const [low, high] = percentiles(volume, slices);
    expect(low).toBeLessThan(high);
    const pixels = greyPixels(volume, slices[0], [6, 11]);
    expect([Math.min(...pixels), Math.max(...pixels)]).toEqual([0, 255]);
  });

  it('are PNG files of their size', () => {
    const png = Buffer.from(greyPng(Uint8Array.from([0, 128, 255, 7, 8, 9]), 3, 2));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3, 2]);
    const data = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
    expect([...rows]).toEqual([0, 0, 128, 255, 0, 7, 8, 9]);
  });
});
