import fc from 'fast-check';
import { type SendEnd, settlePart } from '../../../../functions/deliver/settle-part.ts';
import { doneOfText, doneText } from '../../../../shared/aws/row-text.ts';
import { ledgerKeys } from '../../../../shared/aws/ledger-keys.ts';
import { total } from '../../../../shared/domain/books.ts';
import { DoneRow } from '../../../../shared/domain/ledger-rows.ts';
import { retryPolicyOf } from '../../../../shared/domain/retry-schedule.ts';
import { linesOfDone, sendOfDone } from '../../../../shared/domain/row-detail.ts';
import { hopFields } from '../../../../shared/pipeline/done-key.ts';
import { DestinationId } from '../../../../shared/domain/ids.ts';
import { aPart } from '../../../builders/lane-parts.ts';
import { aDoneRow } from '../../../builders/ledger-rows.ts';

const DESTINATION = DestinationId.parse('dst_1');
const AT = new Date('2026-11-24T10:15:01.000Z');

const settle = (part: ReturnType<typeof aPart>, ends: ReadonlyMap<number, SendEnd>): DoneRow => {
  const rules = { policy: retryPolicyOf({ retryWindowHours: 24 }), jitter: 0.5, keepsLetters: true };
  const { counts } = settlePart(DESTINATION, part, ends, AT.toISOString(), rules);
  const row = DoneRow.parse({ ...hopFields(DESTINATION, part), settledAt: AT.toISOString(), writeId: 'w', ...counts });
  return DoneRow.parse(doneOfText(doneText(row), ledgerKeys.done(row)));
};

const outcome = fc.constantFrom<SendEnd['outcome']>(
  { outcome: 'delivered' },
  { outcome: 'discarded', code: '400', message: 'no' },
  { outcome: 'discarded', code: '422', message: 'no' },
  { outcome: 'undeliverable', code: 'destination_disabled', message: 'off' },
  { outcome: 'retry', code: '503', message: 'later' },
  { outcome: 'retry', code: '429', message: 'later', retryAfterMs: 100 * 3_600_000 },
  { outcome: 'not-tried', code: 'breaker_open', message: 'open' },
);
const sends = fc.uniqueArray(
  fc.record({
    number: fc.integer({ min: 0, max: 199 }),
    attempts: fc.integer({ min: 0, max: 2 }),
    mapping: fc.integer({ min: 0, max: 1 }),
    event: fc.integer({ min: 0, max: 2 }),
    outcome,
  }),
  { selector: ({ number }) => number, minLength: 1, maxLength: 12 },
);
const EVENTS = [
  { type: 'track', event: 'A', messageId: '1' },
  { type: 'track', event: 'B', messageId: '2', context: { app: { version: '2' } } },
  { type: 'page', name: 'Home', messageId: '3' },
];

test('G14: of each send the done row tells how it stands, and lines by mapping and kind sum up to its counts', () => {
  fc.assert(
    fc.property(sends, fc.integer({ min: 0, max: 2 }), (given, hop) => {
      const part = aPart({
        hop,
        mappings: ['map_1', 'map_2'],
        events: EVENTS,
        sends: given.map(({ number, event, mapping, attempts }) => [number, event, mapping, attempts]),
      });
      const row = settle(part, new Map(given.map((each) => [each.number, { outcome: each.outcome, at: AT }])));
      for (const { number, outcome: ended } of given) {
        const told = sendOfDone(row, number);
        if (ended.outcome === 'delivered') expect(told).toEqual({ end: 'delivered' });
        else if (ended.outcome === 'discarded') expect(told).toEqual({ end: 'discarded', code: ended.code });
        else if (ended.outcome === 'undeliverable') expect(told).toEqual({ end: 'dead-lettered', code: ended.code });
        else if (ended.outcome === 'not-tried')
          expect(told).toEqual({ end: 'waits', isTried: false, code: 'breaker_open' });
        else if (ended.code === '429') expect(told).toEqual({ end: 'dead-lettered', code: 'retry_after' });
        else expect(told).toEqual({ end: 'waits', isTried: true, code: '503' });
      }
      const lines = linesOfDone(row) ?? [];
      const sumOf = (is: (word: string) => boolean) =>
        lines.reduce((sum, [, , word, count]) => sum + (is(word) ? count : 0), 0);
      expect(sumOf((word) => word === 'd' || word === 'r')).toBe(row.delivered);
      expect(sumOf((word) => word === 'd')).toBe(
        given.filter((each) => each.outcome.outcome === 'delivered' && each.attempts === 0).length,
      );
      expect(sumOf((word) => word === 'w' || word === 'u')).toBe(row.retry);
      // G06: a hop in which a send had no turn is no try of it.
      expect(sumOf((word) => word === 'u')).toBe(given.filter((each) => each.outcome.outcome === 'not-tried').length);
      expect(sumOf((word) => word.startsWith('discarded.'))).toBe(total(row.discarded));
      expect(sumOf((word) => word.startsWith('dead.'))).toBe(total(row.deadLettered));
      const events = lines.flatMap(([mapping, kind, , count]) =>
        Array.from({ length: count }, () => [row.mappings?.[mapping], row.kinds?.[kind]?.[1]].join()),
      );
      expect(events.toSorted()).toEqual(
        given.map((each) => [`map_${each.mapping + 1}`, ['A', 'B', 'Home'][each.event]].join()).toSorted(),
      );
    }),
  );
});

test('a part whose sends were all delivered at their first try says no more than mapping and kind', () => {
  const part = aPart({ count: 3 });
  const row = settle(
    part,
    new Map(part.sends.map(([number]) => [number, { outcome: { outcome: 'delivered' }, at: AT }])),
  );
  expect([row.ends, row.retryCodes, row.lines]).toEqual([undefined, undefined, undefined]);
  expect(linesOfDone(row)).toEqual([[0, 0, 'd', 3]]);
});

test('a row of before 0.3 tells what its counts leave no doubt of', () => {
  expect(sendOfDone(aDoneRow(), 0)).toEqual({ end: 'delivered' });
  expect(sendOfDone(aDoneRow({ discarded: { 400: 1 } }), 0)).toEqual({ end: 'untold' });
  expect(linesOfDone(aDoneRow())).toBeUndefined();
});
