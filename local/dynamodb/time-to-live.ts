import type { Clock } from '../types.ts';
import { draftingStore } from './action-store.ts';
import type { Item } from './attribute-values.ts';
import { runNow } from './item-actions.ts';
import { expiredBefore } from './keys.ts';
import type { Storage } from './storage.ts';
import { expiresAtSeconds, type Tables } from './tables.ts';

/** DynamoDB deletes within days of the expiry; here a minute is enough to see it and rare enough to cost nothing. */
const SWEEP_MS = 60_000;
/** Deleted in one write, and in one sweep; what is left waits for the next. */
const DELETES_PER_WRITE = 200;
const WRITES_PER_SWEEP_MAX = 100;

/** Deletes what has expired, oldest first. An item whose time has been moved since is left alone. */
async function sweep(storage: Storage, tables: Tables, clock: Clock): Promise<void> {
  const nowSeconds = Math.floor(clock.now() / 1_000);
  for (let round = 0; round < WRITES_PER_SWEEP_MAX; round += 1) {
    const entries = storage.entries({ ...expiredBefore(nowSeconds), limit: DELETES_PER_WRITE });
    const page = await entries.nextv(DELETES_PER_WRITE);
    await entries.close();
    if (page.length === 0) return;
    await storage.write((draft) => {
      for (const [entryKey, value] of page) {
        const { key, table } = value as { key: string; table?: string };
        draft.del(entryKey);
        if (table === undefined) draft.del(key);
        if (table === undefined || tables.ttlAttribute(table) === undefined) continue;
        const item = draft.get(key) as Item | undefined;
        const atSeconds = expiresAtSeconds(item, tables.ttlAttribute(table));
        if (item === undefined || atSeconds === undefined || atSeconds >= nowSeconds) continue;
        const names = tables.require(table).KeySchema.map(({ AttributeName }) => AttributeName);
        const Key = Object.fromEntries(names.map((name) => [name, item[name]]));
        runNow('DeleteItem', draftingStore(draft, tables, 'other'), { TableName: table, Key });
      }
    });
  }
}

/** Sweeps once a minute of the clock until stopped. A sweep that fails (a full disk) is made good by the next. */
export function sweepRegularly(storage: Storage, tables: Tables, clock: Clock): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let cancel: () => void = () => undefined;
  let isStopped = false;
  const wait = () => {
    cancel = clock.after(SWEEP_MS, () => {
      running = sweep(storage, tables, clock)
        .catch(() => undefined)
        .finally(() => {
          if (!isStopped) wait();
        });
    });
  };
  wait();
  return {
    stop: async () => {
      isStopped = true;
      cancel();
      await running;
    },
  };
}
