import type { DeliverySample } from '../../../../../shared/ports/delivery-stores.ts';
import type { DestinationDigest } from '../../../../../shared/domain/digest.ts';
import { onSource } from '../../../../builders/api-people.ts';
import { deliveryWorld } from '../../../../builders/delivery-world.ts';
import { aDeliveryLine, aDestinationDetail } from '../../../../builders/fake-delivery.ts';
import { aDestination } from '../../../../builders/workspace-things.ts';

type Issue = { id: string; destinationId: string; code: string; message: string; count: number; ended: number };
type Shown = {
  code: string;
  messageId: string;
  isMasked: boolean;
  event: Record<string, unknown>;
  exchanges: unknown[];
};

const sample = (over: Partial<DeliverySample> = {}): DeliverySample => ({
  destinationId: 'dst_1',
  mappingId: 'map_1',
  messageId: 'm1',
  at: '2026-11-26T09:30:00.000Z',
  code: '500',
  message: 'down for 12 s',
  event: { type: 'track', event: 'Order Completed', messageId: 'm1', properties: { email: 'ada@shop.test', ok: true } },
  requests: [
    {
      method: 'POST',
      url: 'https://tool.test/people/ada@shop.test?email=ada@shop.test',
      headers: { 'x-user': 'ada@shop.test' },
      body: '{"email":"ada@shop.test"}',
      status: 500,
      responseHeaders: {},
      responseBody: 'no ada@shop.test here',
      tookMs: 7,
    },
  ],
  ...over,
});

async function setUp() {
  const world = await deliveryWorld();
  const { books } = world;
  const error = (code: string, message: string, count: number) => ({
    code,
    message,
    count,
    firstSeen: '2026-11-26T09:30:00.000Z',
    lastSeen: '2026-11-26T09:31:00.000Z',
  });
  books.destination(
    '2026-11-26T09:30:00.000Z',
    aDestinationDetail(
      [
        aDeliveryLine(1, { retry: 6, deadLettered: { retry_window: 2 } }),
        aDeliveryLine(1, { mappingId: 'map_2', discarded: { '400': 5 } }),
      ],
      { errors: [error('500', 'down for # s', 8), error('400', 'no name', 3), error('400', 'no id', 2)] },
    ),
  );
  books.destination(
    '2026-11-26T09:40:00.000Z',
    aDestinationDetail([], { errors: [{ ...error('500', 'down for # s', 1), lastSeen: '2026-11-26T09:41:00.000Z' }] }),
  );
  books.destination('2026-11-26T09:30:00.000Z', aDestinationDetail([], { errors: [error('401', 'no', 1)] }), 'dst_2');
  books.destination('2026-11-26T09:30:00.000Z', aDestinationDetail([], { errors: [error('401', 'no', 9)] }), 'dst_9');
  const issues = async (query = '', bearer?: string) =>
    await world.call('GET', '/app-api/delivery/issues', { query, ...(bearer !== undefined && { bearer }) });
  const list = async (query = '', bearer?: string): Promise<Issue[]> =>
    ((await issues(query, bearer)).data as { issues: Issue[] }).issues;
  const samplesOf = async (id: string, bearer?: string) =>
    await world.call('GET', `/app-api/delivery/issues/${id}/samples`, { ...(bearer !== undefined && { bearer }) });
  return { ...world, issues, list, samplesOf };
}

test('the error table: by destination, code and message, with first and last seen, whether it is retried, and what to do (G03)', async () => {
  const { list } = await setUp();
  const rows = await list('destinationId=dst_1');
  expect(rows).toMatchObject([
    {
      destinationId: 'dst_1',
      sourceId: 'src_1',
      subscriptionId: null,
      code: '500',
      message: 'down for # s',
      retried: true,
      count: 9,
      ended: 0,
      firstSeenAt: '2026-11-26T09:30:00.000Z',
      lastSeenAt: '2026-11-26T09:41:00.000Z',
      advice: 'The tool fails. It is tried again by itself; look at its status page if it goes on.',
    },
    { code: '400', message: 'no name', retried: false, count: 3, ended: 5, subscriptionId: 'map_2' },
    { code: '400', message: 'no id', count: 2 },
    // Nobody said it at a try: it is what gave sends up.
    { code: 'retry_window', message: '', count: 2, ended: 2, subscriptionId: 'map_1', retried: false },
  ]);
  expect((await list()).map(({ destinationId, code }) => [destinationId, code])).toContainEqual(['dst_2', '401']);
  expect((await list('subscriptionId=map_2')).map(({ code, message }) => [code, message])).toEqual([
    ['400', 'no name'],
    ['400', 'no id'],
  ]);
  expect((await list('sourceId=src_2')).map(({ destinationId }) => destinationId)).toEqual(['dst_2']);
});

test('issues are paged, each once', async () => {
  const { issues } = await setUp();
  const seen: string[] = [];
  let cursor = '';
  for (let page = 0; page < 10; page += 1) {
    const query = `pagination[count]=2${cursor === '' ? '' : `&pagination[cursor]=${cursor}`}`;
    const { data } = (await issues(query)) as { data: { issues: Issue[]; pagination: { next?: string } } };
    seen.push(...data.issues.map(({ id }) => id));
    if (data.pagination.next === undefined) break;
    cursor = data.pagination.next;
  }
  expect([seen.length, new Set(seen).size]).toEqual([5, 5]);
});

test('only what the caller sees is listed or found by id, and what is foreign is not found (T8)', async () => {
  const { list, issues, samplesOf, token } = await setUp();
  const [issue] = await list('destinationId=dst_1');
  const bearer = await token([onSource('source-read-only', 'src_2')]);
  expect((await list('', bearer)).map(({ destinationId }) => destinationId)).toEqual(['dst_2']);
  for (const query of ['destinationId=dst_1', 'sourceId=src_1', 'subscriptionId=map_1', 'destinationId=dst_9']) {
    expect((await issues(query, bearer)).status).toBe(404);
  }
  expect((await samplesOf(issue?.id ?? '')).status).toBe(200);
  expect((await samplesOf(issue?.id ?? '', bearer)).status).toBe(404);
  const foreign = Buffer.from(JSON.stringify(['dst_9', '401', 'no'])).toString('base64url');
  for (const id of [foreign, 'x', 'W10', '%00', 'A'.repeat(4_000), Buffer.from('{"a":1}').toString('base64url')]) {
    expect((await samplesOf(id)).status).toBe(404);
  }
});

test('ten samples of an issue at most: what was sent to us, to the tool, and what it answered (G04, G15)', async () => {
  const { list, samplesOf, books } = await setUp();
  const [issue] = await list('destinationId=dst_1');
  for (let second = 10; second < 25; second += 1) {
    books.samples.push(sample({ messageId: `m${second}`, at: `2026-11-26T09:30:${second}.000Z` }));
  }
  books.samples.push(sample({ message: 'another cause', messageId: 'other', at: '2026-11-26T09:59:00.000Z' }));
  books.samples.push(sample({ code: '400', messageId: 'of another code' }));
  const { samples } = (await samplesOf(issue?.id ?? '')).data as { samples: Shown[] };
  expect(samples.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 10 }, (_, index) => `m${24 - index}`));
  expect(samples[0]).toMatchObject({
    isMasked: false,
    subscriptionId: 'map_1',
    event: { properties: { email: 'ada@shop.test' } },
    exchanges: [{ method: 'POST', status: 500, requestBody: '{"email":"ada@shop.test"}', latencyMs: 7 }],
  });
});

test('who may not see personal data sees the form of a sample, and none of its values', async () => {
  const { list, samplesOf, books, token } = await setUp();
  const [issue] = await list('destinationId=dst_1');
  books.samples.push(sample());
  const bearer = await token([onSource('source-read-only', 'src_1')]);
  const answer = await samplesOf(issue?.id ?? '', bearer);
  expect(answer.text).not.toContain('ada');
  const { samples } = answer.data as { samples: Shown[] };
  expect(samples).toMatchObject([
    {
      isMasked: true,
      event: { event: 'Order Completed', properties: { ok: '••••••••' } },
      exchanges: [{ status: 500, url: 'https://tool.test/••••••••' }],
    },
  ]);
});

test('of somebody who was suppressed afterwards no sample is shown, of an issue or a reason (T25)', async () => {
  const { call, list, samplesOf, books } = await setUp();
  const [issue] = await list('destinationId=dst_1');
  const at = '2026-11-26T09:30:00.000Z';
  const event = { type: 'track', userId: 'ada', messageId: 'hers' };
  books.samples.push(sample({ event, messageId: 'hers' }), sample());
  books.reasons.push({ sourceId: 'src_1', reason: 'id_required', messageId: 'hers', at, event });
  const body = { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjectIds: ['ada'] };
  await call('POST', '/regulations', { body });
  const shown = (answer: { data: never }) =>
    (answer.data as { samples: Shown[] }).samples.map(({ messageId }) => messageId);
  expect(shown(await samplesOf(issue?.id ?? ''))).toEqual(['m1']);
  const query = 'reason=id_required';
  expect(shown(await call('GET', '/app-api/sources/src_1/delivery/samples', { query }))).toEqual([]);
});

test('events that ended before anything was sent are shown by their reason, at the source or at a destination (G13, G15)', async () => {
  const { call, books } = await setUp();
  const at = '2026-11-26T09:30:00.000Z';
  const event = { type: 'track', event: 'A' };
  books.reasons.push({ sourceId: 'src_1', reason: 'id_required', messageId: 'bad', at, event });
  books.reasons.push({
    sourceId: 'src_1',
    reason: 'FILTERED_BY_RULES',
    destinationId: 'dst_1',
    messageId: 'kept',
    at,
    event,
  });
  books.reasons.push({
    sourceId: 'src_1',
    reason: 'id_required',
    messageId: 'old',
    at: '2026-11-25T09:00:00.000Z',
    event,
  });
  const shown = async (query: string) => {
    const answer = await call('GET', '/app-api/sources/src_1/delivery/samples', { query });
    return (answer.data as { samples: Shown[] }).samples.map(({ messageId }) => messageId);
  };
  expect(await shown('reason=id_required&range=7d')).toEqual(['bad']);
  expect(await shown('reason=FILTERED_BY_RULES&destinationId=dst_1')).toEqual(['kept']);
  expect(await shown('reason=id_required&range=10m')).toEqual([]);
  const foreign = await call('GET', '/app-api/sources/src_1/delivery/samples', {
    query: 'reason=x&destinationId=dst_2',
  });
  expect(foreign.status).toBe(404);
});

test('of hundreds of destinations those that failed most are looked into, and how many were not is said', async () => {
  const { issues, commit, books } = await setUp();
  const things = Array.from({ length: 60 }, (_, n) =>
    aDestination({ id: `dst_x${n}`, type: 'webhook', name: `H${n}` }),
  );
  for (const thing of things) await commit(thing.workspaceId, [{ kind: 'destination', verb: 'save', thing }]);
  const digest = (failures: number): DestinationDigest => ({
    filtered: {},
    queued: 0,
    sends: 0,
    delivered: 0,
    discarded: {},
    deadLettered: {},
    retry: 0,
    retried: 0,
    failedTries: { '500': failures },
    latency: [],
  });
  const destinations = Object.fromEntries(things.slice(0, 50).map(({ id }, n) => [id, digest(n + 1)]));
  books.digests.set('2026-11-26T09', { sources: {}, destinations });
  books.reads.length = 0;
  const { data } = (await issues('')) as { data: { destinationsLeftOut: number } };
  expect([data.destinationsLeftOut, books.reads.length, books.reads[0]]).toEqual([10, 40, 'dst_x49 hour']);
});
