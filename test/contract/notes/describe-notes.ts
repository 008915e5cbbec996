import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoNotifyNotes } from '../../../shared/aws/dynamo-notes.ts';
import { WorkspaceId } from '../../../shared/domain/ids.ts';
import type { NotifyNotes } from '../../../shared/ports/notes.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aStateTable } from '../../builders/state-table.ts';

const WORKSPACE = WorkspaceId.parse('ws_1');
const OTHER = WorkspaceId.parse('ws_2');
const STATE = { settledUntil: '2026-11-24T10:00:00.000Z', forwarded: ['2026-11-24T10:00:01.000Z#aud_1'] };
const LATER = { ...STATE, settledUntil: '2026-11-24T11:00:00.000Z' };

/** Notes, as the code that uses them relies on them, on one implementation of DynamoDB. */
export function describeNotes(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(`notes on ${name}`, () => {
    let backend: DynamodbBackend;
    let doc: DynamoDBDocumentClient;
    let notes: NotifyNotes;
    let tableName: string;

    beforeAll(async () => {
      backend = await start();
      doc = DynamoDBDocumentClient.from(backend.client);
    }, 90_000);
    afterAll(() => backend.close());
    beforeEach(async () => {
      tableName = await aStateTable(backend.client);
      notes = dynamoNotifyNotes(doc, tableName);
    });

    test('a note is there once it was saved, of its workspace and name alone', async () => {
      await expect(notes.forwarding.read(WORKSPACE)).resolves.toEqual({ value: undefined, version: 0 });
      await expect(notes.forwarding.save(WORKSPACE, STATE, 0, 'w1')).resolves.toBe(true);
      await expect(notes.forwarding.read(WORKSPACE)).resolves.toEqual({ value: STATE, version: 1 });
      await expect(notes.forwarding.read(OTHER)).resolves.toEqual({ value: undefined, version: 0 });
      await expect(notes.watch.read(WORKSPACE)).resolves.toEqual({ value: undefined, version: 0 });
    });

    test('of two who write over the same note one does', async () => {
      await notes.forwarding.save(WORKSPACE, STATE, 0, 'w1');
      await expect(notes.forwarding.save(WORKSPACE, LATER, 0, 'w2')).resolves.toBe(false);
      const saves = await Promise.all(
        ['w3', 'w4', 'w5'].map((writeId) => notes.forwarding.save(WORKSPACE, LATER, 1, writeId)),
      );
      expect(saves.filter(Boolean)).toHaveLength(1);
      await expect(notes.forwarding.read(WORKSPACE)).resolves.toEqual({ value: LATER, version: 2 });
    });

    test('a write that an SDK repeats has written', async () => {
      await notes.forwarding.save(WORKSPACE, STATE, 0, 'w1');
      await expect(notes.forwarding.save(WORKSPACE, STATE, 0, 'w1')).resolves.toBe(true);
    });

    test('a note goes at the version that was read; one that is gone is gone', async () => {
      await notes.forwarding.save(WORKSPACE, STATE, 0, 'w1');
      await notes.forwarding.save(WORKSPACE, LATER, 1, 'w2');
      await expect(notes.forwarding.remove(WORKSPACE, 1)).resolves.toBe(false);
      await expect(notes.forwarding.remove(WORKSPACE, 2)).resolves.toBe(true);
      await expect(notes.forwarding.remove(WORKSPACE, 2)).resolves.toBe(true);
      await expect(notes.forwarding.read(WORKSPACE)).resolves.toEqual({ value: undefined, version: 0 });
    });

    test('a malformed note is an error, not a fresh start', async () => {
      const Item = { pk: 'NOTE#ws_1', sk: 'FORWARDING', version: 1, writeId: 'w', data: '{"settledUntil":"soon"}' };
      await doc.send(new PutCommand({ TableName: tableName, Item }));
      await expect(notes.forwarding.read(WORKSPACE)).rejects.toMatchObject({ code: 'malformed-item' });
    });
  });
}
