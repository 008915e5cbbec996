import type { PlanRow } from '../domain/ledger-rows.ts';
import type { DoneKey, PlanStore } from '../ports/ledger.ts';
import { again, partsOf, type SizedPart } from './parts.ts';
import type { IntakeReading } from './read-intake.ts';

/**
 * What is left to send of a plan that an earlier invocation put and may not have carried out: the parts whose first hop has no done row,
 * marked so that deliver looks into the books first (they may lie in a lane already). Nothing is decided again.
 */
export async function obeyPlan(
  plans: Pick<PlanStore, 'findDone'>,
  row: PlanRow,
  reading: IntakeReading,
): Promise<SizedPart[]> {
  const parts = row.destinations.flatMap((planned) => partsOf(reading, planned));
  if (parts.length === 0) return [];
  const done = new Set((await plans.findDone(parts.map(doneKeyOf))).map(nameOf));
  return parts.filter((part) => !done.has(nameOf(doneKeyOf(part)))).map(again);
}

const doneKeyOf = ({ destinationId, part }: SizedPart): DoneKey => ({
  destinationId,
  dueAt: part.dueAt,
  intakeId: part.intakeId,
  slice: part.slice,
  hop: part.hop,
});

const nameOf = ({ destinationId, intakeId, slice }: Pick<DoneKey, 'destinationId' | 'intakeId' | 'slice'>): string =>
  `${destinationId} ${intakeId} ${slice}`;
