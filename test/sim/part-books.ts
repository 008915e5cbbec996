import { membersOf } from '../../shared/domain/bitmap.ts';
import type { PlannedDestination, PlanRow } from '../../shared/domain/ledger-rows.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import type { AcceptedRequest } from './traffic.ts';
import { nameOfSend, type SendName } from './tools.ts';

/** How far one part has come, by what its rows say and by what really happened. */
export type PartBooks = {
  destinationId: string;
  intakeId: string;
  slice: number;
  /** What each send of it is, by its number. */
  sends: readonly SendName[];
  /** Numbers of the sends that have not ended. */
  open: Set<number>;
  /** Attempts by the rows, by number. */
  attempts: number[];
  /** Not to be tried before, as tools asked in answers that a row took in; by number. */
  notBeforeMs: number[];
  /** The hop whose row comes next, and when it is due. */
  hop: number;
  dueAt: string;
  /** When the row of each hop was put. */
  rowsAtMs: number[];
  /** Copies of the present hop that we put into lanes. */
  copies: number;
  /** What tools answered, by triesName and number of the send. */
  tries: Map<string, Map<number, TriedSend>>;
  /** Hops that one invocation had two messages of: nobody can tell which of them a call belongs to. */
  blurred: Set<string>;
};

/** What one invocation did for one hop. */
export const triesName = (invocation: number, hop: number): string => `${invocation} ${hop}`;

/** `outcome` is undefined while no answer came. */
export type TriedSend = { outcome: SendOutcome | undefined; answeredAtMs: number };

/** The parts that a plan row names, by its cuts, each with nothing done yet. */
export function partsOfPlan(row: PlanRow, planned: PlannedDestination, request: AcceptedRequest): PartBooks[] {
  const { destinationId, mappings, cuts } = planned;
  const sends = membersOf(planned.bitmap).map(
    (bit): SendName => ({
      destinationId,
      mappingId: mappings[bit % mappings.length] ?? '',
      messageId: request.messageIds[Math.floor(bit / mappings.length)] ?? '',
    }),
  );
  let from = 0;
  return cuts.map((cut, slice): PartBooks => {
    const own = sends.slice(from, from + cut);
    from += cut;
    return {
      destinationId,
      intakeId: row.intakeId,
      slice,
      sends: own,
      open: new Set(own.keys()),
      attempts: own.map(() => 0),
      notBeforeMs: own.map(() => 0),
      hop: 0,
      dueAt: row.receivedAt,
      rowsAtMs: [],
      copies: 0,
      tries: new Map(),
      blurred: new Set(),
    };
  });
}

/** Finds parts by their names, and sends by theirs. */
export class PartIndex {
  readonly #parts = new Map<string, PartBooks>();
  readonly #sends = new Map<string, { part: PartBooks; number: number }>();

  add(part: PartBooks): void {
    this.#parts.set(partName(part), part);
    for (const [number, send] of part.sends.entries()) this.#sends.set(nameOfSend(send), { part, number });
  }

  part(name: { destinationId: string; intakeId: string; slice: number }): PartBooks | undefined {
    return this.#parts.get(partName(name));
  }

  send(name: SendName): { part: PartBooks; number: number } | undefined {
    return this.#sends.get(nameOfSend(name));
  }

  all(): Iterable<PartBooks> {
    return this.#parts.values();
  }
}

export const partName = ({
  destinationId,
  intakeId,
  slice,
}: {
  destinationId: string;
  intakeId: string;
  slice: number;
}) => `${destinationId} ${intakeId} ${slice}`;
