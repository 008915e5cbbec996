import type { DestinationDetail, SourceDetail, Step } from '../domain/detail.ts';
import type { DestinationId, SourceId } from '../domain/ids.ts';

/** From and to as ISO times, `to` not included. Steps of a minute, an hour or a day; ends that lie within a step are cut exactly. */
export type DetailRange = {
  from: string;
  to: string;
  step: 'minute' | 'hour' | 'day';
  /** When the source or destination was made: hours before that are not looked for. Spares reads of what is new. */
  since?: string;
};

/** Rows that one read of details sums up; what needs more is refused with words that name a coarser range. */
export const DETAIL_ROWS_MAX = 200_000;
/**
 * Lines of roll-ups (a kind of event, a mapping, an end) that one read sums up: some 1,500 an hour over 14 days. Who sends names without end, at most
 * 4,000 new ones an hour, gets shorter ranges and takes nobody's memory: a line is some 200 bytes there.
 */
export const DETAIL_LINES_MAX = 500_000;

/**
 * Books by kind of event, exact for the moment of the read: settled hours from roll-ups, all else from rows. Events of a source count at their
 * `receivedAt`, sends at the time when their hop was due (of a first try that is receivedAt, too), to the minute. Throws AppError('bad-request') where
 * DETAIL_ROWS_MAX or DETAIL_LINES_MAX is passed.
 */
export type DetailReader = {
  source(id: SourceId, range: DetailRange): Promise<Step<SourceDetail>[]>;
  destination(id: DestinationId, range: DetailRange): Promise<Step<DestinationDetail>[]>;
};
