import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { presetRequests } from '../../../../builders/preset-requests.ts';
import { aSpecEvent } from '../../../../builders/spec-events.ts';

/** Every request whole: method, URL, headers beside the usual ones, and as body the event as it is. */
let destination: Awaited<ReturnType<typeof presetRequests>>;

beforeAll(async () => {
  destination = await presetRequests('webhook');
});
afterAll(async () => await destination.close());

const SETTINGS: JsonObject = {};
/** What a person must fill in. */
const GIVEN = { fields: { url: 'https://hooks.example/x' } };
const sent = async (event: JsonObject) => await destination.sendByPresets(SETTINGS, event, GIVEN);

test('an order', async () => {
  await expect(sent(aSpecEvent('track'))).resolves.toEqual([
    {
      preset: 'All events',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://hooks.example/x',
          headers: { 'content-type': 'application/json' },
          body: aSpecEvent('track'),
        },
      ],
    },
  ]);
});

test('a page call', async () => {
  await expect(sent(aSpecEvent('page'))).resolves.toEqual([
    {
      preset: 'All events',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://hooks.example/x',
          headers: { 'content-type': 'application/json' },
          body: aSpecEvent('page'),
        },
      ],
    },
  ]);
});

test('a screen call', async () => {
  await expect(sent(aSpecEvent('screen'))).resolves.toEqual([
    {
      preset: 'All events',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://hooks.example/x',
          headers: { 'content-type': 'application/json' },
          body: aSpecEvent('screen'),
        },
      ],
    },
  ]);
});

test('an identify call', async () => {
  await expect(sent(aSpecEvent('identify'))).resolves.toEqual([
    {
      preset: 'All events',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://hooks.example/x',
          headers: { 'content-type': 'application/json' },
          body: aSpecEvent('identify'),
        },
      ],
    },
  ]);
});

test('a group call', async () => {
  await expect(sent(aSpecEvent('group'))).resolves.toEqual([
    {
      preset: 'All events',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://hooks.example/x',
          headers: { 'content-type': 'application/json' },
          body: aSpecEvent('group'),
        },
      ],
    },
  ]);
});

test('an alias call', async () => {
  await expect(sent(aSpecEvent('alias'))).resolves.toEqual([
    {
      preset: 'All events',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://hooks.example/x',
          headers: { 'content-type': 'application/json' },
          body: aSpecEvent('alias'),
        },
      ],
    },
  ]);
});
