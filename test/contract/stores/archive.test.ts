import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../../local/clock.ts';
import { s3Service } from '../../../local/s3/s3-service.ts';
import { s3ArchiveStore } from '../../../shared/aws/s3-archive-store.ts';
import { s3ArchiveFinder } from '../../../shared/aws/s3-trace-finders.ts';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { createResource } from '../../builders/local-queues.ts';
import { aSource } from '../../builders/workspace-things.ts';

/** Runs it with a client of a bucket `archive` of its own. */
async function withArchive(work: (client: S3Client) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tributary-archive-'));
  const service = s3Service({ directory, clock: systemClock });
  await createResource(service.providers, 'AWS::S3::Bucket', 'archive');
  const endpoint = await awsEndpoint(service);
  const client = new S3Client({ ...endpoint.clientConfig, forcePathStyle: true });
  try {
    await work(client);
  } finally {
    client.destroy();
    await endpoint.close();
    await service.close();
    await rm(directory, { recursive: true });
  }
}

test('an object lies under its source, day and hour, an event a line, and the same name again is the same object', async () => {
  await withArchive(async (client) => {
    const events = [{ messageId: 'a', event: 'é\n😀' }, { messageId: 'b' }];
    const object = { sourceId: aSource().id, hour: '2026-11-24T09', name: 'n1', events };
    await s3ArchiveStore(client, 'archive').put(object);
    await s3ArchiveStore(client, 'archive').put(object);
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: 'archive' }));
    const keys = Contents?.map(({ Key }) => Key);
    expect(keys).toEqual(['source=src_1/day=2026-11-24/hour=09/n1.ndjson.gz']);
    const stored = await client.send(new GetObjectCommand({ Bucket: 'archive', Key: keys?.[0] }));
    const text = gunzipSync((await stored.Body?.transformToByteArray()) ?? new Uint8Array()).toString();
    expect(
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
  });
});

test('an event is found in the archive beside a line that is none, and not in an object that expires meanwhile', async () => {
  await withArchive(async (client) => {
    const receivedAt = new Date().toISOString();
    const sourceId = aSource().id;
    const prefix = `source=${sourceId}/day=${receivedAt.slice(0, 10)}/hour=${receivedAt.slice(11, 13)}`;
    const lines = [
      '{"messageId":"m1", and no more',
      '{"messageId":"m2","about":"m1"}',
      '{"messageId":"m1","event":"é"}',
    ];
    const Body = gzipSync(lines.join('\n'));
    await client.send(new PutObjectCommand({ Bucket: 'archive', Key: `${prefix}/n1.ndjson.gz`, Body }));
    const find = (from: S3Client) => s3ArchiveFinder(from, 'archive').find(sourceId, receivedAt, 'm1');
    expect(await find(client)).toEqual({ messageId: 'm1', event: 'é' });
    const gone = new GetObjectCommand({ Bucket: 'archive', Key: 'gone' });
    const late = {
      send: (command: ListObjectsV2Command | GetObjectCommand) =>
        command instanceof GetObjectCommand ? client.send(gone) : client.send(command),
    };
    expect(await find(late as unknown as S3Client)).toBeUndefined();
  });
});
