import type { SQSRecord } from 'aws-lambda';
import { LaneMessage, Part } from '../../shared/domain/lane-message.ts';
import { intakeIdOf } from './ledger-rows.ts';

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
  const messageId = over.messageId ?? 'sqs-1';
  return {
    messageId,
    receiptHandle: `handle of ${messageId}`,
    body: over.body ?? JSON.stringify(message),
    attributes: {
      ApproximateReceiveCount: String(over.receiveCount ?? 1),
      SentTimestamp: String(over.sentAtMs ?? 0),
      SenderId: 'route',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:lane',
    awsRegion: 'us-east-1',
  };
};
