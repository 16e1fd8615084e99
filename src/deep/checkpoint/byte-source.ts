import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { NacreError } from '../../runtime/errors.ts';
import { unreadable } from '../../runtime/unreadable.ts';

/** Bytes read by position, so that a checkpoint of any size is never held whole. */
export interface ByteSource {
  /** Name in errors: the path. */
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /** Fills `target` with the bytes from `position` on. @throws NacreError `truncated` past the end */
  readInto(target: Uint8Array, position: number): void;
  close(): void;
}

/** Opens a file for reading by position. @throws NacreError `file-missing`, `checkpoint-invalid` for a folder */
export function openByteSource(path: string): ByteSource {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw unreadable('the checkpoint', path, cause, {
      expected: 'a .pth, .pt or .safetensors file',
      todo: 'check the path, or fetch a checkpoint (nacre models fetch resnet34)',
    });
  }
  const stat = fstatSync(file);
  if (!stat.isFile()) {
    closeSync(file);
    throw new NacreError('checkpoint-invalid', 'not a file', {
      file: path,
      expected: 'a .pth, .pt or .safetensors file',
    });
  }
  const source: ByteSource = {
    name: path,
    size: stat.size,
    readInto(target, position) {
      requireRange(source, position, target.length);
      for (let done = 0; done < target.length; ) {
        const got = readSync(file, target, done, target.length - done, position + done);
        if (got === 0) throw truncated(source, `nothing at byte ${position + done}`, 'more bytes');
        done += got;
      }
    },
    close: () => closeSync(file),
  };
  return source;
}

/** The same over bytes in memory. */
export function memoryByteSource(name: string, bytes: Uint8Array): ByteSource {
  const source: ByteSource = {
    name,
    size: bytes.length,
    readInto(target, position) {
      requireRange(source, position, target.length);
      target.set(bytes.subarray(position, position + target.length));
    },
    close() {},
  };
  return source;
}

/** @throws NacreError `truncated` unless `length` bytes from `position` on exist. */
export function requireRange(source: ByteSource, position: number, length: number): void {
  if (position >= 0 && length >= 0 && position + length <= source.size) return;
  throw truncated(source, `${source.size} bytes`, `at least ${position + length} bytes`);
}

function truncated(source: ByteSource, found: string, expected: string): NacreError {
  return new NacreError('truncated', 'the checkpoint ends too early', {
    file: source.name,
    found,
    expected,
    todo: 'copy or fetch it again',
  });
}

/** Reads forward through a source, a window at a time. */
export class ByteCursor {
  readonly source: ByteSource;
  private at: number;
  private readonly end: number;
  private window = new Uint8Array(0);
  private windowStart = 0;

  /** @param limit most bytes that may be read; default: to the end of the source */
  constructor(source: ByteSource, start = 0, limit = source.size - start) {
    this.source = source;
    this.at = start;
    this.end = Math.min(source.size, start + limit);
  }

  /** Position in the source of the next byte. */
  get position(): number {
    return this.at;
  }

  byte(): number {
    const within = this.at - this.windowStart;
    if (within >= 0 && within < this.window.length) {
      this.at++;
      return this.window[within];
    }
    return this.bytes(1)[0];
  }

  /** The next `count` bytes, as a copy that is the caller's own. */
  bytes(count: number): Uint8Array {
    if (this.at + count > this.end) {
      throw truncated(this.source, `${this.end - this.at} bytes left`, `${count} more bytes`);
    }
    const out = new Uint8Array(count);
    if (count > 32_768) {
      this.source.readInto(out, this.at);
    } else {
      this.fill(count);
      const from = this.at - this.windowStart;
      out.set(this.window.subarray(from, from + count));
    }
    this.at += count;
    return out;
  }

  private fill(count: number): void {
    const from = this.at - this.windowStart;
    if (from >= 0 && from + count <= this.window.length) return;
    const window = new Uint8Array(Math.min(65_536, this.end - this.at));
    this.source.readInto(window, this.at);
    this.window = window;
    this.windowStart = this.at;
  }
}
