import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { lightRateClocks } from '../../../shared/aws/light-rate-clocks.ts';
import { SourceId } from '../../../shared/domain/ids.ts';
import type { RateClocks } from '../../../shared/ports/rate-clocks.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { fakeRateClocks } from '../../builders/fake-rate-clocks.ts';
import { aLightClient } from '../../builders/light-client-of.ts';
import { aStateTable } from '../../builders/state-table.ts';

const NOW_MS = Date.parse('2026-11-24T10:15:00.000Z');
const source = SourceId.parse('src_1');

/** What the moments of sources' limits promise, whoever keeps them. */
export function describeRateClocks(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(`the limits of sources, on ${name}`, () => {
    let backend: DynamodbBackend;
    beforeAll(async () => {
      backend = await start();
    }, 90_000);
    afterAll(() => backend?.close());

    const inTheTable = async () => {
      const { client } = backend;
      const tableName = await aStateTable(client);
      const light = await aLightClient(client);
      return { clocks: lightRateClocks(light, tableName, { attemptsMax: 1, tryTimeoutMs: 20_000 }), tableName };
    };

    test.each<[string, () => Promise<RateClocks>]>([
      ['in the table', async () => (await inTheTable()).clocks],
      ['in the memory of tests, which stands in for it', async () => fakeRateClocks()],
    ])('a move that does not hold changes nothing and tells what is there, %s', async (_where, make) => {
      const clocks = await make();
      await expect(clocks.advance(source, 5, 0, NOW_MS)).resolves.toEqual({ outcome: 'refused', atMs: undefined });
      await expect(clocks.set(source, NOW_MS + 0.01, NOW_MS)).resolves.toEqual({
        outcome: 'moved',
        atMs: NOW_MS + 0.01,
      });
      await expect(clocks.set(source, 1, NOW_MS)).resolves.toEqual({ outcome: 'refused', atMs: NOW_MS + 0.01 });
      await expect(clocks.set(source, NOW_MS + 1, NOW_MS + 0.01)).resolves.toEqual({
        outcome: 'moved',
        atMs: NOW_MS + 1,
      });
      await expect(clocks.advance(source, 0.25, NOW_MS, NOW_MS + 1)).resolves.toEqual({
        outcome: 'moved',
        atMs: NOW_MS + 1.25,
      });
      await expect(clocks.advance(source, 1, NOW_MS, NOW_MS + 1)).resolves.toEqual({
        outcome: 'refused',
        atMs: NOW_MS + 1.25,
      });
      await expect(clocks.advance(source, 1, NOW_MS + 1.25, NOW_MS + 9)).resolves.toEqual({
        outcome: 'refused',
        atMs: NOW_MS + 1.25,
      });
      await expect(clocks.set(SourceId.parse('src_2'), 7, 0)).resolves.toEqual({ outcome: 'moved', atMs: 7 });
    });

    test('an item goes a day after it was moved last', async () => {
      const { clocks, tableName } = await inTheTable();
      await clocks.set(source, NOW_MS, NOW_MS);
      const key = { pk: { S: 'RATE#src_1' }, sk: { S: 'RATE' } };
      const { Item } = await backend.client.send(new GetItemCommand({ TableName: tableName, Key: key }));
      expect(Item).toEqual({
        ...key,
        atMs: { N: String(NOW_MS) },
        expiresAtSeconds: { N: String(NOW_MS / 1_000 + 86_400) },
      });
    });

    test('of a hundred environments that ask at one moment, as many pass as are let', async () => {
      const { clocks } = await inTheTable();
      await clocks.set(source, NOW_MS + 1, NOW_MS);
      const moves = await Promise.all(
        Array.from({ length: 100 }, () => clocks.advance(source, 10, NOW_MS, NOW_MS + 200)),
      );
      // 1, 11, 21 … 191 are not after 200.
      expect(moves.filter(({ outcome }) => outcome === 'moved')).toHaveLength(20);
    }, 30_000);
  });
}
