import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoDoneStore } from '../../../shared/aws/dynamo-ledger.ts';
import { dynamoReplayStore } from '../../../shared/aws/dynamo-replay-store.ts';
import { ledgerKeys } from '../../../shared/aws/ledger-keys.ts';
import { ReplayRun, ReplaySlice } from '../../../shared/domain/replay.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aDoneRow } from '../../builders/ledger-rows.ts';
import { RUN_IDS } from '../../builders/replay-world.ts';
import { aStateTable } from '../../builders/state-table.ts';

const aRun = (over: Record<string, unknown> = {}): ReplayRun =>
  ReplayRun.parse({
    v: 1,
    runId: RUN_IDS[0],
    number: 1,
    workspaceId: 'ws_1',
    destinationId: 'dst_1',
    startedAt: '2026-11-26T10:00:00.000Z',
    filter: 'all',
    planned: 10,
    position: 0,
    slices: 0,
    gone: 0,
    writeId: 'w1',
    ...over,
  });

const aSlice = (slice: number, over: Record<string, unknown> = {}): ReplaySlice =>
  ReplaySlice.parse({
    v: 1,
    runId: RUN_IDS[0],
    destinationId: 'dst_1',
    slice,
    from: slice,
    to: slice + 1,
    sends: 1,
    plannedAt: '2026-11-26T10:00:00.000Z',
    writeId: `w${slice}`,
    ...over,
  });

/** What every DynamoDB must make of replay runs. */
export function describeReplay(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(`replay runs on ${name}`, () => {
    let backend: DynamodbBackend;
    let doc: DynamoDBDocumentClient;
    let tableName: string;
    beforeAll(async () => {
      backend = await start();
      doc = DynamoDBDocumentClient.from(backend.client, { marshallOptions: { removeUndefinedValues: true } });
    }, 90_000);
    afterAll(() => backend.close());
    beforeEach(async () => {
      tableName = await aStateTable(backend.client);
    });
    const store = () => dynamoReplayStore(doc, tableName);

    test('a number is taken by one run; the same write again is saved', async () => {
      await expect(store().addRun(aRun())).resolves.toBe(true);
      await expect(store().addRun(aRun())).resolves.toBe(true);
      await expect(store().addRun(aRun({ runId: RUN_IDS[1], writeId: 'w2' }))).resolves.toBe(false);
      await expect(store().listRuns(aRun().destinationId)).resolves.toEqual([aRun()]);
    });

    test('runs of a destination come in the order of their numbers, others not at all', async () => {
      const runs = [1, 2, 9, 10, 11].map((number) => aRun({ number, writeId: `w${number}` }));
      for (const run of runs.toReversed()) await store().addRun(run);
      await store().addRun(aRun({ destinationId: 'dst_2' }));
      await expect(store().listRuns(aRun().destinationId)).resolves.toEqual(runs);
    });

    test('a run is saved only over what was read', async () => {
      await store().addRun(aRun());
      const next = aRun({ position: 5, slices: 1, writeId: 'w2' });
      await expect(store().saveRun(aRun(), next)).resolves.toBe(true);
      await expect(store().saveRun(aRun(), next)).resolves.toBe(true);
      await expect(store().saveRun(aRun(), aRun({ position: 9, writeId: 'w3' }))).resolves.toBe(false);
      await expect(store().listRuns(aRun().destinationId)).resolves.toEqual([next]);
    });

    test('a slice is put once, slices come in order from one on, and they expire', async () => {
      for (const slice of [10, 2, 9]) await expect(store().putSlice(aSlice(slice))).resolves.toBe(true);
      await expect(store().putSlice(aSlice(9))).resolves.toBe(true);
      await expect(store().putSlice(aSlice(9, { writeId: 'another' }))).resolves.toBe(false);
      await expect(store().slicesFrom(aSlice(9).runId, 0)).resolves.toEqual([aSlice(2), aSlice(9), aSlice(10)]);
      await expect(store().slicesFrom(aSlice(9).runId, 9)).resolves.toEqual([aSlice(9), aSlice(10)]);
      const key = ledgerKeys.replaySlice(aSlice(9).runId, 9);
      const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key: key }));
      expect(Item?.['expiresAtSeconds']).toBe(Date.parse('2026-11-26T10:00:00.000Z') / 1_000 + 90 * 86_400);
    });

    test.each([
      ['vouches for letters: as long as they do, and a day more', { deadLetterKey: 'k' }, 60, 61],
      ['vouches for letters that are kept shortly: as long as any', { deadLetterKey: 'k' }, 1, 15],
      ['vouches for nothing: 15 days', {}, 60, 15],
      ['is of a run: as long as its slices', { replay: RUN_IDS[0] }, 60, 90],
    ])('a row lives as long as it is needed: one that %s', async (_case, over, letterDays, days) => {
      const row = aDoneRow(over);
      await dynamoDoneStore(doc, tableName, { letterDays }).putDone(row);
      const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key: ledgerKeys.done(row) }));
      expect(Item?.['expiresAtSeconds']).toBe(Math.ceil(Date.parse(row.settledAt) / 1_000) + days * 86_400);
    });

    test('the ends of a run are its own: every hop of it, and nothing of its destination', async () => {
      const dones = dynamoDoneStore(doc, tableName);
      const rows = [0, 1].map((hop) => aDoneRow({ replay: RUN_IDS[0], hop }));
      for (const row of [...rows, aDoneRow(), aDoneRow({ replay: RUN_IDS[1] })]) await dones.putDone(row);
      await store().putSlice(aSlice(0));
      await expect(store().donesOfRun(aRun().runId)).resolves.toEqual(rows);
      await expect(store().slicesFrom(aRun().runId, 0)).resolves.toEqual([aSlice(0)]);
      const [first] = rows;
      await expect(first && dones.findDone([first, aDoneRow()])).resolves.toHaveLength(2);
    });
  });
}
