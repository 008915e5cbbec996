import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { bundledDestinations } from '../../../../builders/destination-bundle.ts';
import { ownDestination } from '../../../../builders/own-destination.ts';
import type { Answer } from '../../../../builders/tool-server.ts';

let bundle: Awaited<ReturnType<typeof bundledDestinations>>;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  bundle = await bundledDestinations([]);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp(answer?: Answer) {
  const { tool, send, close } = await ownDestination(bundle, 'ntfy', answer);
  closing.push(close);
  const settings = { serverUrl: tool.origin, topic: 'shop-9f2c', accessToken: 'tk_whispered' };
  const outcomeOf = async (event: JsonObject, over: JsonObject = {}, fields: JsonObject = {}) => {
    const [result] = await send({ action: 'publish', settings: { ...settings, ...over }, events: [event], fields });
    return result?.outcome;
  };
  const messageOf = async (event: JsonObject, over: JsonObject = {}, fields: JsonObject = {}) => {
    await expect(outcomeOf(event, over, fields)).resolves.toEqual({ outcome: 'delivered' });
    return JSON.parse(tool.arrivals.at(-1)?.body ?? '') as JsonObject;
  };
  return { tool, outcomeOf, messageOf };
}

const aTrack = (): JsonObject => ({
  type: 'track',
  event: 'Cup Bought ☕',
  messageId: 'm1',
  userId: 'u1',
  context: { page: { url: 'https://shop.example/cups' } },
  integrations: {},
  properties: { price: 12, urgency: 9, labels: ['tada', 7, null] },
});

test('an event is published as JSON to the root of the server', async () => {
  const { tool, messageOf } = await setUp();
  const fields = { priority: { '@path': '$.properties.urgency' }, tags: ['coffee', 'tada'] };
  await expect(messageOf(aTrack(), { serverUrl: `${tool.origin}/ignored` }, fields)).resolves.toEqual({
    topic: 'shop-9f2c',
    message: 'Cup Bought ☕ by u1',
    title: 'Cup Bought ☕',
    priority: 5,
    tags: ['coffee', 'tada'],
    click: 'https://shop.example/cups',
  });
  expect(tool.arrivals).toMatchObject([
    {
      method: 'POST',
      url: '/',
      headers: { authorization: 'Bearer tk_whispered', 'content-type': 'application/json' },
    },
  ]);
});

test('a topic that needs no token is published to without one', async () => {
  const { tool, messageOf } = await setUp();
  const { context: _, ...event } = aTrack();
  await expect(messageOf({ ...event, context: {} }, { accessToken: '' }, { title: null })).resolves.toEqual({
    topic: 'shop-9f2c',
    message: 'Cup Bought ☕ by u1',
  });
  expect(tool.arrivals[0]?.headers).not.toHaveProperty('authorization');
});

test('a long message is cut between two characters', async () => {
  const { messageOf } = await setUp();
  const { message } = await messageOf(aTrack(), {}, { message: `x${'é'.repeat(3_000)}` });
  expect(message).toBe(`x${'é'.repeat(2_047)}`);
});

test.each([
  [400, { outcome: 'discarded', code: '400', message: 'invalid topic' }],
  [403, { outcome: 'discarded', code: '403', message: 'forbidden' }],
  [429, { outcome: 'retry', code: '429', message: 'limit reached', retryAfterMs: 60_000 }],
  [507, { outcome: 'retry', code: '507', message: 'no space' }],
])('%i is no delivery', async (status, outcome) => {
  const { outcomeOf } = await setUp(
    (_arrival, response) =>
      void response
        .writeHead(status, status === 429 ? { 'retry-after': '60' } : {})
        .end(JSON.stringify({ code: 40_001, http: status, error: outcome.message })),
  );
  await expect(outcomeOf(aTrack())).resolves.toEqual(outcome);
});

test.each([
  ['an address that is none', { serverUrl: 'nowhere' }, 'serverUrl must be an address'],
  ['a topic with a slash', { topic: 'a/b' }, 'topic may have letters'],
])('%s is a fault of the settings', async (_case, over, message) => {
  const { tool, outcomeOf } = await setUp();
  await expect(outcomeOf(aTrack(), over)).resolves.toEqual({
    outcome: 'discarded',
    code: 'INVALID_SETTINGS',
    message: expect.stringContaining(message),
  });
  expect(tool.arrivals).toEqual([]);
});
