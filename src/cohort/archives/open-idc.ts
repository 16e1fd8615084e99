import { NacreError } from '../../runtime/errors.ts';
import type { IdcArchive } from '../manifest-archives.ts';
import { bucketAddress, listSeries } from './idc-objects.ts';
import { chooseSeries, type IdcSeries } from './idc-series.ts';
import type { OpenArchiveOptions, OpenedArchive } from './planned-file.ts';

/** An archive of IDC: series by rule from the index, objects by the listing of their bucket. */
export function openIdc(
  archive: IdcArchive,
  series: readonly IdcSeries[],
  options: OpenArchiveOptions = {},
): OpenedArchive {
  const { byPatient, ambiguous } = chooseSeries(series, archive);
  return {
    id: archive.id,
    patients: [...new Set([...byPatient.keys(), ...ambiguous.keys()])].sort(),
    shared: async () => [],
    async filesOf(patient) {
      const several = ambiguous.get(patient);
      if (several !== undefined) throw ambiguousSeries(archive, patient, several);
      const files = [];
      const folder = archive.path.replaceAll('{patient}', () => patient);
      const chosen = byPatient.get(patient) ?? [];
      for (const one of chosen) {
        const base = bucketAddress(one.bucket);
        const parent = chosen.length > 1 ? `${folder}/${one.uuid}` : folder;
        for (const { key, bytes } of await listSeries(one, options)) {
          files.push({
            path: `${parent}/${key.slice(one.uuid.length + 1)}`,
            object: { address: () => new URL(key, base).href, bytes },
            origin: `s3://${one.bucket}/${key}, series ${one.series}`,
            licence: one.licence,
            doi: one.doi,
          });
        }
      }
      return files;
    },
  };
}

function ambiguousSeries(
  { id, collection }: IdcArchive,
  patient: string,
  several: readonly IdcSeries[],
): NacreError {
  return new NacreError('archive-ambiguous', 'the rule finds several series of the patient', {
    patient,
    column: `archives.${id}`,
    found: several.map(({ description, series }) => `${description} (${series})`).join('; '),
    expected: `one series in ${collection}`,
    todo: 'make the rule narrower (description), or set several to largest or all',
  });
}
