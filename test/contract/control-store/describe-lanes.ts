import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../../shared/aws/document-client.ts';
import { dynamoControlStore } from '../../../shared/aws/dynamo-control-store.ts';
import { WorkspaceId } from '../../../shared/domain/ids.ts';
import { type Destination, laneOf } from '../../../shared/domain/workspace.ts';
import type { ControlStore } from '../../../shared/ports/control-store.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aStateTable } from '../../builders/state-table.ts';
import { aDestination, aWorkspace } from '../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
/** Tries that meet others' edits of one workspace give up after four conflicts; whoever saves says so and may try again. */
const SAVES_MAX = 20;

/** The promises of ControlStore about lanes, on any DynamoDB. */
export function describeLanes(name: string, makeBackend: () => Promise<DynamodbBackend>): void {
  describe(`lanes on ${name}`, () => {
    let backend: DynamodbBackend;
    let doc: DynamoDBDocumentClient;
    let tableName: string;
    beforeAll(async () => {
      backend = await makeBackend();
      doc = documentClient(backend.client);
    }, 90_000);
    afterAll(async () => {
      await backend.close();
    });
    beforeEach(async () => {
      tableName = await aStateTable(backend.client);
      await storeOf(0).saveWorkspace(aWorkspace(), 'w-workspace');
    });
    const storeOf = (lanes?: number) => dynamoControlStore(doc, tableName, lanes === undefined ? {} : { lanes });

    let writes = 0;
    const save = async (store: ControlStore, destination: Destination): Promise<Destination> => {
      writes += 1;
      const writeId = `write-${writes}`;
      for (let tries = 0; tries < SAVES_MAX; tries += 1) {
        try {
          const saved = await store.saveDestination(destination, writeId);
          if (saved.outcome === 'saved') return saved.value;
          throw new Error('expected to be saved');
        } catch (error) {
          if ((error as { code?: string }).code !== 'upstream-unavailable') throw error;
        }
      }
      throw new Error('expected to be saved some time');
    };
    const named = (id: string, overrides: Parameters<typeof aDestination>[0] = {}) =>
      aDestination({ id, ...overrides });
    const lanesOf = async (store: ControlStore) =>
      (await store.listHeldLanes()).map(({ lane, destinationId }) => [lane, destinationId]);

    test('an enabled destination takes the lowest free lane, and route and deliver read it with the rest', async () => {
      const store = storeOf(3);
      expect((await save(store, named('dst_a'))).lane).toBe(0);
      expect((await save(store, named('dst_b'))).lane).toBe(1);
      expect(await lanesOf(store)).toEqual([
        [0, 'dst_a'],
        [1, 'dst_b'],
      ]);
      const config = await store.readConfig(WS);
      expect([laneOf(config, 'dst_a'), laneOf(config, 'dst_b')]).toEqual([0, 1]);
    });

    test('a later save keeps the lane, whatever lane it came with', async () => {
      const store = storeOf(3);
      const saved = await save(store, named('dst_a'));
      const { lane: _lane, ...without } = saved;
      const renamed = await save(store, { ...without, name: 'Renamed' });
      expect(renamed.lane).toBe(0);
      expect((await save(store, { ...renamed, lane: 2 })).lane).toBe(0);
      expect(await lanesOf(store)).toEqual([[0, 'dst_a']]);
    });

    test('a lane that nobody gave is not taken from who comes with it', async () => {
      const store = storeOf(3);
      expect((await save(store, named('dst_a', { lane: 2 }))).lane).toBe(0);
      expect((await save(store, named('dst_b', { enabled: false, lane: 2 }))).lane).toBeUndefined();
      expect(await lanesOf(store)).toEqual([[0, 'dst_a']]);
    });

    test('a disabled destination gives its lane back, and the next one, of any workspace, takes it over', async () => {
      const store = storeOf(2);
      const a = await save(store, named('dst_a'));
      await save(store, named('dst_b'));
      const off = await save(store, { ...a, enabled: false });
      expect(off.lane).toBeUndefined();
      expect(laneOf(await store.readConfig(WS), 'dst_a')).toBeUndefined();

      await store.saveWorkspace(aWorkspace({ id: 'ws_2', slug: 'second' }), 'w-second');
      expect((await save(store, named('dst_c', { workspaceId: 'ws_2' }))).lane).toBe(0);
      // It comes back to a full pool.
      expect((await save(store, { ...off, enabled: true })).lane).toBeUndefined();
      expect(await store.listHeldLanes()).toEqual([
        { lane: 0, workspaceId: 'ws_2', destinationId: 'dst_c' },
        { lane: 1, workspaceId: 'ws_1', destinationId: 'dst_b' },
      ]);
    });

    test('who found no lane free is carried by the shared one, and takes one with a later save', async () => {
      const store = storeOf(1);
      const a = await save(store, named('dst_a'));
      const b = await save(store, named('dst_b'));
      expect(b.lane).toBeUndefined();
      await save(store, { ...a, enabled: false });
      expect((await save(store, { ...b, name: 'Again' })).lane).toBe(0);
    });

    test('who does not know how many lanes there are takes none, leaves each its own, and still gives back', async () => {
      const a = await save(storeOf(2), named('dst_a'));
      const renamed = await save(storeOf(), { ...a, name: 'Renamed' });
      expect(renamed.lane).toBe(0);
      expect((await save(storeOf(), named('dst_b'))).lane).toBeUndefined();
      expect((await save(storeOf(), { ...renamed, enabled: false })).lane).toBeUndefined();
      expect(await lanesOf(storeOf())).toEqual([]);
    });

    test('a lane beyond a pool that has shrunk is given back for another', async () => {
      const first = await save(storeOf(3), named('dst_a'));
      await save(storeOf(3), named('dst_b'));
      const third = await save(storeOf(3), named('dst_c'));
      await save(storeOf(3), { ...first, enabled: false });
      expect((await save(storeOf(2), third)).lane).toBe(0);
      expect(await lanesOf(storeOf(2))).toEqual([
        [0, 'dst_c'],
        [1, 'dst_b'],
      ]);
    });

    test('a save whose answer was lost is repeated with its writeId, and has the lane of the first time', async () => {
      const store = storeOf(2);
      const first = await store.saveDestination(named('dst_a'), 'lost');
      expect(await store.saveDestination(named('dst_a'), 'lost')).toEqual(first);
      expect(first).toMatchObject({ outcome: 'saved', value: { lane: 0 } });
      expect(await lanesOf(store)).toEqual([[0, 'dst_a']]);

      const off = aDestination({ id: 'dst_a', version: 1, enabled: false });
      const second = await store.saveDestination(off, 'lost-2');
      expect(await store.saveDestination(off, 'lost-2')).toEqual(second);
      expect(await lanesOf(store)).toEqual([]);
    });

    test('a stale save changes nothing in the pool, and neither does one into a workspace that does not exist', async () => {
      const store = storeOf(2);
      const first = await save(store, named('dst_a'));
      await save(store, { ...first, name: 'Second' });
      expect(await store.saveDestination({ ...first, enabled: false }, 'stale')).toEqual({ outcome: 'stale' });
      const lost = named('dst_b', { workspaceId: 'ws_lost' });
      await expect(store.saveDestination(lost, 'w-lost')).rejects.toMatchObject({ code: 'not-found' });
      expect(await lanesOf(store)).toEqual([[0, 'dst_a']]);
    });

    test('of 20 destinations at one moment 16 get a lane each, no lane is held twice, and all are saved', async () => {
      const store = storeOf(16);
      const ids = Array.from({ length: 20 }, (_, number) => number);
      for (const id of ids) await store.saveWorkspace(aWorkspace({ id: `ws_r${id}`, slug: `r${id}` }), `w-ws-${id}`);
      const saved = await Promise.all(ids.map((id) => save(store, named(`dst_${id}`, { workspaceId: `ws_r${id}` }))));
      const taken = saved.flatMap(({ lane }) => (lane === undefined ? [] : [lane]));
      expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, lane) => lane));
      const held = await store.listHeldLanes();
      for (const { lane, destinationId } of held) {
        expect(saved.find(({ id }) => id === destinationId)?.lane).toBe(lane);
      }
      expect(held).toHaveLength(16);
    }, 60_000);

    test('of two that switch one destination on at one moment one holds, with one lane', async () => {
      const store = storeOf(4);
      const off = await save(store, named('dst_a', { enabled: false }));
      const both = await Promise.allSettled(
        ['on-1', 'on-2'].map((writeId) => store.saveDestination({ ...off, enabled: true }, writeId)),
      );
      const outcomes = both.map((one) => (one.status === 'fulfilled' ? one.value.outcome : 'gave up'));
      expect(outcomes.filter((outcome) => outcome === 'saved')).toHaveLength(1);
      expect(await lanesOf(store)).toEqual([[0, 'dst_a']]);
    });
  });
}
