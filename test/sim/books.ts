import { membersOf } from '../../shared/domain/bitmap.ts';
import { total } from '../../shared/domain/books.ts';
import type { LaneMessage, Part } from '../../shared/domain/lane-message.ts';
import type { DoneRow, PlanRow, UnreadableRow } from '../../shared/domain/ledger-rows.ts';
import { linesOfDone, sendOfDone } from '../../shared/domain/row-detail.ts';
import type { DeadLetter } from '../../shared/ports/delivery-stores.ts';
import type { Host } from './host.ts';
import type { LaneWatch } from './lane-models.ts';
import type { LedgerWatch } from './ledger-model.ts';
import { type PartBooks, PartIndex, partName, partsOfPlan, triesName } from './part-books.ts';
import type { AcceptedRequest } from './traffic.ts';
import type { World } from './world.ts';

export type BooksSources = {
  accepted: ReadonlyMap<string, AcceptedRequest>;
  letters: ReadonlyMap<string, readonly DeadLetter[]>;
  /** Whether a request may be put away whole although it has a plan, or is about to get one. */
  isKeptTwice: () => boolean;
};

/**
 * Keeps its own books of a simulation, by what really happened, and holds each row of the product against them at the moment when it is put:
 * the equation, never two ends for one send, each end with its reason, each attempt a real one. One row changes one part, so that the check
 * of a step costs what the step costs; the sums of the product's own code are compared at the end.
 */
export class Books implements LedgerWatch, LaneWatch {
  readonly parts = new PartIndex();
  /** The plan that each request has, and those put away as unreadable. */
  readonly plans = new Map<string, PlanRow>();
  readonly unreadable = new Map<string, UnreadableRow>();
  /** Sends that are planned and have not ended. */
  inFlight = 0;
  readonly #world: World;
  readonly #sources: BooksSources;
  /** Which request an event was routed by: its messageId is routed once. */
  readonly #routedBy = new Map<string, string>();

  constructor(world: World, sources: BooksSources) {
    this.#world = world;
    this.#sources = sources;
  }

  isRouted(messageId: string): boolean {
    return this.#routedBy.has(messageId);
  }

  onPlan(row: PlanRow): void {
    const request = this.#sources.accepted.get(row.intakeId);
    if (request === undefined) return this.#fail('a plan is of a request that was accepted', row.intakeId);
    if (this.plans.has(row.intakeId)) return this.#fail('a request has one plan', row.intakeId);
    this.plans.set(row.intakeId, row);
    const { received, invalid, duplicate, suppressed, blocked, routed } = row;
    this.#equal('received is what came', row.intakeId, received, request.messageIds.length);
    const ends = total(invalid) + duplicate + suppressed + total(blocked) + routed;
    this.#equal('received = invalid + duplicate + suppressed + blocked + routed', row.intakeId, received, ends);
    for (const index of membersOf(row.routedBitmap)) this.#route(row, request.messageIds[index]);
    for (const planned of row.destinations) {
      const name = `${planned.destinationId} ${row.intakeId}`;
      this.#equal('routed = filtered + queued', name, routed, total(planned.filtered) + planned.queued);
      const cut = planned.cuts.reduce((sum, sends) => sum + sends, 0);
      this.#equal('the cuts hold all sends', name, planned.sends, cut);
      this.#equal('the bitmap has all sends', name, planned.sends, membersOf(planned.bitmap).length);
      for (const part of partsOfPlan(row, planned, request)) this.parts.add(part);
      this.inFlight += planned.sends;
    }
  }

  #route(row: PlanRow, messageId: string | undefined): void {
    if (messageId === undefined) return this.#fail('only events are routed', row.intakeId);
    const other = this.#routedBy.get(messageId);
    if (other !== undefined)
      return this.#fail('an event is routed once (E18)', `${messageId} by ${other} and ${row.intakeId}`);
    this.#routedBy.set(messageId, row.intakeId);
  }

  onLane({ destinationId, parts }: LaneMessage): readonly number[] {
    return parts.map((part) => this.#lanePart(destinationId, part));
  }

  #lanePart(destinationId: string, { intakeId, slice, hop, dueAt, sends }: Part): number {
    const name = `${partName({ destinationId, intakeId, slice })} hop ${hop}`;
    const part = this.parts.part({ destinationId, intakeId, slice });
    if (part === undefined) {
      this.#fail('the plan row comes before any send', name);
      return 1;
    }
    if (hop > part.hop) {
      this.#fail('the done row comes before the next hop', name);
      return 1;
    }
    if (hop < part.hop) return Number.POSITIVE_INFINITY;
    part.copies += 1;
    if (dueAt !== part.dueAt) this.#fail('a hop is due when its row says', `${name}: ${dueAt}, not ${part.dueAt}`);
    const numbers = sends.map(([number]) => number).toSorted((a, b) => a - b);
    const open = [...part.open].toSorted((a, b) => a - b);
    if (numbers.join() !== open.join())
      this.#fail('a hop carries what has not ended', `${name}: ${numbers.join()}, not ${open.join()}`);
    for (const [number, , , attempts] of sends) {
      this.#equal('a hop carries the attempts made', `${name} send ${number}`, attempts, part.attempts[number] ?? 0);
    }
    return part.copies;
  }

  onDone(row: DoneRow, host: Host): void {
    const part = this.parts.part(row);
    const name = `${partName(row)} hop ${row.hop}`;
    if (part === undefined) return this.#fail('a part that ends was planned', name);
    if (row.hop < part.hop) return this.#fail('a hop has one done row', name);
    if (row.hop > part.hop) return this.#fail('a hop follows the row of the hop before', name);
    const retry = membersOf(row.retryBitmap ?? '');
    const tried = new Set(membersOf(row.triedBitmap ?? ''));
    this.#equal('the bitmap has all sends that go on', name, retry.length, row.retry);
    const ended = row.delivered + total(row.discarded) + total(row.deadLettered);
    this.#equal('ends + retry = the sends of the hop', name, ended + row.retry, part.open.size);
    const letters = this.#lettersOf(row, name);
    const goesOn = new Set(retry);
    for (const number of [...retry, ...letters.keys()]) {
      if (!part.open.has(number)) this.#fail('no send has two ends', `${name} send ${number}`);
      if (goesOn.has(number) && letters.has(number)) this.#fail('no send has two ends', `${name} send ${number}`);
    }
    this.#checkTries(row, part, { host, letters, goesOn, tried, name });
    this.#checkTold(row, part, { letters, goesOn, name });
    for (const number of tried) part.attempts[number] = (part.attempts[number] ?? 0) + 1;
    this.inFlight -= ended;
    if (this.inFlight < 0) this.#fail('in flight is never below 0', name);
    part.open = goesOn;
    part.hop += 1;
    part.dueAt = row.nextDueAt ?? '';
    part.rowsAtMs[row.hop] = this.#world.nowMs;
    part.copies = 0;
  }

  /** The dead letters of a row by number of the send: they are there before the row, and as many as it says, by code. */
  #lettersOf(row: DoneRow, name: string): Map<number, DeadLetter> {
    const found = new Map<number, DeadLetter>();
    const object = row.deadLetterKey === undefined ? [] : this.#sources.letters.get(row.deadLetterKey);
    if (object === undefined) this.#fail('undelivered payloads are kept before the row is put', name);
    const counts: Record<string, number> = {};
    for (const letter of object ?? []) {
      if (letter.intakeId !== row.intakeId || letter.slice !== row.slice || letter.hop !== row.hop) continue;
      if (found.has(letter.send)) this.#fail('a send has one dead letter', `${name} send ${letter.send}`);
      found.set(letter.send, letter);
      const code = `${letter.outcome} ${letter.code}`;
      counts[code] = (counts[code] ?? 0) + 1;
    }
    for (const [outcome, codes] of [
      ['discarded', row.discarded],
      ['dead-lettered', row.deadLettered],
    ] as const) {
      for (const [code, count] of Object.entries(codes)) {
        this.#equal(
          'undelivered payloads are kept, each with its code',
          `${name} ${outcome} ${code}`,
          counts[`${outcome} ${code}`] ?? 0,
          count,
        );
      }
    }
    this.#equal('no dead letter without an end', name, found.size, total(row.discarded) + total(row.deadLettered));
    return found;
  }

  /** Delivered is what the tool took, tried is what was really called, and by nobody else than who wrote the row. */
  #checkTries(
    row: DoneRow,
    part: PartBooks,
    {
      host,
      letters,
      goesOn,
      tried,
      name,
    }: {
      host: Host;
      letters: ReadonlyMap<number, DeadLetter>;
      goesOn: ReadonlySet<number>;
      tried: ReadonlySet<number>;
      name: string;
    },
  ): void {
    const invocation = triesName(host.invocation?.number ?? 0, row.hop);
    const calls = part.tries.get(invocation);
    part.tries.clear();
    if (part.blurred.has(invocation)) return;
    for (const number of part.open) {
      const outcome = calls?.get(number)?.outcome;
      const what = `${name} send ${number}`;
      const letter = letters.get(number);
      const wasTried = calls?.has(number) === true;
      if (goesOn.has(number)) {
        if (tried.has(number) !== wasTried)
          this.#fail('an attempt is counted for each real try, and for no other', what);
        const askedMs = outcome?.outcome === 'retry' ? (outcome.retryAfterMs ?? 0) : 0;
        if (askedMs > 0 && !host.hasJumped)
          part.notBeforeMs[number] = (calls?.get(number)?.answeredAtMs ?? 0) + askedMs;
      } else if (letter === undefined) {
        if (outcome?.outcome !== 'delivered')
          this.#fail('delivered is what the tool took', `${what}: ${outcome?.outcome ?? 'never called'}`);
      } else {
        this.#equal(
          'a dead letter tells the attempts made',
          what,
          letter.attempts,
          (part.attempts[number] ?? 0) + (wasTried ? 1 : 0),
        );
        if (outcome?.outcome === 'delivered') this.#fail('what the tool took is delivered', what);
      }
    }
  }

  /** What the row tells of each send is what became of it, and its lines tell it by mapping. */
  #checkTold(
    row: DoneRow,
    part: PartBooks,
    { letters, goesOn, name }: { letters: ReadonlyMap<number, DeadLetter>; goesOn: ReadonlySet<number>; name: string },
  ): void {
    const byMapping = new Map<string, number>();
    for (const number of part.open) {
      const letter = letters.get(number);
      const told = sendOfDone(row, number);
      const end = goesOn.has(number) ? 'waits' : (letter?.outcome ?? 'delivered');
      const code = letter === undefined ? undefined : letter.code;
      if (told.end !== end || (letter !== undefined && (!('code' in told) || told.code !== code))) {
        this.#fail(
          'a row tells of each send how it stands',
          `${name} send ${number}: ${JSON.stringify(told)}, not ${end}`,
        );
      }
      const mappingId = part.sends[number]?.mappingId ?? '';
      byMapping.set(mappingId, (byMapping.get(mappingId) ?? 0) + 1);
    }
    for (const [mapping, , , count] of linesOfDone(row) ?? []) {
      const mappingId = row.mappings?.[mapping] ?? '';
      byMapping.set(mappingId, (byMapping.get(mappingId) ?? 0) - count);
    }
    const wrong = [...byMapping].find(([, left]) => left !== 0);
    if (wrong !== undefined) this.#fail('lines tell of all sends of a mapping', `${name} ${wrong.join(': ')}`);
  }

  onUnreadable(row: UnreadableRow): void {
    const { intakeId = '' } = row;
    // But where the dead-letter function died over it as well, or came while route was at work on it: it is kept whole all the same.
    if (this.plans.has(intakeId) && !this.#sources.isKeptTwice()) {
      return this.#fail('what has a plan is not unreadable', intakeId);
    }
    this.unreadable.set(intakeId, row);
  }

  #equal(rule: string, what: string, found: number, wanted: number): void {
    if (found !== wanted) this.#fail(rule, `${what}: ${found}, not ${wanted}`);
  }

  #fail(rule: string, detail: string): void {
    this.#world.fail(rule, detail);
  }
}
