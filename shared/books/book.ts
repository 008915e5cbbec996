import {
  addCounts,
  addDestinationTotals,
  addSourceTotals,
  type DestinationTotals,
  lastingDestinationTotals,
  noDestinationTotals,
  noSourceTotals,
  type SourceTotals,
  sumDones,
  sumPlans,
  sumUnreadable,
  type UnreadableTotals,
} from '../domain/books.ts';
import type { DestinationId, SourceId } from '../domain/ids.ts';
import type { LedgerReader } from '../ports/ledger.ts';
import type { BookStore, LateSubject, RollupStore } from '../ports/rollup-store.ts';

/** The books of one subject: its rows, its roll-ups, and how totals are added up. */
export type Book<T> = {
  subject: LateSubject;
  store: BookStore<T>;
  /** The totals of an hour as its rows are now. */
  ofRows(hour: string): Promise<T>;
  none(): T;
  add(a: T, b: T): T;
  /** What of a day's totals is carried forward. */
  lasting(totals: T): T;
};

export type BookDeps = {
  ledger: Pick<LedgerReader, 'plansOfHour' | 'donesOfHour' | 'unreadableOfHour'>;
  rollups: Pick<RollupStore, 'source' | 'destination' | 'unreadable'>;
};

/** All books of a deployment, by subject. */
export type Shelf = {
  source(id: SourceId): Book<SourceTotals>;
  destination(id: DestinationId): Book<DestinationTotals>;
  unreadable(): Book<UnreadableTotals>;
};

export const bookShelf = ({ ledger, rollups }: BookDeps): Shelf => ({
  source: (sourceId) => ({
    subject: { sourceId },
    store: rollups.source(sourceId),
    ofRows: async (hour) => sumPlans(await ledger.plansOfHour(sourceId, hour)),
    none: noSourceTotals,
    add: addSourceTotals,
    lasting: (totals) => totals,
  }),
  destination: (destinationId) => ({
    subject: { destinationId },
    store: rollups.destination(destinationId),
    ofRows: async (hour) => sumDones(await ledger.donesOfHour(destinationId, hour)),
    none: noDestinationTotals,
    add: addDestinationTotals,
    lasting: lastingDestinationTotals,
  }),
  unreadable: () => ({
    subject: { unreadable: true },
    store: rollups.unreadable(),
    ofRows: async (hour) => sumUnreadable(await ledger.unreadableOfHour(hour)),
    none: () => ({}),
    add: addCounts,
    lasting: (totals) => totals,
  }),
});

/** The same for the same subject, in keys of maps. */
export function subjectName(subject: LateSubject): string {
  if ('sourceId' in subject) return subject.sourceId;
  return 'destinationId' in subject ? subject.destinationId : 'unreadable';
}
