import { NacreError } from '../../runtime/errors.ts';
import { type AnswerOptions, fetchAnswer } from '../../runtime/fetch-answer.ts';
import { shownAddress } from '../../runtime/fetch-securely.ts';
import type { IdcSeries } from './idc-series.ts';

/** An object of a series: its key in the bucket and its size. */
export interface IdcObject {
  key: string;
  bytes: number;
}

/** Address of a bucket: https, without a token. `NACRE_IDC_ADDRESS` names another server, with {bucket}. */
export function bucketAddress(
  bucket: string,
  pattern = process.env.NACRE_IDC_ADDRESS || 'https://{bucket}.s3.amazonaws.com/',
): string {
  const address = pattern.replaceAll('{bucket}', () => bucket);
  return address.endsWith('/') ? address : `${address}/`;
}

/** Most pages of a listing: a thousand objects each. */
const mostPages = 100;

/**
 * Objects of a series by the listing of its bucket (ListObjectsV2). Their number and their bytes must be those of the index: so a
 * series that the archive has changed is noticed before anything is downloaded.
 *
 * @throws NacreError `download-failed`, `archive-differs`
 */
export async function listSeries(
  series: IdcSeries,
  options: AnswerOptions = {},
): Promise<IdcObject[]> {
  const base = bucketAddress(series.bucket);
  const prefix = `${series.uuid}/`;
  const objects: IdcObject[] = [];
  let token: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const url = new URL(base);
    url.searchParams.set('list-type', '2');
    url.searchParams.set('prefix', prefix);
    if (token !== undefined) url.searchParams.set('continuation-token', token);
    const { status, text } = await fetchAnswer(url.href, options);
    if (status !== 200 || !text.includes('<ListBucketResult')) {
      throw new NacreError('download-failed', `no list of the series from ${shownAddress(base)}`, {
        found: `HTTP ${status}`,
        expected: `the objects below ${prefix}`,
        todo: 'run the same command again later',
      });
    }
    objects.push(...contentsOf(text, prefix, series));
    token = element(text, 'NextContinuationToken');
    if (element(text, 'IsTruncated') !== 'true' || token === undefined) break;
  }
  const bytes = objects.reduce((sum, one) => sum + one.bytes, 0);
  if (objects.length === series.instances && bytes === series.bytes) return objects;
  throw differs(series, `${objects.length} objects of ${bytes} bytes`);
}

function contentsOf(text: string, prefix: string, series: IdcSeries): IdcObject[] {
  return [...text.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].map(([, content]) => {
    const key = element(content, 'Key') ?? '';
    const bytes = Number(element(content, 'Size') ?? Number.NaN);
    // The key becomes a file name: nothing but a plain name below the folder of the series.
    const name = key.slice(prefix.length);
    const plain = key.startsWith(prefix) && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);
    if (plain && Number.isInteger(bytes) && bytes > 0) return { key, bytes };
    throw differs(series, `an object ${JSON.stringify(key.slice(0, 120))} of ${bytes} bytes`);
  });
}

function element(text: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return found
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

function differs(series: IdcSeries, found: string): NacreError {
  return new NacreError('archive-differs', 'the archive holds another series than the index says', {
    patient: series.patient,
    file: `s3://${series.bucket}/${series.uuid}/`,
    found,
    expected: `${series.instances} objects of ${series.bytes} bytes`,
    todo: 'use a newer index, and look at what has changed',
  });
}
