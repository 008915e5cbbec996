/** What a new destination is called: in code and URLs, and for people. */
export type Named = { slug: string; name: string };

/** A name as TypeScript text. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;

/** A destination that works: one setting for the address, one for the key, one action that posts the event as JSON. */
export const definitionFile = ({
  name,
}: Named): string => `import type { ActionDefinition, DestinationDefinition } from '@segment/actions-core';
import { type JsonObject, own } from '../../../domain/json.ts';
import { invalidSettings } from '../discard-error.ts';
import { textOf } from '../payload-values.ts';

/** What the mapping makes of an event; each field is one that people see and may map to something else. */
const send: ActionDefinition<JsonObject, JsonObject> = {
  title: 'Send',
  description: 'Send an event.',
  defaultSubscription: 'type = "track"',
  fields: {
    event: {
      type: 'string',
      required: true,
      label: 'Event name',
      description: 'What happened.',
      default: { '@path': '$.event' },
    },
    userId: { type: 'string', label: 'User ID', description: 'Who did it.', default: { '@path': '$.userId' } },
    properties: {
      type: 'object',
      label: 'Properties',
      description: 'More about it.',
      default: { '@path': '$.properties' },
    },
  },
  perform: async (request, { settings, payload }) =>
    await request(\`\${originOf(settings)}/events\`, {
      method: 'post',
      headers: { authorization: \`Bearer \${textOf(own(settings, 'apiKey')) ?? ''}\` },
      json: payload,
    }),
};

export const definition: DestinationDefinition<JsonObject> = {
  name: ${quoted(name)},
  mode: 'cloud',
  authentication: {
    scheme: 'custom',
    fields: {
      endpoint: {
        type: 'string',
        required: true,
        label: 'Endpoint',
        description: 'Where events are sent, such as \`https://api.example.com\`.',
      },
      // A password is sealed at rest, written once and kept out of whatever people see.
      apiKey: { type: 'password', required: true, label: 'API key', description: 'A key of your account.' },
    },
  },
  actions: { send },
};

/** The address without what may stand at its end. Throws where it is none. */
function originOf(settings: JsonObject): string {
  const endpoint = textOf(own(settings, 'endpoint')) ?? '';
  if (!URL.canParse(endpoint)) throw invalidSettings('endpoint must be an address such as https://api.example.com');
  return endpoint.replace(/\\/+$/, '');
}
`;

/** A test that runs it by the engine against a tool on loopback, as the others do. */
export const testFile = ({
  slug,
  name,
}: Named): string => `import type { JsonObject } from '../../../../../shared/domain/json.ts';
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
  const { tool, send, close } = await ownDestination(bundle, '${slug}', answer);
  closing.push(close);
  const settings = { endpoint: tool.origin, apiKey: 'whispered' };
  const outcomeOf = async (event: JsonObject, over: JsonObject = {}) => {
    const [result] = await send({ action: 'send', settings: { ...settings, ...over }, events: [event] });
    return result?.outcome;
  };
  return { tool, outcomeOf };
}

const aTrack = (): JsonObject => ({
  type: 'track',
  event: 'Cup Bought',
  messageId: 'm1',
  userId: 'u1',
  context: {},
  integrations: {},
  properties: { price: 12 },
});

test(${quoted(`an event goes to ${name}, field by field`)}, async () => {
  const { tool, outcomeOf } = await setUp();
  await expect(outcomeOf(aTrack())).resolves.toEqual({ outcome: 'delivered' });
  expect(tool.arrivals).toMatchObject([
    { method: 'POST', url: '/events', headers: { authorization: 'Bearer whispered', 'content-type': 'application/json' } },
  ]);
  expect(JSON.parse(tool.arrivals[0]?.body ?? '')).toEqual({
    event: 'Cup Bought',
    userId: 'u1',
    properties: { price: 12 },
  });
});

test.each([
  [400, { outcome: 'discarded', code: '400' }],
  [503, { outcome: 'retry', code: '503' }],
])('%i is no delivery', async (status, outcome) => {
  const { outcomeOf } = await setUp((_arrival, response) => void response.writeHead(status).end());
  await expect(outcomeOf(aTrack())).resolves.toMatchObject(outcome);
});

test('an address that is none is a fault of the settings', async () => {
  const { tool, outcomeOf } = await setUp();
  await expect(outcomeOf(aTrack(), { endpoint: 'nowhere' })).resolves.toMatchObject({ code: 'INVALID_SETTINGS' });
  expect(tool.arrivals).toEqual([]);
});
`;

/** Its line in the list: what people see before they have one, and what route must know. */
export const rowText = ({ slug, name }: Named): string => `  {
    slug: '${slug}',
    name: ${quoted(name)},
    description: ${quoted(`Sends events to ${name}.`)},
    integrationNames: [${quoted(name)}],
    supportedTypes: ['track'],
    class: 'key',
    categories: ['Raw Data'],
    presets: [{ action: 'send', name: 'Track calls' }],
    load: () => import('./${slug}/definition.ts'),
  },
`;
