import { apiWorld } from '../../../builders/api-world.ts';
import { fetchOf, terminal } from '../../../builders/cli-world.ts';
import { aDestination, aSource } from '../../../builders/workspace-things.ts';

async function setUp() {
  const world = await apiWorld();
  await world.commit(aSource().workspaceId, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'destination', verb: 'save', thing: aDestination({ enabled: true }) },
  ]);
  const { orders } = world.desk;
  world.desk.onTold = async ({ workspaceId, id }) => {
    const order = await orders.get(workspaceId, id);
    if (order === undefined || order.cancelledAt !== undefined) return;
    const none = { counts: [], more: 0 };
    const counts = {
      sends: 5,
      byCode: {
        counts: [
          { name: '500', count: 3 },
          { name: '503', count: 2 },
        ],
        more: 0,
      },
      byEvent: none,
      leftOut: { counts: [{ name: 'suppressed', count: 1 }], more: 0 },
      hasMore: false,
    };
    const next = order.dryRun
      ? { state: 'finished' as const, endedAt: order.createdAt }
      : { state: 'running' as const };
    await orders.save(order, { ...order, ...next, counts, writeId: 'runner' });
  };
  const type = terminal({ url: 'http://127.0.0.1:1', token: world.ownerToken }, { fetch: fetchOf(world) });
  return { ...world, type };
}
const START = 'replay start --destination dst_1 --of dead-letters --from 2026-11-24 --code 500,503';

test('a replay is counted, ordered, listed, shown and cancelled with an API token', async () => {
  const { type, desk } = await setUp();
  const counted = await type(`${START} --dry-run`);
  expect(counted).toMatchObject({ code: 0, notes: '' });
  expect(counted.out).toMatch(
    /^rp_\S+ finished, a dry run\n {2}would send 5 \(3 500, 2 503\)\n {2}left out: 1 suppressed$/,
  );
  const started = await type(`${START} --rate 20 --event Cup --user u1 --type track`);
  const id = /^rp_\S+/.exec(started.out)?.[0] ?? '';
  expect(started.out).toContain('  sends 5 (3 500, 2 503)\n');
  await expect(desk.orders.get(aSource().workspaceId, desk.told[1]?.id ?? ('' as never))).resolves.toMatchObject({
    rate: 20,
    filter: {
      of: 'DEAD_LETTERS',
      from: '2026-11-24T00:00:00.000Z',
      codes: ['500', '503'],
      events: ['Cup'],
      types: ['track'],
      userId: 'u1',
    },
  });
  expect((await type('replay list')).out).toMatch(new RegExp(`^${id} .* dead-letters +5 .*running$`, 'm'));
  await expect(type(`replay cancel ${id}`)).resolves.toMatchObject({
    code: 0,
    out: `${id} is cancelled; what it has queued is still sent.`,
  });
  expect((await type(`replay show ${id}`)).out).toContain(`${id} cancelled`);
  await expect(type('replay cancel rp_nobody')).resolves.toMatchObject({ code: 1, out: '' });
});

test.each([
  ['replay start', 'Say --destination'],
  ['replay start --destination dst_1 --from 2026-11-24', 'Say --of dead-letters or --of archive'],
  ['replay start --destination dst_1 --of archive', 'Say --from'],
  ['replay start --destination dst_1 --of archive --from yesterday', '--from is a time such as'],
  ['replay start --destination dst_1 --of archive --from 2026-11-24 --type click', '--type knows track'],
  ['replay show', 'Name the replay'],
])('"tributary %s" is not understood', async (line, sentence) => {
  const { type } = await setUp();
  const { code, notes } = await type(line);
  expect(code).toBe(2);
  expect(notes).toContain(sentence);
});
