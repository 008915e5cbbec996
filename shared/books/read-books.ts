import type { TwoSided } from '../domain/balance.ts';
import {
  type DestinationTotals,
  noDestinationTotals,
  noSourceTotals,
  type SourceTotals,
  type UnreadableTotals,
} from '../domain/books.ts';
import type { DestinationId, SourceId } from '../domain/ids.ts';
import { hourOf } from '../domain/timestamp.ts';
import type { WorkspaceConfig } from '../domain/workspace.ts';
import type { RollupStore } from '../ports/rollup-store.ts';
import { type DeletedDestination, deletedDestinations } from './deleted-destinations.ts';
import { type Book, type Shelf, subjectName } from './book.ts';
import { readBook } from './read-book.ts';
import { readStanding } from './standing.ts';

export type BooksDeps = {
  shelf: Shelf;
  rollups: Pick<RollupStore, 'getWatermark' | 'lateHours'>;
  now: () => Date;
};

/** Books read at once. */
const BOOKS_AT_ONCE = 8;
/** The clocks of those who make sources, take events and read books differ by less. */
const CLOCKS_DIFFER_MS = 10 * 60_000;
/** Rows of the next hour are looked for so long before it begins. */
const AHEAD_MS = 2 * 60_000;

/** Totals by subject, each in parts: before the first cut, between cuts, from the last one on. */
export type WorkspaceBooks = {
  sources: ReadonlyMap<SourceId, readonly SourceTotals[]>;
  destinations: ReadonlyMap<DestinationId, readonly DestinationTotals[]>;
  unreadable: readonly UnreadableTotals[];
  /** Only where they were asked for. */
  deleted: readonly DeletedDestination[];
};

/**
 * All books of a workspace. Ends are read before plans: an end is written after its plan, so that no end is seen without its plan, and nothing
 * in flight is ever negative. What happens meanwhile is in flight. `withDeleted`: also of destinations that only plans still know; their sources' plans are
 * then read once more, after their ends.
 */
export async function readBooks(
  deps: BooksDeps,
  config: WorkspaceConfig,
  cuts: readonly string[] = [],
  { withDeleted = false } = {},
): Promise<WorkspaceBooks> {
  const present = hourOf(new Date(deps.now().getTime() + AHEAD_MS).toISOString());
  const read = async <T>(books: readonly { book: Book<T>; createdAt: string }[]): Promise<Map<string, T[]>> => {
    const standing = await readStanding(deps.rollups, present);
    const found = new Map<string, T[]>();
    for (let at = 0; at < books.length; at += BOOKS_AT_ONCE) {
      const some = books.slice(at, at + BOOKS_AT_ONCE);
      const parts = await Promise.all(
        some.map(({ book, createdAt }) => readBook(book, standing, { begin: beginOf(createdAt), present, cuts })),
      );
      for (const [index, { book }] of some.entries()) found.set(subjectName(book.subject), parts[index] ?? []);
    }
    return found;
  };
  const sources = sourcesOf(config);
  const sourceMadeAt = new Map(config.sources.map(({ id, createdAt }) => [id, createdAt]));
  const destinations = await read(
    config.destinations.map(({ destination: { id, sourceId, createdAt } }) => ({
      book: deps.shelf.destination(id),
      // Of a destination that was moved or restored, the older of the two; how old other destinations of the source are says nothing of it.
      createdAt: earlier(createdAt, sourceMadeAt.get(sourceId) ?? createdAt),
    })),
  );
  const plansOf = async (some: readonly (readonly [SourceId, string])[]) =>
    (await read(some.map(([id, createdAt]) => ({ book: deps.shelf.source(id), createdAt })))) as Map<
      SourceId,
      SourceTotals[]
    >;
  const planned = await plansOf([...sources]);
  const deleted = withDeleted ? [...planned].flatMap(([id, parts]) => deletedDestinations(config, id, parts)) : [];
  if (deleted.length > 0) {
    const madeAt = (id: SourceId): string => sources.get(id) ?? deps.now().toISOString();
    const ends = await read(
      deleted.map(({ id, sourceId }) => ({ book: deps.shelf.destination(id), createdAt: madeAt(sourceId) })),
    );
    for (const [id, parts] of ends) destinations.set(id, parts);
    const theirs = new Set(deleted.map(({ sourceId }) => sourceId));
    for (const [id, parts] of await plansOf([...sources].filter(([id]) => theirs.has(id)))) planned.set(id, parts);
  }
  const oldest = [...sources.values()].reduce(earlier, deps.now().toISOString());
  const unreadable = await read([{ book: deps.shelf.unreadable(), createdAt: oldest }]);
  return {
    sources: planned,
    deleted,
    destinations: destinations as Map<DestinationId, DestinationTotals[]>,
    unreadable: [...unreadable.values()][0] ?? [],
  };
}

/** A destination's plans and ends in one part of the time. */
export const sidesOf = (books: WorkspaceBooks, id: DestinationId, sourceId: SourceId, part: number): TwoSided => ({
  planned: books.sources.get(sourceId)?.[part] ?? noSourceTotals(),
  done: books.destinations.get(id)?.[part] ?? noDestinationTotals(),
});

/** Sources with when they were made: those there are, and deleted ones that a destination still belongs to. */
export function sourcesOf(config: WorkspaceConfig): Map<SourceId, string> {
  const sources = new Map<SourceId, string>();
  const add = (id: SourceId, createdAt: string): void => {
    sources.set(id, earlier(createdAt, sources.get(id) ?? createdAt));
  };
  for (const { id, createdAt } of config.sources) add(id, createdAt);
  for (const { destination } of config.destinations) add(destination.sourceId, destination.createdAt);
  return sources;
}

const earlier = (a: string, b: string): string => (a < b ? a : b);

const beginOf = (createdAt: string): string => hourOf(new Date(Date.parse(createdAt) - CLOCKS_DIFFER_MS).toISOString());
