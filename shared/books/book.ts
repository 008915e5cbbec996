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
import { DestinationSum } from '../domain/destination-sum.ts';
import type { DestinationId, SourceId } from '../domain/ids.ts';
import { SourceSum } from '../domain/source-sum.ts';
import type { DetailHead, DetailStore, DetailStores } from '../ports/detail-store.ts';
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
  /** Its details by kind of event, for who keeps them. */
  details?: HourDetails<T>;
};

/** Details of a book's hours, beside its totals and from the same rows. */
export type HourDetails<T> = {
  /** Read before the rows are. */
  head(hour: string): Promise<DetailHead | undefined>;
  /** One read of an hour's rows: their totals, and what puts their detail over the head that was read. False where something else stands there. */
  ofRows(
    hour: string,
  ): Promise<{ totals: T; put: (over: { head: DetailHead | undefined; writeId: string }) => Promise<boolean> }>;
};

export type BookDeps = {
  ledger: Pick<LedgerReader, 'plansOfHour' | 'donesOfHour' | 'unreadableOfHour'>;
  rollups: Pick<RollupStore, 'source' | 'destination' | 'unreadable'>;
  /** Given by who rolls up. */
  details?: DetailStores;
};

/** All books of a deployment, by subject. */
export type Shelf = {
  source(id: SourceId): Book<SourceTotals>;
  destination(id: DestinationId): Book<DestinationTotals>;
  unreadable(): Book<UnreadableTotals>;
};

export const bookShelf = ({ ledger, rollups, details }: BookDeps): Shelf => ({
  source: (sourceId) => ({
    subject: { sourceId },
    store: rollups.source(sourceId),
    ofRows: async (hour) => sumPlans(await ledger.plansOfHour(sourceId, hour)),
    none: noSourceTotals,
    add: addSourceTotals,
    lasting: (totals) => totals,
    ...(details !== undefined && {
      details: hourDetails(details.source(sourceId), {
        read: (hour) => ledger.plansOfHour(sourceId, hour),
        totals: sumPlans,
        newSum: () => new SourceSum(),
      }),
    }),
  }),
  destination: (destinationId) => ({
    subject: { destinationId },
    store: rollups.destination(destinationId),
    ofRows: async (hour) => sumDones(await ledger.donesOfHour(destinationId, hour)),
    none: noDestinationTotals,
    add: addDestinationTotals,
    lasting: lastingDestinationTotals,
    ...(details !== undefined && {
      details: hourDetails(details.destination(destinationId), {
        read: (hour) => ledger.donesOfHour(destinationId, hour),
        totals: sumDones,
        newSum: () => new DestinationSum(),
      }),
    }),
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

function hourDetails<T, D, R>(
  store: DetailStore<D>,
  rows: {
    read(hour: string): Promise<readonly R[]>;
    totals(rows: readonly R[]): T;
    newSum(): { addRow(row: R): void; detail(): D };
  },
): HourDetails<T> {
  return {
    head: (hour) => store.head(hour),
    ofRows: async (hour) => {
      const found = await rows.read(hour);
      return {
        totals: rows.totals(found),
        put: async (over) => {
          // An hour without rows has no detail: nearly all hours of most things.
          if (found.length === 0 && over.head === undefined) return true;
          const sum = rows.newSum();
          for (const row of found) sum.addRow(row);
          return await store.put(hour, sum.detail(), over);
        },
      };
    },
  };
}

/** The same for the same subject, in keys of maps. */
export function subjectName(subject: LateSubject): string {
  if ('sourceId' in subject) return subject.sourceId;
  return 'destinationId' in subject ? subject.destinationId : 'unreadable';
}
