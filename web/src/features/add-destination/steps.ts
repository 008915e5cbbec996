/** The six steps from a type of the catalog to a destination that delivers, in the words of those who know the original. */
export const STEPS = [
  { id: 'configure', title: 'Configure' },
  { id: 'source', title: 'Select source' },
  { id: 'confirm', title: 'Confirm source' },
  { id: 'settings', title: 'Settings' },
  { id: 'mappings', title: 'Mappings' },
  { id: 'test', title: 'Test and enable' },
] as const;
export type StepId = (typeof STEPS)[number]['id'];
export const STEP_IDS: readonly StepId[] = STEPS.map(({ id }) => id);

export const placeOf = (step: StepId): number => STEP_IDS.indexOf(step);

/** What is decided so far. */
export type Reached = { sourceId: string | undefined; isConfirmed: boolean; destinationId: string | undefined };

/** The furthest step that what is decided leads to: an address may ask for less, never for more. */
export function furthest({ sourceId, isConfirmed, destinationId }: Reached): StepId {
  if (destinationId !== undefined) return 'test';
  if (sourceId === undefined) return 'source';
  return isConfirmed ? 'settings' : 'confirm';
}

/** The step that is shown: where none is asked for, the one at which it goes on. */
export function stepFor(asked: StepId | undefined, reached: Reached): StepId {
  const last = furthest(reached);
  const begun = reached.destinationId === undefined ? last : 'settings';
  const step = asked ?? (reached.sourceId === undefined ? 'configure' : begun);
  return placeOf(step) > placeOf(last) ? last : step;
}
