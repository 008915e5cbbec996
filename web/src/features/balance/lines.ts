import type { DestinationBalance, SourceBalance } from '../../../../shared/domain/balance.ts';

/** The answer of `getBalance`, told apart. */
export type Books = { sources: SourceBalance[]; destinations: DestinationBalance[] };

export function booksOf(lines: unknown): Books {
  const all = Array.isArray(lines) ? (lines as (SourceBalance | DestinationBalance)[]) : [];
  return {
    sources: all.filter((line): line is SourceBalance => !('destination' in line)),
    destinations: all.filter((line): line is DestinationBalance => 'destination' in line),
  };
}

/** Where an event of a source is, in the order in which the pipeline decides. */
export const SOURCE_ENDS = ['routed', 'invalid', 'duplicate', 'suppressed', 'blocked', 'unreadable'] as const;
export type SourceEnd = (typeof SOURCE_ENDS)[number];

/** Where a send of a destination is. */
export const DESTINATION_ENDS = ['delivered', 'filtered', 'blocked', 'discarded', 'dlq', 'inFlight'] as const;
export type DestinationEnd = (typeof DESTINATION_ENDS)[number];

export const END_WORDS: Readonly<Record<SourceEnd | DestinationEnd, { word: string; means: string }>> = {
  routed: { word: 'Routed', means: 'Went on to the destinations of its source' },
  invalid: { word: 'Invalid', means: 'Was no event by the rules of the tracking API' },
  duplicate: { word: 'Repeated', means: 'Had come before, by its messageId' },
  suppressed: { word: 'Suppressed', means: 'Is of somebody on the suppression list' },
  blocked: { word: 'Blocked', means: 'Was kept back by the schema of its source' },
  unreadable: { word: 'Unreadable', means: 'Was damaged before anybody could read it; its bytes are kept' },
  delivered: { word: 'Delivered', means: 'The tool took it' },
  filtered: {
    word: 'Filtered',
    means: 'A rule of yours kept it back: a filter, a trigger, consent, the integrations object',
  },
  discarded: { word: 'Discarded', means: 'The tool, or we, refused it for good; its payload is kept 30 days' },
  dlq: { word: 'Dead-lettered', means: 'Was tried as long as allowed and not taken; its payload is kept 30 days' },
  inFlight: { word: 'In flight', means: 'Is on its way, or waits for its next try' },
};

/** What the ends of a source's events leave over of what was accepted: 0, if the books are right. What nobody could read was never counted as accepted. */
export const sourceRest = (line: SourceBalance): number =>
  line.accepted - SOURCE_ENDS.reduce((sum, end) => sum + (end === 'unreadable' ? 0 : line[end]), 0);

/** Likewise of a destination. What is in flight cannot be less than nothing, either. */
export const destinationRest = (line: DestinationBalance): number => {
  const rest = (line.broughtForward ?? 0) + line.accepted - DESTINATION_ENDS.reduce((sum, end) => sum + line[end], 0);
  return rest === 0 && line.inFlight < 0 ? line.inFlight : rest;
};

/** All sources in one line. */
export function totalOf(lines: readonly SourceBalance[]): Record<SourceEnd | 'accepted', number> {
  const sum = (of: SourceEnd | 'accepted'): number => lines.reduce((total, line) => total + line[of], 0);
  return {
    accepted: sum('accepted'),
    routed: sum('routed'),
    invalid: sum('invalid'),
    duplicate: sum('duplicate'),
    suppressed: sum('suppressed'),
    blocked: sum('blocked'),
    unreadable: sum('unreadable'),
  };
}

/** Reasons with their counts, the most frequent first. */
export const reasonsOf = (counts: Readonly<Record<string, number>> | undefined): [string, number][] =>
  Object.entries(counts ?? {}).toSorted(([, a], [, b]) => b - a);

/** Spans that a reader chooses from. Books are kept by hours of UTC. */
export const SPANS = { all: 'Since the beginning', today: 'Today', '24h': '24 hours', '7d': '7 days' } as const;
export type Span = keyof typeof SPANS;
const HOUR_MS = 3_600_000;
const HOURS: Readonly<Record<'24h' | '7d', number>> = { '24h': 24, '7d': 168 };

/** The first and the last hour of a span, both included, in UTC; nothing for all of time. */
export function hoursOf(span: Span, nowMs: number): { from: string; to: string } | undefined {
  const hour = (ms: number): string => new Date(ms).toISOString().slice(0, 13);
  if (span === 'all') return undefined;
  if (span === 'today') return { from: `${hour(nowMs).slice(0, 10)}T00`, to: hour(nowMs) };
  return { from: hour(nowMs - (HOURS[span] - 1) * HOUR_MS), to: hour(nowMs) };
}
