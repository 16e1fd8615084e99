import type { DroppedFile } from '../protocol.ts';

/** In Chromium; other browsers have entries alone. */
type DraggedItem = DataTransferItem & {
  getAsFileSystemHandle?(): Promise<FileSystemDirectoryHandle | FileSystemFileHandle | null>;
};

/**
 * What was dropped: for each file or folder its files, with their paths in it, sorted. To be called while the event is handled: later
 * a browser hands over nothing.
 *
 * A page from disk reads a file as a `File`, and a folder through its handle. Chromium refuses both to it through a
 * `FileSystemEntry` ("A URI supplied to the API was malformed"), which other browsers need for folders.
 */
export function draggedFiles(items: DataTransferItemList): Promise<DroppedFile[]>[] {
  return [...items].flatMap((item: DraggedItem) => {
    if (item.kind !== 'file') return [];
    const entry = item.webkitGetAsEntry();
    if (entry?.isDirectory !== true) {
      const file = item.getAsFile();
      return file === null ? [] : [Promise.resolve([{ path: file.name, file }])];
    }
    const handle = item.getAsFileSystemHandle?.();
    return [handle === undefined ? belowEntry(entry) : handle.then(belowHandle)].map(
      async (found) => (await found).sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
  });
}

async function belowHandle(
  handle: FileSystemDirectoryHandle | FileSystemFileHandle | null,
  folder = '',
): Promise<DroppedFile[]> {
  if (handle === null) return [];
  const path = `${folder}${handle.name}`;
  if (handle.kind === 'file') return [{ path, file: await handle.getFile() }];
  const found: DroppedFile[] = [];
  for await (const one of handle.values()) found.push(...(await belowHandle(one, `${path}/`)));
  return found;
}

async function belowEntry(entry: FileSystemEntry): Promise<DroppedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: DroppedFile[] = [];
  for (;;) {
    // A browser hands over a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await belowEntry(one)));
  }
}
