import {
  addCounts,
  type DestinationTotals,
  ERROR_LINES_MAX,
  type ErrorLine,
  noDestinationTotals,
  total,
} from './books.ts';
import { type DeliveryLine, DETAIL_LINES_MAX, type DestinationDetail } from './detail.ts';
import { type EventKind, kindName, NO_KIND, OTHER_NAME, otherKind } from './event-kind.ts';
import type { Counts, DoneRow } from './ledger-rows.ts';
import { linesOfDone, untriedOf } from './row-detail.ts';
import { byText, compare, KINDS_HELD_MAX, sorted } from './source-sum.ts';

/** Lines of the error table that a sum tells apart while it sums. */
const ERRORS_HELD_MAX = 10_000;

type LineCounts = Omit<DeliveryLine, 'mappingId' | 'kind'>;

/** As SourceSum, of done rows. What a row does not tell of its sends lies under no mapping and NO_KIND. */
export class DestinationSum {
  #parts = 0;
  #bytesOut = 0;
  #latency = noDestinationTotals().latency;
  readonly #lines = new Map<string, DeliveryLine>();
  readonly #errors = new Map<string, ErrorLine>();

  addRow(row: DoneRow): void {
    if (row.hop === 0) this.#parts += 1;
    this.#bytesOut += row.bytesOut ?? 0;
    this.#addLatency(row.latency);
    for (const error of row.errors) this.#addError({ ...error, firstSeen: row.settledAt, lastSeen: row.settledAt });
    const lines = linesOfDone(row);
    if (lines === undefined || !addsUp(row, lines)) {
      this.#addUntold({ ...row, untried: untriedOf(row) }, row.hop === 0 ? 0 : sendsOf(row), row.hop === 0);
      return;
    }
    for (const [mapping, kind, word, count] of lines) {
      const line = this.#line(row.mappings?.[mapping] ?? '', row.kinds?.[kind] ?? NO_KIND);
      if (word === 'd') line.firstTry += count;
      else if (word === 'r') line.onRetry += count;
      else if (word === 'w') line.retry += count;
      else if (word === 'u') addUntried(line, count);
      else addEnd(line, word, count);
      if (row.hop > 0) line.retried += count;
    }
  }

  /**
   * Totals of an hour whose rows and detail are gone: nobody knows at which try its sends were delivered, and it says at the first; nor which of
   * those that went on were tried, and it says all.
   */
  addTotals(totals: DestinationTotals): void {
    this.#addLatency(totals.latency);
    for (const error of totals.errors) this.#addError(error);
    this.#addUntold(totals, totals.retried, true);
  }

  add(detail: DestinationDetail): void {
    this.#parts += detail.parts;
    this.#bytesOut += detail.bytesOut;
    this.#addLatency(detail.latency);
    for (const error of detail.errors) this.#addError(error);
    for (const { mappingId, kind, ...counts } of detail.lines) addTo(this.#line(mappingId, kind), counts);
  }

  detail(): DestinationDetail {
    const errors = [...this.#errors.values()].toSorted(
      (a, b) => b.count - a.count || compare(a.code, b.code) || compare(a.message, b.message),
    );
    return {
      parts: this.#parts,
      bytesOut: this.#bytesOut,
      lines: this.#bounded()
        .toSorted(byText(lineName))
        .map((line) => ({ ...line, discarded: sorted(line.discarded), deadLettered: sorted(line.deadLettered) })),
      latency: this.#latency,
      errors: errors.slice(0, ERROR_LINES_MAX),
    };
  }

  /** The lines of most sends are kept apart; the others go to the rest of their call, mapping by mapping. */
  #bounded(): DeliveryLine[] {
    const all = [...this.#lines.values()];
    if (all.length <= DETAIL_LINES_MAX) return all;
    const ranked = all.toSorted((a, b) => sendsOfLine(b) - sendsOfLine(a) || compare(lineName(a), lineName(b)));
    const bounded = new DestinationSum();
    for (const [index, { mappingId, kind, ...counts }] of ranked.entries()) {
      addTo(bounded.#line(mappingId, index < DETAIL_LINES_MAX || isRest(kind) ? kind : otherKind(kind)), counts);
    }
    return [...bounded.#lines.values()];
  }

  #addUntold(
    told: Pick<DoneRow, 'delivered' | 'discarded' | 'deadLettered' | 'retry'> & Pick<DeliveryLine, 'untried'>,
    retried: number,
    isFirstTry: boolean,
  ): void {
    const { delivered, discarded, deadLettered, retry, untried = 0 } = told;
    const [firstTry, onRetry] = isFirstTry ? [delivered, 0] : [0, delivered];
    const counts = { firstTry, onRetry, discarded, deadLettered, retry, retried, untried };
    if (sendsOfLine(counts) + retried > 0) addTo(this.#line('', NO_KIND), counts);
  }

  #addLatency(latency: readonly number[]): void {
    this.#latency = this.#latency.map((count, bucket) => count + (latency[bucket] ?? 0));
  }

  #addError(line: ErrorLine): void {
    const name = `${line.code}\n${line.message}`;
    const known = this.#errors.get(name);
    if (known === undefined) {
      if (this.#errors.size < ERRORS_HELD_MAX) this.#errors.set(name, { ...line });
      return;
    }
    known.count += line.count;
    if (line.firstSeen < known.firstSeen) known.firstSeen = line.firstSeen;
    if (line.lastSeen > known.lastSeen) known.lastSeen = line.lastSeen;
  }

  #line(mappingId: string, kind: EventKind): DeliveryLine {
    const known = this.#lines.get(lineName({ mappingId, kind }));
    if (known !== undefined) return known;
    const held = this.#lines.size >= KINDS_HELD_MAX ? otherKind(kind) : kind;
    const name = lineName({ mappingId, kind: held });
    const line = this.#lines.get(name) ?? {
      mappingId,
      kind: held,
      firstTry: 0,
      onRetry: 0,
      discarded: {},
      deadLettered: {},
      retry: 0,
      retried: 0,
    };
    this.#lines.set(name, line);
    return line;
  }
}

const lineName = ({ mappingId, kind }: Pick<DeliveryLine, 'mappingId' | 'kind'>): string =>
  `${mappingId}\n${kindName(kind)}`;

const isRest = ([, name]: EventKind): boolean => name === OTHER_NAME;

function addEnd(line: DeliveryLine, word: string, count: number): void {
  const field = word.startsWith('dead.') ? 'deadLettered' : 'discarded';
  line[field] = addCounts(line[field], { [word.slice(word.indexOf('.') + 1)]: count });
}

function addUntried(line: DeliveryLine, count: number): void {
  line.retry += count;
  line.untried = (line.untried ?? 0) + count;
}

function addTo(line: DeliveryLine, counts: LineCounts): void {
  line.firstTry += counts.firstTry;
  line.onRetry += counts.onRetry;
  line.discarded = plus(line.discarded, counts.discarded);
  line.deadLettered = plus(line.deadLettered, counts.deadLettered);
  line.retry += counts.retry;
  line.retried += counts.retried;
  if ((counts.untried ?? 0) > 0) line.untried = (line.untried ?? 0) + (counts.untried ?? 0);
}

const plus = (a: Counts, b: Counts): Counts => (Object.keys(b).length === 0 ? a : addCounts(a, b));

const sendsOf = ({
  delivered,
  discarded,
  deadLettered,
  retry,
}: Pick<DoneRow, 'delivered' | 'discarded' | 'deadLettered' | 'retry'>): number =>
  delivered + total(discarded) + total(deadLettered) + retry;

const sendsOfLine = ({ firstTry, onRetry, discarded, deadLettered, retry }: LineCounts): number =>
  firstTry + onRetry + total(discarded) + total(deadLettered) + retry;

/** Whether lines tell of all sends of a row, as ours do. Those of any other are not believed: the counts are the books. */
const addsUp = (row: DoneRow, lines: NonNullable<DoneRow['lines']>): boolean =>
  lines.reduce((sum, [, , , count]) => sum + count, 0) === sendsOf(row);
