import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LOADERS } from '../../../../shared/destinations/generated/loaders.ts';
import type { DestinationDefinition, MappingPreset } from '../../../../shared/destinations/destination-definition.ts';
import type { Engine, EngineWork, SendResult } from '../../../../shared/destinations/engine.ts';
import { LIBRARY_ROWS } from '../../../../shared/destinations/library-rows.ts';
import type { Json, JsonObject } from '../../../../shared/domain/json.ts';
import { bundleDestinationsAsModules, bundledDestinations } from '../../../builders/destination-bundle.ts';
import { type Answer, toolServer } from '../../../builders/tool-server.ts';

type Bundle = Awaited<ReturnType<typeof bundledDestinations>>;
let bundle: Bundle;
const closing: (() => Promise<void> | void)[] = [];

/** Definitions that tests send by, read once. */
const definitions = new Map<string, DestinationDefinition>();
const BUNDLED = ['webhook', 'slack', 'amplitude', 'mixpanel', 'google-analytics-4', 'customerio'];

beforeAll(async () => {
  bundle = await bundledDestinations(BUNDLED);
  for (const slug of BUNDLED) definitions.set(slug, await requireDefinition(slug));
}, 60_000);

async function requireDefinition(slug: string): Promise<DestinationDefinition> {
  const definition = await bundle.findDefinition(slug);
  if (definition === undefined) throw new Error(`There is no ${slug}`);
  return definition;
}

/** A preset by its name, or the first. */
function presetOf(slug: string, name?: string): MappingPreset {
  const presets = definitions.get(slug)?.presets ?? [];
  const preset = name === undefined ? presets[0] : presets.find((each) => each.name === name);
  if (preset === undefined) throw new Error(`${slug} has the preset ${name}`);
  return preset;
}

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const NOW = new Date('2026-11-24T10:00:00.000Z');

async function setUp(answer?: Answer) {
  const tool = await toolServer(answer);
  const http = bundle.guardedHttp(bundle.targetRules(tool.host, ''));
  closing.push(tool.close, () => bundle.closeGuardedHttp(http));
  return { tool, engine: bundle.createEngine({ http, now: () => NOW }) };
}

/** An engine that takes a tool on loopback for whatever public https host it asks for. */
async function setUpPublic(answer?: Answer) {
  const tool = await toolServer(answer);
  const http = bundle.guardedHttp(bundle.targetRules('', ''));
  http.agents.https.createConnection = () => connect(tool.port, '127.0.0.1');
  closing.push(tool.close, () => bundle.closeGuardedHttp(http));
  return { tool, engine: bundle.createEngine({ http, now: () => NOW }) };
}

/** An engine whose library holds what a test gives, and whose every target is allowed. */
async function setUpOwn(definition: unknown, answer?: Answer) {
  const tool = await toolServer(answer);
  const http = bundle.guardedHttp(bundle.targetRules(tool.host, ''));
  closing.push(tool.close, () => bundle.closeGuardedHttp(http));
  const loaders = { own: async () => ({ default: { default: definition } }) };
  return { tool, engine: bundle.createEngine({ http, now: () => NOW, loaders }) };
}

const aTrack = (over: Record<string, Json> = {}): JsonObject => ({
  type: 'track',
  event: 'Cup Bought',
  messageId: 'm1',
  userId: 'u1',
  anonymousId: 'a1',
  timestamp: '2026-11-24T09:59:59.000Z',
  receivedAt: '2026-11-24T10:00:00.000Z',
  context: {},
  integrations: {},
  properties: { price: 12 },
  ...over,
});

const turnsOfTheLoop = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Work whose event came to us for the first time, unless it says otherwise. */
type Work = Omit<EngineWork, 'hopThroughUs'> & Partial<Pick<EngineWork, 'hopThroughUs'>>;

const webhook = (url: Json, over: Record<string, Json> = {}, events: JsonObject[] = [aTrack()]): Work => ({
  slug: 'webhook',
  settings: {},
  mapping: {
    action: 'send',
    trigger: 'type = "track"',
    fields: { url, method: 'POST', data: { '@path': '$.' }, ...over },
  },
  events,
});

/** Makes all calls of a piece of work, and answers the results in the order of its events. */
async function run(engine: Engine, work: Work): Promise<SendResult[]> {
  const results: SendResult[] = [];
  const calls = await engine.callsOf({ hopThroughUs: 1, ...work });
  await Promise.all(
    calls.map(async (call) => {
      const answers = await call.run();
      for (const [at, index] of call.events.entries()) results[index] = answers[at] as SendResult;
    }),
  );
  return results;
}
const outcomes = async (engine: Engine, work: Work) => (await run(engine, work)).map(({ outcome }) => outcome);

test('a webhook gets the event as it is, in our name', async () => {
  const { tool, engine } = await setUp();
  await expect(outcomes(engine, webhook(`${tool.origin}/hook`))).resolves.toEqual([{ outcome: 'delivered' }]);
  expect(tool.arrivals).toMatchObject([
    {
      method: 'POST',
      url: '/hook',
      headers: { 'user-agent': expect.stringMatching(/^Tributary\//), 'x-tributary-hop': '1' },
    },
  ]);
  expect(JSON.parse(tool.arrivals[0]?.body ?? '')).toEqual(aTrack());
  expect(tool.arrivals[0]?.headers).not.toHaveProperty('x-signature');
});

test('trap 1: packages that the library forgets to declare are dependencies of ours', async () => {
  const manifest = JSON.parse(await readFile(join(process.cwd(), 'package.json'), 'utf8'));
  expect(manifest.dependencies).toMatchObject({ 'xml-js': expect.any(String), 'btoa-lite': expect.any(String) });
});

test('trap 2: a display name with spaces does not break the check of payloads', async () => {
  let origin = '';
  const action = {
    title: 'Send It Now',
    description: '',
    fields: { name: { label: 'Name', description: '', type: 'string', required: true } },
    perform: (request: (url: string, options: object) => Promise<unknown>) => request(origin, { method: 'POST' }),
  };
  const twin = { ...action, fields: { other: { ...action.fields.name } } };
  const definition = { name: 'Actions Own: Beta', mode: 'cloud', actions: { one: action, two: twin } };
  const { engine, tool } = await setUpOwn(definition);
  origin = tool.origin;
  const work = (of: string, fields: Record<string, Json>): Work => ({
    slug: 'own',
    settings: {},
    mapping: { action: of, trigger: 'type = "track"', fields },
    events: [aTrack()],
  });
  await expect(outcomes(engine, work('one', { name: 'x' }))).resolves.toEqual([{ outcome: 'delivered' }]);
  await expect(outcomes(engine, work('two', { other: 'x' }))).resolves.toEqual([{ outcome: 'delivered' }]);
  await expect(outcomes(engine, work('two', { name: 'x' }))).resolves.toEqual([
    { outcome: 'discarded', code: 'MESSAGE_REJECTED', message: expect.stringContaining('other') },
  ]);
});

test('trap 2: every action of six destinations checks payloads under the URI parser that is installed', async () => {
  const { engine } = await setUpPublic();
  for (const slug of BUNDLED) {
    const definition = await requireDefinition(slug);
    for (const { key } of definition.actions) {
      const settings = Object.fromEntries(
        definition.settings.map((each) => [
          each.key,
          each.default ?? (each.format === undefined ? 'x' : 'https://x.test'),
        ]),
      );
      const mapping = { action: key, trigger: 'type = "track"', fields: {} };
      const calls = await engine.callsOf({ slug, settings, mapping, events: [aTrack()], hopThroughUs: 1 });
      const [result] = (await calls[0]?.run()) ?? [];
      expect([slug, key, JSON.stringify(result?.outcome)]).not.toEqual([
        slug,
        key,
        expect.stringMatching(/scheme is malformed/),
      ]);
    }
  }
});

/** Mixpanel's answer in strict mode: the second of the events is no good. */
const oneOfTwoIsBad: Answer = (_arrival, response) => {
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      code: 400,
      status: 'Bad Request',
      num_records_imported: 1,
      failed_records: [{ index: 1, insert_id: 'x', field: 'properties.time', message: 'time is too old' }],
    }),
  );
};

const mixpanel = (events: JsonObject[], over: Record<string, Json> = {}): Work => {
  const preset = presetOf('mixpanel');
  return {
    slug: 'mixpanel',
    settings: { projectToken: 'token-1', apiSecret: 'secret-1', apiRegion: 'US 🇺🇸', strictMode: '1' },
    mapping: { action: 'trackEvent', trigger: 'type = "track"', fields: { ...preset.fields, ...over } },
    events,
  };
};

test('trap 3: an item of a batch that the tool rejects stays rejected, and its neighbour delivered', async () => {
  const { tool, engine } = await setUpPublic(oneOfTwoIsBad);
  await expect(outcomes(engine, mixpanel([aTrack(), aTrack({ messageId: 'm2' })]))).resolves.toEqual([
    { outcome: 'delivered', status: 200 },
    { outcome: 'discarded', code: '400', message: 'time is too old' },
  ]);
  expect(tool.arrivals).toHaveLength(1);
});

test('an event that goes out alone and is reported as rejected by item is rejected', async () => {
  const { engine } = await setUpPublic((_arrival, response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code: 400, failed_records: [{ index: 0, message: 'no distinct_id' }] }));
  });
  await expect(outcomes(engine, mixpanel([aTrack()], { enable_batching: false }))).resolves.toEqual([
    { outcome: 'discarded', code: '400', message: 'no distinct_id' },
  ]);
});

test('trap 3: the split modules that are deployed hold one copy of the core as well', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-modules-'));
  closing.push(() => rm(directory, { recursive: true }));
  const tool = await toolServer(oneOfTwoIsBad);
  closing.push(tool.close);
  const index = await bundleDestinationsAsModules(directory, BUNDLED);
  const script = join(directory, 'run.mjs');
  await writeFile(
    script,
    `import { connect } from 'node:net';
     import { createEngine, guardedHttp, targetRules, closeGuardedHttp } from ${JSON.stringify(index)};
     const http = guardedHttp(targetRules('', ''));
     http.agents.https.createConnection = () => connect(${tool.port}, '127.0.0.1');
     const engine = createEngine({ http, now: () => new Date() });
     const [call] = await engine.callsOf(${JSON.stringify(mixpanel([aTrack(), aTrack({ messageId: 'm2' })]))});
     const results = await call.run();
     console.log(JSON.stringify(results.map(({ outcome }) => outcome.outcome)));
     closeGuardedHttp(http);`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', script]);
  expect(JSON.parse(stdout)).toEqual(['delivered', 'discarded']);
});

test('trap 4: a batch is split by the fields that must be alike, and each event gets its own answer', async () => {
  const { tool, engine } = await setUp(({ url }, response) => {
    response.statusCode = url === '/b' ? 400 : 200;
    response.end('no');
  });
  const at = (path: string, messageId: string) => aTrack({ messageId, properties: { url: `${tool.origin}${path}` } });
  const work = webhook({ '@path': '$.properties.url' }, { enable_batching: true }, [
    at('/a', 'm1'),
    at('/b', 'm2'),
    at('/a', 'm3'),
    at('/c', 'm4'),
  ]);
  await expect(outcomes(engine, work)).resolves.toEqual([
    { outcome: 'delivered', status: 200 },
    { outcome: 'discarded', code: '400', message: 'no' },
    { outcome: 'delivered', status: 200 },
    { outcome: 'delivered', status: 200 },
  ]);
  const sent = tool.arrivals.map(({ url, body }) => [
    url,
    JSON.parse(body).map((event: JsonObject) => event['messageId']),
  ]);
  expect(sent.toSorted(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
    ['/a', ['m1', 'm3']],
    ['/b', ['m2']],
    ['/c', ['m4']],
  ]);
});

test('a batch that fails fails for each event in it (G17)', async () => {
  const { tool, engine } = await setUp((_arrival, response) => void response.writeHead(503).end('busy'));
  const events = ['m1', 'm2', 'm3'].map((messageId) => aTrack({ messageId }));
  await expect(outcomes(engine, webhook(tool.origin, { enable_batching: true }, events))).resolves.toEqual(
    events.map(() => ({ outcome: 'retry', code: '503', message: 'busy' })),
  );
  expect(tool.arrivals).toHaveLength(1);
});

test('a batch is no larger than its mapping says', async () => {
  const { tool, engine } = await setUp();
  const events = Array.from({ length: 7 }, (_, index) => aTrack({ messageId: `m${index}` }));
  const work = webhook(tool.origin, { enable_batching: true, batch_size: 3 }, events);
  await expect(outcomes(engine, work)).resolves.toEqual(events.map(() => ({ outcome: 'delivered', status: 200 })));
  expect(tool.arrivals.map(({ body }) => JSON.parse(body).length).toSorted((a, b) => a - b)).toEqual([1, 3, 3]);
});

test.each([
  ['one event (B21)', {}],
  ['a whole batch (B22)', { enable_batching: true }],
])('the signature of a webhook covers %s', async (_case, over) => {
  const { tool, engine } = await setUp();
  const work = webhook(tool.origin, over, [aTrack(), aTrack({ messageId: 'm2' })]);
  await outcomes(engine, { ...work, settings: { sharedSecret: 'whispered' } });
  expect(tool.arrivals).not.toEqual([]);
  for (const { body, headers } of tool.arrivals) {
    expect(headers['x-signature']).toBe(createHmac('sha1', 'whispered').update(body).digest('hex'));
  }
});

test.each([200_000, 5_000_000])('trap 5: an answer of %i bytes settles', async (bytes) => {
  const { tool, engine } = await setUp((_arrival, response) => void response.end('x'.repeat(bytes)));
  const [result] = await run(engine, webhook(tool.origin));
  expect(result?.outcome).toEqual({ outcome: 'delivered' });
  expect(result?.exchanges[0]?.responseBody?.length).toBe(4_096);
});

test('trap 6: a large answer that never ends is given up at the deadline, and the process lives on', async () => {
  const { tool, engine } = await setUp((_arrival, response) => void response.write('x'.repeat(100_000)));
  const [call] = await engine.callsOf({ hopThroughUs: 1, ...webhook(tool.origin) });
  jest.useFakeTimers({ doNotFake: ['performance', 'nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    const running = call?.run();
    while (tool.arrivals.length === 0) await turnsOfTheLoop(1);
    await turnsOfTheLoop(20);
    await jest.advanceTimersByTimeAsync(5_000);
    await expect(running).resolves.toMatchObject([
      { outcome: { outcome: 'retry', code: 'ETIMEDOUT', message: expect.stringMatching(/^No whole answer within/) } },
    ]);
  } finally {
    jest.useRealTimers();
  }
});

test('trap 7: an instance does not keep the answers that it got', async () => {
  const answers: WeakRef<object>[] = [];
  const definition = {
    name: 'Own',
    mode: 'cloud',
    actions: {
      go: {
        title: 'Go',
        description: '',
        fields: { url: { label: '', description: '', type: 'string' } },
        perform: async (request: (url: string) => Promise<object>, { payload }: { payload: { url: string } }) => {
          answers.push(new WeakRef(await request(payload.url)));
        },
      },
    },
  };
  const { tool, engine } = await setUpOwn(definition);
  const mapping = { action: 'go', trigger: 'type = "track"', fields: { url: tool.origin } };
  for (let send = 0; send < 20; send += 1) {
    await run(engine, { slug: 'own', settings: {}, mapping, events: [aTrack()], hopThroughUs: 1 });
  }
  await turnsOfTheLoop(5);
  collectGarbage();
  expect(answers).toHaveLength(20);
  // The newest may still be on somebody's stack.
  expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThanOrEqual(2);
});

test('trap 8: of two mappings, the one that fails leaves the other delivered', async () => {
  const { tool, engine } = await setUp(({ url }, response) => {
    response.statusCode = url === '/bad' ? 500 : 200;
    response.end();
  });
  await expect(outcomes(engine, webhook(`${tool.origin}/good`))).resolves.toEqual([{ outcome: 'delivered' }]);
  await expect(outcomes(engine, webhook(`${tool.origin}/bad`))).resolves.toEqual([
    { outcome: 'retry', code: '500', message: 'Internal Server Error' },
  ]);
  expect(tool.arrivals.map(({ url }) => url)).toEqual(['/good', '/bad']);
});

test.each([
  ['an action that does not exist', { action: 'shout' }, 'INVALID_SETTINGS'],
  ['an action by the name of an inherited property', { action: 'constructor' }, 'INVALID_SETTINGS'],
  ['a directive that does not exist', { fields: { url: { '@nonsense': 1 } } }, 'INVALID_SETTINGS'],
  ['a field that is missing', { fields: { method: 'POST', data: {} } }, 'MESSAGE_REJECTED'],
])('trap 9: %s is not taken for a success', async (_case, over, code) => {
  const { tool, engine } = await setUp();
  for (const isBatch of [false, true]) {
    const work = webhook(tool.origin);
    const mapping = { ...work.mapping, ...over };
    const fields: Record<string, Json> = { ...mapping.fields, ...(isBatch && { enable_batching: true }) };
    await expect(outcomes(engine, { ...work, mapping: { ...mapping, fields } })).resolves.toEqual([
      { outcome: 'discarded', code, message: expect.stringMatching(/\w/) },
    ]);
  }
  expect(tool.arrivals).toEqual([]);
});

test('settings that do not fit are discarded with that reason, and nothing is sent', async () => {
  const { tool, engine } = await setUpPublic();
  await expect(outcomes(engine, { ...mixpanel([aTrack()]), settings: { projectToken: 't' } })).resolves.toEqual([
    { outcome: 'discarded', code: 'INVALID_SETTINGS', message: expect.stringContaining('apiSecret') },
  ]);
  expect(tool.arrivals).toEqual([]);
});

test('trap 10: sockets are kept from one send to the next', async () => {
  const { tool, engine } = await setUp();
  for (let send = 0; send < 20; send += 1) await run(engine, webhook(tool.origin));
  expect(tool.arrivals).toHaveLength(20);
  expect(tool.connections()).toBe(1);
});

test('trap 11: each destination is one deep import that a bundler can follow', async () => {
  expect(Object.keys(LOADERS)).toEqual(LIBRARY_ROWS.map(({ slug }) => slug));
  const { engine } = await setUpPublic();
  for (const slug of BUNDLED) {
    const [first] = (await requireDefinition(slug)).actions;
    const mapping = { action: first?.key ?? '', trigger: 'type = "none"', fields: {} };
    await expect(
      engine.callsOf({ slug, settings: {}, mapping, events: [aTrack()], hopThroughUs: 1 }),
    ).resolves.toHaveLength(1);
  }
});

test('a call that waits for nothing of ours is given up, too, and may send no more', async () => {
  const late = Promise.withResolvers<void>();
  const definition = {
    name: 'Own',
    mode: 'cloud',
    actions: {
      go: {
        title: 'Go',
        description: '',
        fields: { url: { label: '', description: '', type: 'string' } },
        perform: async (request: (url: string) => Promise<unknown>, { payload }: { payload: { url: string } }) => {
          await late.promise;
          await request(payload.url);
        },
      },
    },
  };
  const { tool, engine } = await setUpOwn(definition);
  const mapping = { action: 'go', trigger: 'type = "track"', fields: { url: tool.origin } };
  jest.useFakeTimers({ doNotFake: ['performance', 'nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    const [call] = await engine.callsOf({ slug: 'own', settings: {}, mapping, events: [aTrack()], hopThroughUs: 1 });
    const running = call?.run();
    await jest.advanceTimersByTimeAsync(11_000);
    await expect(running).resolves.toMatchObject([{ outcome: { outcome: 'retry', code: 'ETIMEDOUT' } }]);
  } finally {
    jest.useRealTimers();
  }
  late.resolve();
  await turnsOfTheLoop(5);
  expect(tool.connections()).toBe(0);
});

test('keys of an event that name prototypes reach no prototype', async () => {
  const { tool, engine } = await setUp();
  const event = JSON.parse(
    '{"type":"track","event":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"properties":{"__proto__":{"polluted":1}}}',
  ) as JsonObject;
  const data = { '@path': '$.properties' };
  await run(engine, webhook(tool.origin, { data, 'a.__proto__.polluted': 1 }, [event]));
  await run(engine, webhook(tool.origin, {}, [event]));
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('an event that is sent is not changed by it', async () => {
  const { tool, engine } = await setUp();
  const event = aTrack({ properties: { list: [1, { deep: '2' }] } });
  const before = structuredClone(event);
  await run(engine, webhook(tool.origin, { data: { '@path': '$.properties' } }, [event]));
  expect(event).toEqual(before);
});

test.each([
  ['amplitude', { apiKey: 'key-1', secretKey: 's', endpoint: 'north_america' }, 'Track Calls', '/2/httpapi'],
  [
    'mixpanel',
    { projectToken: 'token-1', apiSecret: 's', apiRegion: 'US 🇺🇸', strictMode: '1' },
    'Track Calls',
    '/import?strict=1',
  ],
  [
    'google-analytics-4',
    { measurementId: 'G-1', apiSecret: 's' },
    'Custom Event',
    '/mp/collect?api_secret=s&measurement_id=G-1',
  ],
  ['customerio', { siteId: 'site', apiKey: 'key', accountRegion: 'US 🇺🇸' }, 'Track Event', '/api/v2/batch'],
])('the presets of %s deliver a tracked event', async (slug, settings, name, url) => {
  const { tool, engine } = await setUpPublic((_arrival, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"code":200}');
  });
  const [result] = await run(engine, { slug, settings, mapping: presetOf(slug, name), events: [aTrack()] });
  expect(result?.outcome).toMatchObject({ outcome: 'delivered' });
  expect(tool.arrivals).toMatchObject([{ method: 'POST', url, body: expect.stringMatching(/Cup.Bought/) }]);
});

test('the preset of slack posts into the channel of its URL, under our name', async () => {
  const { tool, engine } = await setUpPublic();
  const fields = { ...presetOf('slack').fields, url: 'https://hooks.slack.com/services/T1/B2/abc' };
  const mapping = { action: 'postToChannel', trigger: 'type = "track"', fields };
  await expect(
    outcomes(engine, { slug: 'slack', settings: {}, mapping, events: [aTrack()], hopThroughUs: 1 }),
  ).resolves.toEqual([{ outcome: 'delivered' }]);
  expect(tool.arrivals.map(({ url, body }) => [url, JSON.parse(body)])).toEqual([
    ['/services/T1/B2/abc', { text: 'Cup Bought by u1', username: 'Tributary' }],
  ]);
});
