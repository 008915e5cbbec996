import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { AwsError } from '../types.ts';
import { directoryToKey, fileToKey, keyToPath } from './key-path.ts';

/** What is known of an object besides its bytes. Saved as JSON; the object exists exactly while this file does. */
export type ObjectMeta = {
  key: string;
  /** File name of the bytes, in the directory that the key stands for. */
  file: string;
  bytes: number;
  /** As sent, in quotes. */
  etag: string;
  lastModifiedMs: number;
  /** Response headers that belong to the object: content-type, content-encoding, x-amz-meta-… */
  headers: Record<string, string>;
  checksums: Record<string, string>;
};

export type ObjectFiles = {
  head(key: string): Promise<ObjectMeta | undefined>;
  /** `end` is included. Undefined if the object is gone. */
  read(key: string, range?: { start: number; end: number }): Promise<{ meta: ObjectMeta; body: Buffer } | undefined>;
  /** Gives false, and writes nothing, where `onlyNew` is set and the object is there. */
  write(meta: Omit<ObjectMeta, 'file'>, body: Buffer, onlyNew: boolean): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Keys with the prefix that come after `after`, in the order of their UTF-8. */
  keys(prefix: string, after: string): AsyncGenerator<string>;
};

/** Reads of an object that is being overwritten all the while. */
const READ_ATTEMPTS_MAX = 5;
/** Tries of a write whose directory is being pruned. */
const WRITE_ATTEMPTS_MAX = 3;

/** By its code alone: an error of the file system need not be of this realm's Error. */
const isMissing = (error: unknown) =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const diskFailure = (error: unknown) =>
  new AwsError(
    'InternalError',
    `The local S3 could not write to its disk: ${error instanceof Error ? error.message : String(error)}`,
    500,
  );

async function writeSynced(file: string, content: Buffer | string) {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readBytes(file: string, bytes: number, range?: { start: number; end: number }): Promise<Buffer> {
  const start = range?.start ?? 0;
  const body = Buffer.alloc((range?.end ?? bytes - 1) + 1 - start);
  const handle = await open(file, 'r');
  try {
    const { bytesRead } = await handle.read(body, 0, body.length, start);
    if (bytesRead !== body.length) throw new AwsError('InternalError', `${file} is shorter than it was written`, 500);
    return body;
  } finally {
    await handle.close();
  }
}

/**
 * The objects of one bucket. Bytes lie under `objects/` by their key, so that other tools can read them; what is known of them under
 * `meta/`, in the same tree. Both are written aside, synced and renamed, the bytes first: the second rename is the moment when an
 * object appears or changes. New bytes of an object that exists get a name of their own, so the old ones stay whole until then.
 */
export function objectFiles(directory: string): ObjectFiles {
  const objects = path.join(directory, 'objects');
  const metas = path.join(directory, 'meta');
  const aside = path.join(directory, 'aside');
  const locks = new Map<string, Promise<unknown>>();

  const place = (key: string) => {
    const parts = keyToPath(key);
    const name = parts.pop() ?? '';
    return { objectDirectory: path.join(objects, ...parts), metaDirectory: path.join(metas, ...parts), name };
  };

  /** One change of a key at a time. */
  const alone = async <T>(key: string, change: () => Promise<T>): Promise<T> => {
    const before = locks.get(key) ?? Promise.resolve();
    const mine = before.then(change, change);
    locks.set(key, mine);
    try {
      return await mine;
    } finally {
      if (locks.get(key) === mine) locks.delete(key);
    }
  };

  const head = async (key: string): Promise<ObjectMeta | undefined> => {
    const { metaDirectory, name } = place(key);
    try {
      return JSON.parse(await readFile(path.join(metaDirectory, name), 'utf8')) as ObjectMeta;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };

  const put = async (target: string, content: Buffer | string) => {
    const temporary = path.join(aside, randomUUID());
    try {
      // A delete may take the directory away between mkdir and rename: once more, then.
      for (let attempt = 1; ; attempt += 1) {
        try {
          await mkdir(aside, { recursive: true });
          await mkdir(path.dirname(target), { recursive: true });
          await writeSynced(temporary, content);
          await rename(temporary, target);
          return;
        } catch (error) {
          if (attempt === WRITE_ATTEMPTS_MAX || !isMissing(error)) throw error;
        }
      }
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw diskFailure(error);
    }
  };

  /** Takes away directories that have become empty, up to the tree's root. */
  const prune = async (from: string, root: string) => {
    for (let at = from; at.length > root.length; at = path.dirname(at)) {
      try {
        await rmdir(at);
      } catch {
        return;
      }
    }
  };

  const write = async (meta: Omit<ObjectMeta, 'file'>, body: Buffer, onlyNew: boolean) => {
    const existing = await head(meta.key);
    if (existing !== undefined && onlyNew) return false;
    const { objectDirectory, metaDirectory, name } = place(meta.key);
    const file = existing === undefined ? name : `${randomUUID()}%${name}`;
    await put(path.join(objectDirectory, file), body);
    await put(path.join(metaDirectory, name), JSON.stringify({ ...meta, file }));
    if (existing !== undefined) await unlink(path.join(objectDirectory, existing.file)).catch(() => undefined);
    return true;
  };

  const remove = async (key: string) => {
    const existing = await head(key);
    if (existing === undefined) return;
    const { objectDirectory, metaDirectory, name } = place(key);
    try {
      await unlink(path.join(metaDirectory, name));
    } catch (error) {
      throw diskFailure(error);
    }
    await unlink(path.join(objectDirectory, existing.file)).catch(() => undefined);
    await prune(metaDirectory, metas);
    await prune(objectDirectory, objects);
  };

  /** Depth first. A directory sorts as its name with the slash, which is where its keys belong among those of its neighbours. */
  async function* walk(at: string, before: Buffer, prefix: Buffer, after: Buffer): AsyncGenerator<string> {
    const entries = await readdir(at, { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const named = entries
      .map((entry) => ({ entry, part: entry.isDirectory() ? directoryToKey(entry.name) : fileToKey(entry.name) }))
      .toSorted((a, b) => Buffer.compare(a.part, b.part));
    for (const { entry, part } of named) {
      const key = Buffer.concat([before, part]);
      const common = Math.min(key.length, prefix.length);
      if (!key.subarray(0, common).equals(prefix.subarray(0, common))) continue;
      if (entry.isDirectory()) {
        // Everything below starts with `key`: skip it if all of that comes before `after`.
        const isBefore = Buffer.compare(key, after) < 0 && !after.subarray(0, key.length).equals(key);
        if (!isBefore) yield* walk(path.join(at, entry.name), key, prefix, after);
      } else if (key.length >= prefix.length && Buffer.compare(key, after) > 0) {
        yield key.toString('utf8');
      }
    }
  }

  return {
    head,
    read: async (key, range) => {
      // Another write may take the bytes away between the two reads; then there are new ones, or none.
      for (let attempt = 1; attempt <= READ_ATTEMPTS_MAX; attempt += 1) {
        const meta = await head(key);
        if (meta === undefined) return undefined;
        try {
          return { meta, body: await readBytes(path.join(place(key).objectDirectory, meta.file), meta.bytes, range) };
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
      }
      throw new AwsError('InternalError', `The bytes of ${key} are missing`, 500);
    },
    write: (meta, body, onlyNew) => alone(meta.key, () => write(meta, body, onlyNew)),
    delete: (key) => alone(key, () => remove(key)),
    keys: (prefix, after) => walk(metas, Buffer.alloc(0), Buffer.from(prefix), Buffer.from(after)),
  };
}
