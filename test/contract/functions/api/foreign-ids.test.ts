import qs from 'qs';
import { handlerOf } from '../../../../functions/api/handlers.ts';
import type { Operation } from '../../../../shared/api/operation.ts';
import { OPERATIONS } from '../../../../shared/api/operations.ts';
import { Alert } from '../../../../shared/domain/alert.ts';
import { Transformation, TrackingPlan } from '../../../../shared/domain/governance.ts';
import { Group, Invite } from '../../../../shared/domain/people.ts';
import type { Change } from '../../../../shared/ports/control-store.ts';
import { everywhere, peopledWorld } from '../../../builders/api-people.ts';
import { aRegulation } from '../../../builders/regulation.ts';
import { type Known, sampleOf } from '../../../builders/sample-input.ts';
import { aDestination, aFilter, aMapping, anApiToken, aWriteKey } from '../../../builders/workspace-things.ts';

const stored = { version: 0, createdAt: '2026-11-24T10:00:00.000Z', updatedAt: '2026-11-24T10:00:00.000Z' };

/** One thing of each kind in a workspace; their ids end in `end`. */
function thingsOf(workspaceId: string, end: string): Change[] {
  const sourceId = `src_${end}`;
  const own = { workspaceId, destinationId: `dst_${end}` };
  return [
    {
      kind: 'writeKey',
      verb: 'save',
      thing: aWriteKey({ workspaceId, sourceId, writeKey: `writekey-of-the-test-${end}` }),
    },
    { kind: 'destination', verb: 'save', thing: aDestination({ workspaceId, id: own.destinationId, sourceId }) },
    { kind: 'mapping', verb: 'save', thing: aMapping({ ...own, id: `map_${end}` }) },
    { kind: 'filter', verb: 'save', thing: aFilter({ ...own, id: `flt_${end}` }) },
    { kind: 'apiToken', verb: 'save', thing: anApiToken({ workspaceId, id: `tok_${end}`, sha256: end.repeat(64) }) },
    { kind: 'group', verb: 'save', thing: Group.parse({ workspaceId, id: `grp_${end}`, name: 'G', ...stored }) },
    {
      kind: 'invite',
      verb: 'save',
      thing: Invite.parse({
        email: `invited${end}@shop.test`,
        workspaceId,
        sha256: end.repeat(64),
        permissions: [],
        expiresAt: '2026-12-01T10:00:00.000Z',
        invitedBy: 'x',
        ...stored,
      }),
    },
    {
      kind: 'trackingPlan',
      verb: 'save',
      thing: TrackingPlan.parse({
        workspaceId,
        id: `tp_${end}`,
        name: 'P',
        type: 'LIVE',
        sourceIds: [sourceId],
        ...stored,
      }),
    },
    {
      kind: 'transformation',
      verb: 'save',
      thing: Transformation.parse({
        id: `trn_${end}`,
        workspaceId,
        name: 'T',
        sourceId,
        enabled: false,
        if: 'type = "track"',
        does: { drop: true },
        ...stored,
      }),
    },
    {
      kind: 'alert',
      verb: 'save',
      thing: Alert.parse({
        id: `alr_${end}`,
        workspaceId,
        name: 'A',
        kind: 'DEAD_LETTERS',
        count: 1,
        channels: [{ type: 'IN_APP' }],
        enabled: true,
        ...stored,
      }),
    },
  ];
}

/** Ids by the names that requests have for them. */
const idsOf = (end: string, userId: string): Known => ({
  sourceId: `src_${end}`,
  destinationId: `dst_${end}`,
  destinationConfigId: `dst_${end}`,
  subscriptionId: `map_${end}`,
  filterId: `flt_${end}`,
  destinationFilterId: `flt_${end}`,
  writeKey: `writekey-of-the-test-${end}`,
  tokenId: `tok_${end}`,
  userGroupId: `grp_${end}`,
  groupId: `grp_${end}`,
  groupIds: [`grp_${end}`],
  userId,
  userIds: [userId],
  trackingPlanId: `tp_${end}`,
  transformationId: `trn_${end}`,
  regulateId: `reg_${end}`,
  alertId: `alr_${end}`,
  resources: [{ id: `src_${end}`, type: 'SOURCE' }],
});

/** Fields of other names, and what makes a body one that would be taken. */
const OTHERS: Known = {
  idOrSlug: 'tool',
  email: 'new@shop.test',
  channels: [{ type: 'IN_APP' }],
  emails: ['olga@shop.test'],
  roleId: 'source-admin',
  if: 'type = "track"',
  trigger: 'type = "track"',
  rules: [{ type: 'TRACK', key: 'Order Completed', jsonSchema: {}, version: 1 }],
};

/** Queries that cannot be made up from their shape, by the path of their DELETE. */
const QUERIES: Readonly<Record<string, string>> = {
  '/tracking-plans/{trackingPlanId}/rules': 'rules[0][type]=TRACK&rules[0][key]=k&rules[0][version]=1',
};

/** Operations in which one of these names means something else than a thing that must be there, with why. */
const EXEMPT: Readonly<Record<string, readonly string[]>> = {
  // Of an event, as its sender says: no person of a workspace.
  getEventTrace: ['userId'],
  // Filters of the trail: what is asked for and is not there is an empty list.
  listAuditEvents: ['resourceId'],
  // Of whoever the events are about, who is no member.
  createReplay: ['userId'],
  // A key that nobody has is what it is for; one that another source has is answered 409, whosever it is (routes/write-keys).
  addWriteKeyToSource: ['writeKey'],
};

async function setUp() {
  const world = await peopledWorld();
  const own = await world.person('ada@shop.test', []);
  const foreign = await world.person('eve@other.test', [everywhere('workspace-owner', 'ws_2')], 'ws_2');
  for (const [workspaceId, end] of [
    ['ws_1', '1'],
    ['ws_2', '9'],
  ] as const) {
    for (const change of thingsOf(workspaceId, end)) {
      if (change.kind !== 'workspace') await world.commit(change.thing.workspaceId, [change]);
    }
  }
  const suppression = await world.deps.suppression();
  await suppression.regulate(aRegulation({ id: 'reg_1' }), 'write-of-the-test');
  await world.call('POST', '/groups/grp_1/users', { body: { emails: ['olga@shop.test'] } });
  return { ...world, own: idsOf('1', own.id), foreign: idsOf('9', foreign.id) };
}

/** Answered 422 with the field: what is named must be the source of the thing, which is looked at first. */
const POINTED_AT: Readonly<Record<string, string>> = {
  createFilterForDestination: 'sourceId',
  updateTransformation: 'sourceId',
};

type World = Awaited<ReturnType<typeof setUp>>;

/** A request that would be taken, but for what `swapped` puts in the place of own ids. */
function requestOf({ method, path, query, body }: Operation, own: Known, swapped: Known) {
  const ids: Known = { ...own, ...swapped };
  const known: Known = { ...OTHERS, ...ids, auditForwarding: { sourceId: ids['sourceId'] } };
  return {
    method,
    path: path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(textOf(known[meant(path, name)]))),
    body: body === undefined ? undefined : sampleOf(body(), known),
    query:
      (method === 'DELETE' ? QUERIES[path] : undefined) ??
      (query === undefined ? '' : qs.stringify(queryOf(query(), known))),
  };
}

/** The original calls a subscription's id `id`. */
const meant = (path: string, name: string): string =>
  name === 'id' && path.includes('/subscriptions/') ? 'subscriptionId' : name;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : 'x_1');

/** Lists of queries are read from text: what their shape takes is not to be seen, so that their names say it. */
function queryOf(shape: Parameters<typeof sampleOf>[0], known: Known): unknown {
  const sampled = sampleOf(shape, known);
  return typeof sampled === 'object' && sampled !== null ? sampled : {};
}

/** Names of things of a workspace in the path, the query and the body of an operation. */
function namesIn(operation: Operation, own: Known): string[] {
  const { path, query, body } = requestOf(operation, own, {});
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => meant(operation.path, name));
  const rest = `${query} ${JSON.stringify(body ?? '')}`;
  const named = Object.keys(own).filter((name) => new RegExp(`(?:"|\\b)${name}(?:"|%5B|=)`).test(rest));
  return [...new Set([...inPath.filter((name) => Object.hasOwn(own, name)), ...named])].filter(() => path !== '');
}

/** What an operation comes to; `undefined` where it went on to books, suppression or delivery, which this world does not have: then it was taken. */
async function answered(world: World, { method, path, body, query }: ReturnType<typeof requestOf>) {
  try {
    return await world.call(method, path, { bearer: world.owner.bearer, body, query });
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('This world ')) return undefined;
    throw error;
  }
}

const handled = Object.entries(OPERATIONS).filter(
  ([id, { effect, access }]) => effect !== 'later' && access.of !== 'nobody' && handlerOf(id) !== undefined,
);

test('a foreign id anywhere in a request is not found, and nothing is changed (T8)', async () => {
  const world: World = await setUp();
  const { own, foreign, state } = world;
  const wrong: string[] = [];
  let asserts = 0;
  const before = state();
  for (const [id, operation] of handled) {
    for (const name of namesIn(operation, own)) {
      if (EXEMPT[id]?.includes(name) === true) continue;
      for (const value of [foreign[name], nobodys(foreign[name])]) {
        const answer = await answered(world, requestOf(operation, own, { [name]: value }));
        asserts += 1;
        const isPointedAt = POINTED_AT[id] === name && answer?.status === 422 && answer.errors[0]?.field === name;
        if (answer?.status !== 404 && !isPointedAt) {
          wrong.push(`${id} ${name}=${JSON.stringify(value)}: ${answer?.status} ${answer?.text.slice(0, 200)}`);
        }
        if (state() !== before) throw new Error(`${id} with a foreign ${name} has changed something`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(asserts).toBeGreaterThan(50);
});

/** An id that is nobody's, of the same form. */
const nobodys = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(/_9|-9/g, '_77')
      .replace(/usr_\d+/, 'usr_77'),
  );

/** What somebody's app remembers of them, what they have read, and where they are signed in is no workspace's configuration. */
const OF_ONESELF: ReadonlySet<string> = new Set(['updateMyPreferences', 'markNotificationsRead', 'endMySessions']);

/** Areas whose operations say in our words what they write. */
const SAYS_ITS_EVENTS = /^(?:IAM|Members|Invites|Tokens|Workspaces|Sign-in)/;

test('with own ids the same requests are taken, and each change is in the audit trail under a name that its operation says (T21)', async () => {
  const wrong: string[] = [];
  let changes = 0;
  for (const [id, operation] of handled) {
    const world = await setUp();
    const { own, events, state } = world;
    const [before, earlier] = [state(), events().length];
    const answer = await answered(world, requestOf(operation, own, {}));
    if (answer === undefined) continue;
    const { status, text } = answer;
    if ([401, 403, 404].includes(status) || status >= 500) {
      if (namesIn(operation, own).length > 0) wrong.push(`${id}: ${status} ${text.slice(0, 200)}`);
      continue;
    }
    const written = events().slice(earlier);
    const unsaid = SAYS_ITS_EVENTS.test(operation.tag)
      ? written.filter((event) => operation.audits?.includes(event) !== true)
      : [];
    if (unsaid.length > 0) wrong.push(`${id} writes ${unsaid.join(', ')}, which it does not say`);
    if (state() !== before && !OF_ONESELF.has(id)) {
      changes += 1;
      if (written.length === 0) wrong.push(`${id} changes something and writes nothing`);
    }
  }
  expect(wrong).toEqual([]);
  expect(changes).toBeGreaterThanOrEqual(15);
});
