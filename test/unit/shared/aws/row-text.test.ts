import fc from 'fast-check';
import { ledgerKeys } from '../../../../shared/aws/ledger-keys.ts';
import { doneOfText, doneText, planOfText, planText } from '../../../../shared/aws/row-text.ts';
import { bitmapOf } from '../../../../shared/domain/bitmap.ts';
import { DoneRow, PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';

const ID = '0123456789abcdef0123456789abcdef';

const aDestinationPlan = (number: number, over: Record<string, unknown> = {}) => ({
  destinationId: `dst_${number}${ID}`,
  filtered: {},
  queued: 20,
  sends: 20,
  mappings: [`map_${number}${ID}`],
  bitmap: bitmapOf(Array.from({ length: 20 }, (_, bit) => bit)),
  cuts: [20],
  ...over,
});

/** What DynamoDB bills: names and values (a number takes a few bytes). */
const itemBytes = (key: { pk: string; sk: string }, data: string): number =>
  ['pk', 'sk', 'data', 'more', 'expiresAtSeconds', key.pk, key.sk, data].join('').length + 12;

test.each([
  ['an ordinary plan', {}],
  [
    'one with everything in it',
    { invalid: { id_required: 2 }, duplicate: 1, blocked: { source_deleted: 3 }, suppressed: 1 },
  ],
  [
    'one with filtered events, several mappings and cuts',
    {
      destinations: [aDestinationPlan(1, { filtered: { NO_MATCHING_MAPPING: 4 }, queued: 16, cuts: [12, 8] })],
    },
  ],
  [
    'one that sends nothing',
    { destinations: [aDestinationPlan(1, { queued: 0, sends: 0, mappings: [], bitmap: '', cuts: [] })] },
  ],
])('%s comes back as it was', (_case, over) => {
  const row = aPlanRow(over);
  expect(PlanRow.parse(planOfText(planText(row), ledgerKeys.plan(row)))).toEqual(row);
});

test('a plan of 20 events for four destinations takes one write unit of 1 KB', () => {
  const row = aPlanRow({
    workspaceId: `ws_${ID}`,
    sourceId: `src_${ID}`,
    writeId: '0b1e1c1e-1111-4222-8333-123456789012',
    received: 20,
    routed: 20,
    types: { track: 18, identify: 2 },
    routedBitmap: bitmapOf(Array.from({ length: 20 }, (_, bit) => bit)),
    destinations: [1, 2, 3, 4].map((number) => aDestinationPlan(number)),
  });
  expect(itemBytes(ledgerKeys.plan(row), planText(row))).toBeLessThan(1_024);
});

test('done rows come back as they were, those of a replay run, too', () => {
  const counts = fc.dictionary(fc.constantFrom('400', '503', 'retry_window'), fc.integer({ min: 1, max: 9 }));
  const latency = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 24, maxLength: 24 });
  const replay = fc.constantFrom(undefined, `rp_${'r'.repeat(22)}`);
  fc.assert(
    fc.property(
      counts,
      counts,
      latency,
      replay,
      fc.integer({ min: 0, max: 1_400 }),
      (discarded, deadLettered, buckets, run, hop) => {
        const row = aDoneRow({
          discarded,
          deadLettered,
          latency: buckets,
          hop,
          slice: 7,
          ...(run !== undefined && { replay: run }),
        });
        expect(DoneRow.parse(doneOfText(doneText(row), ledgerKeys.done(row)))).toEqual(row);
      },
    ),
  );
});

test('rows that were written whole, as the release before did, read the same', () => {
  const plan = aPlanRow();
  expect(PlanRow.parse(planOfText(JSON.stringify(plan), ledgerKeys.plan(plan)))).toEqual(plan);
  const done = aDoneRow({ intakeId: intakeIdOf(3) });
  expect(DoneRow.parse(doneOfText(JSON.stringify(done), ledgerKeys.done(done)))).toEqual(done);
});
