import { debugSampler } from '../../../functions/route/debug-sampler.ts';
import { documentClient } from '../../../shared/aws/document-client.ts';
import { dynamoDebugReader, dynamoDebugStore } from '../../../shared/aws/dynamo-debug-store.ts';
import {
  DEBUG_BURST_BYTES,
  DEBUG_BYTES_MAX,
  DEBUG_BYTES_PER_SECOND,
  DEBUG_RESERVE_BYTES,
} from '../../../shared/config/debugger.ts';
import { SourceId } from '../../../shared/domain/ids.ts';
import { readLive, searchKept } from '../../../shared/pipeline/search-debug.ts';
import { countedCommands } from '../../builders/counted-commands.ts';
import { aDebugEntry } from '../../builders/debug-items.ts';
import { type DynamodbBackend, localDynamodb } from '../../builders/dynamodb-backends.ts';
import { aBatch } from '../../builders/intake-message.ts';
import { intakeIdOf } from '../../builders/ledger-rows.ts';
import { routedMessage } from '../../builders/routed-message.ts';
import { aStateTable } from '../../builders/state-table.ts';

const START_MS = Date.parse('2026-11-27T10:15:00.000Z');
/** Prices of us-east-1 on demand (docs/cost.md). */
const DOLLARS_PER_WRITE_UNIT = 0.625e-6;
const sourceId = SourceId.parse('src_1');

let backend: DynamodbBackend;
beforeAll(async () => {
  backend = await localDynamodb();
}, 70_000);
afterAll(async () => await backend.close());

async function setUp() {
  const table = await aStateTable(backend.client);
  const doc = documentClient(backend.client);
  const calls = countedCommands(doc);
  let nowMs = START_MS;
  const now = () => new Date(nowMs);
  const store = dynamoDebugStore(doc, table, now);
  return {
    doc,
    table,
    calls,
    store,
    now,
    reader: dynamoDebugReader(doc, table, now),
    pass: (ms: number) => (nowMs += ms),
  };
}

test('what is written is read the same, in the order of writing and against it, between ids', async () => {
  const { store, reader, pass } = await setUp();
  const hostile = JSON.parse('{"__proto__":{"a":1},"é😀":"\\u0000"}') as Record<string, unknown>;
  for (let number = 1; number <= 3; number += 1) {
    await store.pack({ sourceId, entries: [aDebugEntry(number, { raw: hostile })], seen: number }).put();
    pass(1_000);
  }
  const { items, isWhole } = await reader.itemsOfHour(sourceId, '2026-11-27T10', { newestFirst: false });
  expect([isWhole, items.map(({ kept, seen }) => [kept, seen])]).toEqual([
    true,
    [
      [1, 1],
      [1, 2],
      [1, 3],
    ],
  ]);
  expect(items.map(({ chars }) => chars)).toEqual(items.map((item) => item.text().length));
  expect(items.map((item) => item.entries())).toEqual(
    [1, 2, 3].map((number) => [aDebugEntry(number, { raw: hostile })]),
  );
  const [first, second, third] = items.map(({ id }) => id);
  const ids = async (range: { above?: string | undefined; below?: string | undefined; newestFirst: boolean }) =>
    (await reader.itemsOfHour(sourceId, '2026-11-27T10', range)).items.map(({ id }) => id);
  expect(await ids({ above: first, newestFirst: false })).toEqual([second, third]);
  expect(await ids({ below: third, newestFirst: true })).toEqual([second, first]);
  expect(await ids({ above: '2026-11-27T10:15:01.000Z', newestFirst: false })).toEqual([second, third]);
});

test('what is older than a day is not read, whether or not the table has deleted it', async () => {
  const { store, reader, pass } = await setUp();
  await store.pack({ sourceId, entries: [aDebugEntry()], seen: 1 }).put();
  pass(26 * 3_600_000);
  const { items } = await reader.itemsOfHour(sourceId, '2026-11-27T10', { newestFirst: true });
  expect(items).toEqual([]);
});

test('however many environments lease, a source has its burst, then its rate, and 20 MB in a day at most', async () => {
  const { store, pass } = await setUp();
  let leased = 0;
  const lease = async (bytes: number, kind: 'any' | 'reserve') => {
    const { granted } = await store.lease(sourceId, bytes, kind);
    if (granted) leased += bytes;
    return granted;
  };
  // Twenty environments at once.
  await Promise.all(Array.from({ length: 20 }, () => lease(32_768, 'any')));
  expect(leased).toBeLessThanOrEqual(DEBUG_BURST_BYTES - DEBUG_RESERVE_BYTES);
  expect(leased).toBeGreaterThan(DEBUG_BURST_BYTES - DEBUG_RESERVE_BYTES - 40_000);
  for (let hour = 0; hour < 25; hour += 1) {
    for (let ask = 0; ask < 10; ask += 1) await lease(32_768, 'any');
    expect(await lease(4_096, 'reserve')).toBe(true);
    pass(3_600_000);
  }
  // A day, and the hour for which leases may be held.
  expect(leased).toBeLessThanOrEqual(DEBUG_BYTES_MAX);
  expect(leased).toBeGreaterThan(
    0.8 * 25 * Math.min(DEBUG_BURST_BYTES - DEBUG_RESERVE_BYTES, DEBUG_BYTES_PER_SECOND * 3_600),
  );
}, 60_000);

test('200 events a second for a minute cost a bounded number of writes, and the live view is quick meanwhile', async () => {
  const { doc, table, calls, now, reader, pass } = await setUp();
  const bytes: number[] = [];
  const environments = Array.from({ length: 3 }, () => {
    const store = dynamoDebugStore(doc, table, now);
    return debugSampler({
      store: {
        ...store,
        pack: (write) => {
          const packed = store.pack(write);
          const put = async () => {
            bytes.push(packed.bytes);
            await packed.put();
          };
          return { ...packed, put };
        },
      },
      now,
      wait: async () => {},
      warn: (error) => {
        throw error;
      },
    });
  });
  const answersMs: number[] = [];
  let after = { at: now().toISOString(), told: [] as readonly string[] };
  let told = 0;
  const minute = async () => {
    for (let request = 0; request < 600; request += 1) {
      // Ten requests of 20 events a second, of users of their own.
      const number = calls.length + request;
      const events = Array.from({ length: 20 }, (_, at) => ({
        type: 'track',
        event: 'Product Viewed',
        userId: `user-${(number * 7919 + at) % 100_003}`,
        messageId: `node-next-${number}-${at}-${((number * 31 + at) * 2_654_435_761) % 4_294_967_296}`,
        timestamp: now().toISOString(),
        properties: { product: `p-${(number * 131 + at) % 5_000}`, price: (number * 17 + at) % 1_000, currency: 'EUR' },
        context: { library: { name: '@segment/analytics-node', version: '2.1.3' } },
      }));
      const message = aBatch(events, { intakeId: intakeIdOf(request), receivedAt: now().toISOString() });
      await environments[request % 3]?.keep([routedMessage(message)]);
      pass(100);
      if (request % 15 === 14) {
        const startedAtMs = performance.now();
        const live = await readLive(reader, { sourceId, now: now(), after, filter: { terms: [] } });
        answersMs.push(performance.now() - startedAtMs);
        after = live.position;
        told += live.entries.length;
      }
    }
  };
  const measured = async () => {
    const [fromCalls, fromItems] = [calls.length, bytes.length];
    await minute();
    const leases = calls
      .slice(fromCalls)
      .filter((name) => name === 'UpdateItemCommand' || name === 'UpdateCommand').length;
    const written = bytes.slice(fromItems);
    const units = leases + written.reduce((sum, one) => sum + Math.ceil(one / 1_024), 0);
    return {
      items: written.length,
      leases,
      kilobytes: sumOf(written) / 1_000,
      dollarsPerMillion: ((units * DOLLARS_PER_WRITE_UNIT) / 12_000) * 1e6,
    };
  };
  const first = await measured();
  pass(600_000);
  const later = await measured();
  const slowest = Math.max(...answersMs);
  process.stdout.write(`Debugger at 200 events/s: ${JSON.stringify({ first, later, slowestLiveMs: slowest, told })}\n`);
  expect(first.kilobytes).toBeLessThanOrEqual((DEBUG_BURST_BYTES + 90 * DEBUG_BYTES_PER_SECOND) / 1_000);
  expect(first.dollarsPerMillion).toBeLessThan(0.03);
  expect(later.dollarsPerMillion).toBeLessThan(0.03);
  expect(later.items).toBeGreaterThan(0);
  expect(slowest).toBeLessThan(500);
  // What a search says of its share is what was sent, but for what environments have not told yet.
  const { coverage } = await searchKept(reader, { sourceId, now: now(), filter: { terms: [] }, limit: 1 });
  expect(coverage.kept).toBeLessThan(24_000);
}, 120_000);

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

test('environments that meet a source for the first time all get their lease: a quiet source is kept whole', async () => {
  const { store } = await setUp();
  const leases = await Promise.all(Array.from({ length: 6 }, () => store.lease(sourceId, 16_384, 'any')));
  expect(leases.map(({ granted }) => granted)).toEqual([true, true, true, true, true, true]);
});
