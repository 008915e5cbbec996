import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analytics } from '@segment/analytics-node';
import { operatorOf } from '../builders/operator-of.ts';
import { aDirectory, type Running, runTributary, settledBalance, until } from '../builders/running-tributary.ts';
import { aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { toolServer } from '../builders/tool-server.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';

/** The debugger and the trace (F01 to F05, A5 to A7) on the whole system, through the official SDK. */
const SECRET = 'canary-shared-secret';
const XSS = '<img src=x onerror="alert(1)">';

type Shown = {
  messageId: string;
  intakeId: string;
  receivedAt: string;
  name: string | null;
  verdict: string;
  reason: string | null;
  payload: unknown;
  isTest: boolean;
  destinations: { destinationId: string; reason: string | null; subscriptionIds: string[] }[];
};
type Listed = {
  events: Shown[];
  after: string;
  next: string | null;
  coverage: { kept: number; received: number; share: number; isWhole: boolean };
};
type Send = {
  state: string;
  code: string | null;
  tries: {
    hop: number;
    outcome: string;
    code: string | null;
    latencyMs: number | null;
    exchanges: { status: number | null; body: string | null }[];
  }[];
};
type Trace = {
  verdict: string;
  reason: string | null;
  foundBy: string;
  duplicateOf: { intakeId: string } | null;
  intakeId: string;
  payloadFrom: string | null;
  stages: { stage: string; changes: { changes: { kind: string; path: string }[] } }[];
  destinations: { name: string; verdict: string; reason: string | null; sends: Send[] }[];
  gaps: { what: string; why: string }[];
};

let running: Running;
let tool: Awaited<ReturnType<typeof toolServer>>;
let analytics: Analytics;
let sourceId: string;
const failedOnce = new Set<string>();

beforeAll(async () => {
  tool = await toolServer(({ url, body }, response) => {
    if (url === '/refuses') response.writeHead(400).end('{"error":"no such field"}');
    else if (url === '/never') response.writeHead(503, { 'retry-after': '31536000' }).end('down');
    else if (url === '/once' && !failedOnce.has(body)) {
      failedOnce.add(body);
      response.writeHead(503, { 'retry-after': '1' }).end('busy');
    } else response.end('{"ok":true}');
  });
  const directory = aDirectory();
  const seed = join(directory, 'seed.json');
  const to = (path: string) => `${tool.origin}${path}`;
  writeFileSync(
    seed,
    JSON.stringify({
      workspace: { slug: 'test', name: 'Test' },
      sources: [
        {
          slug: 'server',
          name: 'Server',
          kind: 'server',
          writeKeys: [SINK_WRITE_KEY],
          schema: { track: { Blocked: { enabled: false } }, identify: { blockedTraits: ['ssn'] } },
        },
      ],
      destinations: [
        aWebhook('Works', to('/works'), { trigger: 'event != "Unwanted"', settings: { sharedSecret: SECRET } }),
        aWebhook('Flaky', to('/once'), { trigger: 'event = "Flaky"' }),
        aWebhook('Refuses', to('/refuses'), { trigger: 'event = "Refused"' }),
        aWebhook('Never', to('/never'), { trigger: 'event = "Dead"' }),
      ],
    }),
  );
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  analytics = new Analytics({ writeKey: SINK_WRITE_KEY, host: running.endpoints.trackingUrl, flushAt: 1 });
  const [balance] = (await settledBalance(running.endpoints, 0, 10_000)) as { source?: string }[];
  sourceId = balance?.source ?? '';
}, 150_000);
afterAll(async () => {
  await analytics?.closeAndFlush();
  await running?.kill();
  await tool?.close();
}, 30_000);

async function call<T>(path: string, init: { method?: string; body?: unknown; expect?: number } = {}): Promise<T> {
  const answer = await fetch(`${running.endpoints.apiUrl}/app-api${path}`, {
    method: init.method ?? 'GET',
    headers: { authorization: `Bearer ${running.endpoints.apiToken}`, 'content-type': 'application/json' },
    ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
  });
  const text = await answer.text();
  if (answer.status !== (init.expect ?? (init.method === undefined ? 200 : answer.status))) {
    throw new Error(`${path} answered ${answer.status}: ${text}`);
  }
  expect(text).not.toContain(SECRET);
  return (JSON.parse(text) as { data: T }).data;
}
const list = (query = '') => call<Listed>(`/sources/${sourceId}/events?${query}`);
const trace = (messageId: string, query = '') =>
  call<Trace>(`/events/${encodeURIComponent(messageId)}?sourceId=${sourceId}&${query}`);

const send = (event: string, messageId: string, more: Record<string, unknown> = {}) =>
  new Promise<void>((resolve, reject) =>
    analytics.track({ userId: 'u1', event, messageId, properties: { note: XSS }, ...more }, (error) =>
      error === undefined ? resolve() : reject(error),
    ),
  );

async function shown(messageId: string, verdict?: string): Promise<Shown> {
  let found: Shown | undefined;
  await until(
    async () => {
      const { events } = await list(`messageId=${encodeURIComponent(messageId)}`);
      found = events.find((event) => verdict === undefined || event.verdict === verdict);
      return found !== undefined;
    },
    10_000,
    () => `${messageId} is not in the debugger`,
  );
  if (found === undefined) throw new Error('unreachable');
  return found;
}

test('an event of the official SDK is in the live view within 2 s, told once, hostile text as text (F01, F02)', async () => {
  // Functions are warm after the first.
  await send('Warm', 'warm-1');
  await shown('warm-1');
  let { after } = await list();
  const sentAtMs = Date.now();
  await send('Order Completed', 'live-1');
  const seen: Shown[] = [];
  const poll = async () => {
    const answer = await list(`after=${encodeURIComponent(after)}`);
    after = answer.after;
    seen.push(...answer.events);
  };
  await until(
    async () => {
      await poll();
      return seen.length > 0;
    },
    2_000,
    () => 'It was not in the live view within 2 s',
  );
  expect(Date.now() - sentAtMs).toBeLessThan(2_000);
  await poll();
  await poll();
  expect(seen).toEqual([
    expect.objectContaining({
      messageId: 'live-1',
      verdict: 'ALLOWED',
      name: 'Order Completed',
      payload: expect.objectContaining({ properties: { note: XSS } }),
    }),
  ]);
}, 30_000);

test('each verdict is shown with its reason, and a search finds by text, field and exclusion (F03, F04, F05)', async () => {
  await send('Blocked', 'blocked-1');
  await send('Order Completed', 'twice-1');
  await shown('twice-1', 'ALLOWED');
  await send('Order Completed', 'twice-1');
  const { trackingUrl } = running.endpoints;
  await fetch(`${trackingUrl}/v1/batch`, {
    method: 'POST',
    body: JSON.stringify({
      writeKey: SINK_WRITE_KEY,
      batch: [{ type: 'track', userId: 'u1', messageId: 'invalid-1' }],
    }),
  });
  expect(await shown('blocked-1')).toMatchObject({ verdict: 'BLOCKED', reason: 'event_setting' });
  expect(await shown('twice-1', 'DUPLICATE')).toMatchObject({ reason: 'duplicate' });
  const invalid = await shown('invalid-1');
  expect(invalid).toMatchObject({ verdict: 'INVALID', reason: 'event_not_defined' });
  expect(JSON.stringify(invalid)).not.toContain(SINK_WRITE_KEY);

  const ids = async (query: string) => (await list(query)).events.map(({ messageId }) => messageId);
  expect(await ids(`q=${encodeURIComponent('onerror event:"Order Completed" -status:duplicate')}`)).toEqual(
    expect.arrayContaining(['live-1', 'twice-1']),
  );
  expect(await ids(`q=${encodeURIComponent('onerror -live-1 event:"Order Completed"')}`)).not.toContain('live-1');
  expect(await ids('status=BLOCKED')).toEqual(['blocked-1']);
  expect(await ids('reason=event_not_defined')).toEqual(['invalid-1']);
  const { coverage, next } = await list();
  expect(coverage).toMatchObject({ share: 1, isWhole: true });
  expect(coverage.kept).toBe(coverage.received);
  expect(next).toBeNull();
}, 30_000);

test('the trace tells delivered, filtered, retried, refused and dead-lettered right, with request and answer', async () => {
  await send('Flaky', 'flaky-1');
  await send('Refused', 'refused-1');
  await send('Dead', 'dead-1');
  await send('Unwanted', 'unwanted-1');
  await settledBalance(running.endpoints, 1, 60_000);
  const by = async (messageId: string, name: string) => {
    const found = await trace(messageId);
    const destination = found.destinations.find((one) => one.name === name);
    if (destination === undefined) throw new Error(`No ${name} in ${JSON.stringify(found)}`);
    return destination;
  };
  expect(await by('flaky-1', 'Works')).toMatchObject({
    verdict: 'QUEUED',
    sends: [{ state: 'DELIVERED', tries: [{ hop: 0, outcome: 'DELIVERED' }] }],
  });
  expect(await by('flaky-1', 'Flaky')).toMatchObject({
    sends: [
      {
        state: 'DELIVERED',
        tries: [
          { hop: 0, outcome: 'FAILED', code: '503', exchanges: [{ status: 503, responseBody: 'busy' }] },
          { hop: 1, outcome: 'DELIVERED', code: null, exchanges: [{ status: 200 }] },
        ],
      },
    ],
  });
  expect(await by('flaky-1', 'Never')).toMatchObject({ verdict: 'FILTERED', reason: 'NO_MATCHING_MAPPING', sends: [] });
  expect(await by('unwanted-1', 'Works')).toMatchObject({ verdict: 'FILTERED', reason: 'NO_MATCHING_MAPPING' });
  expect(await by('refused-1', 'Refuses')).toMatchObject({
    sends: [{ state: 'DISCARDED', code: '400', deadLetterKept: true, tries: [{ exchanges: [{ status: 400 }] }] }],
  });
  expect(await by('dead-1', 'Never')).toMatchObject({ sends: [{ state: 'DEAD_LETTERED', deadLetterKept: true }] });
}, 90_000);

test('the trace tells blocked, invalid and duplicate right, names the twin, and what each stage changed', async () => {
  expect(await trace('blocked-1')).toMatchObject({ verdict: 'BLOCKED', reason: 'event_setting', destinations: [] });
  const invalid = await shown('invalid-1');
  const named = (one: Shown) => `intakeId=${one.intakeId}&at=${encodeURIComponent(one.receivedAt)}`;
  expect(await trace('invalid-1', named(invalid))).toMatchObject({
    verdict: 'INVALID',
    reason: 'event_not_defined',
    foundBy: 'INTAKE_ID',
  });
  const twin = await shown('twice-1', 'DUPLICATE');
  const first = await trace('twice-1');
  expect(first).toMatchObject({ verdict: 'ALLOWED', foundBy: 'CLAIM', duplicateOf: null });
  expect(await trace('twice-1', named(twin))).toMatchObject({
    verdict: 'DUPLICATE',
    duplicateOf: { intakeId: first.intakeId },
  });
  await new Promise<void>((resolve) =>
    analytics.identify({ userId: 'u1', messageId: 'traits-1', traits: { ssn: '1', plan: 'pro' } }, () => resolve()),
  );
  await shown('traits-1');
  const { stages, payloadFrom } = await trace('traits-1');
  expect(payloadFrom).toBe('DEBUGGER');
  expect(stages.find(({ stage }) => stage === 'SCHEMA')?.changes.changes).toEqual([
    { kind: 'removed', path: 'traits.ssn', before: '"1"' },
  ]);
  expect(stages.find(({ stage }) => stage === 'NORMALISED')?.changes.changes).toEqual(
    expect.arrayContaining([expect.objectContaining({ kind: 'added', path: 'receivedAt' })]),
  );
}, 30_000);

test('a test event goes the way of all events, is always found, and no client can mark its own (A7)', async () => {
  const sent = await call<{ messageId: string; intakeId: string; receivedAt: string }>(
    `/sources/${sourceId}/test-events`,
    {
      method: 'POST',
      body: { event: { type: 'track', userId: 'u9', event: 'From the app' } },
    },
  );
  expect(await shown(sent.messageId)).toMatchObject({ verdict: 'ALLOWED', isTest: true, intakeId: sent.intakeId });
  await until(
    () => tool.arrivals.some(({ body }) => body.includes(sent.messageId)),
    10_000,
    () => 'It was not delivered',
  );
  await fetch(`${running.endpoints.trackingUrl}/v1/track`, {
    method: 'POST',
    body: JSON.stringify({ writeKey: SINK_WRITE_KEY, test: true, userId: 'u9', event: 'Sly', messageId: 'sly-1' }),
  });
  expect(await shown('sly-1')).toMatchObject({ isTest: false });
}, 30_000);

test('a source keeps every event while it is told to, whatever its bucket says', async () => {
  const { keepAllUntil } = await call<{ keepAllUntil: string }>(`/sources/${sourceId}/keep-all`, {
    method: 'POST',
    body: { on: true },
  });
  expect(Date.parse(keepAllUntil)).toBeGreaterThan(Date.now());
  const { client, output } = await operatorOf(running);
  const doc = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  // A bucket that is full for hours: nothing else would be kept.
  await doc.send(
    new PutCommand({
      TableName: output('SamplesTableName'),
      Item: { pk: `E#${sourceId}`, sk: 'BUCKET', fullAtMs: Date.now() + 86_400_000 },
    }),
  );
  // It is known everywhere within seconds.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await Promise.all(Array.from({ length: 100 }, (_, number) => send('Kept', `kept-${number}`)));
  await until(
    async () => (await list('event=Kept')).events.length === 100,
    15_000,
    () => 'Not every event was kept',
  );
}, 40_000);

test('what is not kept is said: with the debugger empty, payload and way come from archive, dead letters and books', async () => {
  const { client, output } = await operatorOf(running);
  const doc = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  const TableName = output('SamplesTableName');
  const { Items = [] } = await doc.send(new ScanCommand({ TableName }));
  for (const { pk, sk } of Items.filter((item) => String(item['pk']).startsWith('E#'))) {
    await doc.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
  }
  const delivered = await trace('live-1');
  expect(delivered).toMatchObject({ verdict: 'ALLOWED', foundBy: 'CLAIM', payloadFrom: 'ARCHIVE', stages: [] });
  expect(delivered.gaps.map(({ what }) => what)).toContain('as it was sent');
  expect(await trace('invalid-1')).toMatchObject({ verdict: 'INVALID', foundBy: 'BOOKS', payloadFrom: null });
  const startedAtMs = performance.now();
  await trace('dead-1');
  expect(performance.now() - startedAtMs).toBeLessThan(500);
}, 30_000);

test('events of other workspaces and sources that there are not are not found, by equal answers', async () => {
  const answers = await Promise.all(
    ['src_nobody', 'src_0000000000000000'].map(async (id) => {
      const answer = await fetch(`${running.endpoints.apiUrl}/app-api/sources/${id}/events`, {
        headers: { authorization: `Bearer ${running.endpoints.apiToken}` },
      });
      return [answer.status, (await answer.text()).replaceAll(id, 'ID').replaceAll(/"requestId":"[^"]*"/g, '')];
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]?.[0]).toBe(404);
  await expect(trace('no-such-message')).rejects.toThrow('404');
}, 30_000);
