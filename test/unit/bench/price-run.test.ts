import { FUNCTION_LIMITS } from '../../../infra/function-limits.ts';
import { PRICES, usdFor } from '../../../shared/config/prices.ts';
import type { Counted } from '../../bench/cost/counted.ts';
import { fixedMonth, monthlyBill } from '../../bench/cost/fixed-month.ts';
import { throughputOf } from '../../../shared/usage/sending-time.ts';
import { priceRun } from '../../bench/cost/price-run.ts';

const NOTHING = { items: 0, writeUnits: 0, bytes: 0, byteDays: 0, itemDays: 0 };
const NONE = { ingest: 0, route: 0, deliver: 0, archive: 0 };
/** What a second of deliver costs at the memory that it has. */
const DELIVER_SECOND_USD = (FUNCTION_LIMITS.deliver.memoryMb / 1_024) * 0.0000133334;
const OPTIONS = { callsInSequence: NONE, sendsInFlight: 50 };

/** A million events of which nothing was counted; a test adds what it is about. */
const aRun = (over: Partial<Counted> = {}): Counted => ({
  requests: 0,
  events: 1_000_000,
  sends: 0,
  requestsPerSecond: undefined,
  entryUnits: 0,
  answerBodyBytes: 0,
  calls: [],
  invocations: NONE,
  cpuSeconds: NONE,
  gbSeconds: NONE,
  toolRequests: 0,
  toolBytes: 0,
  logBytes: 0,
  logEvents: 0,
  archiveBytes: 0,
  stored: { seen: NOTHING, ledger: NOTHING },
  ...over,
});

const usdOf = (counted: Counted, options = OPTIONS): Record<string, number> =>
  Object.fromEntries(priceRun(counted, options).lines.map(({ line, usd }) => [line, Number(usd.toPrecision(6))]));

test('a run of which nothing was counted costs nothing', () => {
  expect(priceRun(aRun(), OPTIONS)).toEqual({ usdPerMillion: 0, lines: [] });
});

// Each expectation is worked out by hand from the price list.
test.each<[string, Partial<Counted>, Record<string, number>]>([
  ['50,000 requests at the HTTP API cost 5 cents', { entryUnits: 50_000 }, { 'HTTP API requests': 0.05 }],
  [
    'a million claims cost 62.5 cents',
    { calls: [{ by: 'route', operation: 'dynamodb:BatchExecuteStatement', calls: 40_000, units: 1_000_000 }] },
    { 'de-duplication claims': 0.625 },
  ],
  [
    'plan rows of 2 units and done rows of 1 are told apart by who writes them',
    {
      calls: [
        { by: 'route', operation: 'dynamodb:PutItem', calls: 50_000, units: 100_000 },
        { by: 'deliver', operation: 'dynamodb:PutItem', calls: 150_010, units: 150_030 },
      ],
      requests: 50_000,
      stored: { seen: NOTHING, ledger: { ...NOTHING, items: 200_000, writeUnits: 250_000 } },
    },
    // The 10 puts that left no row in the ledger were samples.
    { 'plan rows': 0.0625, 'done rows': 0.09375 },
  ],
  [
    'claims by device are what route puts beyond plan rows, and their reads',
    {
      calls: [
        { by: 'route', operation: 'dynamodb:BatchGetItem', calls: 5_000, units: 50_000 },
        { by: 'route', operation: 'dynamodb:PutItem', calls: 100_000, units: 110_000 },
        { by: 'route', operation: 'dynamodb:UpdateItem', calls: 10, units: 10_000 },
      ],
      requests: 50_000,
      stored: { seen: NOTHING, ledger: { ...NOTHING, items: 200_000, writeUnits: 200_000 } },
    },
    { 'plan rows': 0.03125, 'de-duplication claims': 0.05 },
  ],
  [
    'reads cost a fifth of writes',
    { calls: [{ by: 'deliver', operation: 'dynamodb:GetItem', calls: 1_000, units: 1_000 }] },
    { 'DynamoDB reads of deliver': 0.000125 },
  ],
  [
    'an SQS request costs 40 cents a million, and 10 more on a fair queue; units count, not calls',
    {
      calls: [
        { by: 'route', operation: 'sqs:SendMessageBatch', calls: 20_000, units: 80_000 },
        { by: 'route', operation: 'sqs:ReceiveMessage', calls: 5_000, units: 20_000 },
      ],
    },
    { 'SQS calls of route': 0.05 },
  ],
  [
    'bytes to tools cost 9 cents a GB, and each request has its part of TLS',
    { toolRequests: 1_000_000, toolBytes: 1_000_000_000 },
    { 'bytes to tools': 0.09, 'bytes to tools: TLS': 0.00522 },
  ],
  [
    'dead letters are PUTs',
    { calls: [{ by: 'deliver', operation: 's3:PutObject', calls: 1_000, units: 1_000 }] },
    { 's3 calls of deliver': 0.005 },
  ],
  [
    'a GB of log lines costs 50 cents to take in, and 3 to keep for a month',
    { logBytes: 1_000_000_000 },
    { 'log lines': 0.53 },
  ],
  [
    'a GB of claims for 18 days costs three fifths of a month',
    { stored: { seen: { items: 0, writeUnits: 0, bytes: 1e9, byteDays: 18e9, itemDays: 0 }, ledger: NOTHING } },
    { 'claims stored': 0.15 },
  ],
  [
    'rows cost recovery on top, and are read five times: 244,141 pages of 4 KB each time',
    { stored: { seen: NOTHING, ledger: { items: 0, writeUnits: 0, bytes: 1e9, byteDays: 30e9, itemDays: 0 } } },
    { 'rows stored, recoverable': 0.45, 'rows read for the totals': 0.152588 },
  ],
])('%s', (_what, over, expected) => {
  expect(usdOf(aRun({ ...over, invocations: { ...NONE, deliver: over.toolRequests ?? 0 } }))).toMatchObject(expected);
});

test('ingest pays for its request, its CPU at any memory, and its memory while it waits', () => {
  const counted = aRun({
    invocations: { ...NONE, ingest: 1_000_000 },
    cpuSeconds: { ...NONE, ingest: 1_024 },
  });
  expect(usdOf(counted, { ...OPTIONS, callsInSequence: { ...NONE, ingest: 1 } })).toEqual({
    'ingest: invocations': 0.2,
    // 1,024 s of a vCPU are 1,769 GB-s, at whatever memory.
    'ingest: CPU': 0.0235868,
    // A million times 8 ms, 2 ms, and half a percent of 250 ms, with half a GB.
    'ingest: waiting for AWS': 0.0533336,
    'ingest: runtime': 0.0133334,
    'ingest: cold starts': 0.00833338,
  });
});

test('deliver waits for 50 tools at once, and its CPU time hides behind that', () => {
  const counted = aRun({
    invocations: { ...NONE, deliver: 1 },
    cpuSeconds: { ...NONE, deliver: 0.5 },
    toolRequests: 1_000,
  });
  const lines = usdOf(counted);
  // 20 rounds of 150 ms and half a one at the end: 3.075 s.
  expect(lines['deliver: waiting for tools']).toBeCloseTo(3.075 * DELIVER_SECOND_USD, 9);
  // Half a second of CPU takes 1.7 s at 512 MB; less than a fourteenth of it is added.
  expect(lines['deliver: CPU']).toBeGreaterThan(0);
  expect(lines['deliver: CPU']).toBeLessThan((1.73 / 14) * DELIVER_SECOND_USD);
});

test('throughput is bounded by waiting while the thread is idle, and by the thread when it is not', () => {
  expect(throughputOf(1, 0.15, 0.05)).toBeCloseTo(5, 9);
  expect(throughputOf(50, 0.15, 0)).toBeCloseTo(50 / 0.15, 9);
  expect(throughputOf(50, 0.15, 0.03)).toBeCloseTo(1 / 0.03, 1);
});

test('a small invocation waits one whole round', () => {
  const counted = aRun({ invocations: { ...NONE, deliver: 10 }, toolRequests: 200 });
  expect(usdOf(counted)['deliver: waiting for tools']).toBeCloseTo(10 * 0.15 * DELIVER_SECOND_USD, 9);
});

test('the archive is priced by its window of 300 s or its 6 MB, not by the window of the local cloud', () => {
  const trickle = aRun({ requests: 3_000, requestsPerSecond: 5, archiveBytes: 6_000_000 });
  const backlog = aRun({ requests: 3_000, archiveBytes: 6_000_000 });
  // 600 s are two windows of five pollers; 6 MB are one batch.
  expect([usdOf(trickle)['archive objects'], usdOf(backlog)['archive objects']]).toEqual([0.00005, 0.000005]);
});

test('samples are priced by the minute, not by how many a short run happened to show', () => {
  const trickle = aRun({ requests: 300, requestsPerSecond: 5, sends: 3_000_000 });
  const backlog = aRun({ requests: 10_000, sends: 3_000_000 });
  // A minute, 3 destinations: 2 environments, or 20, with a sample of 3 units each.
  expect([usdOf(trickle)['samples'], usdOf(backlog)['samples']]).toEqual([0.00001125, 0.0001125]);
});

test('an operation without a price is an error, not a gift', () => {
  const counted = aRun({ calls: [{ by: 'route', operation: 'kinesis:PutRecords', calls: 1, units: 1 }] });
  expect(() => priceRun(counted, OPTIONS)).toThrow('There is no price for kinesis:PutRecords');
});

test('an idle deployment pays for polling, alarms, its key and its metrics', () => {
  const lines = fixedMonth({ pollers: 4, alarmMetrics: 10, keys: 1, metrics: 3, hourlyRuns: 1 });
  // 4 queues by 5 pollers by 131,400 long polls of 20 s in 730 h: 2,628,000 requests.
  expect(lines.map(({ usd }) => Number(usd.toFixed(4)))).toEqual([1.0512, 1, 1, 0.9, 0.0007]);
  expect(monthlyBill(4, 1.25, 100_000_000)).toBe(129);
});

test('every price says what it is for, since when it holds and who says so', () => {
  for (const price of Object.values(PRICES)) {
    expect(price).toMatchObject({
      usd: expect.any(Number),
      per: expect.any(Number),
      unit: expect.stringMatching(/\w/),
      asOf: expect.stringMatching(/^20\d\d-(0[1-9]|1[0-2])$/),
      source: expect.stringMatching(/\w/),
    });
  }
  expect(usdFor(PRICES.kmsRequest, 10_000)).toBe(0.03);
});
