import { useCall } from '../../api/calls.ts';
import { ReplayButton } from '../replays/replay-button.tsx';
import { headOf, titleOf } from './head.ts';
import { nameOf, type Trace, type TraceTarget } from './outcome.ts';

/** Clocks of machines differ by less. */
const SLACK_MS = 60_000;

/** Whether a destination still keeps what it did not take of an event. */
export const isReplayable = ({ name, sends }: TraceTarget): boolean =>
  name !== null && sends.some(({ deadLetterKept }) => deadLetterKept);

/** Sends an event again to a destination that did not take it. */
export function ReplayTarget({ trace, target }: { trace: Trace; target: TraceTarget }) {
  const { sourceId, receivedAt, messageId, normalised, payload } = trace;
  const source = useCall('getAppSource', { path: { sourceId } }, { freshMs: 60_000 }).data?.source;
  const title = titleOf(headOf(normalised ?? payload));
  return (
    <ReplayButton
      destinationId={target.destinationId}
      source={source}
      filter={{
        of: 'DEAD_LETTERS',
        from: new Date(Date.parse(receivedAt) - SLACK_MS).toISOString(),
        messageIds: [messageId],
      }}
      what={`“${title}” to ${nameOf(target)}`}
    />
  );
}
