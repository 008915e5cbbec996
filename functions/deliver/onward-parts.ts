import type { SQSRecord } from 'aws-lambda';
import { logError } from '../../shared/aws/log.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import type { Part } from '../../shared/domain/lane-message.ts';
import { laneOf } from '../../shared/domain/workspace.ts';
import { forLane } from '../../shared/pipeline/next-hop.ts';
import { sendToLanes } from '../../shared/pipeline/send-to-lanes.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { LaneQueues } from '../../shared/ports/queues.ts';

export type OnwardDeps = { lanes: LaneQueues; configs: ConfigReader; now: () => Date };

export type OnwardParts = {
  /** A part that goes on after this invocation, and the record that may be acknowledged only when a lane has it. */
  add(record: SQSRecord, destinationId: DestinationId, part: Part): void;
  /** Sends all of them, packed. Answers the records of those that no lane took. */
  flush(): Promise<ReadonlySet<SQSRecord>>;
};

/**
 * What an invocation sends on: next hops, and parts that are not due yet. Collected, because parts of one destination that wait alike share
 * a message. Each next hop's done row is there already: whoever dies before the flush is followed by one who reads that row.
 */
export function onwardParts(deps: OnwardDeps): OnwardParts {
  let waiting: { record: SQSRecord; destinationId: DestinationId; part: Part }[] = [];

  /** The lane of now; where configuration does not answer, the shared one, which takes everything. */
  const laneNow = async (part: Part, destinationId: DestinationId): Promise<number | undefined> => {
    try {
      return laneOf(await deps.configs.workspaceConfig(part.workspaceId), destinationId);
    } catch (error) {
      logError('A part goes to the shared lane because configuration does not answer', error, { destinationId });
      return undefined;
    }
  };

  return {
    add: (record, destinationId, part) => {
      waiting.push({ record, destinationId, part });
    },
    flush: async () => {
      const going = waiting;
      waiting = [];
      const nowMs = deps.now().getTime();
      const parts = await Promise.all(
        going.map(async ({ record, destinationId, part }) => {
          const lane = await laneNow(part, destinationId);
          return { ...forLane(destinationId, part, { lane, nowMs }), record };
        }),
      );
      const refused = await sendToLanes(deps.lanes, parts);
      return new Set(refused.map(({ record }) => record));
    },
  };
}
