import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { AwsError } from '../types.ts';

/** What is kept of a message's state. Times are milliseconds since the epoch. */
export type StoredState = {
  seq: number;
  bytes: number;
  group: string | undefined;
  sentAtMs: number;
  enqueuedAtMs: number;
  /** End of its delay; in-flight times are not kept, so a message in flight at a kill is visible at the next start. */
  visibleAtMs: number;
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
};

/** What a sender gave, with the digests that the SDK verifies. */
export type Content = {
  messageId: string;
  body: string;
  md5OfBody: string;
  /** JSON of the message attributes; undefined if there are none. */
  attributes: string | undefined;
  md5OfAttributes: string | undefined;
};

export type StoredContent = Content & { sourceArn: string | undefined };

/** What becomes of memory when a change is on disk, or could not be put there. */
export type Change = { apply?: () => void; done?: () => void; undone?: () => void };

export type MessageStore = {
  /**
   * Makes a change durable together with the others of the same turn of the event loop: one transaction, one commit. Resolves after the
   * commit and after `done`; throws AwsError InternalError after `undone` when the disk did not take it (full, read-only, locked). All
   * changes of a turn share that fate.
   */
  write(change: Change): Promise<void>;
  nextSeq(): number;
  /** These are called in `apply` only. */
  insert(queue: string, state: StoredState, content: Content): void;
  received(seq: number, receiveCount: number, firstReceivedAtMs: number): void;
  move(seq: number, toQueue: string, enqueuedAtMs: number, sourceArn: string): void;
  remove(seq: number): void;
  removeAll(queue: string): void;
  /** Undefined when the message was deleted earlier in the same turn. */
  content(seq: number): StoredContent | undefined;
  states(queue: string): StoredState[];
  /** When the queue was first made. Remembers it if it is new. */
  createdAtMs(queue: string, nowMs: number): number;
  forget(queue: string): void;
  close(): Promise<void>;
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY, queue TEXT NOT NULL, group_id TEXT, bytes INTEGER NOT NULL, sent_at INTEGER NOT NULL,
    enqueued_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, receive_count INTEGER NOT NULL, first_received_at INTEGER, source_arn TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS contents (
    seq INTEGER PRIMARY KEY, message_id TEXT NOT NULL, body TEXT NOT NULL, md5 TEXT NOT NULL, attributes TEXT, attributes_md5 TEXT
  ) STRICT;
`;

/**
 * All queues of the local cloud in one SQLite file. Write-ahead log with synchronous NORMAL: a commit survives the death of the process,
 * not that of the machine. A message's state and its content are two rows, so that a receipt rewrites no body of 1 MiB.
 */
export function messageStore(file: string): MessageStore {
  mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  db.exec(SCHEMA);
  const statement = {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    insertState: db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, 0, NULL, NULL)'),
    insertContent: db.prepare('INSERT INTO contents VALUES (?, ?, ?, ?, ?, ?)'),
    received: db.prepare('UPDATE messages SET receive_count = ?, first_received_at = ? WHERE seq = ?'),
    move: db.prepare('UPDATE messages SET queue = ?, enqueued_at = ?, source_arn = ? WHERE seq = ?'),
    removeState: db.prepare('DELETE FROM messages WHERE seq = ?'),
    removeContent: db.prepare('DELETE FROM contents WHERE seq = ?'),
    removeContents: db.prepare('DELETE FROM contents WHERE seq IN (SELECT seq FROM messages WHERE queue = ?)'),
    removeStates: db.prepare('DELETE FROM messages WHERE queue = ?'),
    content: db.prepare('SELECT c.*, m.source_arn FROM contents c JOIN messages m USING (seq) WHERE seq = ?'),
    states: db.prepare('SELECT * FROM messages WHERE queue = ? ORDER BY seq'),
    created: db.prepare('SELECT created_at FROM queues WHERE name = ?'),
    create: db.prepare('INSERT OR IGNORE INTO queues VALUES (?, ?)'),
    forget: db.prepare('DELETE FROM queues WHERE name = ?'),
  } satisfies Record<string, StatementSync>;
  const last = db.prepare('SELECT max(seq) AS seq FROM messages').get();
  let seq = Number(last?.['seq'] ?? 0);
  // A queue that ran empty gives its disk back at the next start; SQLite keeps the pages otherwise.
  if (seq === 0) db.exec('VACUUM');

  let pending: { change: Change; settle: (error?: AwsError) => void }[] = [];
  let isOpen = false;

  const settle = (error?: AwsError) => {
    const settled = pending;
    pending = [];
    isOpen = false;
    for (const { change } of settled) (error === undefined ? change.done : change.undone)?.();
    for (const one of settled) one.settle(error);
  };
  const fail = (cause: unknown) => {
    try {
      if (db.isTransaction) statement.rollback.run();
    } finally {
      settle(storeError(cause));
    }
  };
  const commit = () => {
    if (!isOpen) return;
    try {
      statement.commit.run();
    } catch (error) {
      fail(error);
      return;
    }
    settle();
  };

  return {
    write: (change) =>
      new Promise((resolve, reject) => {
        pending.push({ change, settle: (error) => (error === undefined ? resolve() : reject(error)) });
        try {
          if (!isOpen) {
            statement.begin.run();
            isOpen = true;
            setImmediate(commit);
          }
          change.apply?.();
        } catch (error) {
          fail(error);
        }
      }),
    nextSeq: () => {
      seq += 1;
      return seq;
    },
    insert: (queue, state, content) => {
      const group = state.group ?? null;
      statement.insertState.run(
        state.seq,
        queue,
        group,
        state.bytes,
        state.sentAtMs,
        state.enqueuedAtMs,
        state.visibleAtMs,
      );
      const attributes = content.attributes ?? null;
      const attributesMd5 = content.md5OfAttributes ?? null;
      statement.insertContent.run(
        state.seq,
        content.messageId,
        content.body,
        content.md5OfBody,
        attributes,
        attributesMd5,
      );
    },
    received: (seq, receiveCount, firstReceivedAtMs) => {
      statement.received.run(receiveCount, firstReceivedAtMs, seq);
    },
    move: (seq, toQueue, enqueuedAtMs, sourceArn) => {
      statement.move.run(toQueue, enqueuedAtMs, sourceArn, seq);
    },
    remove: (seq) => {
      statement.removeState.run(seq);
      statement.removeContent.run(seq);
    },
    removeAll: (queue) => {
      statement.removeContents.run(queue);
      statement.removeStates.run(queue);
    },
    content: (seq) => {
      const row = statement.content.get(seq);
      if (row === undefined) return undefined;
      return {
        messageId: String(row['message_id']),
        body: String(row['body']),
        md5OfBody: String(row['md5']),
        attributes: textOrUndefined(row['attributes']),
        md5OfAttributes: textOrUndefined(row['attributes_md5']),
        sourceArn: textOrUndefined(row['source_arn']),
      };
    },
    states: (queue) =>
      statement.states.all(queue).map((row) => ({
        seq: Number(row['seq']),
        bytes: Number(row['bytes']),
        group: textOrUndefined(row['group_id']),
        sentAtMs: Number(row['sent_at']),
        enqueuedAtMs: Number(row['enqueued_at']),
        visibleAtMs: Number(row['visible_at']),
        receiveCount: Number(row['receive_count']),
        firstReceivedAtMs: row['first_received_at'] === null ? undefined : Number(row['first_received_at']),
      })),
    createdAtMs: (queue, nowMs) => {
      statement.create.run(queue, nowMs);
      return Number(statement.created.get(queue)?.['created_at'] ?? nowMs);
    },
    forget: (queue) => {
      statement.forget.run(queue);
    },
    close: async () => {
      commit();
      if (db.isOpen) db.close();
    },
  };
}

const textOrUndefined = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What SQS says when it is at fault itself: the SDK tries again, and no one takes the call for done. */
const storeError = (cause: unknown): AwsError =>
  new AwsError(
    'InternalError',
    `The local cloud could not write its queues to disk: ${cause instanceof Error ? cause.message : String(cause)}`,
    500,
  );
