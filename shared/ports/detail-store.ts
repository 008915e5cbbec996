import type { DestinationDetail, SourceDetail } from '../domain/detail.ts';
import type { DestinationId, SourceId } from '../domain/ids.ts';

/** The detail of an hour as it was read before its rows: what a put may go over. */
export type DetailHead = {
  version: number;
  /** Of what it holds: the same detail has the same. */
  digest: string;
  writeId: string;
  /** Further items that it lies in. */
  more: number;
};

/**
 * Details of whole hours of one subject, as BookStore keeps their totals: a put overwrites, but only what was read, and the same detail is not put
 * again. Reads are strong. Hours without events have none.
 */
export type DetailStore<D> = {
  /** From `from` to `to`, both included: those that there are. */
  hours(from: string, to: string): Promise<Map<string, D>>;
  head(hour: string): Promise<DetailHead | undefined>;
  /** False where something else stands there by now. */
  put(hour: string, detail: D, over: { head: DetailHead | undefined; writeId: string }): Promise<boolean>;
};

export type DetailStores = {
  source(id: SourceId): DetailStore<SourceDetail>;
  destination(id: DestinationId): DetailStore<DestinationDetail>;
};
