import recorded from '../fixtures/release-0.1.0.json' with { type: 'json' };
import { LaneMessage } from '../../shared/domain/lane-message.ts';
import { PlanRow } from '../../shared/domain/ledger-rows.ts';
import { ledgerKeys } from '../../shared/aws/ledger-keys.ts';
import type { CarriedLane } from './lane-models.ts';
import type { Services } from './services.ts';

/**
 * Puts what the release before had under way into queues and books, byte for byte as it wrote it: a request with its plan whose parts lie in
 * the shared lane, the only one of then, and a request that nobody has seen yet. New code must bring both to their ends.
 */
export function putOldMessages({ faults, traffic, books, ledger, lanes, intake }: Services): void {
  const { routed, waiting } = recorded;
  for (const { intakeId, messageIds } of [routed, waiting]) {
    traffic.accepted.set(intakeId, { intakeId, receivedAtMs: RECEIVED_AT_MS, messageIds, isPoisonous: false });
  }
  const row = PlanRow.parse(routed.plan);
  const { pk, sk } = ledgerKeys.plan(row);
  ledger.plans.set(`${pk}|${sk}`, row);
  books.onPlan(row);
  for (const message of routed.laneMessages) {
    const carried: CarriedLane = { text: JSON.stringify(message), message: LaneMessage.parse(message), copies: [1] };
    books.onLane(carried.message);
    lanes.shared.send(carried, { group: message.destinationId });
  }
  intake.send({ text: waiting.text });
  faults.hit('messages of the release before');
}

const RECEIVED_AT_MS = Date.parse(recorded.routed.plan.receivedAt);
