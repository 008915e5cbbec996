import type { Json, JsonObject } from '../../../../../shared/domain/json.ts';
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

const answering =
  (body: string, status = 200): Answer =>
  (_arrival, response) =>
    void response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
const SUCCESS = '<?xml version="1.0" encoding="UTF-8"?>\n<status>SUCCESS</status>';

async function setUp(answer: Answer = answering(SUCCESS)) {
  const adobe = await ownDestination(bundle, 'adobe-analytics', answer);
  closing.push(adobe.close);
  const settings = (over: Record<string, Json> = {}): Record<string, Json> => ({
    reportSuiteId: 'shopprod',
    trackingServerUrl: adobe.tool.origin,
    eventsV2: { 'Cup Bought': 'event5' },
    sendPropertiesAsContextData: false,
    ...over,
  });
  const outcomeOf = async (event: JsonObject, over: Record<string, Json> = {}, fields: Record<string, Json> = {}) => {
    const action = event['type'] === 'track' ? 'track' : 'pageView';
    const [result] = await adobe.send({ action, settings: settings(over), events: [event], fields });
    return result?.outcome;
  };
  /** The elements of the one request, between the root's tags. */
  const bodyOf = async (event: JsonObject, over: Record<string, Json> = {}, fields: Record<string, Json> = {}) => {
    await expect(outcomeOf(event, over, fields)).resolves.toEqual({ outcome: 'delivered' });
    const body = adobe.tool.arrivals.at(-1)?.body ?? '';
    return /^<\?xml version="1\.0" encoding="UTF-8"\?><request>(.*)<\/request>$/s.exec(body)?.[1];
  };
  return { ...adobe, outcomeOf, bodyOf };
}

const anEvent = (over: JsonObject = {}): JsonObject => ({
  type: 'track',
  event: 'Cup Bought',
  messageId: 'm1',
  userId: 'u1',
  anonymousId: 'a1',
  timestamp: '2026-11-24T09:59:59.123Z',
  receivedAt: '2026-11-24T10:00:00.000Z',
  context: {},
  integrations: {},
  properties: {},
  ...over,
});

const FULL_CONTEXT: JsonObject = {
  ip: '203.0.113.7',
  userAgent: 'Mozilla/5.0 (X11)',
  locale: 'en-GB',
  page: { url: 'https://shop.example/cups?a=1&b=2', title: 'Cups', referrer: 'https://search.example/' },
  campaign: { name: 'spring' },
  'Adobe Analytics': { marketingCloudVisitorId: '79616681662205094719519402412079274310' },
};

test('an order goes out as a custom link, every field in its element', async () => {
  const { bodyOf, tool } = await setUp();
  const event = anEvent({
    event: 'Order Completed',
    context: FULL_CONTEXT,
    properties: {
      order_id: '50314b8e9bcf',
      currency: 'usd',
      channel: 'web',
      state: 'RI',
      zip: '02818',
      server: 'www3',
      plan: 'free',
      tags: ['new', 'gift'],
      path: ['home', 'cups'],
      products: [
        { name: 'Monopoly: 3rd Edition', category: 'Games', price: 19, quantity: 1, sku: '45790-32' },
        { name: 'Go Pro', category: 'Electronics', price: 99, quantity: 2 },
      ],
    },
  });
  const body = await bodyOf(event, {
    eVars: { plan: 'eVar4', 'Order Completed': '3', 'context.locale': 'eVar250' },
    props: { plan: 'prop1', tags: 'prop75' },
    lVars: { tags: 'list1' },
    hVars: { path: 'hier1' },
    customDelimiter: { hier1: '|', list1: ';' },
    contextValues: { plan: 'shop.plan', 'context.page.title': 'title' },
    marketingCloudOrgId: 'ABC@AdobeOrg',
  });
  expect(body).toBe(
    [
      '<scXmlVer>1.0</scXmlVer>',
      '<reportSuiteID>shopprod</reportSuiteID>',
      '<visitorID>u1</visitorID>',
      '<marketingCloudVisitorID>79616681662205094719519402412079274310</marketingCloudVisitorID>',
      '<marketingCloudOrgId>ABC@AdobeOrg</marketingCloudOrgId>',
      '<ipAddress>203.0.113.7</ipAddress>',
      '<userAgent>Mozilla/5.0 (X11)</userAgent>',
      '<language>en-GB</language>',
      '<pageName>Cups</pageName>',
      '<pageURL>https://shop.example/cups?a=1&amp;b=2</pageURL>',
      '<referrer>https://search.example/</referrer>',
      '<channel>web</channel>',
      '<campaign>spring</campaign>',
      '<server>www3</server>',
      '<state>RI</state>',
      '<zip>02818</zip>',
      '<linkType>o</linkType>',
      '<linkURL>https://shop.example/cups?a=1&amp;b=2</linkURL>',
      '<linkName>https://shop.example/cups?a=1&amp;b=2</linkName>',
      '<events>purchase</events>',
      '<currencyCode>USD</currencyCode>',
      '<products>Games;Monopoly: 3rd Edition;1;19.00,Electronics;Go Pro;2;198.00</products>',
      '<purchaseID>50314b8e9bcf</purchaseID>',
      '<transactionID>50314b8e9bcf</transactionID>',
      '<eVar4>free</eVar4>',
      '<eVar3>Order Completed</eVar3>',
      '<eVar250>en-GB</eVar250>',
      '<prop1>free</prop1>',
      '<prop75>new|gift</prop75>',
      '<hier1>home|cups</hier1>',
      '<list1>new;gift</list1>',
      '<contextData><shop><plan>free</plan></shop><title>Cups</title></contextData>',
    ].join(''),
  );
  expect(tool.arrivals).toMatchObject([
    {
      method: 'POST',
      url: '/b/ss//6',
      headers: { 'content-type': 'application/xml; charset=utf-8', accept: 'application/xml' },
    },
  ]);
});

test.each(['page', 'screen'])('a %s call is a page view', async (type) => {
  const { bodyOf } = await setUp();
  const event = anEvent({
    type,
    name: 'Home',
    integrations: { 'Adobe Analytics': { events: ['event35', 'scAdd', 'event7=2.5', '<x>', 7] } },
    properties: { url: 'https://shop.example/', term: 'cups' },
  });
  await expect(bodyOf(event, { eVars: { term: 'eVar7' } })).resolves.toBe(
    '<scXmlVer>1.0</scXmlVer><reportSuiteID>shopprod</reportSuiteID><visitorID>u1</visitorID><pageName>Home</pageName>' +
      '<pageURL>https://shop.example/</pageURL><events>event35,scAdd,event7=2.5</events><eVar7>cups</eVar7>',
  );
});

test('each e-commerce event has its word, and the product of a single one is its properties', async () => {
  const { bodyOf } = await setUp();
  const words: (string | undefined)[][] = [];
  for (const event of [
    'Product Viewed',
    'Product List Viewed',
    'Product Added',
    'Product Removed',
    'Cart Viewed',
    'Cart Opened',
    'Checkout Started',
  ]) {
    const body = await bodyOf(
      anEvent({ event, properties: { sku: 'G-32', name: 'Settlers', category: 'Games', price: '34.99' } }),
      {
        productIdentifier: 'sku',
      },
    );
    words.push([
      event,
      /<events>(.*)<\/events>/.exec(body ?? '')?.[1],
      /<products>(.*)<\/products>/.exec(body ?? '')?.[1],
    ]);
  }
  expect(words).toEqual([
    ['Product Viewed', 'prodView', 'Games;G-32;1;34.99'],
    ['Product List Viewed', 'prodView', undefined],
    ['Product Added', 'scAdd', 'Games;G-32;1;34.99'],
    ['Product Removed', 'scRemove', 'Games;G-32;1;34.99'],
    ['Cart Viewed', 'scView', undefined],
    ['Cart Opened', 'scOpen', undefined],
    ['Checkout Started', 'scCheckout', undefined],
  ]);
});

test('merchandising: amounts and eVars of a product stand in its string, one without its amount is not sent', async () => {
  const { bodyOf } = await setUp();
  const event = anEvent({
    event: 'Order Completed',
    properties: {
      increment: 1,
      products: [{ name: 'Monopoly', category: 'Games', price: 34.99, priceStatus: 'promo', coupon: 'MAY,DEALS' }],
    },
  });
  const merchEvents: JsonObject = {
    'Order Completed': {
      events: [
        { adobeEvent: 'event1', scope: 'event', property: 'properties.increment' },
        { adobeEvent: 'event2', scope: 'product', property: 'products.price' },
        { adobeEvent: 'event3', property: 'absent' },
        { adobeEvent: 'event4' },
      ],
      productEVars: { 'products.priceStatus': 'eVar1', 'products.coupon': '2' },
    },
  };
  const body = await bodyOf(event, { merchEvents });
  expect(body).toContain('<events>purchase,event1=1,event2,event4</events>');
  expect(body).toContain('<products>Games;Monopoly;1;34.99;event2=34.99;eVar1=promo|eVar2=MAY DEALS</products>');
});

test('an event that nobody mapped is not sent, and the reason says so', async () => {
  const { outcomeOf, tool } = await setUp();
  await expect(outcomeOf(anEvent({ event: 'Cup Seen' }))).resolves.toEqual({
    outcome: 'discarded',
    code: 'NO_MATCHING_MAPPING',
    message: 'The event Cup Seen is not in the map of events',
  });
  await expect(outcomeOf(anEvent({ event: 'constructor' }))).resolves.toMatchObject({ code: 'NO_MATCHING_MAPPING' });
  expect(tool.arrivals).toEqual([]);
});

test('a mapped event of the e-commerce spec carries both, a mapped one several', async () => {
  const { bodyOf } = await setUp();
  const eventsV2 = { 'Order Completed': ['event9'], 'Cup Bought': 'event5, event6' };
  await expect(bodyOf(anEvent({ event: 'Order Completed' }), { eventsV2 })).resolves.toContain(
    '<events>purchase,event9</events>',
  );
  await expect(bodyOf(anEvent(), { eventsV2 })).resolves.toContain('<events>event5,event6</events>');
});

describe('Adobe answers 200 to what it does not take', () => {
  test.each([
    [
      'FAILURE with its reason',
      '<?xml version="1.0" encoding="UTF-8"?>\n<status>FAILURE</status>\n<reason>NO account</reason>',
      { outcome: 'discarded', code: 'MESSAGE_REJECTED', message: 'Adobe refused it: NO account' },
    ],
    [
      'FAILURE without one',
      '<status>FAILURE</status>',
      { outcome: 'discarded', code: 'MESSAGE_REJECTED', message: 'Adobe refused it: it gave no reason' },
    ],
    ['a page of somebody else', '<html>Welcome</html>', { outcome: 'retry', code: 'RETRY' }],
    ['nothing', '', { outcome: 'retry', code: 'RETRY' }],
    ['half an answer', '<status>SUCC', { outcome: 'retry', code: 'RETRY' }],
  ])('%s is not delivered', async (_case, answer, outcome) => {
    const { outcomeOf } = await setUp(answering(answer));
    await expect(outcomeOf(anEvent())).resolves.toMatchObject(outcome);
  });

  test('a 503 is retried', async () => {
    const { outcomeOf } = await setUp(answering('busy', 503));
    await expect(outcomeOf(anEvent())).resolves.toMatchObject({ outcome: 'retry', code: '503' });
  });
});

describe('hostile values', () => {
  const HOSTILE = `</eVar1><visitorID>x</visitorID>&"'<![CDATA[ \u0000\u0008\uFFFE\uD800 ]]>`;
  const ESCAPED = `&lt;/eVar1&gt;&lt;visitorID&gt;x&lt;/visitorID&gt;&amp;&quot;&apos;&lt;![CDATA[ \uFFFD ]]&gt;`;

  test('stay text: escaped, and without what XML cannot carry', async () => {
    const { bodyOf } = await setUp();
    const body = await bodyOf(anEvent({ properties: { plan: HOSTILE } }), { eVars: { plan: 'eVar1' } });
    expect(body).toContain(`<eVar1>${ESCAPED}</eVar1>`);
  });

  test('keys of properties that cannot name an element are no context data', async () => {
    const { bodyOf } = await setUp();
    const properties = {
      'a><b': '1',
      'a b': '2',
      '1a': '3',
      '': '4',
      'a..b': '5',
      'x.y': '6',
      good: true,
      n: 7,
      list: [1],
      deep: { a: 1 },
      empty: '',
      none: null,
      ['__proto__']: 'own',
    };
    const body = await bodyOf(anEvent({ properties }), { sendPropertiesAsContextData: true });
    expect(body).toContain('<contextData><x><y>6</y></x><good>true</good><n>7</n></contextData>');
  });

  test('separators of the products string become blanks', async () => {
    const { bodyOf } = await setUp();
    const products = [{ name: 'a;b,c|d', category: 'x,y', quantity: 'many', price: {} }];
    await expect(bodyOf(anEvent({ properties: { products: products as Json } }))).resolves.toContain(
      '<products>x y;a b c d;1;0.00</products>',
    );
  });

  test('an unknown link type is a custom link, a false currency is left out', async () => {
    const { bodyOf } = await setUp();
    const body = await bodyOf(
      anEvent({
        integrations: { 'Adobe Analytics': { linkType: 'x', linkName: 'Click' } },
        properties: { currency: '<$>' },
      }),
    );
    expect(body).toContain('<linkType>o</linkType><linkURL>No linkUrl provided</linkURL><linkName>Click</linkName>');
    expect(body).not.toContain('currencyCode');
  });
});

test('values are cut to what Adobe keeps, never within a character', async () => {
  const { bodyOf } = await setUp();
  const long = 'é'.repeat(200);
  const body = await bodyOf(
    anEvent({ type: 'page', name: `x${long}`, properties: { long, list: [long, 'b'], emoji: '😀'.repeat(70) } }),
    { eVars: { long: 'eVar1', emoji: 'eVar2' }, props: { long: 'prop1' }, lVars: { list: 'list2' } },
  );
  const text = (name: string) => new RegExp(`<${name}>(.*)</${name}>`).exec(body ?? '')?.[1];
  expect(text('pageName')).toBe(`x${'é'.repeat(49)}`);
  expect(text('prop1')).toBe('é'.repeat(50));
  expect(text('eVar1')).toBe('é'.repeat(127));
  expect(text('eVar2')).toBe('😀'.repeat(63));
  expect(text('list2')).toBe(`${'é'.repeat(127)},b`);
});

describe('visitor and time', () => {
  const context = { 'Adobe Analytics': { visitorId: 's_vi-1', marketingCloudVisitorId: '796' } };
  const ids = (body: string | undefined) =>
    ['visitorID', 'marketingCloudVisitorID', 'timestamp'].map(
      (name) => new RegExp(`<${name}>(.*)</${name}>`).exec(body ?? '')?.[1],
    );

  test.each<[string, JsonObject, Record<string, Json>, (string | undefined)[]]>([
    ['the user', {}, {}, ['u1', undefined, undefined]],
    ['the anonymous', { userId: null }, {}, ['a1', undefined, undefined]],
    ['what the event brings', { context }, {}, ['s_vi-1', '796', undefined]],
    [
      'enabled: time, no visitor',
      { context },
      { timestampOption: 'enabled' },
      [undefined, '796', '2026-11-24T09:59:59Z'],
    ],
    ['hybrid: time first', { context }, { timestampOption: 'hybrid' }, [undefined, '796', '2026-11-24T09:59:59Z']],
    [
      'hybrid: visitor preferred',
      { context },
      { timestampOption: 'hybrid', preferVisitorId: true },
      ['s_vi-1', '796', undefined],
    ],
    [
      'hybrid: both',
      { context },
      { timestampOption: 'hybrid', sendBothTimestampVisitorId: true },
      ['s_vi-1', '796', '2026-11-24T09:59:59Z'],
    ],
    [
      'hybrid: preferred, but dropped',
      { context },
      { timestampOption: 'hybrid', preferVisitorId: true, disableVisitorId: true },
      [undefined, '796', '2026-11-24T09:59:59Z'],
    ],
    ['dropped', { context }, { disableVisitorId: true }, [undefined, '796', undefined]],
    [
      'no fallback beside a cloud ID',
      { context: { 'Adobe Analytics': { marketingCloudVisitorId: '796' } } },
      { removeFallbackVisitorId: true },
      [undefined, '796', undefined],
    ],
    ['a fallback without one', {}, { removeFallbackVisitorId: true }, ['u1', undefined, undefined]],
  ])('%s', async (_case, event, settings, expected) => {
    const { bodyOf } = await setUp();
    expect(ids(await bodyOf(anEvent(event), settings))).toEqual(expected);
  });

  test('an event that says nothing of who it was is not sent', async () => {
    const { outcomeOf, tool } = await setUp();
    await expect(outcomeOf(anEvent({ userId: null, anonymousId: null }))).resolves.toMatchObject({
      code: 'MESSAGE_REJECTED',
      message: expect.stringContaining('needs a visitor ID'),
    });
    await expect(outcomeOf(anEvent({ userId: 'x'.repeat(101) }))).resolves.toMatchObject({
      message: 'The visitor ID has 101 characters, and Adobe takes 100',
    });
    await expect(outcomeOf(anEvent({ type: 'page' }))).resolves.toMatchObject({
      message: 'Adobe needs the name or the URL of the page, and the event has neither',
    });
    expect(tool.arrivals).toEqual([]);
  });
});

test.each<[string, Record<string, Json>, string]>([
  ['an eVar beyond the last', { eVars: { plan: 'eVar251' } }, 'eVars: "eVar251" is none of eVar1 to eVar250'],
  ['a prop among the eVars', { eVars: { plan: 'prop1' } }, 'eVars: "prop1" is none of eVar1 to eVar250'],
  [
    'an event of no such name',
    { eventsV2: { 'Cup Bought': 'evnt1' } },
    'eventsV2: Cup Bought is mapped to "evnt1", which is no event of Adobe\'s',
  ],
  [
    'a server with a path',
    { trackingServerUrl: 'a.example/x' },
    'trackingServerUrl must be a host, such as example.sc.omtrdc.net',
  ],
  [
    'merchandising without its list',
    { merchEvents: { 'Cup Bought': 'event1' } },
    'merchEvents: Cup Bought has no list "events"',
  ],
  ['a timestamp option of none of ours', { timestampOption: 'sometimes' }, 'Timestamp option must be one of'],
])('%s is a fault of the settings that is named', async (_case, settings, message) => {
  const { outcomeOf, tool } = await setUp();
  await expect(outcomeOf(anEvent(), settings)).resolves.toEqual({
    outcome: 'discarded',
    code: 'INVALID_SETTINGS',
    message: expect.stringContaining(message),
  });
  expect(tool.arrivals).toEqual([]);
});

test('plain http is not spoken to a server that is not on the list', async () => {
  const { outcomeOf } = await setUp();
  await expect(outcomeOf(anEvent(), { trackingServerUrl: 'http://adobe.example' })).resolves.toMatchObject({
    code: 'INVALID_SETTINGS',
    message: expect.stringContaining('plain http is not allowed'),
  });
});
