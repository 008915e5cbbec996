import { mkdir, open, unlink } from 'node:fs/promises';
import path from 'node:path';
import dynalite from 'dynalite/db/index.js';
import { AwsError, type Clock } from '../types.ts';

/** After a failed write the disk is tried again no sooner than this. */
const RECOVERY_PAUSE_MS = 1_000;
/** What must fit on the disk before it counts as writable again: LevelDB's log block and a table of one memtable (4 MB). */
const PROBE_BYTES = 5 * 1_024 * 1_024;
/** Values fetched from LevelDB at a time. */
export const READ_AHEAD = 64;

/** What one write sees and changes: everything written before it, saved or about to be. Changes of a write that throws are dropped whole. */
export type Draft = {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  del(key: string): void;
};

export type Storage = {
  /** What is saved. Synchronous: LevelDB answers from memory or the page cache in microseconds. */
  get(key: string): unknown;
  /** Saved values in key order, as of now. */
  values(range: DynaliteRange): ReturnType<DynaliteLevel['values']>;
  entries(range: DynaliteRange): ReturnType<DynaliteLevel['iterator']>;
  /**
   * Decides one write and saves what it changed, all or nothing. `decide` runs at once and alone; its answer (or its error) is
   * given when the operating system has the changes and everything that `decide` could see. Throws InternalServerError when the disk takes no more.
   */
  write<T>(decide: (draft: Draft) => T): Promise<T>;
  close(): Promise<void>;
};

type Group = { changes: Map<string, unknown>; saved: Promise<void>; resolve(): void; reject(error: AwsError): void };

function newGroup(): Group {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => undefined); // A group that nobody joined fails unheard.
  return { changes: new Map(), saved: promise, resolve, reject };
}

const notSaved = (cause: unknown) =>
  new AwsError(
    'InternalServerError',
    `The local DynamoDB could not write to its disk: ${cause instanceof Error ? cause.message : String(cause)}`,
    500,
  );

/** Throws unless the directory takes PROBE_BYTES. */
async function probe(directory: string): Promise<void> {
  const file = path.join(directory, 'probe');
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(Buffer.alloc(PROBE_BYTES));
    await handle.sync();
  } finally {
    await handle.close();
    await unlink(file);
  }
}

async function openLevel(directory: string): Promise<DynaliteLevel> {
  const { db } = dynalite.create({ path: path.join(directory, 'level') });
  await db.open();
  return db;
}

/**
 * LevelDB with writes that are decided one after the other and saved in groups: all that is decided while one group is on its way to
 * the disk makes the next. A second process on one directory is refused by LevelDB's lock.
 *
 * After a failed write nothing more is written until the disk has room and the database was opened anew: LevelDB would append to a
 * log that breaks off in the middle, and at the next start would read nothing behind the break.
 */
export async function openStorage(directory: string, clock: Clock): Promise<Storage> {
  await mkdir(directory, { recursive: true });
  let level = await openLevel(directory);
  let opened = newGroup();
  let saving: Group | undefined;
  let closed = false;
  let damage: { error: AwsError; triedAtMs: number } | undefined;
  let recovery: Promise<void> | undefined;

  const get = (key: string): unknown => {
    for (const group of [opened, saving]) if (group?.changes.has(key)) return group.changes.get(key);
    return level.getSync(key);
  };

  const fail = (group: Group, cause: unknown) => {
    const error = notSaved(cause);
    damage = { error, triedAtMs: clock.now() };
    saving = undefined;
    group.reject(error);
    opened.reject(error); // It saw what was not saved.
    opened = newGroup();
  };

  const save = async (group: Group) => {
    const operations = [...group.changes].map(([key, value]) =>
      value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value },
    );
    try {
      if (operations.length > 0) await level.batch(operations);
    } catch (error) {
      fail(group, error);
      return;
    }
    saving = undefined;
    group.resolve();
    saveNext();
  };

  let asked = false;
  const saveNext = () => {
    if (asked || saving !== undefined) return;
    asked = true;
    // A microtask later, so that writes of one tick (a batch) are saved together.
    queueMicrotask(() => {
      asked = false;
      if (saving !== undefined || opened.changes.size === 0) {
        if (saving === undefined) {
          opened.resolve();
          opened = newGroup();
        }
        return;
      }
      saving = opened;
      opened = newGroup();
      void save(saving);
    });
  };

  const recover = async () => {
    if (damage === undefined) return;
    if (recovery === undefined) {
      if (clock.now() - damage.triedAtMs < RECOVERY_PAUSE_MS) throw damage.error;
      damage.triedAtMs = clock.now();
      recovery = (async () => {
        await probe(directory);
        await level.close();
        level = await openLevel(directory);
        damage = undefined;
      })().finally(() => {
        recovery = undefined;
      });
    }
    await recovery.catch((error: unknown) => {
      throw notSaved(error);
    });
  };

  return {
    get: (key) => level.getSync(key),
    values: (range) => level.values(range),
    entries: (range) => level.iterator(range),
    write: async (decide) => {
      if (closed) throw new AwsError('InternalServerError', 'The local DynamoDB is closed', 500);
      if (damage !== undefined) await recover();
      const changes = new Map<string, unknown>();
      let settle: () => ReturnType<typeof decide>;
      try {
        const answer = decide({
          get: (key) => (changes.has(key) ? changes.get(key) : get(key)),
          put: (key, value) => void changes.set(key, value),
          del: (key) => void changes.set(key, undefined),
        });
        for (const [key, value] of changes) opened.changes.set(key, value);
        settle = () => answer;
      } catch (error) {
        settle = () => {
          throw error;
        };
      }
      const { saved } = opened;
      saveNext();
      await saved;
      return settle();
    },
    close: async () => {
      if (closed) return;
      closed = true;
      for (;;) {
        const group = saving ?? (opened.changes.size > 0 ? opened : undefined);
        if (group === undefined) break;
        await group.saved.catch(() => undefined);
      }
      await level.close();
    },
  };
}
