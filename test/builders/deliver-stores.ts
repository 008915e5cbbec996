import type { JsonObject } from '../../shared/domain/json.ts';
import type { DoneRow } from '../../shared/domain/ledger-rows.ts';
import type { DeadLetter, DeadLetterStore, DeliverySample } from '../../shared/ports/delivery-stores.ts';
import type { DoneKey, DoneStore } from '../../shared/ports/ledger.ts';

/** A ledger of done rows behind its port; `looked` are the keys that were read. */
export function fakeDoneStore(rows: DoneRow[] = []) {
  const nameOf = ({ destinationId, dueAt, intakeId, slice, hop, replay }: DoneKey): string =>
    [destinationId, dueAt, intakeId, slice, hop, ...(replay === undefined ? [] : [replay])].join();
  const looked: string[] = [];
  const store: DoneStore = {
    getDone: async (key) => {
      looked.push(nameOf(key));
      return rows.find((row) => nameOf(row) === nameOf(key));
    },
    findDone: async (keys) => {
      looked.push(...keys.map(nameOf));
      const names = new Set(keys.map(nameOf));
      // As DynamoDB does: "Provided list of item keys contains duplicates".
      if (names.size < keys.length) throw new Error('The same key twice');
      return rows.filter((row) => names.has(nameOf(row)));
    },
    putDone: async (row) => {
      const there = rows.find((each) => nameOf(each) === nameOf(row));
      if (there !== undefined) return { outcome: 'exists', row: there };
      rows.push(row);
      return { outcome: 'saved' };
    },
  };
  return { store, rows, looked };
}

/** Objects of the dead-letter store, by key. */
export function fakeDeadLetterStore() {
  const objects = new Map<string, readonly DeadLetter[]>();
  const unreadable = new Map<string, string>();
  const store: DeadLetterStore = {
    putUnreadable: async (day, body) => {
      const key = `unreadable/${day}/${unreadable.size + 1}`;
      unreadable.set(key, body);
      return key;
    },
    put: async (destinationId, letters) => {
      const key = `${destinationId}/${objects.size + 1}`;
      objects.set(key, [...letters]);
      return key;
    },
  };
  return { store, objects, unreadable, letters: () => [...objects.values()].flat() };
}

export function fakeSamples() {
  const kept: DeliverySample[] = [];
  return { kept, store: { put: async (samples: readonly DeliverySample[]) => void kept.push(...samples) } };
}

export function fakeInbox() {
  const batches: { destinationId: string; batchId: string; events: readonly JsonObject[] }[] = [];
  return {
    batches,
    store: {
      add: async (destinationId: string, batchId: string, events: readonly JsonObject[]) =>
        void batches.push({ destinationId, batchId, events }),
    },
  };
}
