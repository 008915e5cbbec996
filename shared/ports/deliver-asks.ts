import type { DestinationId, MappingId, SourceId, WorkspaceId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import type { TestResult } from '../domain/test-result.ts';
import type { Mapping, SealedValue } from '../domain/workspace.ts';

/** What came of asking a tool whether it takes the credentials. `requests`: how many the tool was asked. */
export type CheckOutcome =
  /** With no request at all nothing stands against them, and the tool was not asked. */
  | { outcome: 'accepted'; requests: number }
  | { outcome: 'refused'; message: string; status?: number | undefined; requests: number }
  /** This type of destination has no check. */
  | { outcome: 'not-offered' };

/** What of a mapping decides what it sends. */
export type TriedMapping = Pick<Mapping, 'name' | 'action' | 'trigger' | 'fields'>;

/** One event, for a destination alone. */
export type TestAsk = {
  workspaceId: WorkspaceId;
  destinationId: DestinationId;
  event: JsonObject;
  /** That mapping alone, whether or not it is enabled; else all enabled ones. */
  subscriptionId?: MappingId | undefined;
  /** A mapping as nobody has saved it, tried alone and as if it were enabled: in the place of `subscriptionId`'s where that is named. Of a dry run alone. */
  mapping?: TriedMapping | undefined;
  /** Whether rules before the mappings are asked, as of events of the source. */
  applyFilters: boolean;
  dryRun: boolean;
};

/** One event of a source, for a type of destination that nobody has made yet. */
export type TrialAsk = {
  workspaceId: WorkspaceId;
  sourceId: SourceId;
  /** Slug of the type. */
  type: string;
  event: JsonObject;
  /** What the destination would begin with. */
  mappings: readonly TriedMapping[];
};

/**
 * What only the function that delivers may do: it alone opens secrets of destinations (K1). It reads the destination as it is saved. All throw
 * AppError('upstream-unavailable') where it does not answer, AppError('not-found') where there is no such destination.
 */
export type DeliverAsks = {
  /** Sends no event. Ends within CHECK_TIMEOUT_MS. */
  check(workspaceId: WorkspaceId, destinationId: DestinationId): Promise<CheckOutcome>;
  /** Sends an event, or makes believe; in no books. Throws AppError('not-found') for an unknown mapping, too. */
  test(ask: TestAsk): Promise<TestResult>;
  /** A dry run for a type of destination, as if the source had one without settings. Throws AppError('not-found') for an unknown source. */
  trial(ask: TrialAsk): Promise<TestResult>;
  /** All secrets of one destination, sealed for another of the same workspace. */
  reseal(
    workspaceId: WorkspaceId,
    from: DestinationId,
    to: DestinationId,
  ): Promise<Readonly<Record<string, SealedValue>>>;
};
