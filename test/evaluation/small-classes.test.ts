import { expect, it } from 'vitest';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { smallClasses } from '../../src/evaluation/small-classes.ts';

const endpoint = { id: 'pcr', positiveName: 'pCR', negativeName: 'non-pCR' };
const notes = (positives: number, patients: number) => {
  const labels = Uint8Array.from({ length: patients }, (_, i) => (i < positives ? 1 : 0));
  return smallClasses(endpoint, labels, stratifiedPartitions(labels));
};

it('reports five positives in ten partitions with what they do to the intervals', () => {
  expect(notes(5, 60)).toMatchObject([
    {
      kind: 'small-class',
      level: 'warning',
      found: 'pcr: 5 pCR of 60 patients, 1 in the test side of each of 10 partitions',
      why: expect.stringMatching(/sensitivity .* steps of 100 points, balanced accuracy .* of 50/),
    },
  ]);
  expect(notes(55, 60)).toMatchObject([{ found: expect.stringContaining('5 non-pCR') }]);
});

it('says nothing of classes with five patients or more in each test side', () => {
  expect(notes(25, 60)).toEqual([]);
  expect(notes(24, 60)).toEqual([]);
  expect(notes(20, 60)).toHaveLength(1);
});
