import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoSampleStore } from '../../../../shared/aws/dynamo-sample-store.ts';
import { DestinationId, MappingId } from '../../../../shared/domain/ids.ts';

test('ten tries of one code and minute are ten samples, in however many calls they are put', async () => {
  const kept = new Set<unknown>();
  const doc = {
    send: async ({ input }: { input: { Item: Record<string, unknown> } }) => {
      kept.add(input.Item['sk']);
    },
  };
  const options = { retentionDays: 7, now: () => new Date('2026-11-26T10:00:30.000Z') };
  const store = dynamoSampleStore(doc as unknown as DynamoDBDocumentClient, 'samples', options);
  const sample = (number: number) => ({
    destinationId: DestinationId.parse('dst_1'),
    mappingId: MappingId.parse('map_1'),
    messageId: `m${number}`,
    at: '2026-11-26T10:00:30.000Z',
    code: '503',
    event: {},
    requests: [],
  });
  for (let at = 0; at < 10; at += 2) await store.put([sample(at), sample(at + 1)]);
  expect(kept.size).toBe(10);
});
