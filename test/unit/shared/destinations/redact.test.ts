import fc from 'fast-check';
import { redactedRequest, redactor } from '../../../../shared/destinations/redact.ts';
import type { Exchange } from '../../../../shared/destinations/send-context.ts';

const SECRET = 'K/9 "x"+canary=';

const anExchange = (over: Partial<Exchange> = {}): Exchange => ({
  method: 'POST',
  url: 'https://tool.example/collect',
  headers: {},
  body: Buffer.alloc(0),
  tookMs: 1,
  ...over,
});

test.each([
  ['as it is', SECRET],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in a form', new URLSearchParams({ k: SECRET }).toString().slice(2)],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
  ['in JSON that escapes slashes', JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/')],
  ['in JSON within JSON', JSON.stringify(JSON.stringify(SECRET).slice(1, -1)).slice(1, -1)],
  ['in a URL with small escapes', encodeURIComponent(SECRET).replaceAll(/%../g, (escape) => escape.toLowerCase())],
  ['in a URL within a URL', encodeURIComponent(encodeURIComponent(SECRET))],
  ['in HTML', SECRET.replaceAll('"', '&quot;')],
  ['in hex', Buffer.from(SECRET).toString('hex')],
  ['in base64 of URLs', Buffer.from(SECRET).toString('base64url')],
  ['in small letters', SECRET.toLowerCase()],
])("a secret setting's value is taken out, %s (T18)", (_case, spelled) => {
  const { url, headers, body, responseBody, error } = redactedRequest(
    anExchange({
      url: `https://tool.example/${spelled}/x`,
      headers: { 'x-note': `a ${spelled} b` },
      body: Buffer.from(`[${spelled}]`),
      status: 400,
      responseBody: Buffer.from(`you sent ${spelled}`),
      error: `bad ${spelled}`,
    }),
    redactor([SECRET]),
  );
  expect({ url, headers, body, responseBody, error }).toEqual({
    url: 'https://tool.example/[redacted]/x',
    headers: { 'x-note': 'a [redacted] b' },
    body: '[[redacted]]',
    responseBody: 'you sent [redacted]',
    error: 'bad [redacted]',
  });
});

test.each(['', 'u', 'us', 'usr', 'a longer name'])(
  'credentials of Basic that are repeated in a body show nothing of the password, behind the user "%s" (T18)',
  (user) => {
    const secret = 'KanarienvogelImKohlebergwerk';
    const credentials = Buffer.from(`${user}:${secret}:more`).toString('base64');
    const { responseBody = '' } = redactedRequest(
      anExchange({ responseBody: Buffer.from(`You said Basic ${credentials}!`), status: 401 }),
      redactor([secret]),
    );
    const left = /^You said Basic (.*)!$/.exec(responseBody)?.[1] ?? '';
    expect(left).toContain('[redacted]');
    // What is left around the mask is the user, what follows, and at most a letter's bits.
    expect(left.replace('[redacted]', '').length).toBeLessThanOrEqual(
      Buffer.from(`${user}::more`).toString('base64').length + 4,
    );
  },
);

test('a name of a header or of a key that is the secret goes, too (T18)', () => {
  const shown = redactedRequest(
    anExchange({ responseHeaders: { 'x-kanarienvogel': '1' }, status: 400 }),
    redactor(['Kanarienvogel']),
  );
  expect(shown.responseHeaders).toEqual({ 'x-[redacted]': '1' });
  expect(redactor(['Kanarienvogel']).json({ a: { Kanarienvogel: 1 } })).toEqual({ a: { '[redacted]': 1 } });
});

test('headers that carry credentials show their name only', () => {
  const headers = {
    authorization: 'Basic abc',
    cookie: 'a=b',
    'x-api-key': '123',
    'x-auth': '123',
    auth: '123',
    'x-auth-user': '123',
    'x-author': 'Ada',
    'x-signature': 'feed',
    'content-type': 'application/json',
  };
  const answer = { 'set-cookie': 'session=1', 'x-ratelimit': '5' };
  expect(redactedRequest(anExchange({ headers, responseHeaders: answer }), redactor([]))).toMatchObject({
    headers: {
      authorization: '[redacted]',
      cookie: '[redacted]',
      'x-api-key': '[redacted]',
      'x-auth': '[redacted]',
      auth: '[redacted]',
      'x-auth-user': '[redacted]',
      'x-author': 'Ada',
      'x-signature': '[redacted]',
      'content-type': 'application/json',
    },
    responseHeaders: { 'set-cookie': '[redacted]', 'x-ratelimit': '5' },
  });
});

test.each([
  ['{"api_key":"abc","events":[1]}', '{"api_key":"[redacted]","events":[1]}'],
  ['{"apiKey": 12345, "a": "b"}', '{"apiKey": "[redacted]", "a": "b"}'],
  ['{"token":"a\\"b","c":1}', '{"token":"[redacted]","c":1}'],
  ['{"password":"cut off he', '{"password":"[redacted]"'],
  ['{"key":"kept","monkey":"kept"}', '{"key":"kept","monkey":"kept"}'],
  ['api_key=abc&event=x', 'api_key=[redacted]&event=x'],
])('in %s what stands under the name of a secret goes', (body, shown) => {
  expect(redactedRequest(anExchange({ body: Buffer.from(body) }), redactor([])).body).toBe(shown);
});

test('secrets in a query go', () => {
  const url = 'https://tool.example/mp?api_secret=abc&measurement_id=G-1&access_token=d#x';
  expect(redactedRequest(anExchange({ url }), redactor([])).url).toBe(
    'https://tool.example/mp?api_secret=[redacted]&measurement_id=G-1&access_token=[redacted]#x',
  );
});

test('a secret that is cut in two by the end of a body does not show its first half', () => {
  const secret = 'abcdefghijklmnopqrstuvwxyz';
  for (let kept = 4; kept < secret.length; kept += 1) {
    const body = Buffer.from(`${'.'.repeat(100)}${secret.slice(0, kept)}`);
    expect(redactedRequest(anExchange({ body }), redactor([secret])).body).toBe(`${'.'.repeat(100)}[redacted]`);
  }
});

test('a secret is nowhere in the redacted event, at whatever depth it stood', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.array(fc.string(), { maxLength: 3 }), (value, around) => {
      const event = { value, [around.join('')]: [`${around.join(SECRET)}${SECRET}`, { deep: SECRET }] };
      expect(JSON.stringify(redactor([SECRET]).json(event as never))).not.toContain('canary');
    }),
  );
});

test('hostile bodies are redacted in linear time', () => {
  const body = Buffer.from(`"${'\\"'.repeat(2_000)}`);
  const startedMs = performance.now();
  redactedRequest(anExchange({ body, url: `https://x.example/?${'a='.repeat(1_000)}` }), redactor([SECRET, 'aaaa']));
  expect(performance.now() - startedMs).toBeLessThan(200);
});
