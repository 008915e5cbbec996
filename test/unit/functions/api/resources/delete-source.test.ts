import { WORK_MS_MAX } from '../../../../../functions/api/resources/in-rounds.ts';
import { Group, PEOPLE_AT_ONCE_MAX } from '../../../../../shared/domain/people.ts';
import { onSource, OWNER, peopledWorld } from '../../../../builders/api-people.ts';
import {
  aDestination,
  aFilter,
  aMapping,
  anApiToken,
  aSource,
  aWorkspace,
} from '../../../../builders/workspace-things.ts';

const WS = aWorkspace().id;
const DESTINATIONS = 4;
const MAPPINGS = 50;
const FILTERS = 10;

type World = Awaited<ReturnType<typeof peopledWorld>>;

/** src_1 with as many mappings and filters as its destinations may have. */
async function aLargeSource() {
  const world = await peopledWorld();
  for (let n = 0; n < DESTINATIONS; n += 1) {
    const destinationId = `dst_${n}`;
    await world.commit(WS, [
      { kind: 'destination', verb: 'save', thing: aDestination({ id: destinationId, name: `N${n}` }) },
    ]);
    for (let m = 0; m < MAPPINGS; m += 1) {
      const thing = aMapping({ id: `map_${n}_${m}`, destinationId });
      await world.commit(WS, [{ kind: 'mapping', verb: 'save', thing }]);
    }
    for (let m = 0; m < FILTERS; m += 1) {
      const thing = aFilter({ id: `flt_${n}_${m}`, destinationId });
      await world.commit(WS, [{ kind: 'filter', verb: 'save', thing }]);
    }
  }
  return world;
}

/** Each commit takes a while by the world's clock; how often all of the configuration was read is counted. */
function slowly({ documents, advance }: World, ms: number): { reads: number; commits: number } {
  const counted = { reads: 0, commits: 0 };
  const { transact, query } = documents;
  documents.transact = async (items) => {
    advance(ms);
    counted.commits += 1;
    return await transact(items);
  };
  documents.query = async (asked) => {
    if (asked.values[':prefix'] === 'CFG#') counted.reads += 1;
    return await query(asked);
  };
  return counted;
}

test('a deletion that takes long answers in time, with all of it switched off, and goes on when it is asked again', async () => {
  const world = await aLargeSource();
  const { call, control } = world;
  slowly(world, WORK_MS_MAX / 4);
  const first = await call('DELETE', '/sources/src_1');
  expect(first).toMatchObject({
    status: 503,
    headers: { 'Retry-After': '1', ETag: '"2"' },
    errors: [{ type: 'unavailable', message: expect.stringContaining('Send it again') }],
  });
  const left = await control.readConfig(WS);
  expect(left?.sources.find(({ id }) => id === 'src_1')?.enabled).toBe(false);
  expect(new Set(left?.destinations.map(({ destination }) => destination.enabled))).toEqual(new Set([false]));
  await expect(control.listHeldLanes()).resolves.toEqual([]);
  let answer = await call('DELETE', '/sources/src_1', { headers: { 'if-match': '"2"' } });
  for (let asked = 0; asked < 10 && answer.status === 503; asked += 1) answer = await call('DELETE', '/sources/src_1');
  expect(answer).toMatchObject({ status: 200, data: { status: 'SUCCESS' } });
  await expect(control.readConfig(WS)).resolves.toMatchObject({ sources: [{ id: 'src_2' }], destinations: [] });
});

test('a large deletion reads the configuration a few times, not once for each of its commits', async () => {
  const world = await aLargeSource();
  const counted = slowly(world, 1);
  expect((await world.call('DELETE', '/sources/src_1')).status).toBe(200);
  expect(counted.commits).toBeGreaterThan((DESTINATIONS * (MAPPINGS + FILTERS)) / 24);
  expect(counted.reads).toBeLessThanOrEqual(3);
});

test('what others change meanwhile is seen, and goes too', async () => {
  const world = await aLargeSource();
  const { call, control, commit, documents } = world;
  const { transact } = documents;
  let commits = 0;
  documents.transact = async (items) => {
    commits += 1;
    if (commits === 5) {
      documents.transact = transact;
      const thing = aMapping({ id: 'map_late', destinationId: 'dst_0' });
      await commit(WS, [{ kind: 'mapping', verb: 'save', thing }]);
    }
    return await transact(items);
  };
  expect((await call('DELETE', '/sources/src_1')).status).toBe(200);
  expect([...documents.items.keys()].filter((key) => key.includes('CFG#MAP#'))).toEqual([]);
  await expect(control.listSources(WS)).resolves.toHaveLength(1);
});

test('a destination of several commits is switched off before its mappings go', async () => {
  const world = await aLargeSource();
  slowly(world, WORK_MS_MAX);
  expect((await world.call('DELETE', '/destinations/dst_1')).status).toBe(503);
  const left = await world.control.readConfig(WS);
  const found = left?.destinations.find(({ destination }) => destination.id === 'dst_1');
  expect([found?.destination.enabled, found?.mappings.length]).toEqual([false, MAPPINGS]);
  let answer = await world.call('DELETE', '/destinations/dst_1');
  for (let asked = 0; asked < 10 && answer.status === 503; asked += 1) {
    answer = await world.call('DELETE', '/destinations/dst_1');
  }
  expect(answer.status).toBe(200);
});

test('a source that is gone is in nobody’s permissions and in no other source’s settings, so that what is read can be written', async () => {
  const world = await peopledWorld();
  const { call, control, commit, trail } = world;
  const both = {
    roleId: 'source-admin',
    resources: [...onSource('', 'src_1').resources, ...onSource('', 'src_2').resources],
  };
  const ida = await world.person('ida@shop.test', [both, onSource('source-read-only')]);
  const made = await call('POST', '/groups', { body: { name: 'Team' } });
  const { id } = (made.data as { userGroup: { id: string } }).userGroup;
  await call('PUT', `/groups/${id}/permissions`, { body: { permissions: [both] } });
  await call('POST', '/app-api/invites', { body: { email: 'new@shop.test', permissions: [onSource('source-admin')] } });
  for (let n = 0; n < PEOPLE_AT_ONCE_MAX + 5; n += 1) {
    const thing = anApiToken({
      id: `tok_many_${n}`,
      sha256: String(n).padStart(64, '0'),
      permissions: [onSource('source-admin')],
    });
    await commit(WS, [{ kind: 'apiToken', verb: 'save', thing }]);
  }
  await commit(WS, [{ kind: 'source', verb: 'save', thing: aSource({ id: 'src_3', slug: 'third' }) }]);
  await call('PATCH', '/sources/src_2/settings', {
    body: { forwardingViolationsTo: 'src_1', forwardingBlockedEventsTo: 'src_3' },
  });

  expect((await call('DELETE', '/sources/src_1')).status).toBe(200);

  const [members, groups, invites, tokens] = await Promise.all([
    control.listMembers(WS),
    control.listGroups(WS),
    control.listInvites(WS),
    control.listApiTokens(WS),
  ]);
  expect(JSON.stringify([members, groups, invites, tokens])).not.toContain('src_1');
  expect(members.find(({ personId }) => personId === ida.id)?.permissions).toEqual([onSource('source-admin', 'src_2')]);
  expect(invites.map(({ permissions }) => permissions)).toEqual([[]]);
  // No permissions are not the same as none that are named: the latter are everything.
  expect(tokens.filter(({ id: token }) => token.startsWith('tok_many')).map(({ permissions }) => permissions)).toEqual(
    Array.from({ length: PEOPLE_AT_ONCE_MAX + 5 }, () => []),
  );
  expect((await call('GET', '/sources/src_2/settings')).data).toEqual({
    sourceId: 'src_2',
    settings: { forwardingBlockedEventsTo: 'src_3' },
  });
  const shown = await call('GET', `/groups/${id}`);
  const { permissions } = (shown.data as { userGroup: { permissions: { roleId: string; resources: object[] }[] } })
    .userGroup;
  const again = permissions.map(({ roleId, resources }) => ({ roleId, resources }));
  expect((await call('PUT', `/groups/${id}/permissions`, { body: { permissions: again } })).status).toBe(200);
  expect((await trail()).at(-1)).toMatchObject({ event: 'Source Deleted', resource: { id: 'src_1' } });
});

test('who may delete a source by a permission for it alone can send the request again until all is gone', async () => {
  const world = await aLargeSource();
  const bearer = await world.token([onSource('source-admin')]);
  slowly(world, WORK_MS_MAX);
  const answers: number[] = [];
  for (let asked = 0; asked < 40 && answers.at(-1) !== 200; asked += 1) {
    answers.push((await world.call('DELETE', '/sources/src_1', { bearer })).status);
  }
  expect([answers[0], new Set(answers.slice(0, -1)), answers.at(-1)]).toEqual([503, new Set([503]), 200]);
});

test('a permission for a source that is gone, left behind by a crash, is taken back where it is held, and nowhere new', async () => {
  const { call, commit } = await peopledWorld();
  const at = { version: 0, createdAt: '2026-11-24T10:00:00.000Z', updatedAt: '2026-11-24T10:00:00.000Z' };
  const left = [onSource('source-admin', 'src_gone'), onSource('source-admin', 'src_2')];
  const thing = Group.parse({ id: 'grp_left', workspaceId: WS, name: 'Left', permissions: left, ...at });
  await commit(WS, [{ kind: 'group', verb: 'save', thing }]);
  const put = (permissions: object[]) => call('PUT', '/groups/grp_left/permissions', { body: { permissions } });
  expect((await put(left)).status).toBe(200);
  expect((await put([OWNER, onSource('source-admin', 'src_other')])).status).toBe(404);
  // Of another workspace.
  expect((await put([onSource('source-admin', 'src_9')])).status).toBe(404);
});
