import { claimTogether } from '../../../../shared/aws/claim-together.ts';
import { DEVICE_LIMITS } from '../../../../shared/aws/device-claims.ts';
import { deviceKey } from '../../../../shared/aws/dynamo-device-ledger.ts';
import { aClaim } from '../../../builders/claims.ts';
import { MemorySeenTable, type TableCall } from '../../../builders/memory-seen-table.ts';

const { sourceId } = aClaim(1, []);
const keyOf = (device: string) => deviceKey(sourceId, device);

/** A store whose calls pass through `call`; `failing` names what the table refuses. */
function setUp(failing?: (what: string) => boolean) {
  const table = new MemorySeenTable();
  const calls: string[] = [];
  const pauses: number[] = [];
  const call: TableCall = async (what, work) => {
    calls.push(what);
    if (failing?.(what)) throw new Error(`${what}: refused`);
    return work();
  };
  const ports = table.ports(call);
  const pause = async (round: number): Promise<void> => {
    pauses.push(round);
  };
  return { table, calls, pauses, ports, store: claimTogether({ ...ports, pause }), pause };
}

test('a device whose ledger fails fails the requests that have to do with it, and leaves the others alone', async () => {
  const { store } = setUp((what) => what === `puts the head of ${keyOf('a bad')}`);
  const mixed = aClaim(1, ['x'], { device: 'a bad' });
  const found = await Promise.allSettled([
    store.claim({ ...mixed, events: [...mixed.events, { messageId: 'y', device: 'a good' }] }),
    store.claim(aClaim(2, ['z'], { device: 'a good' })),
    store.claim(aClaim(3, ['z'])),
  ]);
  expect(found).toEqual([
    { status: 'rejected', reason: expect.any(Error) },
    { status: 'fulfilled', value: new Set() },
    { status: 'fulfilled', value: new Set() },
  ]);
});

test('claims by event that fail leave those by device alone', async () => {
  const { store } = setUp((what) => what.startsWith('claims'));
  const found = await Promise.allSettled([
    store.claim(aClaim(1, ['x'])),
    store.claim(aClaim(2, ['x'], { device: 'a one' })),
  ]);
  expect(found.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});

test('who always loses closes the ledger, which nobody can be quicker than, and claims by event', async () => {
  const { table, ports, pauses, pause } = setUp();
  await claimTogether({ ...ports, pause }).claim(aClaim(1, ['x'], { device: 'a one' }));
  const losing = claimTogether({ ...ports, ledger: { ...ports.ledger, putHead: async () => false }, pause });
  await expect(losing.claim(aClaim(2, ['x', 'y'], { device: 'a one' }))).resolves.toEqual(new Set(['x']));
  expect(table.heads.get(keyOf('a one'))).toMatchObject({
    isClosed: true,
    entries: [{ hashes: [expect.any(String)] }],
  });
  expect([...table.owners.keys()]).toEqual([`${keyOf('a one')}#y`]);
  // As many pauses as lost writes, and one after the closing.
  expect(pauses).toEqual(Array.from({ length: DEVICE_LIMITS.lostBeforeClosing + 1 }, (_, index) => index + 1));
});

test('a claim that cannot even close the ledger fails, and its message comes again', async () => {
  const { ports, pause } = setUp();
  const ledger = { ...ports.ledger, putHead: async () => false, close: async () => false };
  await expect(
    claimTogether({ ...ports, ledger, pause }).claim(aClaim(1, ['x'], { device: 'a one' })),
  ).rejects.toMatchObject({ code: 'upstream-unavailable', retry: true });
});

test('a batch of a server that sends for many users through a website is one read of all heads', async () => {
  const { store, calls } = setUp();
  const many = aClaim(1, []);
  const events = Array.from({ length: 100 }, (_, number) => ({ messageId: `m${number}`, device: `u ${number}` }));
  await store.claim({ ...many, events });
  expect(calls.filter((what) => what === 'reads heads')).toHaveLength(1);
  expect(calls).toHaveLength(101);
});
