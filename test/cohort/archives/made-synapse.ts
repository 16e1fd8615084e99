import type { IncomingMessage } from 'node:http';
import { type MadeServer, md5 } from './made-server.ts';

export const token = 'eyJ-a-secret-token.of-nobody';

/**
 * Makes a server behave like Synapse's services for files under their paths: children in pages of two, file handles with size and MD5,
 * and signed addresses on another origin. Without the token every answer is 403.
 */
export function publishOnSynapse(server: MadeServer, files: Record<string, Buffer>): void {
  const ids = new Map<string, string>([['', 'syn1']]);
  const idOf = (path: string) => {
    const known = ids.get(path) ?? `syn${ids.size + 1}`;
    ids.set(path, known);
    return known;
  };
  const children = new Map<string, Map<string, string>>();
  for (const [path, bytes] of Object.entries(files)) {
    const parts = path.split('/');
    parts.forEach((name, depth) => {
      const parent = idOf(parts.slice(0, depth).join('/'));
      const below = children.get(parent) ?? new Map<string, string>();
      children.set(parent, below);
      below.set(name, idOf(parts.slice(0, depth + 1).join('/')));
    });
    server.files.set(`storage/${idOf(path)}`, bytes);
  }
  server.service = (request: IncomingMessage, body: string) => {
    if (request.headers.authorization !== `Bearer ${token}`) return 403;
    const { pathname } = new URL(request.url ?? '/', server.origin);
    const asked = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
    if (pathname === '/repo/v1/entity/children') {
      const below = [...(children.get(String(asked.parentId)) ?? [])];
      const from = Number(asked.nextPageToken ?? 0);
      const page = below.slice(from, from + 2).map(([name, id]) => ({ name, id }));
      return { page, ...(from + 2 < below.length ? { nextPageToken: String(from + 2) } : {}) };
    }
    if (pathname.startsWith('/repo/v1/entity/syn')) {
      return { dataFileHandleId: pathname.split('/').at(-1)?.slice(3) };
    }
    if (pathname === '/file/v1/fileHandle/batch') {
      const [one] = asked.requestedFiles as { fileHandleId: string }[];
      const path = `storage/syn${one.fileHandleId}`;
      const bytes = server.files.get(path) as Buffer;
      return {
        requestedFiles: [
          {
            fileHandle: {
              id: one.fileHandleId,
              contentMd5: md5(bytes),
              contentSize: bytes.length,
            },
            preSignedURL: `${server.storage}/${path}?X-Amz-Signature=signed-${server.seen.length}`,
          },
        ],
      };
    }
    return undefined;
  };
}
