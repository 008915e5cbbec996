import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One event on its way to one target. */
export type Handover = { id: number; ruleArn: string; targetId: string; acceptedAtMs: number; event: string };

export type HandoverStore = {
  /** All or none, durable when it returns. Answers them with their ids. */
  add(handovers: readonly Omit<Handover, 'id'>[]): Handover[];
  remove(id: number): void;
  /** What has been added and not removed, oldest first. */
  all(): Handover[];
  close(): void;
};

/** Events that were accepted and have not reached the end of their way, in a SQLite file: a commit survives the death of the process. */
export function handoverStore(directory: string): HandoverStore {
  mkdirSync(directory, { recursive: true });
  const db = new DatabaseSync(join(directory, 'events.sqlite'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  db.exec(`
    CREATE TABLE IF NOT EXISTS handovers (
      id INTEGER PRIMARY KEY AUTOINCREMENT, rule_arn TEXT NOT NULL, target_id TEXT NOT NULL, accepted_at INTEGER NOT NULL, event TEXT NOT NULL
    ) STRICT;
  `);
  const insert = db.prepare('INSERT INTO handovers (rule_arn, target_id, accepted_at, event) VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM handovers WHERE id = ?');
  const all = db.prepare('SELECT * FROM handovers ORDER BY id');
  return {
    add: (handovers) => {
      if (handovers.length === 0) return [];
      db.exec('BEGIN IMMEDIATE');
      try {
        const added = handovers.map((one) => {
          const { lastInsertRowid } = insert.run(one.ruleArn, one.targetId, one.acceptedAtMs, one.event);
          return { ...one, id: Number(lastInsertRowid) };
        });
        db.exec('COMMIT');
        return added;
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
    remove: (id) => {
      // A function may end after the store has closed: its event is then handed over once more at the next start.
      if (db.isOpen) remove.run(id);
    },
    all: () =>
      all.all().map((row) => ({
        id: Number(row['id']),
        ruleArn: String(row['rule_arn']),
        targetId: String(row['target_id']),
        acceptedAtMs: Number(row['accepted_at']),
        event: String(row['event']),
      })),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}
