import type { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoTouches } from '../../../../shared/aws/dynamo-touches.ts';
import { DestinationId, SourceId, WorkspaceId } from '../../../../shared/domain/ids.ts';
import type { Touch } from '../../../../shared/ports/digest-store.ts';

const workspaceId = WorkspaceId.parse('ws_1');
const source = (minute: string, shard: number): Touch => ({
  workspaceId,
  subject: { sourceId: SourceId.parse('src_1') },
  minute: `2026-11-24T${minute}`,
  shard,
});
const destination = (minute: string, shard: number, id = 'dst_1'): Touch => ({
  ...source(minute, shard),
  subject: { destinationId: DestinationId.parse(id) },
});

function setUp() {
  const puts: { pk: string; sk: string; data: string }[] = [];
  const table = { fault: undefined as Error | undefined };
  const clock = { nowMs: Date.parse('2026-11-24T10:15:30.000Z') };
  const doc = {
    send: async ({ input }: PutCommand) => {
      if (table.fault !== undefined) throw table.fault;
      puts.push(input.Item as never);
    },
  } as unknown as DynamoDBDocumentClient;
  const { touch } = dynamoTouches(doc, 'ledger', { now: () => new Date(clock.nowMs), environment: 'env' });
  const stored = () => puts.map(({ sk, data }) => [sk, JSON.parse(data) as unknown]);
  return { touch, puts, table, clock, stored };
}

test('what an invocation touches anew is one write; what it has touched lately is none', async () => {
  const { touch, puts, stored } = setUp();
  const many = [source('10:15', 3), source('10:15', 3), destination('10:14', 1), destination('10:15', 2)];
  await touch(many);
  await touch(many);
  expect(puts[0]?.pk).toBe('T#ws_1#2026-11-24T10');
  expect(stored()).toEqual([
    [
      '2026-11-24T10:15#env#1',
      { 'S#src_1': { '2026-11-24T10:15': 8 }, 'D#dst_1': { '2026-11-24T10:14': 2, '2026-11-24T10:15': 4 } },
    ],
  ]);
});

test('a minute of a subject is written twice at most, whatever shards its rows fall into', async () => {
  const { touch, stored } = setUp();
  for (const shard of [3, 5, 0, 7, 3, 1]) await touch([source('10:15', shard)]);
  expect(stored().map(([, data]) => data)).toEqual([
    { 'S#src_1': { '2026-11-24T10:15': 8 } },
    { 'S#src_1': { '2026-11-24T10:15': 255 } },
  ]);
});

test('a touch serves a minute and no longer, also where the clock is set back: then it is stored anew, under the new minute', async () => {
  const { touch, clock, stored } = setUp();
  await touch([source('10:15', 3)]);
  clock.nowMs += 59_000;
  await touch([source('10:15', 3)]);
  expect(stored()).toHaveLength(1);
  clock.nowMs += 1_000;
  await touch([source('10:15', 3)]);
  clock.nowMs -= 600_000;
  await touch([source('10:15', 3)]);
  expect(stored().map(([sk]) => sk)).toEqual([
    '2026-11-24T10:15#env#1',
    '2026-11-24T10:16#env#2',
    '2026-11-24T10:06#env#3',
  ]);
});

test('a touch that was not stored serves nobody, who waits for it hears of it, and the next one stores it', async () => {
  const { touch, table, stored } = setUp();
  table.fault = new Error('the table is away');
  const both = await Promise.allSettled([touch([source('10:15', 3)]), touch([source('10:15', 3)])]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  table.fault = undefined;
  await touch([source('10:15', 3)]);
  expect(stored()).toHaveLength(1);
});

test('who touches hears of a failure when all writes have ended: none runs on behind an answer', async () => {
  const ended: string[] = [];
  const doc = {
    send: async ({ input }: PutCommand) => {
      const pk = String(input.Item?.['pk']);
      if (pk.includes('ws_1')) throw new Error('the table is away');
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended.push(pk);
    },
  } as unknown as DynamoDBDocumentClient;
  const { touch } = dynamoTouches(doc, 'ledger', { now: () => new Date(0), environment: 'env' });
  const other = { ...source('10:15', 3), workspaceId: WorkspaceId.parse('ws_2') };
  await expect(touch([source('10:15', 3), other])).rejects.toThrow('the table is away');
  expect(ended).toEqual(['T#ws_2#1970-01-01T00']);
});

test('nothing is written for nothing', async () => {
  const { touch, puts } = setUp();
  await touch([]);
  expect(puts).toEqual([]);
});
