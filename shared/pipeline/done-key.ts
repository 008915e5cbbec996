import type { DestinationId } from '../domain/ids.ts';
import type { Part } from '../domain/lane-message.ts';
import type { DoneRow } from '../domain/ledger-rows.ts';
import type { DoneKey } from '../ports/ledger.ts';
import type { SizedPart } from './parts.ts';

/** Names the done row of the hop that a part is at. */
export const doneKeyOf = ({ destinationId, part }: Pick<SizedPart, 'destinationId' | 'part'>): DoneKey => ({
  destinationId,
  dueAt: part.dueAt,
  intakeId: part.intakeId,
  slice: part.slice,
  hop: part.hop,
  replay: part.replay,
});

/** What a done row and a kept payload both say of the hop that they are of: whose it is, and its key. */
export const hopFields = (destinationId: DestinationId, part: Part) => ({
  v: 1 as const,
  workspaceId: part.workspaceId,
  sourceId: part.sourceId,
  destinationId,
  intakeId: part.intakeId,
  slice: part.slice,
  hop: part.hop,
  dueAt: part.dueAt,
  ...(part.replay !== undefined && { replay: part.replay }),
});

/** A hop of a part by one text, whatever message carries it. A replay's intake id is its own. */
export const hopName = ({
  destinationId,
  intakeId,
  slice,
  hop,
}: Pick<DoneRow, 'destinationId' | 'intakeId' | 'slice' | 'hop'>): string =>
  ['part', destinationId, intakeId, slice, hop].join('#');
