import type { DestinationId, IntakeId, SourceId, WorkspaceId } from '../domain/ids.ts';
import type { Part } from '../domain/lane-message.ts';
import { shardOf } from './ledger-shard.ts';
import { minuteOf } from '../domain/timestamp.ts';
import type { Touch } from '../ports/digest-store.ts';

type PlanTouch = { workspaceId: WorkspaceId; sourceId: SourceId; receivedAt: string; intakeId: IntakeId };

/** What is touched before the plan row of an intake message is put. */
export const touchOfPlan = ({ workspaceId, sourceId, receivedAt, intakeId }: PlanTouch): Touch => ({
  workspaceId,
  subject: { sourceId },
  minute: minuteOf(receivedAt),
  shard: shardOf(intakeId),
});

/** What is touched before the done row of a part is put; none for a replay run's, which lies with the run and is in nobody's minute. */
export const touchesOfDone = ({
  destinationId,
  part: { workspaceId, dueAt, intakeId, replay },
}: {
  destinationId: DestinationId;
  part: Pick<Part, 'workspaceId' | 'dueAt' | 'intakeId' | 'replay'>;
}): Touch[] =>
  replay === undefined
    ? [{ workspaceId, subject: { destinationId }, minute: minuteOf(dueAt), shard: shardOf(intakeId) }]
    : [];
