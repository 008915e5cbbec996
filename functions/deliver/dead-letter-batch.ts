import type { DestinationId } from '../../shared/domain/ids.ts';
import type { DeadLetter, DeadLetterStore } from '../../shared/ports/delivery-stores.ts';
import type { Timers } from '../../shared/ports/timers.ts';

/** Parts that settle within this time share an object. */
const WAIT_MS = 250;
/** Letters of one object: at 32 KB an event at most some 60 MB before compression. */
const LETTERS_MAX = 2_000;

export type DeadLetterBatch = {
  /** A part of this destination is under way and may bring letters. */
  begin(): void;
  /** Resolves with the object's key when it is written; `undefined` when there was nothing to write. Ends what begin() began, also by a throw. */
  end(letters: readonly DeadLetter[]): Promise<string | undefined>;
};

type Group = { letters: DeadLetter[]; written: PromiseWithResolvers<string>; cancelTimer: () => void };

/**
 * Collects the undelivered payloads of one destination into few objects: they are written when every part has brought its own and no more are
 * to come, when WAIT_MS are over, or when LETTERS_MAX are there.
 */
export function deadLetterBatch(
  store: Pick<DeadLetterStore, 'put'>,
  destinationId: DestinationId,
  areMoreToCome: () => boolean,
  timers: Pick<Timers, 'after'>,
): DeadLetterBatch {
  let underWay = 0;
  let waiting = 0;
  let group: Group | undefined;

  const write = (): void => {
    const full = group;
    if (full === undefined) return;
    group = undefined;
    full.cancelTimer();
    store.put(destinationId, full.letters).then(full.written.resolve, full.written.reject);
  };
  const writeIfNobodyElseComes = (): void => {
    if (underWay === waiting && !areMoreToCome()) write();
  };

  return {
    begin: () => {
      underWay += 1;
    },
    end: async (letters) => {
      if (letters.length === 0) {
        underWay -= 1;
        writeIfNobodyElseComes();
        return undefined;
      }
      group ??= { letters: [], written: Promise.withResolvers(), cancelTimer: timers.after(WAIT_MS, write) };
      const { written } = group;
      group.letters.push(...letters);
      waiting += 1;
      if (group.letters.length >= LETTERS_MAX) write();
      else writeIfNobodyElseComes();
      try {
        return await written.promise;
      } finally {
        underWay -= 1;
        waiting -= 1;
      }
    },
  };
}
