import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analytics } from '@segment/analytics-node';
import { around, CORE, isLeak } from '../builders/canary.ts';
import { aDirectory, settledBalance, until } from '../builders/running-tributary.ts';
import { aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { toolServer } from '../builders/tool-server.ts';
import { startWholeCloud, theWholeApp, type WholeCloud } from '../builders/whole-cloud.ts';

/**
 * T18 and XSS through everything that shows events: a tool that echoes its credential, and clients that send script for names, traits and keys.
 * What is hostile comes out as it went in, as JSON or plain text; what is secret comes out nowhere.
 */
const SECRET = `q/${CORE}+"x" <ü>&=`;
const NAME = "</script><script>alert('name')</script>";
const TRAIT = '"><img src=x onerror=alert(`trait`)>';
const KEY = '<svg/onload=alert(1)>';
/** In each payload; no log may have it. */
const PERSONAL = 'wellensittich@example.com';
const ANSWER = '<iframe srcdoc="&lt;script&gt;alert(1)"></iframe>';
const TITLE = '<b onmouseover=alert(1)>Refuses</b>';
const PROPERTIES = { [KEY]: TRAIT, email: PERSONAL, constructor: 'c', toString: { nested: NAME } };

/** As often as a client tries, and more. */
const NOT_ARCHIVED = { service: 's3', operation: 'PutObject', resource: 'source=', effect: 'error', times: 8 };
const NOT_WRITTEN = 'An object of the archive was not written';

/** Events of the beginning. */
const SENT = 2;
const ARCHIVED_MS = 60_000;

let faultsFile: string;
const inject = (faults: unknown[]): void => writeFileSync(faultsFile, JSON.stringify({ faults }));
let tool: Awaited<ReturnType<typeof toolServer>>;
let running: WholeCloud;
let sourceId: string;
let refusesId: string;
/** Every answer of the API, with its headers. */
const answers: { path: string; text: string; type: string }[] = [];

async function call<T>(path: string, init: { method?: string; body?: unknown } = {}): Promise<T> {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${path}`, {
    method: init.method ?? 'GET',
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
  });
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  answers.push({ path, text: `${JSON.stringify([...answer.headers])} ${text}`, type });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return (JSON.parse(text) as { data: T }).data;
}

beforeAll(async () => {
  const [assembly, started] = await Promise.all([
    theWholeApp(),
    toolServer(({ url }, response) => {
      if (url === '/refuses') {
        response.writeHead(400, {
          'content-type': 'application/json',
          'x-echo': Buffer.from(SECRET).toString('base64'),
        });
        response.end(JSON.stringify({ message: `${ANSWER} ${SECRET}`, key: SECRET }));
      } else response.end(JSON.stringify({ youAre: SECRET }));
    }),
  ]);
  tool = started;
  const directory = aDirectory();
  const seedFile = join(directory, 'seed.json');
  const webhook = (name: string, path: string) =>
    aWebhook(name, `${tool.origin}${path}`, { settings: { sharedSecret: SECRET } });
  writeFileSync(
    seedFile,
    JSON.stringify({
      workspace: { slug: 'test', name: 'Test' },
      sources: [{ slug: 'server', name: 'Server', kind: 'server', writeKeys: [SINK_WRITE_KEY] }],
      destinations: [webhook(TITLE, '/refuses'), webhook('Takes', '/takes')],
    }),
  );
  faultsFile = join(directory, 'faults.json');
  inject([]);
  running = await startWholeCloud({ assembly, stateDirectory: join(directory, 'state'), seedFile, faultsFile });
  const { destinations } = await call<{ destinations: { id: string; name: string; sourceId: string }[] }>(
    '/destinations?pagination.count=10',
  );
  const refuses = destinations.find(({ name }) => name === TITLE);
  sourceId = refuses?.sourceId ?? '';
  refusesId = refuses?.id ?? '';
  await call('/app-api/alerts', {
    method: 'POST',
    body: {
      name: NAME,
      kind: 'DELIVERY_RATE',
      percent: 50,
      count: 1,
      channels: [
        { type: 'IN_APP' },
        { type: 'EMAIL', address: 'ops@example.com' },
        { type: 'SLACK', webhookUrl: `${tool.origin}/slack/${CORE}` },
        { type: 'WEBHOOK', url: `${tool.origin}/hook`, secret: SECRET },
      ],
      enabled: true,
    },
  });
  const analytics = new Analytics({ writeKey: SINK_WRITE_KEY, host: running.endpoints.trackingUrl, flushAt: 5 });
  analytics.track({ userId: TRAIT, event: NAME, properties: PROPERTIES, messageId: 'hostile-1' });
  analytics.identify({ userId: TRAIT, traits: PROPERTIES, messageId: 'hostile-2' });
  await analytics.closeAndFlush();
  await settledBalance(running.endpoints, SENT, 60_000);
}, 180_000);
afterAll(async () => {
  await running?.cloud.stop();
  await tool?.close();
}, 60_000);

type Shown = {
  messageId: string;
  name: string | null;
  userId: string;
  payload: { properties?: unknown; traits?: unknown };
};

test('the debugger and the trace give back what was sent, letter by letter', async () => {
  const { events } = await call<{ events: Shown[] }>(`/app-api/sources/${sourceId}/events`);
  expect(events.find(({ messageId }) => messageId === 'hostile-1')).toMatchObject({
    name: NAME,
    userId: TRAIT,
    payload: { properties: PROPERTIES },
  });
  expect(events.find(({ messageId }) => messageId === 'hostile-2')?.payload.traits).toEqual(PROPERTIES);
  const found = await call<{ events: Shown[] }>(
    `/app-api/sources/${sourceId}/events?q=${encodeURIComponent('onload=alert type:track')}`,
  );
  expect(found.events.map(({ messageId }) => messageId)).toEqual(['hostile-1']);
  type Trace = { payload: { properties: unknown }; destinations: { name: string; sends: Send[] }[] };
  type Send = { tries: { message: string; exchanges: { responseBody: string }[] }[] };
  const trace = await call<Trace>('/app-api/events/hostile-1');
  expect(trace.payload.properties).toEqual(PROPERTIES);
  const [send] = trace.destinations.find(({ name }) => name === TITLE)?.sends ?? [];
  expect(send?.tries[0]?.exchanges[0]?.responseBody).toContain(ANSWER.replaceAll('"', '\\"'));
}, 30_000);

test('issues, samples and delivery pages do, too, without the credential that the tool echoed (G04, G15)', async () => {
  type Issue = { id: string; code: string; message: string };
  const { issues } = await call<{ issues: Issue[] }>('/app-api/delivery/issues?range=1h');
  expect(issues).toMatchObject([{ code: '400', message: expect.stringContaining('<iframe srcdoc=') }]);
  type Sample = { messageId: string; event: { properties: unknown }; exchanges: { responseBody: string }[] };
  const { samples } = await call<{ samples: Sample[] }>(`/app-api/delivery/issues/${issues[0]?.id}/samples`);
  const sample = samples.find(({ messageId }) => messageId === 'hostile-1');
  expect(sample?.event.properties).toEqual(PROPERTIES);
  expect(sample?.exchanges[0]?.responseBody).toContain(ANSWER.replaceAll('"', '\\"'));
  expect(sample?.exchanges[0]?.responseBody).toContain('[redacted]');
  type Page = { steps: { step: string; breakdown: { eventName: string }[] }[] };
  const { steps } = await call<Page>(`/app-api/destinations/${refusesId}/delivery?range=1h`);
  const failed = steps.find(({ step }) => step === 'FAILED_DELIVERY');
  expect(failed?.breakdown.map(({ eventName }) => eventName)).toContain(NAME);
}, 30_000);

test('the event tester shows request and answer of a tool that echoes its credential, and neither the credential nor a placeholder of it', async () => {
  type Result = { subscriptions: { outcome: string; exchanges: { responseBody: string; requestBody: string }[] }[] };
  for (const dryRun of [false, true]) {
    const { subscriptions } = await call<Result>(`/app-api/destinations/${refusesId}/test`, {
      method: 'POST',
      body: {
        event: { type: 'track', event: NAME, userId: TRAIT, properties: PROPERTIES },
        applyFilters: true,
        dryRun,
      },
    });
    expect(subscriptions[0]).toMatchObject({ outcome: dryRun ? 'WOULD_SEND' : 'DISCARDED' });
    const [exchange] = subscriptions[0]?.exchanges ?? [];
    expect(JSON.parse(exchange?.requestBody ?? '')).toMatchObject({ event: NAME, properties: PROPERTIES });
    if (!dryRun) expect(exchange?.responseBody).toContain('<iframe');
  }
}, 40_000);

test('what-if, replay and search count and find it, and show it as text', async () => {
  type Estimate = {
    examined: number;
    matchedAfter: number;
    samples: { name: string; event: { properties: unknown } }[];
  };
  const ask = () =>
    call<Estimate>('/app-api/estimates', { method: 'POST', body: { sourceId, trigger: `event = "${NAME}"` } });
  let estimate = await ask();
  // What was delivered a moment ago is on its way into the archive.
  await until(
    async () => {
      if (estimate.examined < SENT) estimate = await ask();
      return estimate.examined === SENT;
    },
    ARCHIVED_MS,
    () => JSON.stringify(estimate),
  );
  expect(estimate).toMatchObject({ matchedAfter: 1, samples: [{ name: NAME, event: { properties: PROPERTIES } }] });
  const now = Date.now();
  const filter = {
    of: 'DEAD_LETTERS',
    from: new Date(now - 3_600_000).toISOString(),
    to: new Date(now + 60_000).toISOString(),
    events: [NAME],
  };
  const { replay } = await call<{ replay: { byEvent: { counts: unknown } } }>('/app-api/replays', {
    method: 'POST',
    body: { destinationId: refusesId, filter, dryRun: true },
  });
  expect(replay).toMatchObject({ planned: 1, byEvent: { counts: [{ name: NAME, count: 1 }] } });
  expect(JSON.stringify(await call(`/app-api/search?q=${encodeURIComponent('<b onmouseover')}`))).toContain(refusesId);
}, 100_000);

test('alerts by mail are plain text, by Slack escaped, by webhook JSON, in the app text, and hold no secret', async () => {
  // Sums of a minute are made when it is over.
  await new Promise((resolve) => setTimeout(resolve, 60_000 - (Date.now() % 60_000) + 500));
  const found = running.cloud.functions().find(({ name }) => name.includes('CheckAlerts'));
  await running.cloud.invoke(found?.name ?? '', {});
  const sent = (path: string) => tool.arrivals.filter(({ url }) => url.startsWith(path));
  await until(
    () => sent('/slack').length > 0 && sent('/hook').length > 0 && running.cloud.mails().length > 0,
    60_000,
    () => `Not all were told: ${tool.arrivals.map(({ url }) => url).join(' ')}`,
  );
  const [mail] = running.cloud.mails();
  expect(mail?.text).toContain(`${TITLE}: 0 %`);
  expect(JSON.stringify(mail)).not.toContain('html');
  const slack = JSON.parse(sent('/slack')[0]?.body ?? '') as { text: string };
  expect(slack.text).toContain('&lt;b onmouseover=alert(1)&gt;Refuses');
  expect(slack.text).not.toMatch(/<(?!http)/);
  expect(JSON.parse(sent('/hook')[0]?.body ?? '')).toBeInstanceOf(Object);
  const { notifications } = await call<{ notifications: { title: string; kind: string; lines: string[] }[] }>(
    '/app-api/notifications',
  );
  expect(notifications.find(({ kind, title }) => kind === 'fired' && title === NAME)?.lines.join()).toContain(TITLE);
  const told = [
    JSON.stringify(running.cloud.mails()),
    ...[...sent('/slack'), ...sent('/hook')].map(({ body }) => body),
  ];
  expect(told.filter(isLeak).map(around)).toEqual([]);
  expect(told.filter((text) => text.includes(PERSONAL))).toEqual([]);
}, 150_000);

test('no other answer of the API has the secret either, and all of them are JSON', async () => {
  for (const path of [
    '/app-api/status',
    '/app-api/balance',
    '/app-api/health',
    '/app-api/overview?range=1h',
    '/app-api/alerts',
    '/app-api/replays',
    '/app-api/usage/cost',
    `/app-api/stats/destinations?destinationIds=${refusesId}`,
    `/app-api/sources/${sourceId}/delivery?range=1h`,
    `/app-api/destinations/${refusesId}`,
    '/app-api/audit-events?pagination.count=100',
  ]) {
    await call(path);
  }
  expect(answers.filter(({ text }) => isLeak(text)).map(({ path, text }) => `${path} ${around(text)}`)).toEqual([]);
  expect(answers.length).toBeGreaterThan(20);
  expect(answers.filter(({ type }) => !type.startsWith('application/json')).map(({ path }) => path)).toEqual([]);
}, 30_000);

test('no function has logged a payload, an answer or a secret', async () => {
  // What does all well logs nothing: so that there is a log to look at, a function fails with a payload in its hands.
  inject([NOT_ARCHIVED]);
  const analytics = new Analytics({ writeKey: SINK_WRITE_KEY, host: running.endpoints.trackingUrl, flushAt: 1 });
  analytics.track({ userId: TRAIT, event: NAME, properties: PROPERTIES, messageId: 'hostile-3' });
  await analytics.closeAndFlush();
  await until(
    () => running.log().includes(NOT_WRITTEN),
    60_000,
    () => running.log(),
  );
  const log = running.log();
  expect(log.length).toBeGreaterThan(100);
  expect(isLeak(log)).toBe(false);
  for (const text of [PERSONAL, 'onerror=alert', 'srcdoc', "alert('name"])
    expect([text, log.includes(text)]).toEqual([text, false]);
  expect(running.cloud.denials()).toEqual([]);
}, 90_000);
