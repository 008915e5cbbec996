import { addExchanges, doneRowsOf, followSend, HOPS_READ_MAX } from '../../../../../functions/api/trace/follow-send.ts';
import { bitmapOf } from '../../../../../shared/domain/bitmap.ts';
import { DestinationId, IntakeId } from '../../../../../shared/domain/ids.ts';
import type { DoneRow } from '../../../../../shared/domain/ledger-rows.ts';
import type { DeliverySample } from '../../../../../shared/ports/delivery-stores.ts';
import { aDoneRow, intakeIdOf } from '../../../../builders/ledger-rows.ts';

const DESTINATION = DestinationId.parse('dst_1');
const AT = '2026-11-24T10:15:00.000Z';
const dueOf = (hop: number) => new Date(Date.parse(AT) + hop * 60_000).toISOString();

/** Rows by hop, in which the send numbered 1 of two goes on. */
const failing = (hop: number, isTried = true, over: object = {}): DoneRow =>
  aDoneRow({
    hop,
    dueAt: dueOf(hop),
    settledAt: new Date(Date.parse(dueOf(hop)) + 500).toISOString(),
    delivered: 0,
    retry: 1,
    retryBitmap: bitmapOf([1]),
    ...(isTried && { triedBitmap: bitmapOf([1]) }),
    nextDueAt: dueOf(hop + 1),
    errors: isTried ? [{ code: '503', message: 'busy', count: 1 }] : [],
    ...over,
  });
const ended = (hop: number, over: object): DoneRow =>
  aDoneRow({ hop, dueAt: dueOf(hop), settledAt: dueOf(hop), delivered: 0, retry: 0, errors: [], ...over });

function follow(rows: readonly DoneRow[]) {
  const read: number[] = [];
  const store = {
    getDone: async ({ hop, dueAt }: { hop: number; dueAt: string }) => {
      read.push(hop);
      return rows.find((row) => row.hop === hop && row.dueAt === dueAt);
    },
  };
  const found = doneRowsOf(store, IntakeId.parse(intakeIdOf(1)));
  return { read, followed: followSend(found, DESTINATION, { mappingId: 'map_1', slice: 0, send: 1 }, AT) };
}

test('a send without a row is in flight; one whose next hop has none waits for it', async () => {
  await expect(follow([]).followed).resolves.toMatchObject({ state: 'IN_FLIGHT', tries: [], nextTryAt: null });
  await expect(follow([failing(0)]).followed).resolves.toMatchObject({
    state: 'WAITING',
    nextTryAt: dueOf(1),
    tries: [{ hop: 0, outcome: 'FAILED', code: '503', message: 'busy' }],
  });
});

test('tries that failed, a hop that tried nothing and the end are told in order (G06)', async () => {
  const { followed } = follow([failing(0), failing(1, false), failing(2), ended(3, { delivered: 1 })]);
  const { state, tries } = await followed;
  expect(state).toBe('DELIVERED');
  expect(tries.map(({ hop, outcome }) => [hop, outcome])).toEqual([
    [0, 'FAILED'],
    [1, 'NOT_TRIED'],
    [2, 'FAILED'],
    [3, 'DELIVERED'],
  ]);
});

test.each([
  ['discarded', { discarded: { 400: 1 } }, 'DISCARDED', '400'],
  ['dead-lettered', { deadLettered: { retry_window: 1 } }, 'DEAD_LETTERED', 'retry_window'],
])('what was %s says its code and where its payload lies', async (_case, counts, state, code) => {
  const { followed } = follow([ended(0, { ...counts, deadLetterKey: 'destination=dst_1/x' })]);
  await expect(followed).resolves.toMatchObject({
    state,
    code,
    letter: { key: 'destination=dst_1/x', slice: 0, send: 1 },
  });
});

test('a row of before that cannot tell its sends apart says so', async () => {
  const { followed } = follow([ended(0, { delivered: 1, discarded: { 400: 1 } })]);
  await expect(followed).resolves.toMatchObject({ state: 'UNKNOWN', tries: [{ outcome: 'UNKNOWN' }] });
});

test('hops are read up to a bound', async () => {
  const { followed, read } = follow(Array.from({ length: 200 }, (_, hop) => failing(hop)));
  await expect(followed).resolves.toMatchObject({ state: 'WAITING', isCut: true });
  expect(read).toHaveLength(HOPS_READ_MAX);
});

test('request and answer are added from the sample of that very try, and what has none is counted', async () => {
  const send = await follow([failing(0), ended(1, { delivered: 1 })]).followed;
  const sample = (at: string, code: string, status: number): DeliverySample => ({
    destinationId: DESTINATION,
    mappingId: 'map_1',
    messageId: 'm1',
    at,
    code,
    event: {},
    requests: [{ method: 'POST', url: 'https://tool.test', headers: {}, status, tookMs: 12 }],
  });
  const kept = [sample('2026-11-24T10:15:00.200Z', '503', 503), { ...sample(AT, '503', 500), messageId: 'other' }];
  const { without } = await addExchanges({ between: async () => kept }, 'm1', [{ destinationId: DESTINATION, send }]);
  expect([without, send.tries.map(({ latencyMs, exchanges }) => [latencyMs, exchanges[0]?.status])]).toEqual([
    1,
    [
      [12, 503],
      [null, undefined],
    ],
  ]);
});
