import fc from 'fast-check';
import { destinationBalance, sourceBalance } from '../../../../shared/domain/balance.ts';
import { ERROR_LINES_MAX, percentileMs, sumDones, sumPlans } from '../../../../shared/domain/books.ts';
import { LATENCY_BUCKETS_MS } from '../../../../shared/domain/ledger-rows.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';

const failing = (message: string, settledAt: string, count = 1) =>
  aDoneRow({ delivered: 0, deadLettered: { 500: count }, settledAt, errors: [{ code: '500', message, count }] });

test('plan rows add up to the books of the source', () => {
  const totals = sumPlans([
    aPlanRow(),
    aPlanRow({
      intakeId: intakeIdOf(2),
      received: 5,
      invalid: { id_required: 1, event_not_defined: 1 },
      duplicate: 1,
      blocked: { source_deleted: 1 },
      routed: 1,
      types: { page: 1 },
      destinations: [
        {
          destinationId: 'dst_1',
          filtered: { NO_MATCHING_MAPPING: 1 },
          queued: 0,
          sends: 0,
          mappings: [],
          bitmap: '',
          cuts: [],
        },
      ],
    }),
  ]);
  expect(totals).toEqual({
    received: 6,
    invalid: { id_required: 1, event_not_defined: 1 },
    duplicate: 1,
    suppressed: 0,
    blocked: { source_deleted: 1 },
    routed: 2,
    types: { track: 1, page: 1 },
    planned: {
      dst_1: { routed: 2, blocked: { source_deleted: 1 }, filtered: { NO_MATCHING_MAPPING: 1 }, queued: 1, sends: 1 },
    },
  });
});

test('the balance of a destination adds up, and what has not ended is in flight', () => {
  const planned = sumPlans([aPlanRow(), aPlanRow({ intakeId: intakeIdOf(2) }), aPlanRow({ intakeId: intakeIdOf(3) })]);
  const done = sumDones([aDoneRow(), aDoneRow({ intakeId: intakeIdOf(2), delivered: 0, discarded: { 400: 1 } })]);
  const line = destinationBalance('dst_1', 'src_1', planned, done);
  expect(line).toEqual({
    destination: 'dst_1',
    source: 'src_1',
    accepted: 3,
    delivered: 1,
    filtered: 0,
    blocked: 0,
    discarded: 1,
    dlq: 0,
    inFlight: 1,
    recovered: 0,
    reasons: { filtered: {}, blocked: {}, discarded: { 400: 1 }, dlq: {} },
  });
});

test('the equation of the source holds for any mix of verdicts', () => {
  const counts = fc.record({
    invalid: fc.nat(50),
    duplicate: fc.nat(50),
    suppressed: fc.nat(50),
    blocked: fc.nat(50),
    routed: fc.nat(50),
  });
  fc.assert(
    fc.property(fc.array(counts, { maxLength: 20 }), (mixes) => {
      const rows = mixes.map((mix, index) =>
        aPlanRow({
          intakeId: intakeIdOf(index),
          received: mix.invalid + mix.duplicate + mix.suppressed + mix.blocked + mix.routed,
          invalid: { id_required: mix.invalid },
          duplicate: mix.duplicate,
          suppressed: mix.suppressed,
          blocked: { source_deleted: mix.blocked },
          routed: mix.routed,
        }),
      );
      const line = sourceBalance('src_1', sumPlans(rows));
      expect(line.accepted).toBe(line.invalid + line.duplicate + line.suppressed + line.blocked + line.routed);
      expect(sumPlans(rows.toReversed())).toEqual(sumPlans(rows));
    }),
  );
});

test('the error table has one line a cause, with its first and last time', () => {
  const { errors } = sumDones([
    failing('HTTP 500', '2026-11-24T10:00:05.000Z', 2),
    failing('HTTP 500', '2026-11-24T10:00:01.000Z'),
    failing('refused', '2026-11-24T10:00:03.000Z'),
  ]);
  expect(errors).toEqual([
    {
      code: '500',
      message: 'HTTP 500',
      count: 3,
      firstSeen: '2026-11-24T10:00:01.000Z',
      lastSeen: '2026-11-24T10:00:05.000Z',
    },
    {
      code: '500',
      message: 'refused',
      count: 1,
      firstSeen: '2026-11-24T10:00:03.000Z',
      lastSeen: '2026-11-24T10:00:03.000Z',
    },
  ]);
});

test('the error table is bounded, and keeps the most frequent', () => {
  const rows = Array.from({ length: ERROR_LINES_MAX + 20 }, (_, n) =>
    failing(`message ${n}`, '2026-11-24T10:00:00.000Z', n + 1),
  );
  const { errors, deadLettered } = sumDones(rows);
  expect(errors).toHaveLength(ERROR_LINES_MAX);
  expect(errors.at(-1)?.count).toBe(21);
  expect(deadLettered).toEqual({ 500: rows.reduce((sum, row) => sum + (row.deadLettered['500'] ?? 0), 0) });
});

test('a percentile is the upper bound of its bucket', () => {
  const latency = LATENCY_BUCKETS_MS.map(() => 0).concat(0);
  expect(percentileMs(latency, 0.95)).toBeUndefined();
  latency[2] = 95;
  latency[6] = 5;
  expect(percentileMs(latency, 0.95)).toBe(25);
  expect(percentileMs(latency, 0.96)).toBe(160);
});
