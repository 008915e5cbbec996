import type { LaneQueues } from '../ports/queues.ts';
import { messageAgain, packLanes, type PartForLane } from './pack.ts';

/**
 * Sends parts to their lanes. A message that its lane did not take goes to the shared lane at once; where the answer was doubtful the first
 * copy may lie there, so its parts are marked `again` (deliver looks into the books before it sends). Answers the parts that neither
 * took: whoever brought them must come again.
 */
export async function sendToLanes<T extends PartForLane>(lanes: LaneQueues, parts: readonly T[]): Promise<T[]> {
  if (parts.length === 0) return [];
  const packed = packLanes(parts);
  const first = await lanes.send(packed);
  const left = packed.flatMap((sending, index) => {
    const result = first[index];
    if (result === 'taken') return [];
    const message = result === 'refused' ? sending.message : messageAgain(sending.parts);
    return [{ ...sending, message, lane: undefined }];
  });
  if (left.length === 0) return [];
  const second = await lanes.send(left);
  return left.flatMap((sending, index) => (second[index] === 'taken' ? [] : sending.parts));
}
