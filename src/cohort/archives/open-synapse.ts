import { NacreError } from '../../runtime/errors.ts';
import { type Answer, fetchAnswer } from '../../runtime/fetch-answer.ts';
import type { SynapseArchive } from '../manifest-archives.ts';
import type { OpenArchiveOptions, OpenedArchive, PlannedFile } from './planned-file.ts';

/** Address of Synapse's services. `NACRE_SYNAPSE_ADDRESS` names another server. */
function service(): string {
  return process.env.NACRE_SYNAPSE_ADDRESS || 'https://repo-prod.prod.sagebase.org';
}

interface Child {
  id: string;
  name: string;
}

interface FileHandle {
  id: string;
  contentMd5?: string;
  contentSize?: number;
}

interface Batch {
  requestedFiles?: {
    fileHandle?: FileHandle;
    preSignedURL?: string;
    failureCode?: string;
  }[];
}

const mostPages = 1000;

/**
 * An archive on Synapse, by its REST services: children of folders, the file handle of a file with size and MD5, and an address that is
 * signed for some minutes. The token is sent to the service alone, never to where a signed address leads; it is in no message and no file.
 *
 * @throws NacreError `token-missing`
 */
export function openSynapse(
  archive: SynapseArchive,
  options: OpenArchiveOptions = {},
): OpenedArchive {
  const token = tokenOf(archive);
  const children = new Map<string, Promise<Map<string, Child>>>();
  const ask = async <T>(path: string, body?: unknown): Promise<T> => {
    const answer = await fetchAnswer(`${service()}${path}`, {
      ...options,
      body,
      headers: { authorization: `Bearer ${token()}`, accept: 'application/json' },
    });
    return parsed<T>(answer, archive, path);
  };

  const childrenOf = (parent: string) => {
    const known = children.get(parent) ?? listChildren(parent);
    children.set(parent, known);
    return known;
  };
  const listChildren = async (parentId: string) => {
    const found = new Map<string, Child>();
    let nextPageToken: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const answer = await ask<{ page?: Child[]; nextPageToken?: string }>(
        '/repo/v1/entity/children',
        { parentId, includeTypes: ['folder', 'file'], ...(nextPageToken && { nextPageToken }) },
      );
      for (const child of answer.page ?? []) found.set(child.name, child);
      nextPageToken = answer.nextPageToken ?? undefined;
      if (nextPageToken === undefined) break;
    }
    return found;
  };
  const find = async (path: string): Promise<Child | undefined> => {
    let at: Child = { id: archive.root, name: '' };
    for (const part of path.split('/')) {
      const child = (await childrenOf(at.id)).get(part);
      if (child === undefined) return undefined;
      at = child;
    }
    return at;
  };
  const handleOf = async (entity: string) => {
    const { dataFileHandleId } = await ask<{ dataFileHandleId?: string }>(
      `/repo/v1/entity/${entity}`,
    );
    if (dataFileHandleId === undefined) throw noFile(archive, entity, 'no file');
    const request = async () => {
      const { requestedFiles } = await ask<Batch>('/file/v1/fileHandle/batch', {
        requestedFiles: [
          {
            fileHandleId: dataFileHandleId,
            associateObjectId: entity,
            associateObjectType: 'FileEntity',
          },
        ],
        includePreSignedURLs: true,
        includeFileHandles: true,
      });
      const [found] = requestedFiles ?? [];
      if (found?.preSignedURL === undefined || found.fileHandle === undefined) {
        throw noFile(archive, entity, found?.failureCode ?? 'no signed address');
      }
      return { address: found.preSignedURL, handle: found.fileHandle };
    };
    return request;
  };
  const planned = async (path: string): Promise<PlannedFile | undefined> => {
    const child = await find(path);
    if (child === undefined) return undefined;
    const request = await handleOf(child.id);
    const { address, handle } = await request();
    const { contentSize: bytes, contentMd5: md5 } = handle;
    if (typeof bytes !== 'number' || bytes <= 0 || !/^[0-9a-f]{32}$/.test(md5 ?? '')) {
      throw noFile(archive, child.id, `size ${bytes}, MD5 ${md5}`);
    }
    let first: string | undefined = address;
    return {
      path,
      origin: child.id,
      licence: archive.licence,
      object: {
        bytes,
        md5,
        async address(again) {
          const known = again ? undefined : first;
          first = undefined;
          return known ?? (await request()).address;
        },
      },
    };
  };
  const allOf = async (paths: readonly string[]) => {
    const files: PlannedFile[] = [];
    for (const path of paths) {
      const file = await planned(path);
      if (file !== undefined) files.push(file);
    }
    return files;
  };
  return {
    id: archive.id,
    shared: () => allOf(archive.files.filter((path) => !path.includes('{patient}'))),
    filesOf: (patient) =>
      allOf(
        archive.files
          .filter((path) => path.includes('{patient}'))
          .map((path) => path.replaceAll('{patient}', () => patient)),
      ),
  };
}

/** Reads the token at each request, so that it is held nowhere else. @throws NacreError `token-missing` */
function tokenOf({ token, root }: SynapseArchive): () => string {
  const read = () => {
    const value = process.env[token]?.trim() ?? '';
    if (/^[\x21-\x7e]+$/.test(value)) return value;
    throw new NacreError('token-missing', 'Synapse asks for a personal token', {
      column: token,
      found: value === '' ? 'an empty or missing environment variable' : 'text that no token has',
      expected: `a token with the scopes view and download, of an account that may read ${root}`,
      todo: `put it into the environment variable ${token} (never into a file of the cohort)`,
    });
  };
  read();
  return read;
}

function parsed<T>({ status, text }: Answer, { token, root }: SynapseArchive, path: string): T {
  if (status === 401 || status === 403) {
    throw new NacreError('token-refused', 'Synapse refuses the token', {
      column: token,
      found: `HTTP ${status}`,
      expected: `a token that is valid, with the scopes view and download, and access to ${root}`,
      todo: 'make a new token on synapse.org (they expire), or accept the terms of the data set there',
    });
  }
  try {
    if (status === 200 || status === 201) return JSON.parse(text) as T;
  } catch {
    // Reported below.
  }
  throw new NacreError('download-failed', 'Synapse gives an answer that is not understood', {
    file: `${service()}${path}`,
    found: `HTTP ${status}, ${text.length} characters`,
    expected: 'JSON as its documents describe it',
    todo: 'run the same command again later',
  });
}

function noFile({ id }: SynapseArchive, entity: string, found: string): NacreError {
  return new NacreError('archive-differs', 'Synapse has no such file for this account', {
    file: entity,
    column: `archives.${id}`,
    found,
    expected: 'a file with size, MD5 and an address',
    todo: 'accept the terms of the data set on synapse.org with the account of the token',
  });
}
