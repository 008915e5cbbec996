import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../../local/clock.ts';
import { s3Service } from '../../../local/s3/s3-service.ts';
import { s3DeadLetterReader } from '../../../shared/aws/s3-dead-letter-reader.ts';
import { s3DeadLetterStore } from '../../../shared/aws/s3-dead-letter-store.ts';
import { s3ManifestStore } from '../../../shared/aws/s3-manifest-store.ts';
import { DestinationId } from '../../../shared/domain/ids.ts';
import { ReplayManifest } from '../../../shared/domain/replay.ts';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { amazonsDynamodbLocal, hasJava, localDynamodb } from '../../builders/dynamodb-backends.ts';
import { createResource } from '../../builders/local-queues.ts';
import { aLetter, RUN_IDS } from '../../builders/replay-world.ts';
import { describeReplay } from './describe-replay.ts';

describeReplay('the local cloud', () => localDynamodb());

const java = hasJava();
if (!java) process.stdout.write('DynamoDB Local was skipped: there is no java on this machine.\n');
(java ? describe : describe.skip)('with Java', () => {
  describeReplay("Amazon's DynamoDB Local", amazonsDynamodbLocal);
});

const HOOK = DestinationId.parse('dst_hook');
const BUCKET = 'letters';

describe('the dead-letter store as operators read it', () => {
  let directory: string;
  let service: ReturnType<typeof s3Service>;
  let endpoint: Awaited<ReturnType<typeof awsEndpoint>>;
  let client: S3Client;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'tributary-letters-'));
    service = s3Service({ directory, clock: systemClock });
    await createResource(service.providers, 'AWS::S3::Bucket', BUCKET);
    endpoint = await awsEndpoint(service);
    client = new S3Client({ ...endpoint.clientConfig, forcePathStyle: true });
  });
  afterEach(async () => {
    client.destroy();
    await endpoint.close();
    await service.close();
    await rm(directory, { recursive: true });
  });
  const put = (key: string, body: string | Uint8Array) =>
    client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
  const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
    const found: T[] = [];
    for await (const item of items) found.push(item);
    return found;
  };

  test('what deliver wrote is read as it was, also where a character lies across two chunks', async () => {
    const letters = Array.from({ length: 3_000 }, (_, number) =>
      aLetter(number, { event: { event: `é\n😀${'x'.repeat(number % 100)}` } }),
    );
    const key = await s3DeadLetterStore(client, BUCKET).put(HOOK, letters);
    await expect(all(s3DeadLetterReader(client, BUCKET).letters(key))).resolves.toEqual(letters);
  });

  test('objects come by destination and day, oldest first, over several pages', async () => {
    const days = ['2026-11-23', '2026-11-24', '2026-11-25'];
    const keys = days.flatMap((day) =>
      Array.from({ length: 340 }, (_, n) => `destination=dst_hook/day=${day}/${String(n).padStart(4, '0')}.ndjson.gz`),
    );
    await Promise.all(keys.map((key) => put(key, '-')));
    await put('destination=dst_hook2/day=2026-11-24/a.ndjson.gz', '-');
    await put('unreadable/day=2026-11-24/a.gz', '-');
    await put('replays/destination=dst_hook/rp_1.json', '-');
    const reader = s3DeadLetterReader(client, BUCKET);
    await expect(all(reader.objects(HOOK, {}))).resolves.toEqual(keys);
    await expect(all(reader.objects(HOOK, { from: days[1] }))).resolves.toEqual(keys.slice(340));
    await expect(all(reader.objects(HOOK, { to: days[0] }))).resolves.toEqual(keys.slice(0, 340));
    await expect(all(reader.objects(HOOK, { from: days[1], to: days[1] }))).resolves.toEqual(keys.slice(340, 680));
    await expect(reader.destinations()).resolves.toEqual(['dst_hook', 'dst_hook2']);
  }, 30_000);

  test('an object that has expired has no letters', async () => {
    await expect(
      all(s3DeadLetterReader(client, BUCKET).letters('destination=dst_hook/day=2026-11-24/gone')),
    ).resolves.toEqual([]);
  });

  test.each([
    ['a line that is no letter', gzipSync(`${JSON.stringify(aLetter(1))}\n{"v":1}\n`), /line 2 of .*k1 is malformed/],
    ['what is not gzip', 'plain', /k1 cannot be read/],
    ['what was cut off', gzipSync(JSON.stringify(aLetter(1))).subarray(0, 60), /k1 cannot be read/],
  ])('%s is refused by name, never skipped', async (_case, body, sentence) => {
    await put('k1', body);
    await expect(all(s3DeadLetterReader(client, BUCKET).letters('k1'))).rejects.toThrow(sentence);
  });

  test('a manifest is found again, or it is not there; a malformed one is refused', async () => {
    const manifest = ReplayManifest.parse({
      v: 1,
      runId: RUN_IDS[0],
      destinationId: HOOK,
      startedAt: '2026-11-26T10:00:00.000Z',
      sliceSendsMax: 100,
      objects: [{ key: 'destination=dst_hook/day=2026-11-24/a', lines: 'Aw==', count: 2 }],
    });
    const store = s3ManifestStore(client, BUCKET);
    await expect(store.get(HOOK, manifest.runId)).resolves.toBeUndefined();
    await store.put(manifest);
    await expect(store.get(HOOK, manifest.runId)).resolves.toEqual(manifest);
    await put(`replays/destination=dst_hook/${manifest.runId}.json`, '{"v":1}');
    await expect(store.get(HOOK, manifest.runId)).rejects.toThrow('is malformed');
  });
});
