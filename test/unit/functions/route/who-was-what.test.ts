import fc from 'fast-check';
import { type Catalog, planIntake, targetsOf } from '../../../../functions/route/plan-intake.ts';
import { EVENT_TYPES } from '../../../../shared/domain/event.ts';
import { idHashOf, kindOf, NO_KIND, OTHER_NAME, ROW_KINDS_BYTES_MAX } from '../../../../shared/domain/event-kind.ts';
import { planOfText, planText } from '../../../../shared/aws/row-text.ts';
import { ledgerKeys } from '../../../../shared/aws/ledger-keys.ts';
import { PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import { eventOfPlan, eventsByHash, plannedByEvent } from '../../../../shared/domain/row-detail.ts';
import { partsOf } from '../../../../shared/pipeline/parts.ts';
import { readIntake } from '../../../../shared/pipeline/read-intake.ts';
import { aBatch, anIntakeMessage, aTrack } from '../../../builders/intake-message.ts';
import { aPlanRow } from '../../../builders/ledger-rows.ts';
import { aTarget, aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aSource, aSourceSchema } from '../../../builders/workspace-things.ts';

const catalog: Catalog = () => ({ supportedTypes: EVENT_TYPES, integrationNames: ['Webhook'] });
const TRIGGERS = [['type = "track"', 'event = "A"'], ['('], ['event = "B"'], []];

/** As it is read from the table. */
const stored = (row: PlanRow): PlanRow => PlanRow.parse(planOfText(planText(row), ledgerKeys.plan(row)));

const planned = (batch: readonly unknown[], duplicates: readonly string[] = [], triggers = TRIGGERS) => {
  const config = aWorkspaceConfig(triggers.map((texts, number) => aTarget(String(number), texts)));
  const reading = readIntake(aBatch(batch), aSource());
  const schema = aSourceSchema({ track: { 'Debug Ping': { enabled: false } } });
  const plan = planIntake(reading, new Set(duplicates), targetsOf(config, 'src_1', catalog), { schema });
  return { reading, row: stored(aPlanRow({ ...plan })) };
};

const event = fc.oneof(
  { arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 1 },
  {
    arbitrary: fc.record(
      {
        type: fc.constantFrom(...EVENT_TYPES, 'nonsense'),
        userId: fc.constantFrom('u', '', null),
        event: fc.constantFrom('A', 'B', 'Debug Ping', '', 7),
        name: fc.constantFrom('Home', null),
        groupId: fc.constant('g'),
        messageId: fc.constantFrom('1', '2', '3', '4', 'm'.repeat(101)),
        context: fc.constantFrom({}, { app: { version: '1.2' } }, { app: 'x' }, null),
        integrations: fc.constantFrom({ All: false }, {}),
      },
      { requiredKeys: ['type', 'messageId'] },
    ),
    weight: 6,
  },
);

test('G12, G13: of each event the plan row tells kind, verdict, reason, and what each destination was to get; summed up that is its counts', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), fc.subarray(['1', '3']), (batch, duplicates) => {
      const { row, reading } = planned(structuredClone(batch), duplicates);
      const words: Record<string, number> = {};
      const filtered: Record<string, Record<string, number>> = {};
      const sends: Record<string, string[]> = {};
      for (let index = 0; index < row.received; index += 1) {
        const found = eventOfPlan(row, index);
        const verdict = found?.verdict ?? { verdict: 'untold' };
        const word = 'reason' in verdict ? `${verdict.verdict}.${verdict.reason}` : verdict.verdict;
        words[word] = (words[word] ?? 0) + 1;
        for (const each of found?.destinations ?? []) {
          if (each.outcome === 'filtered') {
            const counts = (filtered[each.destinationId] ??= {});
            counts[each.reason ?? 'untold'] = (counts[each.reason ?? 'untold'] ?? 0) + 1;
          } else {
            const told = (sends[each.destinationId] ??= []);
            told.push(...each.sends.map((send) => `${index} ${send.mappingId} ${send.slice} ${send.send}`));
          }
        }
        const sent = batch[index];
        if (typeof sent === 'object' && sent !== null && !Array.isArray(sent)) {
          expect(found?.kind).toEqual(kindOf(sent as never));
        } else expect(found?.kind).toEqual(NO_KIND);
      }
      const prefixed = (prefix: string, counts: Record<string, number>) =>
        Object.fromEntries(Object.entries(counts).map(([reason, count]) => [`${prefix}.${reason}`, count]));
      expect(words).toEqual({
        ...prefixed('invalid', row.invalid),
        ...prefixed('blocked', row.blocked),
        ...(row.duplicate > 0 && { duplicate: row.duplicate }),
        ...(row.routed > 0 && { routed: row.routed }),
      });
      for (const destination of row.destinations) {
        expect(filtered[destination.destinationId] ?? {}).toEqual(destination.filtered);
        const byParts = partsOf(reading, destination).flatMap(({ part }) =>
          part.sends.map(([number, at, mapping]) => {
            const messageId = part.events[at]?.['messageId'];
            const index = reading.events.find((read) => read.event.messageId === messageId)?.index;
            return `${index} ${part.mappings[mapping]} ${part.slice} ${number}`;
          }),
        );
        expect(sends[destination.destinationId] ?? []).toEqual(byParts);
      }
    }),
  );
});

test('read for many events at once a plan says of each destination what it says of one event', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), fc.subarray(['1', '3']), (batch, duplicates) => {
      const { row } = planned(structuredClone(batch), duplicates);
      const readers = row.destinations.map(plannedByEvent);
      for (let index = 0; index < row.received; index += 1) {
        const one = eventOfPlan(row, index);
        if (one?.verdict.verdict !== 'routed') continue;
        expect(readers.map((at) => at(index))).toEqual(
          one.destinations.map((each) =>
            each.outcome === 'queued'
              ? { mappings: each.sends.map(({ mappingId }) => mappingId) }
              : { reason: each.reason },
          ),
        );
      }
    }),
    { numRuns: 200 },
  );
});

test('F05: an event is found by the hash of its messageId, valid or not, one that we named included', () => {
  const { row, reading } = planned([
    aTrack('a'),
    { type: 'track', userId: 'u', event: 'A' },
    7,
    { type: 'track', messageId: 'bad' },
    aTrack('a'),
  ]);
  expect(eventsByHash(row, idHashOf('a'))).toEqual([0, 4]);
  expect(eventsByHash(row, idHashOf(String(reading.events[1]?.event.messageId)))).toEqual([1]);
  expect(eventsByHash(row, idHashOf('bad'))).toEqual([3]);
  expect(eventsByHash(row, idHashOf('nobody'))).toEqual([]);
  expect(eventsByHash(aPlanRow(), idHashOf('a'))).toBeUndefined();
});

test('names and versions are cut, and nothing in them moves a cursor or turns text around (T11)', () => {
  expect(
    kindOf({
      type: 'track',
      event: `\u0000A\u202E\uD800${'x'.repeat(300)}`,
      context: { app: { version: `1\n2${'y'.repeat(99)}` } },
    }),
  ).toEqual(['track', `\uFFFDA\uFFFD\uFFFD${'x'.repeat(196)}`, `1\uFFFD2${'y'.repeat(61)}`]);
  expect(kindOf(JSON.parse('{"type":"track","__proto__":{"event":"A"},"context":{"app":null}}'))).toEqual([
    'track',
    '',
    '',
  ]);
});

test('far more kinds than a row can hold are counted under the rest of their call, and the row stays below the bound of an item', () => {
  const batch = Array.from({ length: 2_500 }, (_, index) =>
    aTrack(String(index), { event: `${index} ${'😀'.repeat(90)}` }),
  );
  const { row } = planned(batch, [], [['type = "track"']]);
  expect(Buffer.byteLength(JSON.stringify(row.kinds))).toBeLessThan(ROW_KINDS_BYTES_MAX + 1_000);
  expect(Buffer.byteLength(planText(row))).toBeLessThan(150_000);
  expect(eventOfPlan(row, 0)?.kind[1]).toMatch(/^0 /);
  expect(eventOfPlan(row, 2_499)).toMatchObject({ kind: ['track', OTHER_NAME, ''], verdict: { verdict: 'routed' } });
});

test('of a webhook that posted more than becomes events, the row tells of the first and counts the rest', () => {
  const body = { rules: { each: '$.body', fields: {} }, headers: {}, body: Array.from({ length: 200_000 }, () => 0) };
  const reading = readIntake(anIntakeMessage({ kind: 'hook', body }), aSource());
  const row = stored(aPlanRow({ ...planIntake(reading, new Set(), []) }));
  expect(Buffer.byteLength(planText(row))).toBeLessThan(30_000);
  expect(row.bytes).toBe(400_001);
  expect(eventOfPlan(row, row.received)).toBeUndefined();
  expect(eventOfPlan(row, row.received - 1)).toMatchObject({ kind: NO_KIND, destinations: [] });
});

test('a row of before 0.3 tells what its counts leave no doubt of', () => {
  const old = aPlanRow({
    received: 3,
    duplicate: 2,
    destinations: [
      {
        ...aPlanRow().destinations[0],
        filtered: { FILTERED_BY_RULES: 1 },
        queued: 0,
        sends: 0,
        mappings: [],
        bitmap: '',
        cuts: [],
      },
    ],
  });
  expect([0, 1].map((index) => eventOfPlan(old, index))).toEqual([
    {
      kind: NO_KIND,
      verdict: { verdict: 'routed' },
      destinations: [{ destinationId: 'dst_1', outcome: 'filtered', reason: 'FILTERED_BY_RULES' }],
    },
    { kind: NO_KIND, verdict: { verdict: 'duplicate' }, destinations: [] },
  ]);
  expect(eventOfPlan(aPlanRow({ received: 3, duplicate: 1, suppressed: 1 }), 2)?.verdict).toEqual({
    verdict: 'untold',
  });
});
