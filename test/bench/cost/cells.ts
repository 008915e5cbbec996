/** A kind of traffic: so many events a request, so many destinations connected to the source. */
export const CELLS = {
  n1d1: { eventsPerRequest: 1, destinations: 1 },
  n1d3: { eventsPerRequest: 1, destinations: 3 },
  n1d10: { eventsPerRequest: 1, destinations: 10 },
  n20d1: { eventsPerRequest: 20, destinations: 1 },
  n20d3: { eventsPerRequest: 20, destinations: 3 },
  n20d10: { eventsPerRequest: 20, destinations: 10 },
  n100d1: { eventsPerRequest: 100, destinations: 1 },
  n100d3: { eventsPerRequest: 100, destinations: 3 },
  n100d10: { eventsPerRequest: 100, destinations: 10 },
} as const satisfies Record<string, { eventsPerRequest: number; destinations: number }>;

export type CellName = keyof typeof CELLS;
export const CELL_NAMES = Object.keys(CELLS) as CellName[];
/** Numbers of destinations that a cell may have: the bench's cloud has a source for each. */
export const DESTINATION_COUNTS = [1, 3, 10] as const;

/** Events of one visitor of a website: what a ledger of a device holds of a visit. */
export const EVENTS_A_DEVICE = 40;

/**
 * Requests of a full backlog, by events a request: multiples of 10, which is what one receive takes. A backlog of 10,000 costs the same
 * units a request (docs/cost.md shows it), and the larger cells would take an hour.
 */
export const BACKLOG_REQUESTS: Readonly<Record<number, number>> = { 1: 400, 20: 200, 100: 20 };
export const QUICK_BACKLOG_REQUESTS: Readonly<Record<number, number>> = { 1: 100, 20: 40, 100: 10 };
/** The other load: requests a second, evenly spread, and for how long (configuration is looked up every 5 s). */
export const TRICKLE_PER_SECOND = 5;
export const TRICKLE_SECONDS = 8;
export const QUICK_TRICKLE_SECONDS = 3;
