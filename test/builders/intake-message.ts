import { IntakeMessage } from '../../shared/domain/intake-message.ts';
import { intakeIdOf } from './ledger-rows.ts';

/** An accepted track call, parsed. */
export const anIntakeMessage = (over: Record<string, unknown> = {}): IntakeMessage =>
  IntakeMessage.parse({
    v: 1,
    intakeId: intakeIdOf(1),
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    kind: 'track',
    receivedAt: '2026-11-24T10:15:00.000Z',
    ip: '203.0.113.7',
    body: { userId: 'u1', event: 'Order Completed', messageId: 'm1' },
    ...over,
  });

/** An accepted batch of these payloads. */
export const aBatch = (batch: readonly unknown[], over: Record<string, unknown> = {}): IntakeMessage =>
  anIntakeMessage({ kind: 'batch', body: { batch }, ...over });

/** A valid track payload of a batch. */
export const aTrack = (messageId: string, over: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: 'track',
  userId: 'u1',
  event: 'Order Completed',
  messageId,
  ...over,
});
