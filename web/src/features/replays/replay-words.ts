import type { DataOf } from '../../api/calls.ts';
import { compact, counted, shortTime } from '../../ui/format.ts';
import type { Tone } from '../../ui/state.ts';

export type Run = DataOf<'listReplays'>['replays'][number];

/** What a replay sends again, in words. */
export function filterText({ of, codes, events, types, messageIds, userId, if: condition }: Run['filter']): string {
  const list = (values: readonly string[]): string =>
    values.length > 3 ? `${values.slice(0, 3).join(', ')} and ${values.length - 3} more` : values.join(', ');
  return [
    of === 'DEAD_LETTERS' ? 'What was not delivered' : 'From the archive',
    ...(codes === undefined ? [] : [`that ended as ${list(codes)}`]),
    ...(types === undefined ? [] : [`of type ${list(types)}`]),
    ...(events === undefined ? [] : [`named ${list(events)}`]),
    ...(messageIds === undefined ? [] : [counted(messageIds.length, 'message')]),
    ...(userId === undefined ? [] : [`of user ${userId}`]),
    ...(condition === undefined ? [] : [`where ${condition}`]),
  ].join(', ');
}

/** The time that a replay looks at. */
export const spanText = ({ from, to }: Run['filter']): string => `${shortTime(from)} to ${shortTime(to)}`;

/** Whether it still changes by itself. */
export const isUnderWay = ({ status, waiting }: Run): boolean =>
  status === 'COUNTING' || status === 'RUNNING' || waiting > 0;

/** Whether it can be cancelled: there is something that is not queued yet. */
export const isCancellable = ({ status }: Run): boolean => status === 'COUNTING' || status === 'RUNNING';

/** Its state in a word or two, and how good that is. */
export function stateText(run: Run): { text: string; tone: Tone } {
  const { status, dryRun, planned, waiting, failed } = run;
  if (status === 'COUNTING') return { text: 'Counting', tone: 'info' };
  if (status === 'CANCELLED') return { text: 'Cancelled', tone: 'neutral' };
  if (status === 'FAILED') return { text: 'Failed', tone: 'bad' };
  if (dryRun) return { text: `Counted ${compact(planned ?? 0)}`, tone: 'neutral' };
  if (status === 'RUNNING') return { text: 'Sending', tone: 'info' };
  if (waiting > 0) return { text: 'Last ones on their way', tone: 'info' };
  return failed > 0 ? { text: 'Done, some failed', tone: 'warn' } : { text: 'Done', tone: 'good' };
}
