import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../../local/clock.ts';
import { s3Service } from '../../../local/s3/s3-service.ts';
import { documentClient } from '../../../shared/aws/document-client.ts';
import { dynamoSampleStore } from '../../../shared/aws/dynamo-sample-store.ts';
import { s3DeadLetterStore } from '../../../shared/aws/s3-dead-letter-store.ts';
import { DestinationId } from '../../../shared/domain/ids.ts';
import type { DeadLetter } from '../../../shared/ports/delivery-stores.ts';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { amazonsDynamodbLocal, hasJava, localDynamodb } from '../../builders/dynamodb-backends.ts';
import { createResource } from '../../builders/local-queues.ts';
import { describeSamples } from './describe-samples.ts';

describeSamples('the local cloud', () => localDynamodb());

const java = hasJava();
if (!java) process.stdout.write('DynamoDB Local was skipped: there is no java on this machine.\n');
(java ? describe : describe.skip)('with Java', () => {
  describeSamples("Amazon's DynamoDB Local", amazonsDynamodbLocal);
});

test('samples that cannot be kept hold up nobody', async () => {
  const { client, close } = await localDynamodb();
  const store = dynamoSampleStore(documentClient(client), 'no-such-table', { retentionDays: 7, now: () => new Date() });
  const sample = {
    destinationId: 'dst_1',
    mappingId: 'map_1',
    messageId: 'm',
    at: new Date().toISOString(),
    code: '400',
  };
  await expect(store.put([{ ...sample, event: {}, requests: [] }])).resolves.toBeUndefined();
  await close();
});

test('dead letters lie under their destination and day, a letter a line, and the same letters are the same object', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tributary-letters-'));
  const service = s3Service({ directory, clock: systemClock });
  await createResource(service.providers, 'AWS::S3::Bucket', 'letters');
  const endpoint = await awsEndpoint(service);
  const client = new S3Client({ ...endpoint.clientConfig, forcePathStyle: true });
  const store = s3DeadLetterStore(client, 'letters');
  const letter: DeadLetter = {
    v: 1,
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    destinationId: 'dst_1',
    intakeId: 'in_1',
    slice: 0,
    hop: 0,
    send: 0,
    mappingId: 'map_1',
    attempts: 1,
    receivedAt: '2026-11-23T23:59:59.000Z',
    settledAt: '2026-11-24T00:00:00.000Z',
    outcome: 'discarded',
    code: '400',
    message: 'no',
    event: { event: 'é\n😀' },
  };
  try {
    const letters = [letter, { ...letter, send: 1 }];
    const key = await store.put(DestinationId.parse('dst_1'), letters);
    await expect(store.put(DestinationId.parse('dst_1'), letters)).resolves.toBe(key);
    const other = await store.put(DestinationId.parse('dst_1'), [letter]);
    expect(key).toMatch(/^destination=dst_1\/day=2026-11-24\/[\w-]{22}\.ndjson\.gz$/);
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: 'letters' }));
    expect(Contents?.map(({ Key }) => Key).toSorted()).toEqual([key, other].toSorted());
    const stored = await client.send(new GetObjectCommand({ Bucket: 'letters', Key: key }));
    const text = gunzipSync((await stored.Body?.transformToByteArray()) ?? new Uint8Array()).toString();
    const lines = text.split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line))).toEqual(letters);
  } finally {
    client.destroy();
    await endpoint.close();
    await service.close();
    await rm(directory, { recursive: true });
  }
});
