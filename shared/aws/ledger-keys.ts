import { DIGEST_HOURS_PREFIX, DIGEST_MINUTES_PREFIX, MINUTE_STATE_KEY } from '../config/key-prefixes.ts';
import { LEDGER_SHARDS } from '../config/limits.ts';
import { shardOf } from '../pipeline/ledger-shard.ts';
import type { DestinationId, ReplayId, SourceId, WorkspaceId } from '../domain/ids.ts';
import type { DoneKey, PlanKey } from '../ports/ledger.ts';
import type { LateSubject } from '../ports/rollup-store.ts';

/**
 * Access patterns of the ledger table.
 *
 * | question | pk | sk |
 * | --- | --- | --- |
 * | the plan of an intake message | `S#<source>#<hour>#<shard>` | `plan#<minute>#<intake id>` |
 * | further destinations of a plan too large for one item | the plan's | `more#<minute>#<intake id>#<writeId>#<number>` |
 * | all plans of a source in an hour, or from a minute on | LEDGER_SHARDS partitions as above | begins with `plan#`, or between |
 * | how a part's hop ended | `D#<destination>#<hour>#<shard>` | `done#<minute>#<intake id>#<slice>#<hop>` |
 * | all ends of a destination in an hour, or from a minute on | LEDGER_SHARDS partitions as above | begins with `done#`, or between |
 * | refusals of an hour | `R#<hour>` | `refusals#<notice id>` |
 * | requests of an hour that nobody could read | `R#<hour>` | `unreadable#<id>` |
 * | how the hops of a replay run ended | `P#<replay>` | `done#<minute>#<intake id>#<slice>#<hop>` |
 * | the slices of a replay run, or those from one on | `P#<replay>` | `plan#<slice, 8 digits>` |
 * | a destination's replay runs (recovered = delivered in their done rows) | `RUNS#<destination>` | `<number, 8 digits>` |
 * | a destination's open breaker | `B#<destination>` | `breaker` |
 * | receives that began to work on a thing and did not end | `TRY#<name>` | `<receive>` |
 * | hour totals of a source, a destination, of what nobody could read | `H#S#<source>`, `H#D#<destination>`, `H#U#` | `<hour>` |
 * | details of an hour by kind of event (see detail.ts) | `HD#S#<source>`, `HD#D#<destination>` | `<hour>` |
 * | further pieces of a detail too large for one item | the detail's | `<hour>#<writeId>#<number, 8 digits>` |
 * | totals of days, with all time up to their ends | `DAY#S#<source>`, `DAY#D#<destination>`, `DAY#U#` | `<day>` |
 * | what replay runs of a destination delivered | `RECOVERED#<destination>` | `<number, 8 digits>` |
 * | hours that got rows after, or before, they are rolled up anyway | `LATE` | `<hour>#S#<source>`, `<hour>#D#<destination>` or `<hour>#U#` |
 * | how far the aggregator has come | `AGGREGATOR` | `watermark` |
 * | what its newest check of the books found | `AGGREGATOR` | `mismatches` |
 * | whose rows were put lately, by minutes of writers' clocks | `T#<workspace>#<hour>` | between `<minute>` and `<minute>~`: `<minute>#<environment>#<number>` |
 * | the minutes of a workspace that are summed up | `DM#<workspace>#<hour>` | `<minute>`; what does not fit in it: ` <minute> <version> <number>` |
 * | the hours of the same | `DH#<workspace>` | `<hour>`; what does not fit in it: ` <hour> <version> <number>` |
 * | how far the sums of minutes have come, and who is at it | `MINUTES` | `state` |
 *
 * Hour and minute come from the message (receivedAt, dueAt), never from a clock. The hour is in the partition and the minute in the sort key:
 * all writes of one moment fall into the same 8 partitions either way, and an hour is read with 8 queries, not 480.
 */
export const ledgerKeys = {
  plan: ({ sourceId, receivedAt, intakeId }: PlanKey) => ({
    pk: `S#${sourceId}#${receivedAt.slice(0, 13)}#${shardOf(intakeId)}`,
    sk: `plan#${receivedAt.slice(0, 16)}#${intakeId}`,
  }),
  planOverflow: ({ sourceId, receivedAt, intakeId }: PlanKey, writeId: string, number: number) => ({
    pk: `S#${sourceId}#${receivedAt.slice(0, 13)}#${shardOf(intakeId)}`,
    sk: `more#${receivedAt.slice(0, 16)}#${intakeId}#${writeId}#${number}`,
  }),
  plansOfHour: (sourceId: SourceId, hour: string) => shards((shard) => `S#${sourceId}#${hour}#${shard}`),
  done: ({ destinationId, dueAt, intakeId, slice, hop, replay }: DoneKey) => ({
    pk:
      replay === undefined
        ? `D#${destinationId}#${dueAt.slice(0, 13)}#${shardOf(intakeId)}`
        : ledgerKeys.replay(replay),
    sk: `done#${dueAt.slice(0, 16)}#${intakeId}#${slice}#${hop}`,
  }),
  donesOfHour: (destinationId: DestinationId, hour: string) => shards((shard) => `D#${destinationId}#${hour}#${shard}`),
  refusals: (at: string, noticeId: string) => ({ pk: `R#${at.slice(0, 13)}`, sk: `refusals#${noticeId}` }),
  refusalsOfHour: (hour: string) => `R#${hour}`,
  replay: (replay: ReplayId): string => `P#${replay}`,
  replaySlice: (replay: ReplayId, slice: number) => ({ pk: `P#${replay}`, sk: `plan#${eightDigits(slice)}` }),
  replayRun: (destinationId: DestinationId, number: number) => ({
    pk: ledgerKeys.replayRuns(destinationId),
    sk: eightDigits(number),
  }),
  replayRuns: (destinationId: DestinationId): string => `RUNS#${destinationId}`,
  unreadable: (at: string, unreadableId: string) => ({
    pk: `R#${at.slice(0, 13)}`,
    sk: `${UNREADABLE_PREFIX}${unreadableId}`,
  }),
  breaker: (destinationId: DestinationId) => ({ pk: `B#${destinationId}`, sk: 'breaker' }),
  tries: (name: string) => ({ pk: `TRY#${name}` }),
  hours: (subject: LateSubject): string => `H#${nameOf(subject)}`,
  details: (subject: LateSubject): string => `HD#${nameOf(subject)}`,
  detailPieceSk: (hour: string, writeId: string, number: number): string => `${hour}#${writeId}#${eightDigits(number)}`,
  detailPiece: (subject: LateSubject, hour: string, writeId: string, number: number) => ({
    pk: ledgerKeys.details(subject),
    sk: ledgerKeys.detailPieceSk(hour, writeId, number),
  }),
  days: (subject: LateSubject): string => `DAY#${nameOf(subject)}`,
  recovery: (destinationId: DestinationId, run: number) => ({ pk: `RECOVERED#${destinationId}`, sk: eightDigits(run) }),
  lateHour: (subject: LateSubject, hour: string) => ({ pk: LATE_PK, sk: `${hour}#${nameOf(subject)}` }),
  mismatches: () => ({ pk: 'AGGREGATOR', sk: 'mismatches' }),
  watermark: () => ({ pk: 'AGGREGATOR', sk: 'watermark' }),
  touches: (workspaceId: WorkspaceId, hour: string): string => `T#${workspaceId}#${hour}`,
  touch: (workspaceId: WorkspaceId, nowMinute: string, name: string) => ({
    pk: ledgerKeys.touches(workspaceId, nowMinute.slice(0, 13)),
    sk: `${nowMinute}#${name}`,
  }),
  digestMinutes: (workspaceId: WorkspaceId, hour: string): string => `${DIGEST_MINUTES_PREFIX}${workspaceId}#${hour}`,
  digestHours: (workspaceId: WorkspaceId): string => `${DIGEST_HOURS_PREFIX}${workspaceId}`,
  minuteState: () => ({ pk: MINUTE_STATE_KEY, sk: 'state' }),
};

export const UNREADABLE_PREFIX = 'unreadable#';

/** One partition: an environment marks an hour of a subject once a minute at most. */
export const LATE_PK = 'LATE';

function nameOf(subject: LateSubject): string {
  if ('sourceId' in subject) return `S#${subject.sourceId}`;
  return 'destinationId' in subject ? `D#${subject.destinationId}` : 'U#';
}

/** Sorts as the numbers do. */
const eightDigits = (number: number): string => String(number).padStart(8, '0');

const shards = (partition: (shard: number) => string): string[] =>
  Array.from({ length: LEDGER_SHARDS }, (_, shard) => partition(shard));
