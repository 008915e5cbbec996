import type { EventsWork } from '../../functions/api/events-work.ts';
import { type DebugEntry, DebugEntry as Schema } from '../../shared/domain/debug-entry.ts';
import { IntakeId } from '../../shared/domain/ids.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import type { DebugItem, DebugReader, DebugStore, DebugWrite } from '../../shared/ports/debug-store.ts';
import { intakeIdOf } from './ledger-rows.ts';

/** An allowed track event `m<number>` of the request of that number. */
export const aDebugEntry = (number = 1, over: Record<string, unknown> = {}): DebugEntry => {
  const raw = { type: 'track', event: 'Order Completed', userId: 'u1', messageId: `m${number}` };
  return Schema.parse({
    intakeId: intakeIdOf(number),
    index: 0,
    receivedAt: '2026-11-27T10:15:00.000Z',
    verdict: 'ALLOWED',
    raw,
    event: { ...raw, receivedAt: '2026-11-27T10:15:00.000Z' },
    destinations: [],
    ...over,
  });
};

/** Items in memory, each under the time of its writing; pages of `pageMax`. */
export function fakeDebugReader(pageMax = 3) {
  const items: DebugItem[] = [];
  let reads = 0;
  const reader: DebugReader = {
    itemsOfHour: async (_sourceId, hour, { above, below, newestFirst }) => {
      reads += 1;
      const found = items
        .filter(({ id }) => hourOf(id) === hour)
        .filter(({ id }) => (above === undefined || id > `${above}!`) && (below === undefined || id < below))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      if (newestFirst) found.reverse();
      return { items: found.slice(0, pageMax), isWhole: found.length <= pageMax };
    },
  };
  return {
    reader,
    reads: () => reads,
    write: (at: string, entries: readonly DebugEntry[], over: Partial<DebugItem> = {}) => {
      const text = JSON.stringify(entries);
      const id = `${at}#${String(items.length).padStart(8, '0')}`;
      const own = { id, bytes: 500, chars: text.length, kept: entries.length, seen: entries.length };
      items.push({ ...own, text: () => text, entries: () => [...entries], ...over });
    },
  };
}

/** Writes down what is kept; the bucket is what `lease` says. */
export function fakeDebugStore(lease: DebugStore['lease'] = async () => ({ granted: true, fill: 0 })) {
  const writes: (DebugWrite & { bytes: number })[] = [];
  const leases: { bytes: number; kind: string; granted: boolean }[] = [];
  const store: DebugStore = {
    lease: async (sourceId, bytes, kind) => {
      const answer = await lease(sourceId, bytes, kind);
      leases.push({ bytes, kind, granted: answer.granted });
      return answer;
    },
    pack: (write) => {
      const bytes = 160 + write.entries.length * 200;
      return {
        bytes,
        chars: JSON.stringify(write.entries).length,
        put: async () => {
          writes.push({ ...write, bytes });
        },
      };
    },
  };
  return { store, writes, leases, entries: () => writes.flatMap(({ entries }) => entries) };
}

/** A debugger without an event, a queue that takes everything, and a trace of whatever is asked for of which nothing is known. */
export const noEvents = (): EventsWork => ({
  debug: fakeDebugReader().reader,
  intake: { send: async () => undefined },
  newIntakeId: () => IntakeId.parse(intakeIdOf(1)),
  received: async () => 0,
  trace: async (config, [source], { messageId }) =>
    source === undefined
      ? { outcome: 'missing', lookedBackTo: null, gaps: [] }
      : { outcome: 'found', trace: anEmptyTrace(messageId, source.id, config.configVersion) },
});

const anEmptyTrace = (messageId: string, sourceId: string, present: number) => ({
  messageId,
  isMasked: false,
  sourceId,
  intakeId: intakeIdOf(1),
  index: null,
  receivedAt: '2026-11-27T10:15:00.000Z',
  plannedAt: null,
  foundBy: 'CLAIM' as const,
  verdict: 'UNKNOWN' as const,
  reason: null,
  duplicateOf: null,
  config: { decidedBy: null, present, isSame: false },
  payload: null,
  payloadFrom: null,
  normalised: null,
  stages: [],
  destinations: [],
  gaps: [],
  lookedBackTo: null,
});
