import type { SQSRecord } from 'aws-lambda';
import { LaneMessage, Part } from '../../shared/domain/lane-message.ts';
import { intakeIdOf } from './ledger-rows.ts';
import { anSqsRecord } from './sqs-record.ts';

const RECEIVED_AT = '2026-11-24T10:15:00.000Z';

/** A part of `count` tracked events, each for the first mapping unless `sends` says otherwise; parsed. */
export const aPart = ({
  count = 1,
  number = 1,
  ...over
}: Record<string, unknown> & { count?: number; number?: number } = {}): Part =>
  Part.parse({
    intakeId: intakeIdOf(number),
    slice: 0,
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    receivedAt: RECEIVED_AT,
    hop: 0,
    dueAt: RECEIVED_AT,
    mappings: ['map_1'],
    events: Array.from({ length: count }, (_, index) => ({
      type: 'track',
      event: 'Cup Bought',
      messageId: `m${number}-${index}`,
      userId: 'u1',
      properties: { index },
    })),
    sends: Array.from({ length: count }, (_, index) => [index, index, 0, 0]),
    ...over,
  });

/** A record of the lane that carries these parts for one destination. */
export const aLaneRecord = (
  parts: readonly Part[] = [aPart()],
  over: { destinationId?: string; messageId?: string; receiveCount?: number; sentAtMs?: number; body?: string } = {},
): SQSRecord => {
  const message = LaneMessage.parse({ v: 1, destinationId: over.destinationId ?? 'dst_1', parts });
  return anSqsRecord({
    messageId: over.messageId ?? 'sqs-1',
    body: over.body ?? JSON.stringify(message),
    ...(over.receiveCount !== undefined && { receives: over.receiveCount }),
    ...(over.sentAtMs !== undefined && { sentAtMs: over.sentAtMs }),
  });
};
