import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { presetRequests } from '../../../../builders/preset-requests.ts';
import { aSpecEvent } from '../../../../builders/spec-events.ts';

/** Every request whole, as literals: method, URL, headers beside the usual ones, body. What differs is a change that the tool sees. */
let destination: Awaited<ReturnType<typeof presetRequests>>;

beforeAll(async () => {
  destination = await presetRequests('slack');
});
afterAll(async () => await destination.close());

const SETTINGS: JsonObject = {};
/** What a person must fill in. */
const GIVEN = { fields: { url: 'https://hooks.slack.com/services/T0/B0/x' } };
const sent = async (event: JsonObject) => await destination.sendByPresets(SETTINGS, event, GIVEN);

test('an order', async () => {
  await expect(sent(aSpecEvent('track'))).resolves.toEqual([
    {
      preset: 'Track calls',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://hooks.slack.com/services/T0/B0/x',
          headers: { 'content-type': 'application/json' },
          body: { text: 'Order Completed by u1', username: 'Tributary' },
        },
      ],
    },
  ]);
});

test('a track call of one’s own', async () => {
  await expect(sent(aSpecEvent('track', { event: 'Cup Seen' }))).resolves.toEqual([
    {
      preset: 'Track calls',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://hooks.slack.com/services/T0/B0/x',
          headers: { 'content-type': 'application/json' },
          body: { text: 'Cup Seen by u1', username: 'Tributary' },
        },
      ],
    },
  ]);
});

test.each(['page', 'screen', 'identify', 'group', 'alias'] as const)('no preset is for %s', async (type) => {
  await expect(sent(aSpecEvent(type))).resolves.toEqual([]);
});
