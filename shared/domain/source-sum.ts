import { membersOf } from './bitmap.ts';
import { addCounts, type SourceTotals } from './books.ts';
import { type ConnectionLine, DETAIL_LINES_MAX, type SourceDetail, type SourceLine } from './detail.ts';
import { EVENT_TYPES } from './event.ts';
import { type EventKind, kindName, NO_KIND, OTHER_NAME, otherKind } from './event-kind.ts';
import type { Counts, PlannedDestination, PlanRow } from './ledger-rows.ts';
import { kindInPlan, unroutedWords } from './row-detail.ts';

/** Kinds that a sum tells apart while it sums, some 30 MB; what comes after them is counted under the rest of its call. */
export const KINDS_HELD_MAX = 50_000;

/**
 * Sums plan rows, and details that were summed before, to a source's detail. Whatever rows do not tell of their events (those of before 0.3 tell
 * nothing) is counted as theirs under NO_KIND, so that the detail's totals are the books' own. Order does not matter, as long as there are no more
 * than KINDS_HELD_MAX kinds; beyond them the same rows in the same order give the same sum, and totals always hold.
 */
export class SourceSum {
  #requests = 0;
  #bytes = 0;
  readonly #lines = new Map<string, SourceLine>();
  readonly #connections = new Map<string, Map<string, ConnectionLine>>();

  addRow(row: PlanRow): void {
    this.#requests += 1;
    this.#bytes += row.bytes ?? 0;
    const { kinds, routed } = row;
    const planned = row.destinations.map(({ destinationId, filtered, queued }) => ({
      destinationId,
      filtered,
      queued,
    }));
    if (kinds === undefined) {
      this.#addUntold({ ...row, planned });
      return;
    }
    const routedEvents = membersOf(row.routedBitmap);
    if (kinds.length === 1 && row.kindOf === undefined) {
      // All of one kind: its counts are the row's.
      const line = this.#line(kinds[0] ?? NO_KIND);
      addTo(line, { ...row, routed });
      for (const { destinationId, ...counts } of planned) this.#addConnection(destinationId, line.kind, counts);
      return;
    }
    this.#addEvents(row, routedEvents);
    for (const destination of row.destinations) this.#addPlanned(row, destination, routedEvents);
  }

  /** Totals of an hour whose rows and detail are gone. Requests and bytes are not known of them. */
  addTotals(totals: SourceTotals): void {
    const planned = Object.entries(totals.planned).map(([destinationId, { filtered, queued }]) => ({
      destinationId,
      filtered,
      queued,
    }));
    this.#addUntold({ ...totals, planned });
  }

  add(detail: SourceDetail): void {
    this.#requests += detail.requests;
    this.#bytes += detail.bytes;
    for (const { kind, ...counts } of detail.lines) addTo(this.#line(kind), counts);
    for (const [id, lines] of Object.entries(detail.connections)) {
      for (const { kind, ...counts } of lines) this.#addConnection(id, kind, counts);
    }
  }

  detail(): SourceDetail {
    const kept = this.#kept();
    const lines = new Map<string, SourceLine>();
    for (const { kind, ...counts } of this.#lines.values()) {
      const found = lineIn(lines, kept(kind), noLine);
      addTo(found, counts);
    }
    const connections = [...this.#connections].toSorted(byText(([id]) => id)).map(([id, held]) => {
      const of = new Map<string, ConnectionLine>();
      for (const { kind, ...counts } of held.values()) addToConnection(lineIn(of, kept(kind), noConnection), counts);
      return [id, inOrder(of)] as const;
    });
    return {
      requests: this.#requests,
      bytes: this.#bytes,
      lines: inOrder(lines).map((line) => ({
        ...line,
        invalid: sorted(line.invalid),
        blocked: sorted(line.blocked),
      })),
      connections: Object.fromEntries(
        connections.map(([id, of]) => [id, of.map((line) => ({ ...line, filtered: sorted(line.filtered) }))]),
      ),
    };
  }

  /** The kinds of most events are kept apart, ties by their names; the others go to the rest of their call. */
  #kept(): (kind: EventKind) => EventKind {
    if (this.#lines.size <= DETAIL_LINES_MAX) return (kind) => kind;
    const ranked = [...this.#lines].toSorted(
      ([nameA, a], [nameB, b]) => b.received - a.received || compare(nameA, nameB),
    );
    const names = new Set(ranked.slice(0, DETAIL_LINES_MAX).map(([name]) => name));
    return (kind) => (names.has(kindName(kind)) || isRest(kind) ? kind : otherKind(kind));
  }

  #addEvents(row: PlanRow, routedEvents: readonly number[]): void {
    const { received, invalid, duplicate, suppressed, blocked, routed } = row;
    const left = { received, invalid: { ...invalid }, duplicate, suppressed, blocked: { ...blocked }, routed };
    const isRouted = new Set(routedEvents);
    const words = unroutedWords(row);
    const told = Math.min(received, row.kindOf?.length ?? received);
    for (let index = 0; index < told; index += 1) {
      const line = this.#line(kindInPlan(row, index));
      line.received += 1;
      left.received -= 1;
      const word = isRouted.has(index) ? 'routed' : words.get(index);
      if (word === 'routed' || word === 'duplicate' || word === 'suppressed') {
        line[word] += 1;
        left[word] -= 1;
      } else if (word !== undefined) {
        const [verdict, reason] = splitWord(word);
        line[verdict][reason] = (line[verdict][reason] ?? 0) + 1;
        left[verdict][reason] = (left[verdict][reason] ?? 0) - 1;
      }
    }
    if (isAny(left)) addTo(this.#line(NO_KIND), left);
  }

  #addPlanned(row: PlanRow, planned: PlannedDestination, routedEvents: readonly number[]): void {
    const { destinationId, filteredEvents } = planned;
    const left = { queued: planned.queued, filtered: { ...planned.filtered } };
    const width = planned.mappings.length;
    const queued = new Set(width === 0 ? [] : membersOf(planned.bitmap).map((bit) => Math.floor(bit / width)));
    const reasons = new Map<number, string>();
    for (const [reason, bitmap] of Object.entries(filteredEvents ?? {})) {
      for (const index of membersOf(bitmap)) reasons.set(index, reason);
    }
    const names = Object.keys(planned.filtered);
    const only = filteredEvents === undefined && names.length === 1 ? names[0] : undefined;
    for (const index of routedEvents) {
      const { kind } = this.#line(kindInPlan(row, index));
      const reason = reasons.get(index) ?? only;
      if (queued.has(index)) {
        left.queued -= 1;
        this.#addConnection(destinationId, kind, { queued: 1, filtered: {} });
      } else if (reason !== undefined) {
        left.filtered[reason] = (left.filtered[reason] ?? 0) - 1;
        this.#addConnection(destinationId, kind, { queued: 0, filtered: { [reason]: 1 } });
      }
    }
    if (left.queued !== 0 || isAnyOf(left.filtered)) this.#addConnection(destinationId, NO_KIND, left);
  }

  /** Of routed events at least the call is known. */
  #addUntold({ types, planned, ...counts }: Untold): void {
    const rest = { ...counts };
    for (const type of EVENT_TYPES) {
      const count = types[type] ?? 0;
      if (count === 0) continue;
      const line = this.#line([type, '', '']);
      line.received += count;
      line.routed += count;
      rest.received -= count;
      rest.routed -= count;
    }
    if (isAny(rest)) addTo(this.#line(NO_KIND), rest);
    for (const { destinationId, ...of } of planned) this.#addConnection(destinationId, NO_KIND, of);
  }

  #line(kind: EventKind): SourceLine {
    const isNew = this.#lines.size >= KINDS_HELD_MAX && !this.#lines.has(kindName(kind));
    return lineIn(this.#lines, isNew ? otherKind(kind) : kind, noLine);
  }

  /** `kind` is one that lines have, or NO_KIND. A destination of which nothing is counted has no lines. */
  #addConnection(id: string, kind: EventKind, counts: Pick<ConnectionLine, 'filtered' | 'queued'>): void {
    if (counts.queued === 0 && !isAnyOf(counts.filtered)) return;
    const lines = this.#connections.get(id) ?? new Map<string, ConnectionLine>();
    this.#connections.set(id, lines);
    addToConnection(lineIn(lines, kind, noConnection), counts);
  }
}

type SourceCounts = Omit<SourceLine, 'kind'>;
type Untold = SourceCounts & {
  types: Counts;
  planned: readonly { destinationId: string; filtered: Counts; queued: number }[];
};

const noLine = (kind: EventKind): SourceLine => ({
  kind,
  received: 0,
  invalid: {},
  duplicate: 0,
  suppressed: 0,
  blocked: {},
  routed: 0,
});
const noConnection = (kind: EventKind): ConnectionLine => ({ kind, filtered: {}, queued: 0 });

function lineIn<T>(lines: Map<string, T>, kind: EventKind, none: (kind: EventKind) => T): T {
  const name = kindName(kind);
  const known = lines.get(name);
  if (known !== undefined) return known;
  const line = none(kind);
  lines.set(name, line);
  return line;
}

function addTo(line: SourceLine, counts: SourceCounts): void {
  line.received += counts.received;
  line.duplicate += counts.duplicate;
  line.suppressed += counts.suppressed;
  line.routed += counts.routed;
  line.invalid = plus(line.invalid, counts.invalid);
  line.blocked = plus(line.blocked, counts.blocked);
}

function addToConnection(
  line: ConnectionLine,
  { filtered, queued }: Pick<ConnectionLine, 'filtered' | 'queued'>,
): void {
  line.queued += queued;
  line.filtered = plus(line.filtered, filtered);
}

/** Nearly always there is nothing to add. */
const plus = (a: Counts, b: Counts): Counts => {
  if (Object.keys(b).length === 0) return a;
  return Object.fromEntries(Object.entries(addCounts(a, b)).filter(([, count]) => count !== 0));
};

function splitWord(word: string): ['invalid' | 'blocked', string] {
  const dot = word.indexOf('.');
  return [word.startsWith('blocked.') ? 'blocked' : 'invalid', word.slice(dot + 1)];
}

const isAnyOf = (counts: Counts): boolean => Object.values(counts).some((count) => count !== 0);
const isAny = ({ received, routed, duplicate, suppressed, invalid, blocked }: SourceCounts): boolean =>
  received !== 0 || routed !== 0 || duplicate !== 0 || suppressed !== 0 || isAnyOf(invalid) || isAnyOf(blocked);

const isRest = (kind: EventKind): boolean => kind[1] === OTHER_NAME || kindName(kind) === kindName(NO_KIND);

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const byText =
  <T>(of: (each: T) => string) =>
  (a: T, b: T): number =>
    compare(of(a), of(b));

/** The same sums are the same text, whatever order they came in. */
const inOrder = <T>(lines: ReadonlyMap<string, T>): T[] =>
  [...lines].toSorted(byText(([name]) => name)).map(([, line]) => line);
export const sorted = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).toSorted(byText(([reason]) => reason)));
