import type { ClaimRequest } from '../../shared/ports/claim-store.ts';
import { anIntakeMessage } from './intake-message.ts';
import { intakeIdOf } from './ledger-rows.ts';

export const CLAIMED_AT = '2026-11-24T10:15:00.000Z';
/** So many hours after CLAIMED_AT. */
export const hoursLater = (hours: number): string => new Date(Date.parse(CLAIMED_AT) + hours * 3_600_000).toISOString();

export const ownerOf = (owner: number): ClaimRequest['intakeId'] =>
  anIntakeMessage({ intakeId: intakeIdOf(owner) }).intakeId;

/** What one request claims; with a `device`, in its ledger. */
export const aClaim = (
  owner: number,
  messageIds: readonly string[],
  { device, ...over }: Partial<ClaimRequest> & { device?: string | undefined } = {},
): ClaimRequest => ({
  sourceId: anIntakeMessage().sourceId,
  intakeId: ownerOf(owner),
  receivedAt: CLAIMED_AT,
  dedupHours: 24,
  events: messageIds.map((messageId) => ({ messageId, device })),
  ...over,
});
