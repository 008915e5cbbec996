import type { DestinationId, IntakeId } from '../../../shared/domain/ids.ts';
import type { DoneRow } from '../../../shared/domain/ledger-rows.ts';
import { type PlannedSend, type SendOfDone, sendOfDone } from '../../../shared/domain/row-detail.ts';
import { minuteOf } from '../../../shared/domain/timestamp.ts';
import type { DeliverySample } from '../../../shared/ports/delivery-stores.ts';
import type { DoneStore } from '../../../shared/ports/ledger.ts';
import type { SampleFinder } from '../../../shared/ports/trace-stores.ts';

/** Done rows that are read of one send: 13 tries take as many, a breaker that stays open some more. */
export const HOPS_READ_MAX = 60;
/** Reads of samples for one trace. */
const SAMPLE_READS_MAX = 20;
/** A sample bears the time of its call; the row that of settling, up to so long after. */
const SETTLES_WITHIN_MS = 60_000;

export type SendState = 'IN_FLIGHT' | 'WAITING' | 'DELIVERED' | 'DISCARDED' | 'DEAD_LETTERED' | 'FILTERED' | 'UNKNOWN';
export type Try = {
  hop: number;
  dueAt: string;
  settledAt: string;
  outcome: 'DELIVERED' | 'DISCARDED' | 'DEAD_LETTERED' | 'FAILED' | 'NOT_TRIED' | 'UNKNOWN';
  code: string | null;
  message: string | null;
  latencyMs: number | null;
  exchanges: Exchange[];
};
type Exchange = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  status: number | null;
  responseHeaders: Record<string, string>;
  responseBody: string | null;
  error: string | null;
  tookMs: number;
};
export type FollowedSend = {
  mappingId: string;
  state: SendState;
  code: string | null;
  tries: Try[];
  nextTryAt: string | null;
  /** Where its payload lies, of one that was not delivered. */
  letter: { key: string; slice: number; send: number } | undefined;
  /** There are more hops than were read. */
  isCut: boolean;
};

/** Rows of one part are read once, whatever sends of it are followed. */
export type DoneRows = (
  destinationId: DestinationId,
  slice: number,
  hop: number,
  dueAt: string,
) => Promise<DoneRow | undefined>;
export function doneRowsOf(dones: Pick<DoneStore, 'getDone'>, intakeId: IntakeId): DoneRows {
  const read = new Map<string, Promise<DoneRow | undefined>>();
  return (destinationId, slice, hop, dueAt) => {
    const name = `${destinationId} ${slice} ${hop}`;
    const row = read.get(name) ?? dones.getDone({ destinationId, dueAt, intakeId, slice, hop });
    read.set(name, row);
    return row;
  };
}

/** What became of one send, hop by hop as done rows tell it: each row says which sends the next carries, and when that is due. */
export async function followSend(
  rows: DoneRows,
  destinationId: DestinationId,
  { mappingId, slice, send }: PlannedSend,
  receivedAt: string,
): Promise<FollowedSend> {
  const tries: Try[] = [];
  const open = { mappingId, code: null, tries, nextTryAt: null, letter: undefined, isCut: false };
  let dueAt = receivedAt;
  for (let hop = 0; hop < HOPS_READ_MAX; hop += 1) {
    const row = await rows(destinationId, slice, hop, dueAt);
    if (row === undefined) {
      return hop === 0 ? { ...open, state: 'IN_FLIGHT' } : { ...open, state: 'WAITING', nextTryAt: dueAt };
    }
    const end = sendOfDone(row, send);
    tries.push(tryOf(row, end));
    if (end.end === 'delivered') return { ...open, state: 'DELIVERED' };
    if (end.end === 'untold') return { ...open, state: 'UNKNOWN' };
    if (end.end !== 'waits') {
      const letter = row.deadLetterKey === undefined ? undefined : { key: row.deadLetterKey, slice, send };
      const state = end.end === 'discarded' ? 'DISCARDED' : 'DEAD_LETTERED';
      return { ...open, state, code: end.code, letter };
    }
    if (row.nextDueAt === undefined) return { ...open, state: 'UNKNOWN' };
    dueAt = row.nextDueAt;
  }
  return { ...open, state: 'WAITING', nextTryAt: dueAt, isCut: true };
}

const OUTCOMES = { delivered: 'DELIVERED', discarded: 'DISCARDED', 'dead-lettered': 'DEAD_LETTERED' } as const;

function tryOf(row: DoneRow, end: SendOfDone): Try {
  const { hop, dueAt, settledAt, errors } = row;
  const code = 'code' in end ? (end.code ?? null) : null;
  const common = { hop, dueAt, settledAt, code, message: null, latencyMs: null, exchanges: [] };
  if (end.end === 'untold') return { ...common, outcome: 'UNKNOWN' };
  if (end.end === 'waits' && !end.isTried) return { ...common, outcome: 'NOT_TRIED' };
  const messages = new Set(errors.filter((error) => error.code === code).map((error) => error.message));
  const [message = null] = messages;
  const outcome = end.end === 'waits' ? 'FAILED' : OUTCOMES[end.end];
  // Of a code with several messages in one part, nobody knows whose is whose.
  return { ...common, outcome, message: messages.size === 1 ? message : null };
}

/**
 * Fills in requests and answers where a sample of the try is kept. Samples are examples: ten of a code and minute, one of what went well. Answers how
 * many tries have none.
 */
export async function addExchanges(
  samples: SampleFinder,
  messageId: string,
  sends: readonly { destinationId: string; send: FollowedSend }[],
): Promise<{ without: number }> {
  const tries = sends
    .flatMap(({ destinationId, send }) => send.tries.map((one) => ({ destinationId, mappingId: send.mappingId, one })))
    .filter(({ one }) => one.outcome !== 'NOT_TRIED');
  const asked = new Map<string, Promise<DeliverySample[]>>();
  let without = 0;
  for (const { destinationId, mappingId, one } of tries) {
    const settledMs = Date.parse(one.settledAt);
    const from = minuteOf(new Date(settledMs - SETTLES_WITHIN_MS).toISOString());
    const to = minuteOf(one.settledAt);
    const name = `${destinationId} ${from} ${to}`;
    if (!asked.has(name) && asked.size >= SAMPLE_READS_MAX) {
      without += 1;
      continue;
    }
    const read = asked.get(name) ?? samples.between(destinationId, from, to);
    asked.set(name, read);
    const fitting = (await read).filter(
      (sample) => sample.messageId === messageId && sample.mappingId === mappingId && sample.at <= one.settledAt,
    );
    const [sample] = fitting.toSorted((a, b) => (a.at < b.at ? 1 : -1));
    const fits = sample !== undefined && (one.outcome === 'DELIVERED') === (sample.code === 'delivered');
    if (!fits) {
      without += 1;
      continue;
    }
    one.exchanges = sample.requests.map(exchangeOf);
    one.latencyMs = sample.requests.reduce((sum, { tookMs }) => sum + tookMs, 0);
    one.message ??= sample.message ?? null;
  }
  return { without };
}

const exchangeOf = (request: DeliverySample['requests'][number]): Exchange => ({
  method: request.method,
  url: request.url,
  headers: request.headers,
  body: request.body ?? null,
  status: request.status ?? null,
  responseHeaders: request.responseHeaders ?? {},
  responseBody: request.responseBody ?? null,
  error: request.error ?? null,
  tookMs: request.tookMs,
});
