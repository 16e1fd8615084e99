import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Assumption,
  AssumptionLog,
  assumptionEntries,
  assumptionsOf,
  countAssumptions,
} from '../../src/runtime/assumptions.ts';

const record = fc.record({
  kind: fc.constantFrom('geometry-conflict', 'column-constant', 'scan-missing'),
  patient: fc.option(fc.constantFrom('A', 'B', 'C'), { nil: undefined }),
  scan: fc.option(fc.constantFrom('T2', 'ct'), { nil: undefined }),
  found: fc.constantFrom('1', '2'),
  taken: fc.constant('the first'),
  why: fc.constant('a rule'),
});

it('lists each record once, in an order that does not depend on when it came', () => {
  fc.assert(
    fc.property(fc.array(record), fc.integer(), (records, seed) => {
      const shuffled = records
        .map((one, i) => ({ one, at: Math.sin(seed + i) }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      const lists = [records, shuffled, [...records, ...records]].map((some) => {
        const log = new AssumptionLog();
        log.noteAll(some);
        return log.list();
      });
      expect(lists[1]).toEqual(lists[0]);
      expect(lists[2]).toEqual(lists[0]);
    }),
  );
});

it('counts by kind, warnings first, then the most frequent', () => {
  const of = (kind: string, patient?: string, level?: 'warning'): Assumption => ({
    kind,
    patient,
    level,
    found: '',
    taken: '',
    why: '',
  });
  expect(
    countAssumptions([
      of('often', 'A'),
      of('often', 'A'),
      of('often', 'B'),
      of('bad', undefined, 'warning'),
      of('rare'),
    ]),
  ).toEqual([
    { kind: 'bad', level: 'warning', records: 1, patients: 0 },
    { kind: 'often', level: 'note', records: 3, patients: 2 },
    { kind: 'rare', level: 'note', records: 1, patients: 0 },
  ]);
});

it('a file keeps every record, and those that differ only in their patient as one entry', () => {
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const log = new AssumptionLog();
      log.noteAll(records);
      const list = log.list();
      const entries = assumptionEntries(list);
      const written = JSON.parse(JSON.stringify(entries));
      expect(assumptionsOf(written)).toEqual(list);
      const differ = new Set(
        list.map(({ patient, ...rest }) => JSON.stringify([patient === undefined, rest])),
      );
      expect(entries).toHaveLength(differ.size);
    }),
  );
});

it('a file of an earlier version, with an entry per patient, is read as it was', () => {
  const list = ['A', 'B'].map((patient) => ({ kind: 'k', patient, found: '', taken: '', why: '' }));
  expect(assumptionsOf(list)).toEqual(list);
  expect(assumptionEntries(list)).toEqual([
    { kind: 'k', patients: ['A', 'B'], found: '', taken: '', why: '' },
  ]);
});
