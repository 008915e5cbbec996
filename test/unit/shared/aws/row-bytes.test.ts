import { settlePart } from '../../../../functions/deliver/settle-part.ts';
import { planIntake, targetsOf } from '../../../../functions/route/plan-intake.ts';
import { ledgerKeys } from '../../../../shared/aws/ledger-keys.ts';
import { doneText, planText } from '../../../../shared/aws/row-text.ts';
import { EVENT_TYPES } from '../../../../shared/domain/event.ts';
import { DestinationId, IntakeId } from '../../../../shared/domain/ids.ts';
import type { DoneRow, PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import { retryPolicyOf } from '../../../../shared/domain/retry-schedule.ts';
import { hopFields } from '../../../../shared/pipeline/done-key.ts';
import { partsOf } from '../../../../shared/pipeline/parts.ts';
import { readIntake } from '../../../../shared/pipeline/read-intake.ts';
import { aBatch, aTrack } from '../../../builders/intake-message.ts';
import { aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aDestination, aMapping, aSource } from '../../../builders/workspace-things.ts';

const HEX = '0123456789abcdef0123456789abcdef';
const UUID = '0b1e1c1e-1111-4222-8333-123456789012';
const WRITE_UNIT_BYTES = 1_024;
const NAMES = ['Order Completed', 'Product Viewed', 'Product Added', 'Checkout Started', 'Products Searched'];

/** What DynamoDB bills: names and values (a number takes a few bytes). */
const itemBytes = (key: { pk: string; sk: string }, data: string): number =>
  Buffer.byteLength(['pk', 'sk', 'data', 'more', 'expiresAtSeconds', key.pk, key.sk, data].join('')) + 12;

/** 20 events of five kinds for three destinations, all routed and all delivered at once. */
function rows() {
  const message = aBatch(
    Array.from({ length: 20 }, (_, index) =>
      aTrack(`ajs-next-${index}-${HEX}`, {
        event: NAMES[index % NAMES.length],
        context: { app: { version: '2.14.0' } },
      }),
    ),
    { intakeId: IntakeId.parse(`in_${'i'.repeat(22)}`), workspaceId: `ws_${HEX}`, sourceId: `src_${HEX}` },
  );
  const config = aWorkspaceConfig(
    [1, 2, 3].map((number) => {
      const id = `dst_${number}${HEX}`;
      return {
        destination: aDestination({ id, sourceId: `src_${HEX}` }),
        mappings: [aMapping({ id: `map_${number}${HEX}`, destinationId: id, trigger: 'type = "track"' })],
      };
    }),
  );
  const reading = readIntake(message, aSource());
  const targets = targetsOf(config, message.sourceId, () => ({
    supportedTypes: EVENT_TYPES,
    integrationNames: ['Webhook'],
  }));
  const { intakeId, workspaceId, sourceId, receivedAt } = message;
  const plan: PlanRow = {
    v: 1,
    intakeId,
    workspaceId,
    sourceId,
    receivedAt,
    plannedAt: receivedAt,
    configVersion: 123,
    writeId: UUID,
    ...planIntake(reading, new Set(), targets),
  };
  const [planned] = plan.destinations;
  const [sized] = planned === undefined ? [] : partsOf(reading, planned);
  if (sized === undefined) throw new Error('a plan of routed events has parts');
  const { part } = sized;
  const destinationId = DestinationId.parse(sized.destinationId);
  const at = new Date('2026-11-24T10:15:00.800Z');
  const ends = new Map(part.sends.map(([send]) => [send, { outcome: { outcome: 'delivered' as const }, at }]));
  const rules = { policy: retryPolicyOf({ retryWindowHours: 24 }), jitter: 0.5, keepsLetters: true };
  const settledAt = at.toISOString();
  const { counts } = settlePart(destinationId, part, ends, settledAt, rules);
  const done: DoneRow = { ...hopFields(destinationId, part), settledAt, writeId: UUID, ...counts, bytesOut: 34_567 };
  return { plan, done };
}

test('a plan of 20 events of five kinds for three destinations takes at most one write unit more for what it tells of each', () => {
  const { plan } = rows();
  const { bytes: _bytes, kinds: _kinds, kindOf: _kindOf, idHashes: _hashes, unrouted: _unrouted, ...before } = plan;
  const key = ledgerKeys.plan(plan);
  const units = [before, plan].map((row) => Math.ceil(itemBytes(key, planText(row)) / WRITE_UNIT_BYTES));
  expect([plan.unrouted, plan.routed, plan.kinds?.length, units]).toEqual([undefined, 20, 5, [1, 2]]);
  expect(itemBytes(key, planText(plan)) - itemBytes(key, planText(before))).toBeLessThan(450);
});

test('a done row of 20 sends of five kinds takes the one write unit that it took', () => {
  const { done } = rows();
  expect([done.delivered, done.kinds?.length, done.mappings?.length]).toEqual([20, 5, 1]);
  expect(itemBytes(ledgerKeys.done(done), doneText(done))).toBeLessThan(WRITE_UNIT_BYTES);
});
