import { readSegment } from '../../../../cli/tributary/segment/read-segment.ts';
import { reportText } from '../../../../cli/tributary/segment/report-text.ts';
import { plain, translate } from '../../../../cli/tributary/segment/translate.ts';
import { apiClient } from '../../../../shared/api/client.ts';
import { type Served, served } from '../../../builders/served.ts';
import { RETURNED_SECRET, SEGMENT_TOKEN, segmentAnswer, webhookHere } from '../../../fixtures/segment-workspace.ts';

let server: Served;
const seen: string[] = [];
beforeAll(async () => {
  server = await served(({ method, path, query, headers }) => {
    seen.push(method);
    return segmentAnswer(path, query, headers.authorization);
  });
});
afterAll(async () => await server.close());

const HERE = {
  sourceTypes: [{ id: 'IqDTy1TpoU', slug: 'javascript', name: 'JavaScript' }],
  destinationType: ({ slug }: { slug: string }) =>
    slug === 'actions-webhook' || slug === 'webhooks' ? webhookHere() : undefined,
};
const read = async (token = SEGMENT_TOKEN) => await readSegment(apiClient({ baseUrl: server.url, token: () => token }));

test('a workspace is read whole by GET alone; what may not be seen is told', async () => {
  const segment = await read();
  expect(
    segment.destinations.map(({ id, subscriptions, filters }) => [id, subscriptions.length, filters.length]),
  ).toEqual([
    ['d1', 3, 1],
    ['d2', 0, 0],
    ['d3', 0, 0],
    ['d4', 0, 0],
    ['d5', 0, 0],
    ['d6', 0, 0],
  ]);
  expect(segment.unread).toEqual([
    { what: 'spaces (profiles and audiences)', why: 'Spaces are not in your plan. (GET /spaces, status 403)' },
  ]);
  expect(new Set(seen)).toEqual(new Set(['GET']));
});

test('a token that is none reads nothing', async () => {
  await expect(read('wrong')).rejects.toMatchObject({ status: 401 });
});

test('sources keep their keys, types go by slug and name, secrets leave as placeholders', async () => {
  const { files, values, wanted } = translate(await read(), HERE);
  expect(files.sources).toEqual([
    {
      slug: 'shop-web',
      name: 'SHOP WEB',
      type: 'javascript',
      enabled: true,
      labels: { environment: 'prod' },
      settings: {},
      writeKeys: ['ShopWebKey0123456789abcdef'],
    },
  ]);
  expect(files.destinations).toMatchObject([
    { name: 'Masked hook', settings: { sharedSecret: '${SHOP_WEB_MASKED_HOOK_SHARED_SECRET}' }, enabled: true },
    {
      name: 'Old hook',
      type: 'webhook',
      enabled: false,
      settings: {},
      mappings: [{ name: 'All events', action: 'send', enabled: false }],
    },
    {
      name: 'Orders hook',
      settings: { sharedSecret: '${SHOP_WEB_ORDERS_HOOK_SHARED_SECRET}' },
      mappings: [
        {
          name: 'Orders',
          action: 'send',
          trigger: 'type = "track" and event = "Order Completed"',
          enabled: true,
          fields: { url: 'https://orders.example/hook', method: 'POST', data: { '@path': '$.properties' } },
        },
      ],
      filters: [{ title: 'No tests', if: 'context.isTest = true', actions: [{ type: 'DROP' }], enabled: true }],
    },
    { name: 'orders hook 2', enabled: false },
  ]);
  expect(files.trackingPlans).toMatchObject([
    { name: 'Shop plan', sources: ['shop-web'], rules: [{ key: 'Order Completed' }] },
  ]);
  expect(JSON.stringify(files)).not.toContain(RETURNED_SECRET);
  expect(values).toEqual({ SHOP_WEB_ORDERS_HOOK_SHARED_SECRET: RETURNED_SECRET });
  expect(wanted).toEqual(['SHOP_WEB_MASKED_HOOK_SHARED_SECRET']);
});

test('the report names everything that did not come over, and no secret', async () => {
  const segment = await read();
  const text = reportText(segment, translate(segment, HERE));
  for (const line of [
    '- source crm: there is no type "Salesforce" here',
    '- destination Wire of shop-web: there is no type "Telegraph" here',
    '- destination From CRM: its source is not taken over',
    '- destination Orders hook of shop-web: mapping Models: it is fed by Reverse ETL',
    '- destination Orders hook of shop-web: mapping Dance: Webhook has no action "dance" here',
    '- warehouses: 1: wh1',
    '- destination functions: 1: Enrich',
    '- people: 1: ada@shop.test',
    '- 2 suppressed users: 1: suppress them here by POST /regulations',
    '- source Shop Web: is called shop-web here: slugs have small letters',
    '- destination Orders hook of shop-web: its setting "unheardOf" has no counterpart here, and is left out',
    '- destination Masked hook of shop-web: stays switched off until its secrets are given',
    '- `SHOP_WEB_MASKED_HOOK_SHARED_SECRET`',
    '- spaces (profiles and audiences): Spaces are not in your plan. (GET /spaces, status 403)',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).not.toContain(RETURNED_SECRET);
});

test.each([
  ['Amplitude (Actions)', 'Amplitude'],
  ['Actions Amplitude', 'amplitude'],
  ['Google Analytics 4', 'google-analytics 4'],
])('%s and %s are one name', (a, b) => {
  expect(plain(a)).toBe(plain(b));
});
