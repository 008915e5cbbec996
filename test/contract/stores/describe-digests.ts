import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { randomBytes } from 'node:crypto';
import { sdkDocuments } from '../../../shared/aws/documents.ts';
import { dynamoDigestStore } from '../../../shared/aws/dynamo-digest-store.ts';
import { dynamoDoneStore, dynamoPlanStore } from '../../../shared/aws/dynamo-ledger.ts';
import { dynamoTouches } from '../../../shared/aws/dynamo-touches.ts';
import { spanRows } from '../../../shared/aws/span-rows.ts';
import { type DigestParts, noParts } from '../../../shared/domain/digest-sums.ts';
import { DestinationId, SourceId, WorkspaceId } from '../../../shared/domain/ids.ts';
import { shardOf } from '../../../shared/pipeline/ledger-shard.ts';
import type { DigestStore } from '../../../shared/ports/digest-store.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../builders/ledger-rows.ts';
import { partsOf } from '../../builders/live-world.ts';
import { aStateTable } from '../../builders/state-table.ts';

const ws1 = WorkspaceId.parse('ws_1');
const src1 = SourceId.parse('src_1');
const dst1 = DestinationId.parse('dst_1');

/** What every DynamoDB must make of live numbers. */
export function describeDigests(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(`live numbers on ${name}`, () => {
    let backend: DynamodbBackend;
    let doc: DynamoDBDocumentClient;
    let tableName: string;
    let digests: DigestStore;
    const now = () => new Date('2026-11-24T10:59:30.000Z');
    beforeAll(async () => {
      backend = await start();
      doc = DynamoDBDocumentClient.from(backend.client);
    }, 90_000);
    afterAll(async () => {
      await backend.close();
    });
    beforeEach(async () => {
      tableName = await aStateTable(backend.client);
      digests = dynamoDigestStore(doc, tableName, now);
    });
    const small = partsOf([aPlanRow()], [aDoneRow()]);

    test('a minute is put, replaced by its version only, and read by itself, with others of two hours, and never another workspace’s', async () => {
      const put = (minute: string, parts: DigestParts, version: number) =>
        digests.put(ws1, { minute: `2026-11-24T${minute}` }, parts, version);
      await expect(put('10:59', noParts(), 0)).resolves.toBe('saved');
      await expect(put('10:59', noParts(), 0)).resolves.toBe('stale');
      await expect(put('10:59', small, 1)).resolves.toBe('saved');
      await expect(put('10:59', noParts(), 1)).resolves.toBe('stale');
      await put('11:00', small, 0);
      await put('11:01', small, 0);
      await digests.put(WorkspaceId.parse('ws_2'), { minute: '2026-11-24T10:59' }, small, 0);
      const found = await digests.minuteParts(ws1, '2026-11-24T10:59', '2026-11-24T11:00');
      expect([...found]).toEqual([
        ['2026-11-24T10:59', { parts: small, version: 2 }],
        ['2026-11-24T11:00', { parts: small, version: 1 }],
      ]);
      const { sources, destinations } = (await digests.minutes(ws1, '2026-11-24T11:01', '2026-11-24T11:01')).get(
        '2026-11-24T11:01',
      ) ?? { sources: {}, destinations: {} };
      expect(sources['src_1']).toMatchObject({ received: 1, routed: 1 });
      expect(destinations['dst_1']).toMatchObject({ queued: 1, sends: 1, delivered: 1 });
    });

    test('what does not fit into one item lies in several, and a replaced one is read as it is now', async () => {
      const large = (rows: number): DigestParts =>
        partsOf(
          [],
          Array.from({ length: rows }, () => {
            const discarded = Object.fromEntries(
              Array.from({ length: 8 }, () => [randomBytes(45).toString('base64'), 1]),
            );
            return aDoneRow({ destinationId: `dst_${randomBytes(12).toString('hex')}`, discarded });
          }),
        );
      const [first, second] = [large(900), large(1_800)];
      const hour = { hour: '2026-11-24T10' };
      await expect(digests.put(ws1, hour, first, 0)).resolves.toBe('saved');
      await expect(digests.put(ws1, hour, second, 1)).resolves.toBe('saved');
      await digests.put(ws1, { hour: '2026-11-24T11' }, small, 0);
      const found = await digests.hourParts(ws1, '2026-11-24T10', '2026-11-24T10');
      expect([...found.keys()]).toEqual(['2026-11-24T10']);
      expect(found.get('2026-11-24T10')?.parts).toEqual(second);
    });

    test('touches are read by the minutes in which they were stored, over the end of an hour', async () => {
      const clock = { now: now() };
      const { touch } = dynamoTouches(doc, tableName, { now: () => clock.now, environment: 'e1' });
      const source = { workspaceId: ws1, subject: { sourceId: src1 }, minute: '2026-11-24T10:59', shard: 2 };
      await touch([source]);
      clock.now = new Date('2026-11-24T11:00:30.000Z');
      await touch([source, { ...source, subject: { destinationId: dst1 }, shard: 0 }]);
      const found = await digests.touched(ws1, '2026-11-24T10:59', '2026-11-24T11:00');
      expect([...found]).toEqual([
        ['2026-11-24T10:59', [{ subject: { sourceId: src1 }, minute: '2026-11-24T10:59', shards: 4 }]],
        [
          '2026-11-24T11:00',
          [
            { subject: { sourceId: src1 }, minute: '2026-11-24T10:59', shards: 4 },
            { subject: { destinationId: dst1 }, minute: '2026-11-24T10:59', shards: 1 },
          ],
        ],
      ]);
      await expect(digests.touched(ws1, '2026-11-24T11:01', '2026-11-24T11:05')).resolves.toEqual(new Map());
    });

    test('where the run stands moves under its fence alone', async () => {
      await expect(digests.state()).resolves.toBeUndefined();
      await expect(digests.asOf(ws1)).resolves.toBeUndefined();
      await expect(digests.reach(ws1)).resolves.toEqual({ asOf: undefined, since: undefined });
      const held = { fence: 1, heldUntilMs: 5, behind: {} };
      await expect(digests.putState(held, 0)).resolves.toBe('saved');
      await expect(digests.putState(held, 0)).resolves.toBe('stale');
      const next = {
        fence: 2,
        heldUntilMs: 0,
        minute: '2026-11-24T11:00',
        since: '2026-11-20T08:30',
        behind: { ws_2: '2026-11-24T10:00' },
        turn: 'ws_1',
      };
      await expect(digests.putState(next, 1)).resolves.toBe('saved');
      await expect(digests.putState(held, 1)).resolves.toBe('stale');
      await expect(digests.state()).resolves.toEqual(next);
      await expect(digests.asOf(ws1)).resolves.toBe('2026-11-24T11:00:00.000Z');
      await expect(digests.asOf(WorkspaceId.parse('ws_2'))).resolves.toBe('2026-11-24T10:00:00.000Z');
      await expect(digests.reach(ws1)).resolves.toEqual({
        asOf: '2026-11-24T11:00:00.000Z',
        since: '2026-11-20T08:30:00.000Z',
      });
    });

    test('rows of a minute or an hour are read from the shards that are named, large plans whole', async () => {
      const destinations = Array.from({ length: 30 }, (_, index) => ({
        destinationId: `dst_${index}`,
        filtered: {},
        queued: 1,
        sends: 1,
        mappings: ['map_1'],
        bitmap: 'A'.repeat(20_000),
        cuts: [1],
      }));
      const plans = [
        aPlanRow({ intakeId: intakeIdOf(1), receivedAt: '2026-11-24T10:15:59.999Z', destinations }),
        aPlanRow({ intakeId: intakeIdOf(2), receivedAt: '2026-11-24T10:15:00.000Z' }),
        aPlanRow({ intakeId: intakeIdOf(3), receivedAt: '2026-11-24T10:16:00.000Z' }),
        aPlanRow({ intakeId: intakeIdOf(4), receivedAt: '2026-11-24T11:00:00.000Z' }),
      ];
      const dones = [0, 1].map((hop) => aDoneRow({ hop, dueAt: `2026-11-24T10:1${hop + 5}:00.000Z` }));
      for (const row of plans) await dynamoPlanStore(doc, tableName).putPlan(row);
      for (const row of dones) await dynamoDoneStore(doc, tableName).putDone(row);
      const rows = spanRows(sdkDocuments(doc), tableName);
      const ids = async (span: string, shards: number, how: 'strongly' | 'eventually' = 'strongly') =>
        (await rows.plansOfSpan(src1, span, shards, how)).map(({ intakeId }) => intakeId).toSorted();
      await expect(ids('2026-11-24T10:15', 255)).resolves.toEqual([intakeIdOf(1), intakeIdOf(2)]);
      await expect(ids('2026-11-24T10', 255, 'eventually')).resolves.toEqual([1, 2, 3].map(intakeIdOf));
      await expect(ids('2026-11-24T10:15', 1 << shardOf(intakeIdOf(1)))).resolves.toContain(intakeIdOf(1));
      await expect(ids('2026-11-24T10:15', 0)).resolves.toEqual([]);
      const [whole] = await rows.plansOfSpan(src1, '2026-11-24T10:15', 1 << shardOf(intakeIdOf(1)), 'strongly');
      expect(whole?.destinations).toHaveLength(30);
      await expect(rows.donesOfSpan(dst1, '2026-11-24T10:16', 255, 'strongly')).resolves.toEqual([dones[1]]);
    });
  });
}
