import { CONFIG_CHECK_MS } from '../../shared/config/limits.ts';
import { STALE_WHILE_ERROR_MS } from '../../shared/aws/config-cache.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import type { Books } from './books.ts';
import { carriedBy } from './event-source.ts';
import type { Faults } from './faults.ts';
import type { Host } from './host.ts';
import type { CarriedLane } from './lane-models.ts';
import { type PartBooks, triesName } from './part-books.ts';
import type { SendName, ToolWatch } from './tools.ts';
import type { World } from './world.ts';

/** An invocation may go on with what it read at its beginning: its timeout, and a moment for a call on its way. */
const INVOCATION_MS = 31_000;
/** How far a machine's clock may be wrong. */
export const SKEW_MS = 1_000;

/** How long functions may go on by what people have changed since. */
export const graceMs = (faults: Faults): number =>
  CONFIG_CHECK_MS + INVOCATION_MS + SKEW_MS + (faults.chosen.has('configuration away') ? STALE_WHILE_ERROR_MS : 0);

/** One message of an invocation that carries a send. */
type Carrier = { hop: number; dueMs: number; mustLook: boolean };

/** Holds each call to a tool against what may be sent: planned, due, not ended, not to a closed destination, not of a suppressed user. */
export class SendingRules implements ToolWatch {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #books: Books;
  readonly #closedSinceMs: ReadonlyMap<DestinationId, number>;
  readonly #suppressedSinceMs: (messageId: string) => number | undefined;

  constructor(
    world: World,
    faults: Faults,
    books: Books,
    since: {
      closedMs: ReadonlyMap<DestinationId, number>;
      /** Since when an event's user is suppressed. */
      suppressedMs: (messageId: string) => number | undefined;
    },
  ) {
    this.#world = world;
    this.#faults = faults;
    this.#books = books;
    this.#closedSinceMs = since.closedMs;
    this.#suppressedSinceMs = since.suppressedMs;
  }

  onTry(host: Host, sends: readonly SendName[]): void {
    for (const send of sends) this.#check(host, send);
  }

  onAnswer(host: Host, send: SendName, outcome: SendOutcome): void {
    const found = this.#books.parts.send(send);
    for (const [name, tries] of found?.part.tries ?? []) {
      const tried = tries.get(found?.number ?? -1);
      if (tried !== undefined && name.startsWith(`${host.invocation?.number} `)) {
        tried.outcome = outcome;
        tried.answeredAtMs = this.#world.nowMs;
      }
    }
  }

  #check(host: Host, send: SendName): void {
    const what = `${host.name}: ${send.destinationId} ${send.mappingId} ${send.messageId}`;
    const found = this.#books.parts.send(send);
    if (found === undefined) return this.#world.fail('nothing is sent that was not planned', what);
    const { part, number } = found;
    this.#checkOpen(send, what);
    const carriers = carriersOf(host, part, number);
    const [first] = carriers;
    if (first === undefined) return this.#world.fail('nothing is sent but what a message carries', what);
    const startedAtMs = host.invocation?.startedAtMs ?? 0;
    const isSettled = ({ hop, mustLook }: Carrier): boolean =>
      mustLook && (part.rowsAtMs[hop] ?? Number.POSITIVE_INFINITY) < startedAtMs;
    if (carriers.every(isSettled)) this.#world.fail('what is in the books is not sent again', what);
    this.#checkTime(host, part, number, first, what);
    for (const { hop } of carriers) {
      const name = triesName(host.invocation?.number ?? 0, hop);
      const tries = part.tries.get(name) ?? new Map();
      part.tries.set(name, tries);
      tries.set(number, { outcome: undefined, answeredAtMs: 0 });
      if (carriers.length > 1) part.blurred.add(name);
    }
  }

  #checkOpen({ destinationId, messageId }: SendName, what: string): void {
    const closedMs = this.#closedSinceMs.get(destinationId as DestinationId);
    const isLate = (sinceMs: number | undefined): boolean =>
      sinceMs !== undefined && this.#world.nowMs > sinceMs + graceMs(this.#faults);
    if (isLate(closedMs)) {
      this.#world.fail('nothing is sent to a destination that is off, paused or gone', what);
    }
    if (isLate(this.#suppressedSinceMs(messageId))) {
      this.#world.fail('nothing is sent of a suppressed user', what);
    }
  }

  #checkTime(host: Host, part: PartBooks, number: number, { hop, dueMs }: Carrier, what: string): void {
    if (host.hasJumped) return;
    const earlyMs = this.#faults.chosen.has('clock skew') ? SKEW_MS : 0;
    if (this.#world.nowMs + earlyMs < dueMs) this.#world.fail('nothing is sent before it is due', what);
    const notBeforeMs = part.notBeforeMs[number] ?? 0;
    if (hop === part.hop && this.#world.nowMs + 2 * earlyMs < notBeforeMs) {
      this.#world.fail('a Retry-After is kept', `${what}: ${notBeforeMs - this.#world.nowMs} ms too early`);
    }
  }
}

/** The messages of an invocation that carry a send, and whether their receiver must look into the books before sending. */
function carriersOf(host: Host, { destinationId, intakeId, slice }: PartBooks, number: number): Carrier[] {
  const carriers: Carrier[] = [];
  for (const record of host.invocation?.records ?? []) {
    const carried = carriedBy(record) as CarriedLane;
    if (carried.message.destinationId !== destinationId) continue;
    const isAgain = Number(record.attributes.ApproximateReceiveCount) > 1;
    for (const [index, part] of carried.message.parts.entries()) {
      if (part.intakeId !== intakeId || part.slice !== slice || !part.sends.some(([send]) => send === number)) continue;
      const copy = carried.copies[index] ?? 1;
      const mustLook = isAgain || part.hop > 0 || part.again === true || copy > 1;
      carriers.push({ hop: part.hop, dueMs: Date.parse(part.dueAt), mustLook });
    }
  }
  return carriers;
}
