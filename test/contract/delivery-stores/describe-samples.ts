import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../../shared/aws/document-client.ts';
import { dynamoHookSampleReader, dynamoHookSamples } from '../../../shared/aws/dynamo-hook-samples.ts';
import { dynamoInboxReader, dynamoInboxStore } from '../../../shared/aws/dynamo-inbox-store.ts';
import { dynamoSampleStore } from '../../../shared/aws/dynamo-sample-store.ts';
import { DestinationId, SourceId } from '../../../shared/domain/ids.ts';
import type { Json } from '../../../shared/domain/json.ts';
import type { DeliverySample } from '../../../shared/ports/delivery-stores.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aStateTable } from '../../builders/state-table.ts';

const DESTINATION = DestinationId.parse('dst_1');
const NOW = new Date('2026-11-24T10:15:30.000Z');

const aSample = (over: Partial<DeliverySample> = {}): DeliverySample => ({
  destinationId: DESTINATION,
  mappingId: 'map_1',
  messageId: 'm1',
  at: '2026-11-24T10:15:00.000Z',
  code: '400',
  message: 'no',
  event: { type: 'track' },
  requests: [],
  ...over,
});

const anEvent = (messageId: string, bytes = 0) => ({ messageId, type: 'track', filler: 'x'.repeat(bytes) });

/** The stores of the samples table, on one DynamoDB. */
export function describeSamples(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(`samples and inboxes on ${name}`, () => {
    let backend: DynamodbBackend;
    beforeAll(async () => {
      backend = await start();
    }, 70_000);
    afterAll(async () => {
      await backend.close();
    });

    const setUp = async (mayTrim = false) => {
      const table = await aStateTable(backend.client);
      const doc = documentClient(backend.client);
      const options = { retentionDays: 7, now: () => NOW };
      return {
        samples: dynamoSampleStore(doc, table, options),
        hooks: dynamoHookSamples(doc, table, options),
        laterHooks: dynamoHookSampleReader(doc, table, () => new Date('2026-12-02T00:00:00.000Z')),
        inbox: dynamoInboxStore(doc, table, { ...options, mayTrim: () => mayTrim }),
        laterInbox: dynamoInboxReader(doc, table, () => new Date('2026-12-02T00:00:00.000Z')),
        laterSamples: dynamoSampleStore(doc, table, {
          retentionDays: 7,
          now: () => new Date('2026-12-02T00:00:00.000Z'),
        }),
        items: async () => (await doc.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [],
      };
    };

    test('a sample comes back as it was put, newest minute first', async () => {
      const { samples } = await setUp();
      const older = aSample({ at: '2026-11-24T10:14:00.000Z', messageId: 'm0' });
      const newer = aSample({
        requests: [{ method: 'POST', url: 'https://a.example/', headers: {}, status: 400, tookMs: 3 }],
      });
      await samples.put([older]);
      await samples.put([newer]);
      await expect(samples.list(DESTINATION, 10)).resolves.toEqual([newer, older]);
      await expect(samples.list(DESTINATION, 1)).resolves.toEqual([newer]);
      await expect(samples.list(DestinationId.parse('dst_2'), 10)).resolves.toEqual([]);
    });

    test('samples of one code are found among others, newest first, within a range and as many as are asked for', async () => {
      const { samples, laterSamples } = await setUp();
      const minutes = ['10:10', '10:11', '10:12', '10:13'];
      for (const minute of minutes) {
        await samples.put([
          aSample({ at: `2026-11-24T${minute}:30.000Z`, code: '4#00', messageId: minute }),
          aSample({ at: `2026-11-24T${minute}:30.000Z`, code: '400', messageId: 'other' }),
        ]);
      }
      const found = async (from: string, to: string, limit = 10) =>
        (
          await samples.ofCode(
            DESTINATION,
            '4#00',
            { from: `2026-11-24T${from}:00.000Z`, to: `2026-11-24T${to}:59.000Z` },
            limit,
          )
        ).map(({ messageId }) => messageId);
      expect(await found('10:00', '10:59')).toEqual(minutes.toReversed());
      expect(await found('10:11', '10:12')).toEqual(['10:12', '10:11']);
      expect(await found('10:00', '10:59', 1)).toEqual(['10:13']);
      const range = { from: '2026-11-24T10:00:00.000Z', to: '2026-11-24T11:00:00.000Z' };
      expect(await samples.ofCode(DestinationId.parse('dst_2'), '400', range, 10)).toEqual([]);
      expect(await laterSamples.ofCode(DESTINATION, '400', range, 10)).toEqual([]);
    });

    test('however many writers there are, ten of a code and minute stay, and one of what went well', async () => {
      const { samples, items } = await setUp();
      const put = async (writer: number): Promise<void> =>
        await samples.put(
          Array.from({ length: 10 }, (_, index) => [
            aSample({ messageId: `${writer}-${index}` }),
            aSample({ messageId: `${writer}-${index}`, code: 'delivered' }),
          ]).flat(),
        );
      await put(1);
      expect(await items()).toHaveLength(11);
      await Promise.all([2, 3, 4].map(put));
      expect(await items()).toHaveLength(11);
    });

    test('one sample that is too large keeps the others from nothing', async () => {
      const { samples } = await setUp();
      await samples.put([aSample({ code: '1', event: { filler: 'x'.repeat(500_000) } }), aSample({ code: '2' })]);
      await expect(samples.list(DESTINATION, 10)).resolves.toEqual([aSample({ code: '2' })]);
    });

    test('what has expired is not shown, deleted or not', async () => {
      const { samples, laterSamples, inbox, laterInbox } = await setUp();
      await samples.put([aSample()]);
      await inbox.add(DESTINATION, '2026-11-24T10:15:00.000Z#in_1#0', [anEvent('a')]);
      await expect(laterSamples.list(DESTINATION, 10)).resolves.toEqual([]);
      await expect(laterInbox.list(DESTINATION)).resolves.toEqual([]);
    });

    test('of a webhook source the newest request is kept, and an older one that comes late does not take its place', async () => {
      const { hooks, laterHooks, items } = await setUp();
      const source = SourceId.parse('src_1');
      const sampleAt = (receivedAt: string, body: Json) => ({
        receivedAt,
        request: { headers: { a: 'b' }, body },
        isShortened: false,
      });
      const newest = sampleAt('2026-11-24T10:15:02.000Z', { n: 9007199254740991, list: [1, { x: null }], '': 'é' });
      await expect(hooks.get(source)).resolves.toBeUndefined();
      await hooks.put(source, sampleAt('2026-11-24T10:15:01.000Z', 1));
      await hooks.put(source, newest);
      await hooks.put(source, sampleAt('2026-11-24T10:15:00.000Z', 3));
      await expect(hooks.get(source)).resolves.toEqual(newest);
      await expect(hooks.get(SourceId.parse('src_2'))).resolves.toBeUndefined();
      expect(await items()).toHaveLength(1);
      await expect(laterHooks.get(source)).resolves.toBeUndefined();
    });

    test('an Inbox shows its events newest first, and a part that is written twice once', async () => {
      const { inbox } = await setUp();
      await inbox.add(DESTINATION, '2026-11-24T10:15:00.000Z#in_1#0', [anEvent('a'), anEvent('b')]);
      await inbox.add(DESTINATION, '2026-11-24T10:15:01.000Z#in_2#0', [anEvent('c')]);
      await inbox.add(DESTINATION, '2026-11-24T10:15:00.000Z#in_1#0', [anEvent('a'), anEvent('b')]);
      const events = await inbox.list(DESTINATION);
      expect(events.map(({ messageId }) => messageId)).toEqual(['c', 'b', 'a']);
    });

    test('an Inbox takes a part that is larger than an item may be', async () => {
      const { inbox } = await setUp();
      const events = Array.from({ length: 20 }, (_, index) => anEvent(`m${index}`, 30_000));
      await inbox.add(DESTINATION, '2026-11-24T10:15:00.000Z#in_1#0', events);
      await expect(inbox.list(DESTINATION)).resolves.toEqual(events.toReversed());
    });

    test('an Inbox keeps the newest 200 events, and deletes what lies before them', async () => {
      const { inbox, items } = await setUp(true);
      for (let part = 0; part < 30; part += 1) {
        const at = new Date(NOW.getTime() + part * 1_000).toISOString();
        await inbox.add(
          DESTINATION,
          `${at}#in_1#0`,
          Array.from({ length: 10 }, (_, index) => anEvent(`${part}-${index}`)),
        );
      }
      const events = await inbox.list(DESTINATION);
      expect([events.length, events[0]?.['messageId'], events.at(-1)?.['messageId']]).toEqual([200, '29-9', '10-0']);
      expect(await items()).toHaveLength(20);
    });
  });
}
