import type { SQSRecord } from 'aws-lambda';
import { archiveBatch } from '../../../../functions/archive/archive-batch.ts';
import { idHash } from '../../../../shared/aws/id-hash.ts';
import type { ArchiveDigest } from '../../../../shared/domain/archive-digest.ts';
import { ArchiveMessage } from '../../../../shared/domain/lane-message.ts';
import type { ArchiveStore } from '../../../../shared/ports/archive-store.ts';
import { intakeIdOf } from '../../../builders/ledger-rows.ts';

type Stored = Parameters<ArchiveStore['put']>[0];

function setUp(failsFor?: string, { now = '2026-11-24T11:05:00.000Z', digestsFail = false } = {}) {
  const objects: Stored[] = [];
  const digests: { name: string; digest: ArchiveDigest; lateIn: string | undefined }[] = [];
  const put = async (object: Stored) => {
    if (object.sourceId === failsFor) throw new Error('the bucket is away');
    objects.push(object);
  };
  const putDigest: ArchiveStore['putDigest'] = async ({ name }, digest, lateIn) => {
    if (digestsFail) throw new Error('the bucket is away');
    digests.push({ name, digest, lateIn });
  };
  const deps = { archive: { put, putDigest }, idHashOf: idHash, now: () => new Date(now) };
  return { objects, digests, archive: archiveBatch(deps) };
}

let sqsNumber = 0;
const message = (number: number, over: Record<string, unknown> = {}) =>
  ArchiveMessage.parse({
    v: 1,
    intakeId: intakeIdOf(number),
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    receivedAt: '2026-11-24T10:15:00.000Z',
    events: [{ messageId: `m${number}` }],
    ...over,
  });
const record = (body: unknown): SQSRecord =>
  ({ messageId: `sqs-${(sqsNumber += 1)}`, body: JSON.stringify(body) }) as SQSRecord;

test('one object for each source and hour of receivedAt, its events in order of arrival', async () => {
  const { archive, objects } = setUp();
  const records = [
    message(2, { receivedAt: '2026-11-24T10:59:59.999Z' }),
    message(1),
    message(3, { receivedAt: '2026-11-24T11:00:00.000Z' }),
    message(4, { sourceId: 'src_2' }),
  ].map(record);
  await expect(archive(records)).resolves.toEqual([]);
  expect(objects.map(({ sourceId, hour, events }) => ({ sourceId, hour, events }))).toEqual([
    { sourceId: 'src_1', hour: '2026-11-24T10', events: [{ messageId: 'm1' }, { messageId: 'm2' }] },
    { sourceId: 'src_1', hour: '2026-11-24T11', events: [{ messageId: 'm3' }] },
    { sourceId: 'src_2', hour: '2026-11-24T10', events: [{ messageId: 'm4' }] },
  ]);
});

test('the same batch again, in any order, is the same object', async () => {
  const { archive, objects } = setUp();
  const messages = [message(1), message(2), message(3)];
  await archive(messages.map(record));
  await archive(messages.toReversed().map(record));
  expect(objects[1]).toEqual(objects[0]);
  expect(objects[0]?.name).toMatch(/^[0-9a-f]{32}$/);
});

test('another batch, and another share of the same intake message, is another object', async () => {
  const { archive, objects } = setUp();
  await archive([record(message(1))]);
  await archive([record(message(2))]);
  await archive([record(message(1, { events: [{ messageId: 'other' }] }))]);
  expect(new Set(objects.map(({ name }) => name)).size).toBe(3);
});

test('a message that SQS hands over twice in one batch is kept once', async () => {
  const { archive, objects } = setUp();
  await archive([record(message(1)), record(message(1))]);
  expect(objects[0]?.events).toEqual([{ messageId: 'm1' }]);
});

test('records come again one by one: the malformed one, and those of the object that failed', async () => {
  const { archive, objects } = setUp('src_2');
  const records = [record(message(1)), record({ v: 9 }), record(message(2, { sourceId: 'src_2' }))];
  const failed = await archive(records);
  expect(failed).toEqual([records[1]?.messageId, records[2]?.messageId]);
  expect(objects).toHaveLength(1);
});

test('beside each object goes its digest, the same for the same batch', async () => {
  const { archive, objects, digests } = setUp();
  const events = [
    { messageId: 'm1', type: 'track', userId: 'u', anonymousId: 'a' },
    { messageId: 'm2', type: 'page', anonymousId: 'b' },
  ];
  const messages = [message(1, { events }), message(2, { receivedAt: '2026-11-24T10:59:59.999Z' })];
  await archive(messages.map(record));
  await archive(messages.toReversed().map(record));
  const name = objects[0]?.name ?? '';
  expect(digests[0]).toEqual({
    name,
    lateIn: undefined,
    digest: {
      v: 1,
      workspaceId: 'ws_1',
      sourceId: 'src_1',
      archiveKey: `source=src_1/day=2026-11-24/hour=10/${name}.ndjson.gz`,
      from: '2026-11-24T10:15:00.000Z',
      to: '2026-11-24T10:59:59.999Z',
      events: 3,
      users: { userIds: expect.any(String), anonymousIds: expect.any(String), tied: expect.any(String) },
      schema: { v: 1, names: expect.any(Array), left: 0 },
    },
  });
  expect(digests[1]).toEqual(digests[0]);
  expect(JSON.stringify(digests)).not.toContain('"u"');
});

test.each([
  ['2026-11-24T12:59:59.999Z', undefined],
  ['2026-11-24T13:00:00.000Z', '2026-11-24T13'],
  ['2026-12-03T08:10:00.000Z', '2026-12-03T08'],
])('a digest of ten o’clock that is written at %s is late in: %s', async (now, lateIn) => {
  const { archive, digests } = setUp(undefined, { now });
  await archive([record(message(1))]);
  expect(digests.map((each) => each.lateIn)).toEqual([lateIn]);
});

test('records whose digest could not be written come again', async () => {
  const { archive, objects } = setUp(undefined, { digestsFail: true });
  const records = [record(message(1))];
  await expect(archive(records)).resolves.toEqual([records[0]?.messageId]);
  expect(objects).toHaveLength(1);
});
