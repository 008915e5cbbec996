import { OPERATIONS } from '../../shared/api/operations.ts';
import { type EventFlow, eventFlow } from '../builders/event-flow.ts';
import {
  knownOperations,
  outcomeOf,
  type PublicApiClient,
  publicApiClient,
  unwrap,
} from '../builders/public-api-client.ts';
import { type Running, runTributary } from '../builders/running-tributary.ts';
import { signIn } from '../builders/sign-in.ts';

/** A change of configuration is in force by then, on one machine. */
const IN_FORCE_MS = 5_000;
/** A revoked key or token is refused by then. */
const REVOKED_MS = 60_000;
const ALL = { count: 1_000 };
const SUCCESS = { status: 'SUCCESS' };

let running: Running;
let api: PublicApiClient;
let flow: EventFlow;
/** Made by the first tests, and used by the later ones. */
let sourceId: string;
let writeKey: string;
let destinationId: string;
let workspaceId: string;
let sendActionId: string;

beforeAll(async () => {
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets'] });
  api = publicApiClient(running.endpoints.apiUrl, running.endpoints.apiToken);
  flow = await eventFlow(running.endpoints.trackingUrl);
}, 120_000);
afterAll(async () => {
  await flow?.stop();
  await running?.kill();
}, 30_000);

/** A webhook of the source that sends everything to that path of the sink. */
async function aWebhookTo(path: string, of: { sourceId: string; enabled: boolean }): Promise<string> {
  const { destination } = await unwrap(
    api.destinations.createDestination({
      sourceId: of.sourceId,
      metadataId: 'webhook',
      name: `To ${path}`,
      settings: {},
    }),
  );
  await unwrap(
    api.destinations.createDestinationSubscription(destination.id, {
      name: 'Everything',
      actionId: sendActionId,
      trigger: 'type = "track" or type = "identify"',
      enabled: true,
      settings: { url: `${flow.sink.url}${path}`, method: 'POST', data: { '@path': '$.' } },
    }),
  );
  if (of.enabled) await unwrap(api.destinations.updateDestination(destination.id, { enabled: true }));
  return destination.id;
}

test('the workspace of the token is answered, and echo fails in every way that it is asked to', async () => {
  const { workspace } = await unwrap(api.workspaces.getWorkspace());
  workspaceId = workspace.id;
  expect(workspace).toMatchObject({ id: expect.any(String), slug: 'demo', name: expect.any(String) });
  await expect(unwrap(api.testing.echo('hello', 1))).resolves.toMatchObject({ message: 'hello', method: 'get' });
  for (const [args, status] of [
    [['no', undefined, true], 400],
    [['no', undefined, undefined, true, undefined, 409], 409],
    [['no', undefined, undefined, undefined, true], 500],
    [['no', undefined, true, undefined, undefined, 404], 404],
  ] as const) {
    await expect(outcomeOf(api.testing.echo(...(args as unknown as [string])))).resolves.toMatchObject({
      error: { message: expect.any(String), status },
    });
  }
});

test('the catalog lists what can be made, page by page, and one entry is what the list holds', async () => {
  const { destinationsCatalog, pagination } = await unwrap(api.catalog.getDestinationsCatalog({ count: 5 }));
  expect(destinationsCatalog).toHaveLength(5);
  const second = await unwrap(api.catalog.getDestinationsCatalog({ count: 5, cursor: pagination.next as string }));
  expect(second.destinationsCatalog.map(({ id }) => id)).not.toContain(destinationsCatalog[0]?.id);
  const { destinationMetadata } = await unwrap(api.catalog.getDestinationMetadata('webhook'));
  expect(destinationMetadata).toMatchObject({ slug: 'webhook', status: 'PUBLIC' });
  sendActionId = destinationMetadata.actions.find(({ slug }) => slug === 'send')?.id ?? '';
  expect(sendActionId).not.toBe('');
  const { sourcesCatalog } = await unwrap(api.catalog.getSourcesCatalog(ALL));
  const [first] = sourcesCatalog;
  await expect(unwrap(api.catalog.getSourceMetadata(first?.id ?? ''))).resolves.toMatchObject({
    sourceMetadata: { slug: first?.slug },
  });
  await expect(unwrap(api.catalog.getWarehousesCatalog(ALL))).resolves.toMatchObject({ warehousesCatalog: [] });
  await expect(outcomeOf(api.catalog.getWarehouseMetadata('snowflake'))).resolves.toMatchObject({
    error: { type: 'not-found', status: 404 },
  });
}, 30_000);

test('a source is made with a write key that works at once, and is found in lists', async () => {
  const server = (await unwrap(api.catalog.getSourcesCatalog(ALL))).sourcesCatalog.find(
    ({ slug }) => slug === 'node-js',
  );
  const { source } = await unwrap(
    api.sources.createSource({ slug: 'shop-server', enabled: true, metadataId: server?.id ?? '' }),
  );
  expect(source).toMatchObject({ slug: 'shop-server', enabled: true, workspaceId, labels: [] });
  sourceId = source.id;
  writeKey = source.writeKeys[0] ?? '';
  await expect(flow.takes(writeKey)).resolves.toBe('taken');
  const { sources } = await unwrap(api.sources.listSources(ALL));
  expect(sources.map(({ id }) => id)).toContain(sourceId);
  await expect(unwrap(api.sources.getSource(sourceId))).resolves.toMatchObject({
    source: { id: sourceId },
    trackingPlanId: null,
  });
  await expect(
    outcomeOf(api.sources.createSource({ slug: 'shop-server', enabled: true, metadataId: server?.id ?? '' })),
  ).resolves.toMatchObject({
    error: { status: expect.any(Number), field: 'slug' },
  });
}, 30_000);

test('a source that is disabled takes nothing within seconds, and takes events again when it is enabled', async () => {
  await unwrap(api.sources.updateSource(sourceId, { name: 'Shop server', enabled: false }));
  await flow.untilSo(
    IN_FORCE_MS,
    async () => (await flow.takes(writeKey)) === 'source-disabled',
    'the source is disabled',
  );
  await unwrap(api.sources.updateSource(sourceId, { enabled: true }));
  await flow.untilSo(IN_FORCE_MS, async () => (await flow.takes(writeKey)) === 'taken', 'the source is enabled');
  await expect(unwrap(api.sources.getSource(sourceId))).resolves.toMatchObject({
    source: { name: 'Shop server', enabled: true },
  });
}, 30_000);

async function isKnownAsUsed(key: string): Promise<boolean> {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}/app-api/stats/write-keys?sourceId=${sourceId}`, {
    headers: { authorization: `Bearer ${apiToken}` },
  });
  const { data } = (await answer.json()) as { data: { stats: { writeKey: string; lastUsedAt: string | null }[] } };
  const found = data.stats.find((one) => one.writeKey === key);
  return typeof found?.lastUsedAt === 'string';
}

test('write keys are added and revoked one by one, and a revoked one is refused', async () => {
  const { source } = await unwrap(api.sources.createWriteKeyForSource(sourceId));
  expect(source.writeKeys).toHaveLength(2);
  const added = source.writeKeys.find((key) => key !== writeKey) ?? '';
  await expect(flow.takes(added)).resolves.toBe('taken');
  // The sums of minutes are asked for at most every 10 s.
  await flow.untilSo(30_000, async () => await isKnownAsUsed(added), 'the use of the new key is known');
  await expect(unwrap(api.sources.removeWriteKeyFromSource(sourceId, added))).resolves.toEqual(SUCCESS);
  await flow.untilSo(REVOKED_MS, async () => (await flow.takes(added)) === 'unknown-write-key', 'the key is revoked');
  await expect(flow.takes(writeKey)).resolves.toBe('taken');
}, 90_000);

test('a destination gets nothing until it is enabled, and what its subscription says from then on', async () => {
  const witnessId = await aWebhookTo('/witness', { sourceId, enabled: true });
  destinationId = await aWebhookTo('/orders', { sourceId, enabled: false });
  await flow.untilSo(
    IN_FORCE_MS * 2,
    async () => await flow.reaches('/witness', await flow.send(writeKey, { event: 'First' })),
    'the witness gets events',
  );
  await expect(flow.isHeldBack('/orders', '/witness', await flow.send(writeKey, { event: 'Too early' }))).resolves.toBe(
    true,
  );

  const { destination } = await unwrap(
    api.destinations.updateDestination(destinationId, { enabled: true, name: 'Orders' }),
  );
  expect(destination).toMatchObject({
    id: destinationId,
    name: 'Orders',
    enabled: true,
    sourceId,
    metadata: { slug: 'webhook' },
  });
  await flow.untilSo(
    IN_FORCE_MS,
    async () => !(await flow.isHeldBack('/orders', '/witness', await flow.send(writeKey, { event: 'In time' }))),
    'it is enabled',
  );

  const { destinations } = await unwrap(api.sources.listConnectedDestinationsFromSource(sourceId, ALL));
  expect(destinations.map(({ id }) => id).toSorted()).toEqual([destinationId, witnessId].toSorted());
  await expect(unwrap(api.sources.listConnectedWarehousesFromSource(sourceId, ALL))).resolves.toMatchObject({
    warehouses: [],
  });
  const all = await unwrap(api.destinations.listDestinations(ALL));
  expect(all.destinations.map(({ id }) => id)).toEqual(expect.arrayContaining([destinationId, witnessId]));
  await expect(unwrap(api.destinations.getDestination(destinationId))).resolves.toMatchObject({
    destination: { name: 'Orders' },
  });
  await unwrap(api.destinations.updateDestination(destinationId, { settings: { sharedSecret: 'canary-of-the-sdk' } }));
  const { destination: shown } = await unwrap(api.destinations.getDestination(destinationId));
  expect(JSON.stringify(shown)).not.toContain('canary-of-the-sdk');
}, 120_000);

test('subscriptions are listed, changed and removed, and the destination obeys', async () => {
  const { subscriptions } = await unwrap(api.destinations.listSubscriptionsFromDestination(destinationId, ALL));
  const [one] = subscriptions;
  const id = one?.id ?? '';
  await expect(unwrap(api.destinations.getSubscriptionFromDestination(destinationId, id))).resolves.toMatchObject({
    subscription: { id, actionId: sendActionId, actionSlug: 'send' },
  });
  const { subscription } = await unwrap(
    api.destinations.updateSubscriptionForDestination(destinationId, id, {
      input: { trigger: 'event = "Order Completed"' },
    }),
  );
  expect(subscription).toMatchObject({ trigger: 'event = "Order Completed"', enabled: true });
  await flow.untilSo(
    IN_FORCE_MS,
    async () => await flow.isHeldBack('/orders', '/witness', await flow.send(writeKey, { event: 'Looked' })),
    'the trigger is in force',
  );
  await flow.arrives('/orders', await flow.send(writeKey, { event: 'Order Completed' }));
  await expect(
    outcomeOf(api.destinations.updateSubscriptionForDestination(destinationId, id, { input: { trigger: 'event = ' } })),
  ).resolves.toMatchObject({
    error: { status: 422, type: 'input-validation', field: expect.stringContaining('trigger') },
  });
  await expect(unwrap(api.destinations.removeSubscriptionFromDestination(destinationId, id))).resolves.toEqual(SUCCESS);
  await flow.untilSo(
    IN_FORCE_MS,
    async () => await flow.isHeldBack('/orders', '/witness', await flow.send(writeKey, { event: 'Order Completed' })),
    'no subscription is left',
  );
}, 120_000);

test('a filter that the SDK makes drops an event of the Node SDK within seconds, and lets it pass when it is gone', async () => {
  destinationId = await aWebhookTo('/filtered', { sourceId, enabled: true });
  const isHeld = async (event: string, properties = {}) =>
    await flow.isHeldBack('/filtered', '/witness', await flow.send(writeKey, { event, properties }));
  await flow.untilSo(IN_FORCE_MS, async () => !(await isHeld('Cheap', { total: 1 })), 'it is enabled');
  const wanted = {
    if: 'properties.total < 10',
    actions: [{ type: 'DROP' as never }],
    title: 'No small orders',
    enabled: true,
  };
  const { filter } = await unwrap(api.filters.createFilterForDestination(destinationId, { sourceId, ...wanted }));
  expect(filter).toMatchObject({ ...wanted, sourceId, destinationId });
  await flow.untilSo(IN_FORCE_MS, async () => await isHeld('Cheap', { total: 1 }), 'the filter is in force');
  await expect(isHeld('Dear', { total: 100 })).resolves.toBe(false);

  const { filters } = await unwrap(api.filters.listFiltersFromDestination(destinationId, ALL));
  expect(filters.map(({ id }) => id)).toEqual([filter.id]);
  await expect(unwrap(api.filters.getFilterInDestination(destinationId, filter.id))).resolves.toMatchObject({
    filter: { title: wanted.title },
  });
  const changed = {
    actions: [{ type: 'DROP_PROPERTIES' as never, fields: { properties: ['email'] } }],
    description: null as never,
  };
  await unwrap(api.filters.updateFilterForDestination(destinationId, filter.id, changed));
  // By what arrives: an environment that has not heard of the filter at all drops nothing either.
  await flow.untilSo(
    IN_FORCE_MS,
    async () => {
      const messageId = await flow.send(writeKey, { event: 'Cheap', properties: { total: 2, email: 'a@b.test' } });
      if (!(await flow.reaches('/filtered', messageId))) return false;
      const seen = await flow.arrives('/filtered', messageId);
      return JSON.stringify(seen['properties']) === '{"total":2}';
    },
    'the filter takes a field out',
  );

  const payload = { type: 'track', event: 'Cheap', properties: { total: 3, email: 'a@b.test' } };
  const preview = await unwrap(
    api.filters.previewDestinationFilter({ filter: { if: 'all', actions: [{ type: 'DROP' as never }] }, payload }),
  );
  expect(preview).toEqual({ inputPayload: payload, result: null });
  await expect(unwrap(api.filters.removeFilterFromDestination(destinationId, filter.id))).resolves.toEqual(SUCCESS);
  await flow.untilSo(
    IN_FORCE_MS,
    async () => {
      const event = await flow.arrives(
        '/filtered',
        await flow.send(writeKey, { event: 'Cheap', properties: { email: 'a@b.test' } }),
      );
      return JSON.stringify(event['properties']) === '{"email":"a@b.test"}';
    },
    'the filter is gone',
  );
}, 180_000);

test('schema settings, tracking plans and transformations are kept as they were sent, and change nothing yet', async () => {
  await unwrap(api.sources.updateSchemaSettingsInSource(sourceId, { track: { allowUnplannedEvents: true } }));
  await expect(unwrap(api.sources.listSchemaSettingsInSource(sourceId))).resolves.toMatchObject({
    sourceId,
    settings: { track: { allowUnplannedEvents: true } },
  });

  const { trackingPlan } = await unwrap(api.trackingPlans.createTrackingPlan({ name: 'Shop', type: 'LIVE' as never }));
  const plan = trackingPlan.id;
  const rule = { type: 'TRACK' as never, key: 'Order Completed', version: 1, jsonSchema: { type: 'object' } };
  await unwrap(api.trackingPlans.replaceRulesInTrackingPlan(plan, { rules: [rule] }));
  await unwrap(api.trackingPlans.updateRulesInTrackingPlan(plan, { rules: [{ ...rule, key: 'Order Refunded' }] }));
  const { rules } = await unwrap(api.trackingPlans.listRulesFromTrackingPlan(plan, ALL));
  expect(rules.map(({ key }) => String(key)).toSorted()).toEqual(['Order Completed', 'Order Refunded']);
  await expect(
    unwrap(
      api.trackingPlans.removeRulesFromTrackingPlan(plan, [
        { type: 'TRACK' as never, key: 'Order Refunded', version: 1 },
      ]),
    ),
  ).resolves.toEqual(SUCCESS);
  await expect(unwrap(api.trackingPlans.updateTrackingPlan(plan, { name: 'Shop 2' }))).resolves.toEqual(SUCCESS);
  await unwrap(api.trackingPlans.addSourceToTrackingPlan(plan, { sourceId }));
  await expect(unwrap(api.sources.getSource(sourceId))).resolves.toMatchObject({ trackingPlanId: plan });
  const connected = await unwrap(api.trackingPlans.listSourcesFromTrackingPlan(plan, ALL));
  expect(connected.sources.map(({ id }) => id)).toEqual([sourceId]);
  await unwrap(api.trackingPlans.removeSourceFromTrackingPlan(plan, sourceId));
  await expect(unwrap(api.trackingPlans.getTrackingPlan(plan))).resolves.toMatchObject({
    trackingPlan: { name: 'Shop 2' },
  });
  const plans = await unwrap(api.trackingPlans.listTrackingPlans(ALL, 'LIVE'));
  expect(plans.trackingPlans.map(({ id }) => id)).toEqual([plan]);
  await expect(unwrap(api.trackingPlans.deleteTrackingPlan(plan))).resolves.toEqual(SUCCESS);

  const wanted = { name: 'Rename', sourceId, enabled: true, if: 'event = "Old"', newEventName: 'New' };
  const { transformation } = await unwrap(api.transformations.createTransformation(wanted));
  expect(transformation).toMatchObject(wanted);
  const { id } = transformation;
  await unwrap(api.transformations.updateTransformation(id, { newEventName: 'Newer' }));
  await expect(unwrap(api.transformations.getTransformation(id))).resolves.toMatchObject({
    transformation: { newEventName: 'Newer' },
  });
  const { transformations } = await unwrap(api.transformations.listTransformations(ALL));
  expect(transformations.map((one) => one.id)).toEqual([id]);
  await expect(unwrap(api.transformations.deleteTransformation(id))).resolves.toEqual(SUCCESS);
}, 30_000);

test('labels mark sources, a label in use is not deleted, and %2F in its path is part of its name', async () => {
  const label = { key: 'team', value: 'checkout', description: 'Who owns it.' };
  await expect(unwrap(api.labels.createLabel({ label }))).resolves.toEqual({ label });
  const { labels } = await unwrap(api.labels.listLabels());
  expect(labels).toContainEqual(label);
  const bare = { key: 'team', value: 'checkout' };
  await expect(unwrap(api.sources.addLabelsToSource(sourceId, { labels: [bare] }))).resolves.toMatchObject({
    labels: [bare],
  });
  await expect(unwrap(api.sources.getSource(sourceId))).resolves.toMatchObject({ source: { labels: [bare] } });
  await expect(outcomeOf(api.labels.deleteLabel('team', 'checkout'))).resolves.toMatchObject({
    error: { status: 409 },
  });
  await expect(unwrap(api.sources.replaceLabelsInSource(sourceId, { labels: [] }))).resolves.toEqual({
    labels: [],
  });
  await expect(unwrap(api.labels.deleteLabel('team', 'checkout'))).resolves.toEqual(SUCCESS);
  await expect(outcomeOf(api.labels.deleteLabel('a b', 'c/d'))).resolves.toMatchObject({
    error: { type: 'not-found', status: 404 },
  });
}, 30_000);

test('people, groups, roles and invites: what is given is what they may do', async () => {
  const { roles } = await unwrap(api.roles.listRoles(ALL));
  const reader = roles.find(({ id }) => id === 'source-read-only')?.id ?? '';
  const permission = { roleId: reader, resources: [{ id: workspaceId, type: 'WORKSPACE' as never }] };
  const { emails } = await unwrap(api.users.createInvites({ invites: [{ email: 'ada@shop.example' }] }));
  expect(emails).toEqual(['ada@shop.example']);
  await expect(unwrap(api.users.listInvites(ALL))).resolves.toMatchObject({ invites: ['ada@shop.example'] });

  const { userGroup } = await unwrap(api.groups.createUserGroup({ name: 'Analysts' }));
  await expect(unwrap(api.groups.updateUserGroup(userGroup.id, { name: 'Readers' }))).resolves.toMatchObject({
    userGroup: { name: 'Readers' },
  });
  await unwrap(api.groups.addPermissionsToUserGroup(userGroup.id, { permissions: [permission] }));
  await expect(
    unwrap(api.groups.replacePermissionsForUserGroup(userGroup.id, { permissions: [permission] })),
  ).resolves.toMatchObject({ permissions: [{ roleId: reader }] });
  await unwrap(api.groups.addUsersToUserGroup(userGroup.id, { emails: ['ada@shop.example'] }));
  await expect(unwrap(api.groups.listInvitesFromUserGroup(userGroup.id, ALL))).resolves.toMatchObject({
    emails: ['ada@shop.example'],
  });
  await expect(unwrap(api.groups.getUserGroup(userGroup.id))).resolves.toMatchObject({
    userGroup: { id: userGroup.id, memberCount: expect.any(Number) },
  });
  const { userGroups } = await unwrap(api.groups.listUserGroups(ALL));
  expect(userGroups.map(({ name }) => name)).toContain('Readers');

  const owner = await signedInOwner();
  const { users } = await unwrap(api.users.listUsers(ALL));
  const me = users.find(({ email }) => email === owner.email);
  const userId = me?.id ?? '';
  await expect(unwrap(api.users.getUser(userId))).resolves.toMatchObject({ user: { id: userId, email: owner.email } });
  await unwrap(api.groups.replaceUsersInUserGroup(userGroup.id, { emails: [owner.email] }));
  await expect(unwrap(api.groups.listUsersFromUserGroup(userGroup.id, ALL))).resolves.toMatchObject({
    users: [{ id: userId }],
  });
  await expect(unwrap(api.users.listUserGroupsFromUser(userId, ALL))).resolves.toMatchObject({
    groups: [{ id: userGroup.id }],
  });
  await unwrap(api.users.addPermissionsToUser(userId, { permissions: [permission] }));
  const mine = { roleId: 'workspace-owner', resources: [{ id: workspaceId, type: 'WORKSPACE' as never }] };
  await expect(unwrap(api.users.replacePermissionsForUser(userId, { permissions: [mine] }))).resolves.toMatchObject({
    permissions: [{ roleId: 'workspace-owner' }],
  });
  await expect(unwrap(api.groups.removeUsersFromUserGroup(userGroup.id, [owner.email]))).resolves.toEqual(SUCCESS);
  await expect(unwrap(api.groups.deleteUserGroup(userGroup.id))).resolves.toEqual(SUCCESS);
  await expect(unwrap(api.users.deleteInvites(['ada@shop.example']))).resolves.toEqual(SUCCESS);
  await expect(unwrap(api.users.listInvites(ALL))).resolves.toMatchObject({ invites: [] });
  // The last owner stays.
  await expect(outcomeOf(api.users.deleteUsers([userId]))).resolves.toMatchObject({
    error: { status: expect.any(Number) },
  });
}, 60_000);

/** The owner, by the page that people sign in with. */
async function signedInOwner(): Promise<{ email: string; bearer: string }> {
  const place = running.endpoints.signIn;
  if (place === null) throw new Error('There is no sign-in');
  const { accessToken, idToken } = await signIn(place, 'demo owner');
  const answer = await fetch(`${running.endpoints.apiUrl}/app-api/sign-in`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ idToken }),
  });
  const { data } = (await answer.json()) as { data: { user: { email: string } } };
  return { email: data.user.email, bearer: accessToken };
}

test('suppressed people are kept out until that is taken back', async () => {
  const { regulateId } = await unwrap(
    api.suppression.createWorkspaceRegulation({
      regulationType: 'SUPPRESS_ONLY' as never,
      subjectType: 'USER_ID' as never,
      subjectIds: ['u-suppressed'],
    }),
  );
  const isKept = async () => {
    const messageId = await flow.send(writeKey, { event: 'By nobody', userId: 'u-suppressed' });
    await flow.arrives('/witness', await flow.send(writeKey, { event: 'By somebody' }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const answer = await fetch(`${flow.sink.url}/events?messageId=${messageId}`);
    return ((await answer.json()) as { events: unknown[] }).events.length === 0;
  };
  await flow.untilSo(IN_FORCE_MS * 2, isKept, 'the suppression is in force');
  const { suppressed } = await unwrap(api.suppression.listSuppressions(ALL));
  expect(JSON.stringify(suppressed)).toContain('u-suppressed');
  await expect(unwrap(api.suppression.getRegulation(regulateId))).resolves.toMatchObject({
    regulation: { id: regulateId, workspaceId },
  });
  const { regulations } = await unwrap(api.suppression.listWorkspaceRegulations(ALL, undefined, ['SUPPRESS_ONLY']));
  expect(regulations).toContainEqual(expect.objectContaining({ id: regulateId, subjects: ['u-suppressed'] }));
  await expect(outcomeOf(api.suppression.deleteRegulation(regulateId))).resolves.toMatchObject({
    error: { status: 409 },
  });
  await unwrap(
    api.suppression.createWorkspaceRegulation({
      regulationType: 'UNSUPPRESS' as never,
      subjectType: 'USER_ID' as never,
      subjectIds: ['u-suppressed'],
    }),
  );
  await flow.untilSo(IN_FORCE_MS * 2, async () => !(await isKept()), 'the suppression is taken back');
  await expect(
    outcomeOf(
      api.suppression.createWorkspaceRegulation({
        regulationType: 'DELETE_ONLY' as never,
        subjectType: 'USER_ID' as never,
        subjectIds: ['u-1'],
      }),
    ),
  ).resolves.toMatchObject({ error: { status: 501 } });
}, 120_000);

test('the audit trail names who did all this, newest first, page by page', async () => {
  const { events, pagination } = await unwrap(api.auditTrail.listAuditEvents({ count: 10 }));
  expect(events).toHaveLength(10);
  const next = await unwrap(api.auditTrail.listAuditEvents({ count: 10, cursor: pagination?.next as string }));
  expect(next.events.map(({ id }) => id)).not.toContain(events[0]?.id);
  const { events: ofSource } = await unwrap(api.auditTrail.listAuditEvents(ALL, undefined, undefined, sourceId));
  expect(ofSource.every(({ resourceId }) => resourceId === sourceId)).toBe(true);
  expect(ofSource.map(({ type }) => type)).toContain('Source Created');
}, 30_000);

test('usage is told for a month, by day and source', async () => {
  const period = `${new Date().toISOString().slice(0, 7)}-01`;
  const { dailyWorkspaceAPICallsUsage: calls } = await unwrap(api.apiCalls.getDailyWorkspaceAPICallsUsage(period, ALL));
  const { dailyWorkspaceMTUUsage: users } = await unwrap(
    api.monthlyTrackedUsers.getDailyWorkspaceMTUUsage(period, ALL),
  );
  expect(users.map(({ timestamp }) => timestamp)).toEqual(calls.map(({ timestamp }) => timestamp));
  const ofSources = await unwrap(api.apiCalls.getDailyPerSourceAPICallsUsage(period, ALL));
  expect(ofSources.dailyPerSourceAPICallsUsage.map((one) => one.sourceId)).toContain(sourceId);
  const usersOfSources = await unwrap(api.monthlyTrackedUsers.getDailyPerSourceMTUUsage(period, ALL));
  expect(usersOfSources.dailyPerSourceMTUUsage).toHaveLength(ofSources.dailyPerSourceAPICallsUsage.length);
  await expect(outcomeOf(api.apiCalls.getDailyWorkspaceAPICallsUsage('2026-11-02', ALL))).resolves.toMatchObject({
    error: { field: 'period' },
  });
});

test('delivery is told by step, and events by volume, whichever way the library asks', async () => {
  const now = Date.now();
  const range = [new Date(now - 3_600_000).toISOString(), new Date(now).toISOString()] as const;
  const { deliveryOverview } = api;
  for (const granularity of ['minute', 'hour'] as const) {
    const ofSource = [sourceId, ...range, granularity, ALL] as const;
    const received = await unwrap(deliveryOverview.getIngressSuccessMetricsFromDeliveryOverview(...ofSource));
    const refused = await unwrap(deliveryOverview.getIngressFailedMetricsFromDeliveryOverview(...ofSource));
    const blocked = await unwrap(deliveryOverview.getFilteredAtSourceMetricsFromDeliveryOverview(...ofSource));
    const atDestination = [sourceId, destinationId, ...range, granularity, ALL] as const;
    const filtered = await unwrap(
      deliveryOverview.getFilteredAtDestinationMetricsFromDeliveryOverview(...atDestination),
    );
    const delivered = await unwrap(deliveryOverview.getEgressSuccessMetricsFromDeliveryOverview(...atDestination));
    const failed = await unwrap(deliveryOverview.getEgressFailedMetricsFromDeliveryOverview(...atDestination));
    for (const { total, dataset } of [received, refused, blocked, filtered, delivered, failed]) {
      expect(dataset.reduce((sum, each) => sum + each.total, 0)).toBe(total);
    }
    expect(received.total).toBeGreaterThan(0);
  }
  const { deliveryMetricsSummary } = await unwrap(
    api.destinations.listDeliveryMetricsSummaryFromDestination(destinationId, sourceId, ...range, 'MINUTE'),
  );
  expect(deliveryMetricsSummary).toMatchObject({ sourceId, destinationMetadataId: expect.any(String) });
  const volume = await unwrap(api.events.getEventsVolumeFromWorkspace('HOUR', ...range, ['source']));
  expect(volume.result.find(({ source }) => source?.id === sourceId)?.total).toBeGreaterThan(0);
}, 60_000);

test('a deleted destination gets nothing, and the key of a deleted source is refused', async () => {
  await expect(unwrap(api.destinations.deleteDestination(destinationId))).resolves.toEqual(SUCCESS);
  await expect(outcomeOf(api.destinations.getDestination(destinationId))).resolves.toMatchObject({
    error: { status: 404 },
  });
  await expect(unwrap(api.sources.deleteSource(sourceId))).resolves.toEqual(SUCCESS);
  await flow.untilSo(REVOKED_MS, async () => (await flow.takes(writeKey)) !== 'taken', 'the source is deleted');
}, 90_000);

test('every operation in effect that the library has was called here, and did what it should', () => {
  const known = new Map(knownOperations().map((one) => [one.id, one]));
  const inEffect = Object.entries(OPERATIONS).filter(
    ([id, { effect }]) => effect !== 'later' && known.get(id)?.in47 === true,
  );
  const wellAnswered = new Set(
    api.calls.filter(({ status }) => status >= 200 && status < 300).map(({ operation }) => operation),
  );
  // Never well: there are no warehouses, a suppression is finished at once, and the last owner stays.
  const never = ['getWarehouseMetadata', 'deleteRegulation', 'deleteUsers'];
  expect(inEffect.map(([id]) => id).filter((id) => !wellAnswered.has(id) && !never.includes(id))).toEqual([]);
  expect(inEffect.length).toBeGreaterThanOrEqual(85);
});

test('every other operation of the library is answered in its envelope: none makes it crash', async () => {
  const called = new Set(api.calls.map(({ operation }) => operation));
  const others = [...api.operations].filter(([id]) => !called.has(id));
  expect(others.length).toBeGreaterThan(60);
  const answers = new Map<string, number>();
  for (const [id, call] of others) {
    // Whatever it takes: an id, a page, a body. The library checks that they are there and nothing else.
    const given = ['x', ALL, {}, ALL, ALL, ALL, ALL, ALL];
    const outcome = await outcomeOf(call(...given) as Promise<{ body: { data?: unknown } }>);
    answers.set(id, 'error' in outcome ? outcome.error.status : 200);
  }
  const later = [...answers].filter(([id]) => OPERATIONS[id]?.effect === 'later');
  expect(later.filter(([, status]) => status !== 501 && status !== 422 && status !== 404)).toEqual([]);
  expect([...answers.values()].filter((status) => status >= 500 && status !== 501)).toEqual([]);
}, 60_000);

test.each([
  ['brackets', 'pagination[count]=2'],
  ['encoded brackets', 'pagination%5Bcount%5D=2'],
  ['dots', 'pagination.count=2'],
])('a page is asked for by %s, as clients of other languages do', async (_case, query) => {
  const answer = await ask('GET', `/roles?${query}`);
  const { data } = answer.body as { data: { roles: unknown[] } };
  expect([answer.status, data.roles.length]).toEqual([200, 2]);
});

test.each([
  ['brackets with numbers', 'emails[0]=a@b.test&emails[1]=c@d.test'],
  ['empty brackets', 'emails[]=a@b.test&emails[]=c@d.test'],
  ['repeated keys', 'emails=a@b.test&emails=c@d.test'],
  ['dots with numbers', 'emails.0=a@b.test&emails.1=c@d.test'],
  ['JSON', 'emails=["a@b.test","c@d.test"]'],
  ['commas', 'emails=a@b.test,c@d.test'],
])('a list is named by %s, as clients of other languages do', async (_case, query) => {
  await unwrap(api.users.createInvites({ invites: [{ email: 'a@b.test' }, { email: 'c@d.test' }] }));
  const answer = await ask('DELETE', `/invites?${query}`);
  expect([answer.status, answer.body]).toEqual([200, { data: SUCCESS }]);
  await expect(unwrap(api.users.listInvites(ALL))).resolves.toMatchObject({ invites: [] });
});

test.each([
  ['a path that is not there', 404, () => ask('GET', '/no/such/path')],
  ['a method that is not there', 405, () => ask('PUT', '/echo')],
  [
    'a body that is too large',
    413,
    () => ask('POST', '/labels', { body: JSON.stringify({ x: 'y'.repeat(1_000_001) }) }),
  ],
  ['a body that is not JSON', 422, () => ask('POST', '/labels', { body: '{' })],
  [
    'a field that is not known',
    422,
    () => ask('POST', '/labels', { body: '{"label":{"key":"a","value":"b"},"colour":1}' }),
  ],
  ['no token', 401, () => ask('GET', '/sources', { bearer: '' })],
  ['what is not offered', 501, () => ask('GET', '/warehouses')],
  ['a cursor that nobody signed', 422, () => ask('GET', '/sources?pagination[cursor]=Mw==')],
  ['a token that is nobody’s, too often', 429, () => tooOften()],
])(
  '%s is answered %d in the envelope, which the library reads',
  async (_case, status, send) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    // As the library does: it rejects with the body, and unwrap throws the first of its errors.
    const rejected = Promise.reject(Object.assign(new Error('HTTP'), { body: answer.body, statusCode: answer.status }));
    await expect(outcomeOf(rejected)).resolves.toMatchObject({
      error: { type: expect.any(String), message: expect.any(String), status },
    });
  },
  30_000,
);

async function ask(method: string, path: string, { body, bearer }: { body?: string; bearer?: string } = {}) {
  const answer = await fetch(`${running.endpoints.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer ?? running.endpoints.apiToken}` },
    ...(body !== undefined && { body }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

/** More than an address may try in a minute with tokens that are nobody's, in as many environments as there may be. */
async function tooOften() {
  for (let tries = 0; tries < 3_000; tries += 1) {
    const answer = await ask('GET', '/', { bearer: 'tby_nobody' });
    if (answer.status !== 401) return answer;
  }
  throw new Error('Nobody counts');
}
