import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkText } from '../../src/cli/actions/cohort.ts';
import { checkCohort } from '../../src/cohort/check.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { separationBy } from '../../src/cohort/separation.ts';
import { suspicion } from '../../src/cohort/suspect-columns.ts';
import { writeColumns } from '../../src/machine/parquet.ts';
import fc from '../property-runs.ts';
import { writeMadeCohort } from './made-cohort.ts';
import { faultOf, type Loose, writeSmallCohort } from './small-cohort.ts';

/** Both classes, five patients or more in each. */
const outcomes = fc
  .array(fc.constantFrom(0, 1), { minLength: 12, maxLength: 40 })
  .filter((labels) => {
    const ones = labels.filter((label) => label === 1).length;
    return ones >= 5 && labels.length - ones >= 5;
  });
/** Values that know nothing of the outcome: two periods that no class has. */
const noise = (labels: readonly number[]) => labels.map((_, i) => Math.sin(i * 2.4) + 0.001 * i);
const runs = { numRuns: 40 };

describe('a feature that the manifest knows as the outcome (property)', () => {
  const bare = fc.constantFrom('PCR status', 'pcr', 'response', 'responder');
  const dress = fc.constantFrom<(name: string) => string>(
    (name) => name.toUpperCase(),
    (name) => ` ${name} `,
    (name) => name.replace(' ', '_'),
    (name) => name.replace(' ', '\u00a0'),
    (name) => `clinical.${name}`,
    (name) => `ceT1.intra.${name}`,
    (name) => `radiomics_${name}`,
    (name) => `Clinical ${name}`,
    (name) => `${name}_x`,
    (name) => `${name}.1`,
    (name) => `${name[0]}\u200b${name.slice(1)}`,
    (name) => name,
  );

  it('is refused by title and name, whatever its case, blanks, prefix or suffix', async () => {
    await fc.assert(
      fc.asyncProperty(outcomes, bare, dress, async (outcome, name, dressed) => {
        const title = dressed(name);
        const path = writeMadeCohort({
          outcome,
          features: { [title]: outcome, a: noise(outcome) },
        });
        const fault = await faultOf(loadCohort(path));
        expect(fault.code, fault.message).toBe('leaking-predictor');
        expect(fault.message).toContain('add it to ignore');
        expect((await faultOf(checkCohort(path))).code).toBe('leaking-predictor');
        const ignoring = writeMadeCohort({
          outcome,
          features: { [title]: outcome, a: noise(outcome) },
          block: { ignore: [title.trim()] },
        });
        const { blocks } = await loadCohort(ignoring);
        expect(blocks.radiomics.columns.map((column) => column.name)).toEqual(['radiomics.a']);
      }),
      runs,
    );
  });

  it('is refused as one-hot columns of its codes too, and other names are not', async () => {
    const outcome = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
    const features = (title: string) => ({ [title]: noise(outcome), a: noise(outcome) });
    for (const title of ['pcr=yes', 'pcr_1', 'PCR status_no']) {
      const fault = await faultOf(
        loadCohort(writeMadeCohort({ outcome, features: features(title) })),
      );
      expect(fault.code, title).toBe('leaking-predictor');
    }
    for (const title of ['pcr_texture', 'responsiveness', 'original_glcm_Id', 'age']) {
      const { blocks } = await loadCohort(writeMadeCohort({ outcome, features: features(title) }));
      expect(blocks.radiomics.columns, title).toHaveLength(2);
    }
  });
});

describe('a feature that separates an endpoint (property)', () => {
  const copies = fc.constantFrom<(label: number, i: number) => number | undefined>(
    (label) => label,
    (label) => 1 - label,
    (label, i) => 100 * label + (i % 7),
    (label, i) => -50 * label + Math.sin(i),
    // Missing in one class alone.
    (label, i) => (label === 1 ? undefined : (i * 5) % 3),
  );

  it('takes no part, and is the first warning; by name in keep it takes part', async () => {
    await fc.assert(
      fc.asyncProperty(outcomes, copies, fc.boolean(), async (outcome, copy, named) => {
        const features = { grade: outcome.map(copy), a: noise(outcome) };
        const block = named ? { keep: ['grade'] } : {};
        const path = writeMadeCohort({ outcome, features, block });
        const { blocks, assumptions = [] } = await loadCohort(path);
        const names = blocks.radiomics.columns.map(({ name }) => name);
        expect(names).toEqual(named ? ['radiomics.grade', 'radiomics.a'] : ['radiomics.a']);
        const [warning] = assumptions.filter(({ kind }) => kind === 'separates-outcome');
        expect(warning).toMatchObject({ level: 'warning' });
        expect(warning.found).toMatch(/radiomics\.grade .* response \(AUC [01]\.\d+/);
        expect(warning.taken).toMatch(named ? /kept/ : /left out/);
        const check = await checkCohort(path);
        expect(check.warnings[0]).toContain('radiomics.grade');
        expect(check.assumptions).toContainEqual(warning);
        const text = checkText(check);
        expect(text.indexOf('radiomics.grade')).toBeLessThan(text.indexOf('Patients:'));
      }),
      runs,
    );
  });

  it('counts nearly perfect over all labelled patients, and leaves chance alone', async () => {
    const outcome = Array.from({ length: 60 }, (_, i) => i % 2);
    // One patient in the wrong place: AUC 1 - 1/30.
    const near = outcome.map((label, i) => (i === 1 ? -1 : label * 10 + i * 0.01));
    const one = await loadCohort(
      writeMadeCohort({ outcome, features: { near, a: noise(outcome) } }),
    );
    expect(one.blocks.radiomics.columns).toHaveLength(2);
    // Swapped with its neighbours only: above 0.99.
    const nearer = outcome.map((label, i) => (i === 1 ? 0.05 : label * 10 + i * 0.01));
    const two = await loadCohort(
      writeMadeCohort({ outcome, features: { nearer, a: noise(outcome) } }),
    );
    expect(two.blocks.radiomics.columns).toHaveLength(2);
    const nearest = outcome.map((label, i) => (i === 1 ? 0.555 : label * 10 + i * 0.01));
    const three = await loadCohort(
      writeMadeCohort({ outcome, features: { nearest, a: noise(outcome) } }),
    );
    expect(three.blocks.radiomics.columns.map(({ name }) => name)).toEqual(['radiomics.a']);
    // Two against two patients are apart in every third column of noise.
    const few = await loadCohort(
      writeMadeCohort({ outcome: [0, 1, 0, 1], features: { b: [1, 5, 2, 7], a: [3, 1, 2, 5] } }),
    );
    expect(few.blocks.radiomics.columns).toHaveLength(2);
  });

  it('has the area under the curve of the definition', () => {
    fc.assert(
      fc.property(
        outcomes,
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 40, maxLength: 40 }),
        (labels, drawn) => {
          const values = labels.map((_, i) => (drawn[i] === 9 ? Number.NaN : drawn[i]));
          const rows = labels.map((_, i) => i).filter((i) => !Number.isNaN(values[i]));
          const high = rows.filter((i) => labels[i] === 1);
          const low = rows.filter((i) => labels[i] === 0);
          if (high.length === 0 || low.length === 0) return;
          let wins = 0;
          for (const i of high) {
            for (const j of low)
              wins += values[i] > values[j] ? 1 : values[i] === values[j] ? 0.5 : 0;
          }
          expect(separationBy(values, labels)?.auc).toBeCloseTo(
            wins / (high.length * low.length),
            12,
          );
        },
      ),
      runs,
    );
  });
});

describe('a feature that repeats a later column under another name', () => {
  it('takes no part, in its own unit or another', async () => {
    const n = 14;
    const after = Array.from({ length: n }, (_, i) => 4 * ((i * 5) % 13));
    const rows = after.map(
      (size, i) => `P${i},${40 + ((i * 3) % 11)},1,A,${20 + ((i * 11) % 14) * 5},${size},${i % 2}`,
    );
    const bend = (keep: string[]) =>
      writeSmallCohort({
        clinical: () => `id,age,er,subtype,size0,size1,pcr\n${rows.join('\n')}\n`,
        features: () =>
          `case,cm,mm,noise,label\n${after.map((size, i) => `x-P${i},${size / 10},${-size},${Math.sin(i)},0`).join('\n')}\n`,
        manifest: (m) => {
          m.features[0].patient.match = 'x-(P\\d+)';
          m.features[0].keep = keep;
        },
      });
    const { blocks, assumptions = [] } = await loadCohort(bend([]));
    expect(blocks.radiomics.columns.map(({ name }) => name)).toEqual(['ceT1.intra.noise']);
    const found = assumptions.filter(({ kind }) => kind === 'repeats-later-column');
    expect(found.map(({ level }) => level)).toEqual(['warning', 'warning']);
    expect(found[0].found).toContain('repeats size_after, measured: after');
    expect((await loadCohort(bend(['cm', 'mm']))).blocks.radiomics.columns).toHaveLength(3);
  });
});

describe('a column that names a row or a patient (property)', () => {
  const shuffled = (n: number) => Array.from({ length: n }, (_, i) => (i * 7) % n);
  const columns = fc.constantFrom<[string, (n: number) => (string | number)[], RegExp]>(
    ['Unnamed: 0', (n) => Array.from({ length: n }, (_, i) => (i * 13) % 5), /without a name/],
    ['', (n) => Array.from({ length: n }, (_, i) => (i * 13) % 5), /without a name/],
    ['...1', (n) => Array.from({ length: n }, (_, i) => (i * 13) % 5), /without a name/],
    ['index', (n) => Array.from({ length: n }, (_, i) => i), /row number/],
    ['nr', (n) => Array.from({ length: n }, (_, i) => i + 1), /row number/],
    ['x', (n) => Array.from({ length: n }, (_, i) => `${i}.0`), /row number/],
    ['order', (n) => Array.from({ length: n }, (_, i) => n - i), /row number/],
    ['sorted', (n) => shuffled(n), /row number/],
    ['rows', (n) => Array.from({ length: n }, (_, i) => 2 * i + 1), /row number/],
    ['from 5', (n) => Array.from({ length: n }, (_, i) => i + 5), /row number/],
    ['tens', (n) => Array.from({ length: n }, (_, i) => 400 - 10 * i), /row number/],
    ['halves', (n) => Array.from({ length: n }, (_, i) => 0.5 * i), /row number/],
    ['share', (n) => Array.from({ length: n }, (_, i) => i / n), /row number/],
    ['sorted tens', (n) => shuffled(n).map((i) => 101 + 10 * i), /row number/],
    ['patient_no', (n) => Array.from({ length: n }, (_, i) => (i * 97) % 1009), /identifier/],
    ['Fallnummer', (n) => Array.from({ length: n }, (_, i) => (i * 97) % 1009), /identifier/],
    ['studyUID', (n) => Array.from({ length: n }, (_, i) => (i * 97) % 1009), /identifier/],
    ['StudyID', (n) => Array.from({ length: n }, (_, i) => `S-${(i * 7919) % 1000}`), /identifier/],
    ['subject', (n) => Array.from({ length: n }, (_, i) => i * 37), /identifier/],
  );

  it('takes no part unless it is named', async () => {
    const sizes = outcomes.filter((labels) => labels.length % 7 !== 0);
    await fc.assert(
      fc.asyncProperty(sizes, columns, async (outcome, [title, cells, what]) => {
        const features = { a: noise(outcome), [title]: cells(outcome.length) };
        const path = writeMadeCohort({ outcome, features });
        const { blocks, assumptions = [] } = await loadCohort(path);
        expect(blocks.radiomics.columns.map(({ name }) => name)).toEqual(['radiomics.a']);
        const found = assumptions.filter(
          (one) => one.kind === 'suspicious-column' && one.found.startsWith('radiomics'),
        );
        expect(found).toHaveLength(1);
        expect(found[0].found).toMatch(what);
        expect((await checkCohort(path)).warnings.join('\n')).toMatch(what);
        if (title === '' || title === 'StudyID') return;
        const keeping = writeMadeCohort({ outcome, features, block: { keep: [title] } });
        expect((await loadCohort(keeping)).blocks.radiomics.columns).toHaveLength(2);
      }),
      runs,
    );
  });

  it.each([
    ['original_glcm_Id', (i: number) => 10_000 + 7 * i],
    ['wavelet-LLH_glcm_Idmn', (i: number) => i],
    ['ceT1_original_shape_VoxelVolume', (i: number) => 10_000 + 7 * i],
    ['patient_id_entropy', (i: number) => i / 7],
    ['IDs', (i: number) => (i * 7) % 11],
    ['ki67_index', (i: number) => 3 + 5 * (i % 19)],
    ['VoxelNum', (i: number) => 100 + ((i * 71) % 997)],
    ['lesion_number', (i: number) => 1 + (i % 4)],
    ['tumour_volume', (i: number) => 1000 + ((i * 71) % 900)],
  ])('does not suspect %s', (title, value) => {
    const cells = Array.from({ length: 30 }, (_, i) => value((i * 11) % 30));
    expect(suspicion(title, cells)).toBeUndefined();
  });

  it('takes ranked features for what they are: many columns of 1 to n', async () => {
    const outcome = Array.from({ length: 20 }, (_, i) => (i * 3) % 2);
    const rank = (k: number) => outcome.map((_, i) => ((i * k) % 20) + 1);
    const features = { r3: rank(3), r7: rank(7), r9: rank(9), r11: rank(11), r13: rank(13) };
    const { blocks } = await loadCohort(writeMadeCohort({ outcome, features }));
    expect(blocks.radiomics.columns).toHaveLength(5);
  });
});

describe('a Parquet feature file', () => {
  const outcome = Array.from({ length: 24 }, (_, i) => (i * 5) % 2);
  const made = (columns: Record<string, number[]>, block: object = {}) => {
    const path = writeMadeCohort({
      outcome,
      features: { a: noise(outcome) },
      block: { file: 'f.parquet', format: 'parquet', ...block },
    });
    const ids = outcome.map((_, i) => `case ${String.fromCharCode(97 + (i % 26))}${i * 37}x`);
    writeColumns(join(path, '..', 'f.parquet'), [
      { name: 'patient', type: 'STRING', data: ids },
      ...Object.entries(columns).map(([name, data]) => ({ name, type: 'DOUBLE' as const, data })),
    ]);
    return path;
  };

  it('is held to the same rules', async () => {
    const leak = await faultOf(loadCohort(made({ a: noise(outcome), Pcr_Status: outcome })));
    expect(leak.code).toBe('leaking-predictor');
    const columns = {
      __index_level_0__: outcome.map((_, i) => (i * 13) % 5),
      order: outcome.map((_, i) => i),
      some: outcome.map((_, i) => ((i * 7) % 24) * 2 + 1),
      grade: outcome.map((label, i) => 10 * label + (i % 3)),
      a: noise(outcome),
    };
    const { blocks, assumptions = [] } = await loadCohort(made(columns));
    expect(blocks.radiomics.columns.map(({ name }) => name)).toEqual(['radiomics.a']);
    expect(assumptions.filter(({ level }) => level === 'warning')).toHaveLength(4);
    const keep = ['__index_level_0__', 'order', 'some', 'grade'];
    const kept = await loadCohort(made(columns, { keep }));
    expect(kept.blocks.radiomics.columns).toHaveLength(5);
  });
});

describe('a predictor that names a row, or is the outcome', () => {
  it('stays, since the manifest names it, and is warned of', async () => {
    const path = writeSmallCohort({
      clinical: () =>
        `id,age,size0,size1,pcr,er,subtype\n${Array.from({ length: 12 }, (_, i) => `P${i},${30 + (i % 5)},${i + 1},${5 + (i % 3)},${i % 2},${i % 2},A`).join('\n')}\n`,
      manifest: (m) => {
        m.features = [];
        delete m.endpoints.response;
        m.tables[0].columns.er.missing = [];
        m.predictors = ['size', 'er', 'age'];
      },
    });
    const { warnings, assumptions } = await checkCohort(path);
    expect(assumptions.filter(({ level }) => level === 'warning').map(({ kind }) => kind)).toEqual([
      'separates-outcome',
      'suspicious-column',
    ]);
    expect(warnings.slice(0, 2).join('\n')).toMatch(
      /clinical\.er separates pcr.*\n.*size0.*row number/,
    );
    expect((await loadCohort(path)).blocks.clinical.columns).toHaveLength(3);
  });

  it('is refused where an endpoint is made of it, whatever the table says', async () => {
    const bend = (measured: string) => (m: Loose) => {
      m.tables[0].columns.pcr.measured = measured;
      m.predictors = ['age', 'pcr'];
    };
    for (const measured of ['baseline', 'after']) {
      const fault = await faultOf(loadCohort(writeSmallCohort({ manifest: bend(measured) })));
      expect(fault.code).toBe('leaking-predictor');
    }
    const twice = (m: Loose) => {
      m.tables.push({
        ...m.tables[0],
        id: 'again',
        columns: { size1: { ...m.tables[0].columns.size0, name: 'late' } },
      });
      m.predictors = ['age', 'late'];
    };
    const fault = await faultOf(loadCohort(writeSmallCohort({ manifest: twice })));
    expect(fault.message).toContain('its column in the file is also size_after');
  });
});

describe("PyRadiomics' own table", () => {
  it('is a feature file: what stands beside the features is left aside and listed', async () => {
    const outcome = [0, 1, 0, 1, 1, 0];
    const text = (word: string) => outcome.map(() => word);
    const features = {
      Image: outcome.map((_, i) => `scans/P${i}/t1.nii.gz`),
      Mask: outcome.map((_, i) => `scans/P${i}/mask.nii.gz`),
      Label: outcome.map(() => 1),
      diagnostics_Versions_PyRadiomics: text('v3.1.0'),
      'diagnostics_Image-original_Spacing': text('(0.8, 0.8, 2.0)'),
      'diagnostics_Mask-original_VoxelNum': outcome.map((_, i) => 900 + i),
      general_info_BoundingBox: text('(1, 2, 3)'),
      original_glcm_Id: outcome.map((_, i) => 0.5 + ((i * 7) % 5) / 100),
    };
    const path = writeMadeCohort({ outcome, features });
    const { blocks, assumptions = [] } = await loadCohort(path);
    expect(blocks.radiomics.columns.map(({ name }) => name)).toEqual([
      'radiomics.original_glcm_Id',
    ]);
    const [aside] = assumptions.filter(({ kind }) => kind === 'column-left-out');
    for (const title of Object.keys(features).slice(0, -1)) expect(aside.found).toContain(title);
  });
});
