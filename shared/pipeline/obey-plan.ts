import { membersOf } from '../domain/bitmap.ts';
import type { IntakeMessage } from '../domain/intake-message.ts';
import type { PlanRow } from '../domain/ledger-rows.ts';
import type { SourceSchema } from '../domain/source-schema.ts';
import type { Source } from '../domain/workspace.ts';
import type { PlanStore } from '../ports/ledger.ts';
import { doneKeyOf, hopName } from './done-key.ts';
import { again, partsOf, type SizedPart } from './parts.ts';
import { type ReadEvent, readPlanned } from './read-intake.ts';

/** What a plan made of its intake message. */
export type PlannedMessage = { events: readonly ReadEvent[]; parts: SizedPart[] };

/** The events and parts that a plan names, by what it says alone: the same whoever reads it, and when. Nothing is decided again. */
export function readPlan(
  message: IntakeMessage,
  source: Source | undefined,
  row: PlanRow,
  schema?: SourceSchema,
): PlannedMessage {
  const events = readPlanned(message, source, membersOf(row.routedBitmap), schema);
  const { body: _body, ...head } = message;
  return { events, parts: row.destinations.flatMap((planned) => partsOf({ message: head, events }, planned)) };
}

/**
 * What is left to send of a plan that an earlier invocation put and may not have carried out: the parts whose first hop has no done row,
 * marked so that deliver looks into the books first (they may lie in a lane already).
 */
export async function leftToSend(
  plans: Pick<PlanStore, 'findDone'>,
  parts: readonly SizedPart[],
): Promise<SizedPart[]> {
  if (parts.length === 0) return [];
  const done = new Set((await plans.findDone(parts.map(doneKeyOf))).map(hopName));
  return parts.filter((part) => !done.has(hopName(doneKeyOf(part)))).map(again);
}
