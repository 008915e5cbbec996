import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoHookSampleReader } from '../../shared/aws/dynamo-hook-samples.ts';
import { dynamoInboxReader } from '../../shared/aws/dynamo-inbox-store.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import { IntakeId } from '../../shared/domain/ids.ts';
import { hookRulesOf } from '../../shared/domain/source-hook.ts';
import type { Destination, Source } from '../../shared/domain/workspace.ts';
import { previewHook } from '../../shared/pipeline/preview-hook.ts';
import { A_PUSH, hmacOf } from '../builders/hook.ts';
import { operatorOf } from '../builders/operator-of.ts';
import { aDirectory, balanceOf, isSource, type Running, runTributary, until } from '../builders/running-tributary.ts';

const GITHUB_SECRET = 'canary-github-4711';
const STRIPE_SECRET = 'whsec_canary-stripe-4712';

const SOURCES = [
  {
    slug: 'github',
    name: 'GitHub',
    kind: 'webhook',
    writeKeys: ['writekeyofgithub0000000000000001'],
    hook: {
      each: '$.body.commits',
      eventIdHeader: 'X-GitHub-Delivery',
      mapping: {
        event: { '@template': "GitHub {{headers['x-github-event']}}" },
        userId: { '@path': '$.item.author.email' },
        properties: { repository: { '@path': '$.body.repository.full_name' }, commit: { '@path': '$.item.id' } },
      },
      signature: { scheme: 'hmac-sha256', header: 'X-Hub-Signature-256', prefix: 'sha256=', secret: GITHUB_SECRET },
    },
  },
  {
    slug: 'stripe',
    name: 'Stripe',
    kind: 'webhook',
    writeKeys: ['writekeyofstripe0000000000000001'],
    hook: {
      mapping: {
        event: { '@template': 'Stripe {{body.type}}' },
        userId: { '@path': '$.body.data.object.customer' },
        messageId: { '@path': '$.body.id' },
        timestamp: { '@path': '$.body.created' },
        properties: { amount: { '@path': '$.body.data.object.amount' } },
      },
      signature: { scheme: 'stripe', secret: STRIPE_SECRET },
    },
  },
  {
    slug: 'survey',
    name: 'Survey',
    kind: 'webhook',
    writeKeys: ['writekeyofsurvey0000000000000001'],
    hook: {
      mapping: {
        type: 'identify',
        userId: { '@case': { operator: 'lower', value: { '@path': '$.body.email' } } },
        traits: { score: { '@path': '$.body.score' }, answers: { '@path': '$.body.answer' } },
      },
    },
  },
  { slug: 'plain', name: 'Plain', kind: 'webhook', writeKeys: ['writekeyofplain00000000000000001'] },
];
type Slug = 'github' | 'stripe' | 'survey' | 'plain';

let running: Running;
let doc: DynamoDBDocumentClient;
let output: (name: string) => string;
let sources: ReadonlyMap<string, Source>;
let inboxes: ReadonlyMap<string, Destination>;
/** Events that were taken, by source, and of them those that are none. */
const taken: Record<Slug, { received: number; invalid: Record<string, number>; duplicate: number }> = {
  github: { received: 0, invalid: {}, duplicate: 0 },
  stripe: { received: 0, invalid: {}, duplicate: 0 },
  survey: { received: 0, invalid: {}, duplicate: 0 },
  plain: { received: 0, invalid: {}, duplicate: 0 },
};

beforeAll(async () => {
  const directory = aDirectory();
  const seed = join(directory, 'hooks-seed.json');
  const destinations = SOURCES.map(({ slug }) => ({ source: slug, name: `Inbox of ${slug}`, type: 'inbox' }));
  writeFileSync(seed, JSON.stringify({ workspace: { slug: 'test', name: 'Test' }, sources: SOURCES, destinations }));
  running = await runTributary({ args: ['--no-demo', '--seed', seed] });
  const operator = await operatorOf(running);
  doc = DynamoDBDocumentClient.from(new DynamoDBClient(operator.client));
  output = operator.output;
  const control = dynamoControlStore(doc, output('ControlTableName'));
  const [workspace] = await control.listWorkspaces();
  if (workspace === undefined) throw new Error('the seed has a workspace');
  const all = await control.listSources(workspace.id);
  sources = new Map(all.map((source) => [source.slug, source]));
  const connected = await control.listDestinations(workspace.id);
  const slugOf = (id: string) => all.find((source) => source.id === id)?.slug ?? '';
  inboxes = new Map(connected.map((destination) => [slugOf(destination.sourceId), destination]));
}, 120_000);
afterAll(async () => await running?.kill(), 30_000);

const sourceOf = (slug: Slug): Source => {
  const source = sources.get(slug);
  if (source === undefined) throw new Error(`the seed has a source ${slug}`);
  return source;
};
const keyOf = (slug: Slug): string => SOURCES.find((source) => source.slug === slug)?.writeKeys[0] ?? '';

type Answer = { status: number; rejected: string | null; body: unknown };
async function send(slug: Slug, init: RequestInit & { query?: string; to?: string } = {}): Promise<Answer> {
  const { query = `key=${keyOf(slug)}`, to = sourceOf(slug).id, ...rest } = init;
  const url = `${running.endpoints.trackingUrl}/v1/hooks/${to}?${query}`;
  const answer = await fetch(url, { method: 'POST', ...rest });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: answer.status,
    rejected: answer.headers.get('tributary-rejected'),
    body: isJson && text !== '' ? (JSON.parse(text) as unknown) : text,
  };
}
const TAKEN = { status: 200, rejected: null, body: { success: true } };

/** The Inbox of a source once so many events are there, oldest first. */
async function inboxOf(slug: Slug, count: number): Promise<JsonObject[]> {
  const reader = dynamoInboxReader(doc, output('SamplesTableName'), () => new Date());
  const { id } = inboxes.get(slug) ?? {};
  if (id === undefined) throw new Error(`the seed has an Inbox of ${slug}`);
  let events: JsonObject[] = [];
  await until(
    async () => {
      events = await reader.list(id);
      return events.length >= count;
    },
    20_000,
    () => `${slug} has ${events.length} events: ${JSON.stringify(events)}`,
  );
  return events.toReversed();
}

const gitHubHeaders = (body: string, secret = GITHUB_SECRET, delivery = 'd-1') => ({
  'content-type': 'application/json',
  'x-github-event': 'push',
  'x-github-delivery': delivery,
  'x-hub-signature-256': `sha256=${hmacOf(secret, body)}`,
});

test('a signed push of two commits is two events; sent again, they are the same two', async () => {
  const body = JSON.stringify(A_PUSH);
  await expect(send('github', { body, headers: gitHubHeaders(body) })).resolves.toEqual(TAKEN);
  await expect(send('github', { body, headers: gitHubHeaders(body) })).resolves.toEqual(TAKEN);
  taken.github.received += 4;
  taken.github.duplicate += 2;
  const events = await inboxOf('github', 2);
  const byId = ['d-1-0', 'd-1-1'].map((messageId) => events.find((event) => event['messageId'] === messageId));
  expect(byId).toMatchObject([
    {
      type: 'track',
      event: 'GitHub push',
      messageId: 'd-1-0',
      userId: 'a@example.com',
      channel: 'server',
      properties: { repository: 'octo/hello', commit: 'c1' },
    },
    { type: 'track', event: 'GitHub push', messageId: 'd-1-1', userId: 'b@example.com', properties: { commit: 'c2' } },
  ]);
}, 40_000);

test('GitHub’s form posts are the same JSON, signed as a form', async () => {
  const body = `payload=${encodeURIComponent(JSON.stringify({ ...A_PUSH, commits: A_PUSH.commits.slice(0, 1) }))}`;
  const headers = { ...gitHubHeaders(body, GITHUB_SECRET, 'd-2'), 'content-type': 'application/x-www-form-urlencoded' };
  await expect(send('github', { body, headers })).resolves.toEqual(TAKEN);
  taken.github.received += 1;
  expect((await inboxOf('github', 3)).map(({ messageId }) => messageId)).toContain('d-2-0');
}, 40_000);

test('a wrong signature, none, or one of another body is refused, and nothing of it is in the books', async () => {
  const body = JSON.stringify(A_PUSH);
  const headers = gitHubHeaders(body);
  for (const wrong of [gitHubHeaders(body, 'another secret'), { 'content-type': 'application/json' }]) {
    await expect(send('github', { body, headers: wrong })).resolves.toMatchObject({
      status: 401,
      rejected: 'bad-signature',
    });
  }
  await expect(send('github', { body: `${body} `, headers })).resolves.toMatchObject({
    status: 401,
    rejected: 'bad-signature',
  });
});

const stripeEvent = (id: string, customer: string | null) => ({
  id,
  type: 'charge.succeeded',
  created: 1_764_000_000,
  data: { object: { customer, amount: 1_999 } },
});
const stripeHeaders = (body: string, seconds = Math.floor(Date.now() / 1_000)) => ({
  'content-type': 'application/json; charset=utf-8',
  'stripe-signature': `t=${seconds},v1=${hmacOf(STRIPE_SECRET, `${seconds}.${body}`)}`,
});

test('a charge signed as Stripe does is an event at its own time, once however often it comes', async () => {
  const body = JSON.stringify(stripeEvent('evt_1', 'cus_1'));
  await expect(send('stripe', { body, headers: stripeHeaders(body) })).resolves.toEqual(TAKEN);
  await expect(send('stripe', { body, headers: stripeHeaders(body) })).resolves.toEqual(TAKEN);
  taken.stripe.received += 2;
  taken.stripe.duplicate += 1;
  expect(await inboxOf('stripe', 1)).toMatchObject([
    {
      event: 'Stripe charge.succeeded',
      userId: 'cus_1',
      messageId: 'evt_1',
      timestamp: '2025-11-24T16:00:00.000Z',
      properties: { amount: 1_999 },
    },
  ]);
  const old = stripeHeaders(body, Math.floor(Date.now() / 1_000) - 3_600);
  await expect(send('stripe', { body, headers: old })).resolves.toMatchObject({
    status: 401,
    rejected: 'bad-signature',
  });
}, 40_000);

test('a body of which the mapping makes no event is taken, and counted with its reason', async () => {
  const body = JSON.stringify(stripeEvent('evt_2', null));
  await expect(send('stripe', { body, headers: stripeHeaders(body) })).resolves.toEqual(TAKEN);
  taken.stripe.received += 1;
  taken.stripe.invalid = { id_required: 1 };
  const noCommits = JSON.stringify({ zen: 'Keep it logically awesome.' });
  await expect(
    send('github', { body: noCommits, headers: gitHubHeaders(noCommits, GITHUB_SECRET, 'd-3') }),
  ).resolves.toEqual(TAKEN);
  taken.github.received += 1;
  taken.github.invalid = { hook_mapping_failed: 1 };
});

test('a form of fields, by Basic, is an identify', async () => {
  const headers = { authorization: `Basic ${Buffer.from(`${keyOf('survey')}:`).toString('base64')}` };
  const body = new URLSearchParams([
    ['email', 'ADA@Example.com'],
    ['score', '9'],
    ['answer', 'a'],
    ['answer', 'b'],
  ]);
  await expect(send('survey', { body, headers, query: '' })).resolves.toEqual(TAKEN);
  taken.survey.received += 1;
  expect(await inboxOf('survey', 1)).toMatchObject([
    { type: 'identify', userId: 'ada@example.com', traits: { score: '9', answers: ['a', 'b'] } },
  ]);
}, 40_000);

test('a source without a mapping makes a track event of all that was posted', async () => {
  await expect(
    send('plain', { body: '[1,2]', headers: { 'content-type': 'application/json', 'x-topic': 't' } }),
  ).resolves.toEqual(TAKEN);
  taken.plain.received += 1;
  expect(await inboxOf('plain', 1)).toMatchObject([
    {
      event: 'Webhook Received',
      anonymousId: sourceOf('plain').id,
      properties: { body: [1, 2], headers: { 'x-topic': 't' } },
    },
  ]);
}, 40_000);

test('tools that ask first are answered: by GET, by HEAD and in a body', async () => {
  await expect(send('plain', { method: 'GET', query: `key=${keyOf('plain')}&hub.challenge=4711` })).resolves.toEqual({
    status: 200,
    rejected: null,
    body: '4711',
  });
  await expect(send('plain', { method: 'HEAD' })).resolves.toMatchObject({ status: 200 });
  const body = JSON.stringify({ type: 'url_verification', challenge: 'c' });
  await expect(send('plain', { body })).resolves.toEqual({ status: 200, rejected: null, body: { challenge: 'c' } });
});

test('who sets a webhook up wrongly reads why', async () => {
  const body = '{}';
  await expect(send('plain', { body, query: '' })).resolves.toMatchObject({
    status: 401,
    rejected: 'missing-write-key',
  });
  await expect(send('plain', { body, query: 'key=writekeyofnobody0000000000000001' })).resolves.toMatchObject({
    status: 401,
    rejected: 'unknown-write-key',
  });
  await expect(send('plain', { body, to: sourceOf('survey').id })).resolves.toMatchObject({
    status: 404,
    rejected: 'wrong-source',
  });
  await expect(send('plain', { body: `"${'x'.repeat(512_000)}"` })).resolves.toMatchObject({
    status: 413,
    rejected: 'too-large',
  });
  const json = { 'content-type': 'application/json' };
  await expect(send('plain', { body: '{', headers: json })).resolves.toMatchObject({
    status: 400,
    rejected: 'invalid-json',
  });
});

test('the key of a source that asks for signatures opens no other way in', async () => {
  const writeKey = keyOf('github');
  const event = { writeKey, userId: 'u1', event: 'Forged', type: 'track' };
  const data = Buffer.from(JSON.stringify(event)).toString('base64url');
  const ways: [string, RequestInit][] = [
    ['/v1/track', { method: 'POST', body: JSON.stringify(event) }],
    ['/v1/batch', { method: 'POST', body: JSON.stringify({ writeKey, batch: [event] }) }],
    [`/v1/pixel/track?data=${data}`, {}],
  ];
  for (const [path, init] of ways) {
    const answer = await fetch(`${running.endpoints.trackingUrl}${path}`, init);
    expect([path, answer.status, answer.headers.get('tributary-rejected')]).toEqual([path, 200, 'wrong-source']);
  }
});

test('the last real body of a source is there to preview a mapping on', async () => {
  const source = sourceOf('stripe');
  const sample = await dynamoHookSampleReader(doc, output('SamplesTableName'), () => new Date()).get(source.id);
  expect(sample).toMatchObject({ isShortened: false, request: { body: stripeEvent('evt_2', null) } });
  expect(JSON.stringify(sample?.request.headers)).not.toContain('signature');
  if (sample === undefined) return;
  const about = {
    sourceId: source.id,
    intakeId: IntakeId.parse(`in_${'A'.repeat(22)}`),
    receivedAt: sample.receivedAt,
  };
  expect(previewHook(hookRulesOf(source.hook), sample.request, about).items).toMatchObject([
    { outcome: 'invalid', at: 'mapping.userId' },
  ]);
});

test('a signature’s secret is in no table and no log', async () => {
  const tables = ['ControlTableName', 'SamplesTableName', 'LedgerTableName', 'SeenTableName', 'UsageTableName'];
  for (const table of tables) {
    const { Items = [] } = await doc.send(new ScanCommand({ TableName: output(table) }));
    expect([table, /canary-(?:github|stripe)/.test(JSON.stringify(Items))]).toEqual([table, false]);
  }
  expect(running.output()).not.toMatch(/canary-(?:github|stripe)/);
});

test('the books are exact: each request that was taken is in them, with what became of it', async () => {
  const lineOf = async (slug: Slug) =>
    (await balanceOf(running.endpoints)).find((line) => isSource(line) && line.source === sourceOf(slug).id);
  for (const slug of ['github', 'stripe', 'survey', 'plain'] as const) {
    const { received, invalid, duplicate } = taken[slug];
    await until(
      async () => (await lineOf(slug))?.accepted === received,
      20_000,
      () => `The books of ${slug}`,
    );
    const noEvents = Object.values(invalid).reduce((sum, count) => sum + count, 0);
    expect(await lineOf(slug)).toMatchObject({
      accepted: received,
      invalid: noEvents,
      duplicate,
      routed: received - noEvents - duplicate,
      reasons: { invalid },
    });
    const destination = (await balanceOf(running.endpoints)).find((line) => line.destination === inboxes.get(slug)?.id);
    expect(destination).toMatchObject({
      delivered: received - noEvents - duplicate,
      inFlight: 0,
      dlq: 0,
      discarded: 0,
    });
  }
}, 60_000);
