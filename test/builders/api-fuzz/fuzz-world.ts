import type { ApiDeps } from '../../../functions/api/api-deps.ts';
import { ownerOf } from '../../../shared/domain/access.ts';
import type { Regulation } from '../../../shared/domain/suppression.ts';
import type { SuppressionStore } from '../../../shared/ports/suppression-store.ts';
import type { FuzzIds } from './good-inputs.ts';
import { aTestResult } from '../a-test-result.ts';
import { archiveOf } from '../archive-of.ts';
import { apiWorld } from '../api-world.ts';
import { aDestination, aFilter, aMapping, aSource, aWorkspace, aWriteKey } from '../workspace-things.ts';
import { liveWorld } from '../live-world.ts';

/** A mark that everything of the other workspace bears: it may be in no answer. */
export const OTHERS_MARK = 'of-somebody-else';
const TOOL = { type: 'tool', settings: { region: 'us' } };

/** Two workspaces with one of everything each. Answers the world and what a request may name. */
export async function fuzzWorld(over: Partial<ApiDeps> = {}) {
  const suppression = memorySuppression();
  const world = await apiWorld({
    suppression: async () => suppression,
    deliver: async () => ({
      check: async () => ({ outcome: 'accepted', requests: 1 }),
      test: async (ask) => aTestResult({ dryRun: ask.dryRun }),
      trial: async () => aTestResult({ dryRun: true }),
      reseal: async () => ({ apiKey: { sealed: 'sealed.again' } }),
    }),
    status: async () => ({
      status: async () => ({}) as never,
      balance: async () => [],
    }),
    archive: async () => archiveOf([]),
    live: liveWorld('2026-11-26T10:15:30.000Z').live,
    hookSamples: async () => ({ get: async () => undefined }),
    ...over,
  });
  const { commit } = world;
  const one = aWorkspace().id;
  const two = aWorkspace({ id: 'ws_2', slug: 'other', name: 'Other' }).id;
  for (const [workspaceId, tag, mark] of [
    [one, '1', 'of-shop'],
    [two, '2', OTHERS_MARK],
  ] as const) {
    const of = { workspaceId };
    const sourceId = `src_${tag}`;
    const destinationId = `dst_${tag}`;
    await commit(workspaceId, [
      {
        kind: 'label',
        verb: 'save',
        thing: { ...stored, ...of, key: 'env', value: `v${tag}`, description: mark },
      },
      { kind: 'source', verb: 'save', thing: aSource({ ...of, id: sourceId, slug: `web-${tag}`, name: mark }) },
      { kind: 'writeKey', verb: 'save', thing: aWriteKey({ ...of, sourceId, writeKey: `wk_${tag.repeat(20)}` }) },
      {
        kind: 'destination',
        verb: 'save',
        thing: aDestination({ ...of, ...TOOL, id: destinationId, sourceId, name: mark }),
      },
      {
        kind: 'mapping',
        verb: 'save',
        thing: aMapping({ ...of, id: `map_${tag}`, destinationId, action: 'send', name: mark }),
      },
      { kind: 'filter', verb: 'save', thing: aFilter({ ...of, id: `flt_${tag}`, destinationId, title: mark }) },
    ]);
  }
  const hook = aSource({ id: 'src_hook', slug: 'hook', kind: 'webhook' });
  await commit(one, [{ kind: 'source', verb: 'save', thing: hook }]);
  const foreign = await world.person('someone@other.test', [ownerOf(two)], two);
  const owner = await world.person('ada@shop.test', [ownerOf(one)], one);
  const reader = [{ roleId: 'source-read-only', resources: [{ id: one, type: 'WORKSPACE' as const }] }];
  const member = await world.person('bob@shop.test', reader, one);
  // An order that has not ended can be cancelled.
  world.desk.carryTo('running');
  const mine = await furnish(world, world.ownerToken, 'of-shop', '1');
  const theirs = await furnish(world, await world.token([ownerOf(two)], two), OTHERS_MARK, '2');
  world.desk.carryTo('finished');
  const ids: FuzzIds = { ...mine, member: member.id, idToken: owner.idToken };
  const pools = {
    'path.sourceId': ['src_1', 'src_hook', 'src_2', 'src_none'],
    'path.destinationId': ['dst_1', 'dst_1', 'dst_2', 'dst_none'],
    'path.id': ['map_1', 'map_2', 'none'],
    'path.key': ['env', 'none'],
    'path.value': ['v1', 'v2'],
    sourceId: ['src_1', 'src_1', 'src_2'],
    destinationId: ['dst_1', 'dst_2'],
    filterId: ['flt_1', 'flt_2', 'none'],
    userGroupId: [mine.group, theirs.group, 'none'],
    groupId: [mine.group, theirs.group, 'none'],
    trackingPlanId: [mine.plan, theirs.plan, 'none'],
    transformationId: [mine.transformation, theirs.transformation, 'none'],
    alertId: [mine.alert, theirs.alert, 'none'],
    exportId: [mine.export, theirs.export, 'none'],
    tokenId: [mine.token, theirs.token, 'none'],
    fromDestinationId: [mine.otherDestination, theirs.otherDestination],
    idOrSlug: ['tool', 'node-js', 'none'],
    file: ['tool.svg', '../tool.svg', 'none.svg'],
    actionSlug: ['send'],
    writeKey: [`wk_${'1'.repeat(20)}`, `wk_${'2'.repeat(20)}`],
    userId: [member.id, foreign.id, 'usr_none'],
    userIds: [member.id, foreign.id],
    metadataId: ['node-js', 'tool', 'pixel', 'none'],
    destinationMetadataId: ['tool', 'inbox', 'none'],
    sourceMetadataId: ['node-js', 'none'],
    actionId: ['bbbbbbbbbbbbbbbbbbbbbb02', 'send', 'none'],
    trigger: ['type = "track"', 'event = "Order Completed"', 'not FQL at all ((', 'all'],
    if: ['all', 'type = "track"', 'event = "x" and', 'properties.total > 3'],
    slug: ['web-9', 'Bad Slug', 'shop-2'],
    roleId: ['workspace-owner', 'source-admin', 'no-such-role'],
    email: ['ada@shop.test', 'new@shop.test', 'not an address'],
    emails: ['ada@shop.test', 'new@shop.test'],
    'PermissionResourceV1.id': ['ws_1', 'ws_2', 'src_1', 'src_2'],
    key: ['env', 'team'],
    value: ['v1', 'v3', 'not a label'],
    subjectIds: ['u1', 'u2'],
    replayId: [mine.replay, theirs.replay, 'none'],
    regulateId: [mine.regulation, theirs.regulation, 'none'],
    period: ['2026-11-01', 'November'],
    startTime: ['2026-11-20T00:00:00.000Z', 'yesterday'],
    endTime: ['2026-11-27T00:00:00.000Z', '2026'],
    from: ['2026-11-24T00', 'now'],
    settings: [{}, { apiKey: 'secret' }, { apiKey: null, region: 'mars' }, { nonsense: 1 }],
    delay: [0, 1, 2],
    triggerUnexpectedError: [false],
    statusCode: [200, 400, 404, 499],
  };
  const invited = await world.person('invited@shop.test');
  await world.call('POST', '/app-api/sign-in', { bearer: invited.bearer, body: { idToken: invited.idToken } });
  // Whose account the link of an invite made, so that somebody is there to vouch for.
  await world.call('POST', '/app-api/invites/account', {
    bearer: null,
    ip: '192.0.2.77',
    body: { token: ids.inviteToken, password: 'a long password of nobody', name: 'Ada' },
  });
  const deployer = await world.person('owner@shop.test', []);
  return {
    ...world,
    pools,
    ids,
    /** Who asks: an owner by token where it takes no person. */
    bearerFor: (id: string, right: string): string => {
      if (id === 'createAccessRequest') return member.bearer;
      if (id === 'acceptInvite') return invited.bearer;
      if (id === 'vouchForAddress') return deployer.bearer;
      return right === 'signed-in' ? owner.bearer : world.ownerToken;
    },
    /** Brings about what an operation takes back. */
    prepare: async (id: string): Promise<void> => {
      if (id === 'restoreWorkspace') await world.call('DELETE', '/app-api/workspace', { query: 'slug=shop' });
    },
  };
}

const stored = { version: 0, createdAt: '2026-11-24T10:00:00.000Z', updatedAt: '2026-11-24T10:00:00.000Z' };

type World = Awaited<ReturnType<typeof apiWorld>>;
type Furniture = Omit<FuzzIds, 'member' | 'idToken'>;

/** Makes one of each by the API itself. Answers their ids; a call that is refused leaves an id that is nobody's. */
async function furnish({ call }: World, bearer: string, mark: string, tag: string): Promise<Furniture> {
  const made = async (method: string, path: string, body: unknown, pick: (data: never) => unknown): Promise<string> => {
    const answer = await call(method, path, { bearer, body });
    return answer.status < 300 ? String(pick(answer.data)) : 'none';
  };
  const sourceId = `src_${tag}`;
  await call('POST', '/app-api/environments', { bearer, body: { value: 'staging' } });
  await call('PATCH', `/destinations/dst_${tag}`, { bearer, body: { settings: { apiKey: 'secret' } } });
  const group = await made(
    'POST',
    '/groups',
    { name: mark },
    (data: { userGroup: { id: string } }) => data.userGroup.id,
  );
  const inviteToken = await made(
    'POST',
    '/app-api/invites',
    { email: tag === '1' ? 'invited@shop.test' : 'invited@other.test' },
    (data: { token: string }) => data.token,
  );
  const people = tag === '1' ? ['ada@shop.test', 'invited@shop.test'] : ['someone@other.test'];
  await call('POST', `/groups/${group}/users`, { bearer, body: { emails: people } });
  const plan = await made(
    'POST',
    '/tracking-plans',
    { name: mark, type: 'LIVE' },
    (data: { trackingPlan: { id: string } }) => data.trackingPlan.id,
  );
  const rule = { type: 'TRACK', key: 'Order Completed', version: 1, jsonSchema: { description: mark } };
  await call('PUT', `/tracking-plans/${plan}/rules`, { bearer, body: { rules: [rule] } });
  await call('POST', `/tracking-plans/${plan}/sources`, { bearer, body: { sourceId } });
  const transformation = await made(
    'POST',
    '/transformations',
    { name: mark, sourceId, enabled: true, if: 'all', newEventName: mark },
    (data: { transformation: { id: string } }) => data.transformation.id,
  );
  const alert = await made(
    'POST',
    '/app-api/alerts',
    { name: mark, kind: 'DEAD_LETTERS', count: 1, channels: [{ type: 'IN_APP' }], enabled: true },
    (data: { alert: { id: string } }) => data.alert.id,
  );
  const permissions = [{ roleId: 'source-read-only', resources: [{ id: `ws_${tag}`, type: 'WORKSPACE' }] }];
  const token = await made(
    'POST',
    '/app-api/tokens',
    { name: mark, permissions },
    (data: { token: { id: string } }) => data.token.id,
  );
  const regulation = await made(
    'POST',
    '/regulations',
    { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjectIds: [`${mark}-user`] },
    (data: { regulateId: string }) => data.regulateId,
  );
  const otherDestination = await made(
    'POST',
    '/destinations',
    { sourceId, metadataId: 'tool', name: `${mark} 2`, settings: { apiKey: 'other' } },
    (data: { destination: { id: string } }) => data.destination.id,
  );
  const filter = { of: 'DEAD_LETTERS', from: '2026-11-24T00:00:00Z', to: '2026-11-25T00:00:00Z', events: [mark] };
  const replay = await made(
    'POST',
    '/app-api/replays',
    { destinationId: `dst_${tag}`, filter, dryRun: true },
    (data: { replay: { id: string } }) => data.replay.id,
  );
  const exported = await made(
    'POST',
    '/app-api/exports',
    { what: 'SCHEMA', sourceId, range: '7d' },
    (data: { export: { id: string } }) => data.export.id,
  );
  return {
    group,
    plan,
    transformation,
    alert,
    token,
    regulation,
    otherDestination,
    inviteToken,
    replay,
    export: exported,
  };
}

/** Who is suppressed, in memory, by workspace. */
function memorySuppression(): SuppressionStore {
  const kept = new Map<string, { users: Set<string>; regulations: Regulation[] }>();
  const of = (workspaceId: string) => {
    const known = kept.get(workspaceId) ?? { users: new Set<string>(), regulations: [] };
    kept.set(workspaceId, known);
    return known;
  };
  return {
    regulate: async (regulation) => {
      const { users, regulations } = of(regulation.workspaceId);
      const before = users.size;
      for (const userId of regulation.userIds) {
        if (regulation.type === 'UNSUPPRESS') users.delete(userId);
        else users.add(userId);
      }
      regulations.unshift(regulation);
      return { changed: Math.abs(users.size - before), suppressed: users.size };
    },
    getRegulation: async (workspaceId, id) => of(workspaceId).regulations.find((one) => one.id === id),
    suppressed: async (workspaceId) => of(workspaceId).users,
    listRegulations: async (workspaceId, { before = 0, limit }) => {
      const { regulations } = of(workspaceId);
      const page = regulations.slice(before, before + limit);
      const next = before + page.length;
      return { regulations: page, ...(next < regulations.length && { next }) };
    },
  };
}
