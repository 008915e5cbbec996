import { connect } from 'node:net';
import { testEvent, type TestDeps } from '../../../../functions/deliver/test-event.ts';
import { mapPayload, placeheldFields, shownFields } from '../../../../shared/destinations/mapped-payload.ts';
import { placeholderSettings } from '../../../../shared/destinations/placeholder-settings.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import { IntakeId } from '../../../../shared/domain/ids.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import type { TestAsk } from '../../../../shared/ports/deliver-asks.ts';
import { bundledDestinations } from '../../../builders/destination-bundle.ts';
import { ANY_KIND } from '../../../builders/any-kind.ts';
import { fakeInbox } from '../../../builders/deliver-stores.ts';
import { type Answer, toolServer } from '../../../builders/tool-server.ts';
import { aDestination, aFilter, aMapping, aSource, aSourceSchema } from '../../../builders/workspace-things.ts';

const CANARY = 'canary-0123456789abcdef';
const NOW = '2026-11-26T10:00:00.000Z';
const EVENT = { type: 'track', event: 'Cup Bought', userId: 'u1', properties: { price: 12, email: 'a@b.test' } };
type Target = WorkspaceConfig['destinations'][number];

let bundle: Awaited<ReturnType<typeof bundledDestinations>>;
beforeAll(async () => {
  bundle = await bundledDestinations(['webhook', 'slack', 'customerio']);
}, 60_000);
const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const aHook = (url: string, over: Record<string, unknown> = {}) =>
  aMapping({
    action: 'send',
    fields: { url, method: 'POST', data: { '@path': '$.properties' }, headers: { 'x-api-key': CANARY } },
    ...over,
  });

async function setUp(
  make: (origin: string) => Target,
  { answer, ...over }: Partial<TestDeps> & { answer?: Answer; config?: Partial<WorkspaceConfig> } = {},
) {
  const tool = await toolServer(answer);
  const http = bundle.guardedHttp(bundle.targetRules(tool.host, ''));
  // Every public https host is the tool.
  http.agents.https.createConnection = () => connect(tool.port, '127.0.0.1');
  closing.push(tool.close, () => bundle.closeGuardedHttp(http));
  const inbox = fakeInbox();
  const config: WorkspaceConfig = {
    workspaceId: aSource().workspaceId,
    configVersion: 1,
    sources: [aSource()],
    destinations: [make(tool.origin)],
    ...over.config,
  };
  const deps: TestDeps = {
    sealer: { open: async ({ sealed }) => sealed },
    kindOf: () => ANY_KIND,
    secretFieldsOf: (type) => (type === 'slack' ? ['url'] : []),
    engine: bundle.createEngine({ http, now: () => new Date(NOW) }),
    inbox: inbox.store,
    mapPayload,
    shownFields,
    placeheldFields,
    placeholderSettings,
    now: () => new Date(NOW),
    monotonicMs: () => performance.now(),
    newIntakeId: () => IntakeId.parse(`in_${'0'.repeat(22)}`),
    ...over,
  };
  const ask = (asked: Partial<TestAsk> = {}) =>
    testEvent(deps, config, {
      workspaceId: aSource().workspaceId,
      destinationId: aDestination().id,
      event: EVENT,
      applyFilters: false,
      dryRun: false,
      ...asked,
    });
  return { tool, inbox, ask };
}

const hook =
  (over: Partial<Target> = {}, mapping: Record<string, unknown> = {}) =>
  (origin: string): Target => ({
    destination: aDestination({ type: 'webhook', name: 'Hook' }),
    mappings: [aHook(`${origin}/cups`, mapping)],
    ...over,
  });

test.each([
  ['track', EVENT],
  ['identify', { type: 'identify', userId: 'u1', traits: { email: 'a@b.test' } }],
  ['page', { type: 'page', userId: 'u1', name: 'Home' }],
  ['screen', { type: 'screen', userId: 'u1', name: 'Home' }],
  ['group', { type: 'group', userId: 'u1', groupId: 'g1' }],
  ['alias', { type: 'alias', userId: 'u1', previousId: 'a1' }],
])(
  'an event of the type %s is really sent, once, and the answer of the tool is shown (F15, F17)',
  async (type, event) => {
    const { tool, ask } = await setUp((origin) => ({
      destination: aDestination({ type: 'webhook' }),
      mappings: [aHook(`${origin}/cups`, { trigger: `type = "${type}"` })],
    }));
    const result = await ask({ event });
    expect(result).toMatchObject({
      dryRun: false,
      matched: 1,
      mappings: 1,
      requests: 1,
      filtered: null,
      placeholders: [],
    });
    expect(result?.subscriptions).toMatchObject([
      {
        subscriptionId: 'map_1',
        matched: true,
        outcome: 'DELIVERED',
        code: null,
        exchanges: [{ method: 'POST', status: 200, answeredBy: 'TOOL', responseBody: '{}' }],
      },
    ]);
    expect(tool.arrivals.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /cups']);
  },
);

test('without filters the event goes past those of the destination, with them it ends there, stage by stage (F16)', async () => {
  const filters = [aFilter({ if: 'event = "Cup Bought"', actions: [{ type: 'DROP' }] })];
  const { tool, ask } = await setUp(hook({ filters }));
  const stagesOf = async (applyFilters: boolean) => {
    const result = await ask({ applyFilters });
    return {
      filtered: result?.filtered,
      verdicts: result?.stages.map(({ stage, verdict, reason }) => `${stage} ${verdict} ${reason ?? ''}`.trim()),
    };
  };
  await expect(stagesOf(false)).resolves.toEqual({
    filtered: null,
    verdicts: [
      'validate PASSED',
      'suppression PASSED',
      'source-schema SKIPPED',
      'supported-type SKIPPED',
      'device-mode SKIPPED',
      'integrations-object SKIPPED',
      'schema-filter SKIPPED',
      'consent SKIPPED',
      'device-only SKIPPED',
      'filters SKIPPED',
      'mappings PASSED',
    ],
  });
  expect(tool.arrivals).toHaveLength(1);
  await expect(stagesOf(true)).resolves.toEqual({
    filtered: 'FILTERED_BY_RULES',
    verdicts: [
      'validate PASSED',
      'suppression PASSED',
      'source-schema PASSED',
      'supported-type PASSED',
      'device-mode PASSED',
      'integrations-object PASSED',
      'schema-filter PASSED',
      'consent PASSED',
      'device-only PASSED',
      'filters STOPPED FILTERED_BY_RULES',
      'mappings NOT_REACHED',
    ],
  });
  expect(tool.arrivals).toHaveLength(1);
});

test('fields that a filter drops are marked as gone, and what is sent lacks them (C15)', async () => {
  const filters = [aFilter({ if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['email'] } }] })];
  const { tool, ask } = await setUp(hook({ filters }));
  const result = await ask({ applyFilters: true });
  expect(result?.stages.find(({ stage }) => stage === 'filters')?.changes).toEqual([
    { kind: 'removed', path: 'properties.email', before: '"a@b.test"' },
  ]);
  expect(JSON.parse(tool.arrivals[0]?.body ?? '')).toEqual({ price: 12 });
});

test.each<[string, Partial<Target>, JsonObject, Partial<WorkspaceConfig>, string, string]>([
  ['no event', {}, { type: 'track', userId: 'u1' }, {}, 'validate', 'event_not_defined'],
  ['an event of a suppressed user', {}, EVENT, { suppressed: new Set(['u1']) }, 'suppression', 'suppressed'],
  [
    'what the source blocks',
    {},
    EVENT,
    { schemas: [aSourceSchema({ track: { 'Cup Bought': { enabled: false } } })] },
    'source-schema',
    'event_setting',
  ],
  [
    'what says to keep it out',
    {},
    { ...EVENT, integrations: { All: false } },
    {},
    'integrations-object',
    'FILTERED_BY_INTEGRATIONS_OBJECT',
  ],
  [
    'who has not agreed',
    { destination: aDestination({ type: 'webhook', consentCategories: ['ads'] }) },
    { ...EVENT, context: { consent: { categoryPreferences: { ads: false } } } },
    {},
    'consent',
    'FILTERED_BY_END_USER_CONSENT',
  ],
])('%s ends where the pipeline ends it, and nothing is sent', async (_case, over, event, config, stage, reason) => {
  const { tool, ask } = await setUp(hook(over), { config });
  const result = await ask({ event, applyFilters: true });
  expect(result?.stages.filter(({ verdict }) => verdict === 'STOPPED').map((one) => [one.stage, one.reason])).toEqual([
    [stage, reason],
  ]);
  expect(result).toMatchObject({
    filtered: reason,
    event: null,
    requests: 0,
    subscriptions: [{ outcome: 'FILTERED', reason }],
  });
  expect(tool.arrivals).toEqual([]);
});

test('a suppressed user’s event is sent by no test, whatever it skips (T25)', async () => {
  const { tool, ask } = await setUp(hook(), { config: { suppressed: new Set(['u1']) } });
  await expect(ask({ applyFilters: false })).resolves.toMatchObject({ filtered: 'suppressed', requests: 0 });
  expect(tool.arrivals).toEqual([]);
});

test('a dry run shows the request and what would be in it, opens no secret, and nothing leaves', async () => {
  const opened: string[] = [];
  const slack = (): Target => ({
    destination: aDestination({
      type: 'customerio',
      secrets: { siteId: { sealed: CANARY }, apiKey: { sealed: CANARY } },
    }),
    mappings: [
      aMapping({
        action: 'trackEvent',
        fields: {
          id: { '@path': '$.userId' },
          name: { '@path': '$.event' },
          data: { '@path': '$.properties' },
          event_id: 'e1',
          convert_timestamp: true,
        },
      }),
    ],
  });
  const { tool, ask } = await setUp(slack, {
    sealer: {
      open: async ({ sealed }) => {
        opened.push(sealed);
        return sealed;
      },
    },
  });
  const result = await ask({ dryRun: true });
  expect(result).toMatchObject({ dryRun: true, matched: 1, requests: 1, placeholders: ['siteId', 'apiKey'] });
  const [tried] = result?.subscriptions ?? [];
  expect(tried).toMatchObject({
    outcome: 'WOULD_SEND',
    code: null,
    mapped: { id: 'u1', name: 'Cup Bought', data: { price: 12, email: 'a@b.test' } },
    exchanges: [
      { method: 'POST', status: 200, answeredBy: 'DRY_RUN', responseHeaders: { 'tributary-answered-by': 'dry-run' } },
    ],
  });
  expect(tried?.exchanges[0]?.requestBody).toContain('Cup Bought');
  expect(tried?.changes).toContainEqual({ kind: 'added', path: 'id', after: '"u1"' });
  expect(opened).toEqual([]);
  expect(tool.arrivals).toEqual([]);
  expect(JSON.stringify(result)).not.toContain(CANARY);
});

test('a secret that stands fixed in a mapping is in nothing that a test shows, real or not', async () => {
  const slack = (): Target => ({
    destination: aDestination({ type: 'slack' }),
    mappings: [
      aMapping({
        action: 'postToChannel',
        fields: {
          url: `https://hooks.slack.com/services/T0000/B0000/${CANARY.replaceAll('-', '')}`,
          text: { '@template': '{{event}}' },
        },
      }),
    ],
  });
  const { tool, ask } = await setUp(slack, { answer: ({ url }, response) => void response.end(`no such hook ${url}`) });
  for (const dryRun of [true, false]) {
    const result = await ask({ dryRun });
    expect([result?.requests, result?.subscriptions[0]?.message]).toEqual([1, null]);
    expect(result?.subscriptions[0]?.exchanges[0]?.url).toBe(
      dryRun ? 'https://hooks.slack.com/services/DRYRUN0/DRYRUN0/DRYRUN0' : '[redacted]',
    );
    expect(JSON.stringify(result)).not.toContain(CANARY.replaceAll('-', ''));
  }
  expect(tool.arrivals.map(({ url }) => url)).toEqual([`/services/T0000/B0000/${CANARY.replaceAll('-', '')}`]);
});

test('headers of a mapping, where people put keys, are hidden in what is mapped', async () => {
  const { ask } = await setUp(hook());
  const result = await ask();
  expect(result?.subscriptions[0]?.mapped).toMatchObject({ headers: { 'x-api-key': '••••••••' } });
  expect(JSON.stringify(result)).not.toContain(CANARY);
});

test('n of m mappings match; one that is named is tried alone, enabled or not (F17)', async () => {
  const mappings = (origin: string) => [
    aHook(`${origin}/1`),
    aHook(`${origin}/2`, { id: 'map_2', name: 'Pages', trigger: 'type = "page"' }),
    aHook(`${origin}/3`, { id: 'map_3', name: 'Off', enabled: false }),
    aHook(`${origin}/4`, { id: 'map_4', name: 'Broken', trigger: 'type = ' }),
  ];
  const { tool, ask } = await setUp((origin) => ({
    destination: aDestination({ type: 'webhook' }),
    mappings: mappings(origin),
  }));
  const all = await ask();
  expect([all?.matched, all?.mappings, all?.requests]).toEqual([1, 3, 1]);
  expect(all?.subscriptions.map(({ subscriptionId, outcome, reason }) => [subscriptionId, outcome, reason])).toEqual([
    ['map_1', 'DELIVERED', null],
    ['map_2', 'FILTERED', 'NO_MATCHING_MAPPING'],
    ['map_4', 'FILTERED', 'INVALID_TRIGGER'],
  ]);
  const one = await ask({ subscriptionId: aMapping({ id: 'map_3' }).id });
  expect(one).toMatchObject({ matched: 1, mappings: 1, subscriptions: [{ enabled: false, outcome: 'DELIVERED' }] });
  expect(tool.arrivals.map(({ url }) => url)).toEqual(['/1', '/3']);
  await expect(ask({ subscriptionId: aMapping({ id: 'map_9' }).id })).resolves.toBeUndefined();
});

test('what the tool refuses is shown with its status and words', async () => {
  const { ask } = await setUp(hook(), {
    answer: (_arrival, response) => {
      response.statusCode = 422;
      response.end(`the key ${CANARY} may not`);
    },
  });
  const result = await ask();
  expect(result?.subscriptions).toMatchObject([{ outcome: 'DISCARDED', code: '422', exchanges: [{ status: 422 }] }]);
});

test('a secret that cannot be read is said, and a key service that does not answer is thrown', async () => {
  const destination = aDestination({ type: 'webhook', secrets: { sharedSecret: { sealed: 'x' } } });
  const failing = (retry: boolean) => ({
    open: () => Promise.reject(new AppError('secret-unreadable', 'no', { retry })),
  });
  const { ask } = await setUp(hook({ destination }), { sealer: failing(false) });
  await expect(ask()).resolves.toMatchObject({
    subscriptions: [{ outcome: 'DISCARDED', code: 'INVALID_SETTINGS', exchanges: [] }],
  });
  const away = await setUp(hook({ destination }), { sealer: failing(true) });
  await expect(away.ask()).rejects.toThrow('no');
});

test('the time of a test ends it, and says what was not tried', async () => {
  let ms = 0;
  const { ask, tool } = await setUp(hook(), { monotonicMs: () => (ms += 10_000) });
  await expect(ask()).resolves.toMatchObject({ subscriptions: [{ outcome: 'NOT_TRIED', code: 'not_tried' }] });
  expect(tool.arrivals).toEqual([]);
});

test('while an outage is rehearsed a test meets it too, and sends nothing', async () => {
  const destination = aDestination({ type: 'webhook', rehearsal: { status: 503, until: '2026-11-26T10:05:00.000Z' } });
  const { ask, tool } = await setUp(hook({ destination }));
  const result = await ask();
  expect(result?.subscriptions).toMatchObject([
    { outcome: 'FAILED', code: '503', exchanges: [{ status: 503, answeredBy: 'REHEARSAL' }] },
  ]);
  expect(result?.notes).toEqual(['An outage is rehearsed on the destination: Tributary answers in its place.']);
  expect(tool.arrivals).toEqual([]);
});

test('a test on an Inbox is kept there, a dry run is not', async () => {
  const { ask, inbox } = await setUp(() => ({ destination: aDestination(), mappings: [aMapping()] }));
  await expect(ask({ dryRun: true })).resolves.toMatchObject({ subscriptions: [{ outcome: 'WOULD_SEND' }] });
  expect(inbox.batches).toEqual([]);
  await expect(ask()).resolves.toMatchObject({ subscriptions: [{ outcome: 'DELIVERED' }] });
  expect(inbox.batches).toMatchObject([{ destinationId: 'dst_1', events: [{ event: 'Cup Bought' }] }]);
});

test('a destination that is switched off can be tried before it is switched on, and that is said', async () => {
  const destination = aDestination({ type: 'webhook', enabled: false, paused: { since: NOW, by: 'hand' } });
  const { ask } = await setUp(hook({ destination }));
  const result = await ask();
  expect(result).toMatchObject({ matched: 1, subscriptions: [{ outcome: 'DELIVERED' }] });
  expect(result?.notes).toHaveLength(2);
});

test('an answer that would be too long keeps its verdicts', async () => {
  const event = { ...EVENT, properties: { text: 'é'.repeat(15_000) } };
  const fields = { url: '', method: 'POST', data: { '@path': '$.' } };
  const { ask } = await setUp((origin) => ({
    destination: aDestination({ type: 'webhook' }),
    mappings: Array.from({ length: 50 }, (_, index) =>
      aHook('', { id: `map_${index}`, fields: { ...fields, url: `${origin}/${index}` } }),
    ),
  }));
  const result = await ask({ event });
  expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(950_000);
  expect(result?.subscriptions.map(({ outcome }) => outcome)).toEqual(Array(50).fill('DELIVERED'));
  expect(result?.subscriptions.at(-1)).toMatchObject({ isShortened: true, exchanges: [] });
});

test('a mapping that is not saved is tried alone, as if it were enabled, and only by a dry run', async () => {
  const { tool, ask } = await setUp(hook({}, { enabled: false, trigger: 'type = "page"' }));
  const mapping = {
    name: 'Draft',
    action: 'send',
    trigger: 'type = "track"',
    fields: { url: `${tool.origin}/draft`, method: 'POST', data: { price: { '@path': '$.properties.price' } } },
  };
  const asNew = await ask({ dryRun: true, mapping });
  expect(asNew).toMatchObject({ dryRun: true, matched: 1, mappings: 1, requests: 1 });
  expect(asNew?.subscriptions).toMatchObject([
    {
      subscriptionId: 'map_unsaved',
      name: 'Draft',
      enabled: true,
      outcome: 'WOULD_SEND',
      mapped: { data: { price: 12 } },
    },
  ]);
  const inPlace = await ask({ dryRun: true, mapping, subscriptionId: aMapping().id });
  expect(inPlace?.subscriptions).toMatchObject([{ subscriptionId: 'map_1', name: 'Draft', outcome: 'WOULD_SEND' }]);
  await expect(ask({ dryRun: false, mapping })).rejects.toThrow('dry run');
  expect(tool.arrivals).toEqual([]);
});
