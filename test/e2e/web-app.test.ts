import { aBrowser } from '../builders/browser.ts';
import { type Running, runTributary } from '../builders/running-tributary.ts';

let running: Running;
beforeAll(async () => {
  running = await runTributary();
}, 120_000);
afterAll(() => running?.kill(), 30_000);

/** CloudFront leaves what is shorter as it is. */
const COMPRESSED_BYTES_MIN = 1_000;

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${running.endpoints.webUrl}${path}`, { headers });
const assetsOf = (page: string): string[] =>
  [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');

test('the first line that is printed is the app’s address, and it is the origin that sign-in leads back to', () => {
  const { webUrl, cdnUrl, signIn } = running.endpoints;
  expect(running.output()).toMatch(new RegExp(`^App +${webUrl}\\b`, 'm'));
  expect(running.output().indexOf('App ')).toBeLessThan(running.output().indexOf('Send an event'));
  expect([cdnUrl, signIn.callbackUrl]).toEqual([webUrl, `${webUrl}/callback`]);
});

test('every path of the app is answered with its page, which no cache keeps and no other origin reads', async () => {
  const pages = await Promise.all(
    [
      '/',
      '/callback?code=a&state=b',
      '/acme/sources/abc/debugger',
      // Workspaces whose slugs are names of folders.
      '/logos/overview',
      '/assets/sources',
      '/acme/destinations/new/slack?step=2&event=a.b',
    ].map(async (path) => {
      const answer = await get(path, { origin: 'https://elsewhere.example' });
      return { answer, text: await answer.text() };
    }),
  );
  for (const { answer, text } of pages) {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    expect(text).toBe(pages[0]?.text);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(pages[0]?.text).toMatch(/<!doctype html>/i);
});

test('the page’s parts are there, kept for ever, and compressed by Brotli where that gains', async () => {
  const paths = assetsOf(await (await get('/')).text());
  expect(paths.length).toBeGreaterThan(0);
  for (const path of paths) {
    const answer = await get(path, { 'accept-encoding': 'br' });
    expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([
      path,
      200,
      'public, max-age=31536000, immutable',
    ]);
    const bytes = Buffer.from(await answer.arrayBuffer()).length;
    const isText = /\.(?:js|css|svg)$/.test(path) && bytes >= COMPRESSED_BYTES_MIN;
    expect([path, answer.headers.get('content-encoding')]).toEqual([path, isText ? 'br' : null]);
  }
});

test('its policy lets it speak with the API and the sign-in page, run its own scripts, and stand in no frame', async () => {
  const { apiUrl, signIn } = running.endpoints;
  const headers = Object.fromEntries((await get('/acme')).headers);
  const policy = new Map(
    (headers['content-security-policy'] ?? '').split('; ').map((each) => {
      const [name = '', ...values] = each.split(' ');
      return [name, new Set(values)] as const;
    }),
  );
  const issuer = new URL(signIn.issuer).origin;
  expect(policy.get('connect-src')).toEqual(new Set(["'self'", apiUrl, issuer]));
  expect(policy.get('form-action')).toEqual(new Set(["'self'", issuer]));
  expect(policy.get('script-src')).toEqual(new Set(["'self'"]));
  expect(policy.get('frame-ancestors')).toEqual(new Set(["'none'"]));
  expect(headers).toMatchObject({
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
    'strict-transport-security': expect.stringMatching(/^max-age=\d+$/),
  });
});

test('config.json says where all of it is: the same as programs read, and the sign-in page’s own way out', async () => {
  const { apiUrl, cdnUrl, trackingUrl, signIn } = running.endpoints;
  const answer = await get('/config.json');
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  const config = (await answer.json()) as { auth: { logoutUrl: string } };
  expect(config).toEqual({
    apiUrl,
    ingestUrl: trackingUrl,
    cdnUrl,
    region: 'us-east-1',
    stage: 'local',
    edition: 'local',
    auth: { issuer: signIn.issuer, clientId: signIn.clientId, logoutUrl: expect.any(String) },
  });
  const out = await fetch(config.auth.logoutUrl, { redirect: 'manual' });
  expect([out.status, out.headers.get('location')]).toEqual([303, `${cdnUrl}/`]);
});

test('what is not there is a 404, and never the page', async () => {
  for (const path of [
    '/assets/none.js',
    '/none.png',
    '/acme/none.css',
    '/v1/projects/none/settings',
    '/analytics.js/v1/none/analytics.min.js',
    '/analytics-next/bundles/none.js',
    '/logos/none.svg',
  ]) {
    const answer = await get(path);
    expect([path, answer.status, await answer.text()]).toEqual([path, 404, expect.not.stringMatching(/<!doctype/i)]);
  }
});

test('what sites load goes on to be theirs: from every origin, without the app’s policy', async () => {
  const [key] = Object.values(running.endpoints.writeKeys);
  for (const path of [`/v1/projects/${key}/settings`, `/analytics.js/v1/${key}/analytics.min.js`, '/logos/slack.svg']) {
    const { status, headers } = await get(path, { origin: 'https://shop.example' });
    expect([path, status, headers.get('access-control-allow-origin')]).toEqual([path, 200, '*']);
    expect(headers.get('content-security-policy') ?? '').not.toContain('connect-src');
  }
});

test('the app’s page may ask the API: preflights are the gateway’s, refusals are readable too', async () => {
  const { apiUrl, apiToken, webUrl } = running.endpoints;
  const preflight = await fetch(`${apiUrl}/app-api/me`, {
    method: 'OPTIONS',
    headers: {
      origin: webUrl,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,content-type,if-match,x-tributary-workspace',
    },
  });
  expect([preflight.status, preflight.headers.get('x-request-id')]).toEqual([204, null]);
  expect(preflight.headers.get('access-control-allow-methods')?.split(',')).toEqual(
    expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  );
  expect(preflight.headers.get('access-control-allow-headers')?.split(',')).toEqual(
    expect.arrayContaining(['authorization', 'content-type', 'if-match', 'x-tributary-workspace']),
  );
  expect(preflight.headers.get('access-control-max-age')).toBe('7200');

  const authorization = `Bearer ${apiToken}`;
  const long = 'x'.repeat(11_000);
  for (const [status, path, headers] of [
    [200, '/sources', { authorization }],
    [401, '/sources', {}],
    [404, '/sources/none', { authorization }],
    // The gateway's own.
    [431, '/sources', { authorization, 'x-long': long }],
  ] as const) {
    const answer = await fetch(`${apiUrl}${path}`, { headers: { ...headers, origin: webUrl } });
    expect([path, answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([path, status, '*']);
    const exposed = (answer.headers.get('access-control-expose-headers') ?? '').toLowerCase().split(',');
    expect(exposed).toEqual(expect.arrayContaining(['etag', 'retry-after', 'x-ratelimit-remaining', 'x-request-id']));
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  }
});

test('a browser runs it under its policy: a secure context that reaches the API and the issuer, and nobody else', async () => {
  const { webUrl, apiUrl, signIn, sinkUrl } = running.endpoints;
  const browser = await aBrowser();
  try {
    const page = await browser.newPage();
    const refused: string[] = [];
    page.on('console', (message) => /Content Security Policy/.test(message.text()) && refused.push(message.text()));
    await page.goto(`${webUrl}/`);
    // Nobody is signed in here: the app leads to where that is done.
    await page.waitForURL(/\/sign-in\//);
    // Of the same policy, and it leads nowhere, as the page itself may.
    await page.goto(`${webUrl}/config.json`);
    expect(refused).toEqual([]);
    const seen = await page.evaluate(
      async ([api, issuer, other]) => {
        const status = (url: string) =>
          fetch(url).then(
            (answer) => answer.status,
            () => 'refused',
          );
        return [
          isSecureContext && typeof crypto.subtle.digest,
          await status(`${api}/sources`),
          await status(`${issuer}/.well-known/openid-configuration`),
          await status(`${other}/count`),
        ];
      },
      [apiUrl, signIn.issuer, sinkUrl],
    );
    expect(seen).toEqual(['function', 401, 200, 'refused']);
  } finally {
    await browser.close();
  }
}, 60_000);
