import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { manualClock, systemClock } from '../../../../local/clock.ts';
import { memoryMeter } from '../../../../local/front-door/meter.ts';
import type { HttpApis } from '../../../../local/http-api/http-apis.ts';
import { httpApis } from '../../../../local/http-api/http-apis.ts';
import type { Clock, InvokeResult, MetricDatum } from '../../../../local/types.ts';
import { AwsError } from '../../../../local/types.ts';
import { fakeLambdaHost } from '../../../builders/lambda-host.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:ingest';
const CORS = {
  AllowOrigins: ['*'],
  AllowMethods: ['POST', 'GET', 'OPTIONS'],
  AllowHeaders: ['authorization', 'x-retry-count', 'content-type'],
  ExposeHeaders: ['Retry-After'],
  MaxAge: 86_400,
};

const opened: HttpApis[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((apis) => apis.close()));
});

type Given = {
  answer?: (event: unknown) => InvokeResult | Promise<InvokeResult>;
  routes?: string[];
  cors?: Record<string, unknown>;
  settings?: Record<string, unknown>;
  timeoutMs?: number;
  clock?: Clock;
  isOpen?: boolean;
};

/** One HTTP API as a template makes it: by its resources. */
async function setUp(given: Given = {}) {
  const { host, calls } = fakeLambdaHost(
    given.answer ?? (() => ({ ok: true, payload: { statusCode: 200, body: 'ok' } })),
  );
  const metrics: MetricDatum[] = [];
  const unexpected: string[] = [];
  const meter = memoryMeter();
  const apis = httpApis({
    host: '127.0.0.1',
    portOf: () => 0,
    lambda: host,
    clock: given.clock ?? systemClock,
    metrics: { put: (datum) => metrics.push(datum) },
    meter,
    onUnexpected: (_error, call) => unexpected.push(call),
  });
  opened.push(apis);
  const create = (type: string, logicalId: string, properties: Record<string, unknown>) => {
    const provider = apis.providers.find((provider) => provider.type === `AWS::ApiGatewayV2::${type}`);
    if (provider === undefined) throw new Error(type);
    return provider.create({ stackName: 'Stack', logicalId, physicalName: `p${logicalId.toLowerCase()}`, properties });
  };
  const api = await create('Api', 'Api', {
    Name: 'tracking',
    ProtocolType: 'HTTP',
    ...(given.cors && { CorsConfiguration: given.cors }),
  });
  const ApiId = api.ref;
  const integration = await create('Integration', 'Integration', {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: FUNCTION,
    PayloadFormatVersion: '2.0',
    ...(given.timeoutMs && { TimeoutInMillis: given.timeoutMs }),
  });
  for (const [index, RouteKey] of (given.routes ?? ['POST /v1/{proxy+}']).entries()) {
    await create('Route', `Route${index}`, {
      ApiId,
      RouteKey,
      Target: `integrations/${integration.ref}`,
      AuthorizationType: 'NONE',
    });
  }
  await create('Stage', 'Stage', {
    ApiId,
    StageName: '$default',
    AutoDeploy: true,
    ...(given.settings && { DefaultRouteSettings: given.settings }),
  });
  if (given.isOpen !== false) apis.open();
  const url = String(api.attributes['ApiEndpoint']);
  return { apis, api, url, calls, metrics, unexpected, meter, create };
}

type Answer = { status: number; headers: IncomingMessage['headers']; body: string };

/** A request over node:http: fetch would not send Origin, Cookie or repeated headers as they are. */
function ask(
  url: string,
  path: string,
  given: { method?: string; headers?: Record<string, string | string[]> | string[]; body?: string | Buffer } = {},
) {
  return new Promise<Answer>((resolve, reject) => {
    const { method = 'POST', headers = {}, body } = given;
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
const message = ({ status, body }: Answer) => [status, JSON.parse(body) as unknown];

describe('the event', () => {
  test('has payload format 2.0 whole', async () => {
    const { url, calls, api } = await setUp({ clock: manualClock(Date.UTC(2026, 2, 12, 19, 3, 58, 123)) });
    const { host } = new URL(url);
    const answer = await ask(url, '/v1/tr%C3%A4ck?a=1&b=x%20y&a=2+3&c', {
      headers: [
        'Host',
        host,
        'Content-Type',
        'application/json',
        'X-One',
        '1',
        'x-one',
        '2',
        'Cookie',
        'a=1; b=2',
        'User-Agent',
        'me',
        'Authorization',
        'Basic abc',
        'X-Forwarded-For',
        '9.9.9.9',
        'Content-Length',
        '10',
      ],
      body: '{"a":"é"}',
    });
    expect(answer).toMatchObject({ status: 200, body: 'ok', headers: { 'content-type': 'text/plain;charset=UTF-8' } });
    expect(calls).toEqual([
      {
        functionName: FUNCTION,
        event: {
          version: '2.0',
          routeKey: 'POST /v1/{proxy+}',
          rawPath: '/v1/träck',
          rawQueryString: 'a=1&b=x%20y&a=2+3&c',
          cookies: ['a=1', 'b=2'],
          headers: {
            host,
            'content-type': 'application/json',
            'x-one': '1,2',
            'user-agent': 'me',
            authorization: 'Basic abc',
            'content-length': '10',
            'x-amzn-trace-id': expect.stringMatching(/^Root=1-69b30e1e-[0-9a-f]{24}$/),
            'x-forwarded-for': '9.9.9.9, 127.0.0.1',
            'x-forwarded-port': new URL(url).port,
            'x-forwarded-proto': 'http',
          },
          queryStringParameters: { a: '1,2 3', b: 'x y', c: '' },
          requestContext: {
            accountId: '000000000000',
            apiId: api.ref,
            domainName: '127.0.0.1',
            domainPrefix: '127',
            http: { method: 'POST', path: '/v1/träck', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'me' },
            requestId: answer.headers['apigw-requestid'],
            routeKey: 'POST /v1/{proxy+}',
            stage: '$default',
            time: '12/Mar/2026:19:03:58 +0000',
            timeEpoch: Date.UTC(2026, 2, 12, 19, 3, 58, 123),
          },
          pathParameters: { proxy: 'träck' },
          body: '{"a":"é"}',
          isBase64Encoded: false,
        },
      },
    ]);
  });

  test('leaves out what a bare request does not have', async () => {
    const { url, calls } = await setUp({ routes: ['GET /'] });
    await ask(url, '/', { method: 'GET' });
    const event = calls[0]?.event as Record<string, unknown>;
    expect(Object.keys(event).toSorted()).toEqual([
      'headers',
      'isBase64Encoded',
      'rawPath',
      'rawQueryString',
      'requestContext',
      'routeKey',
      'version',
    ]);
    expect(event['isBase64Encoded']).toBe(false);
  });

  test.each([
    [{ 'content-type': 'application/json; charset=utf-8' }, false],
    [{ 'content-type': 'text/plain' }, false],
    [{ 'content-type': 'Application/XML' }, false],
    [{ 'content-type': 'application/javascript' }, false],
    [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }, true],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, true],
    [{ 'content-type': 'application/jsonl' }, true],
    [{ 'content-type': 'application/octet-stream' }, true],
    [{}, true],
  ])('the body under %j is base64: %s (trap G1)', async (headers, isBase64Encoded) => {
    const { url, calls } = await setUp();
    await ask(url, '/v1/t', { headers, body: 'äb' });
    expect(calls[0]?.event).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? 'w6Ri' : 'äb' });
  });
});

describe('routes', () => {
  test('literals win over variables, those over greedy ones, the method over ANY, $default comes last', async () => {
    const { url, calls } = await setUp({
      routes: ['$default', 'ANY /v1/{proxy+}', 'POST /v1/{proxy+}', 'GET /v1/{kind}', 'GET /v1/track', 'GET /'],
    });
    for (const [method, path] of [
      ['GET', '/v1/track'],
      ['GET', '/v1/page'],
      ['GET', '/v1/page/2'],
      ['POST', '/v1/track'],
      ['GET', '/'],
      ['GET', '/v1'],
      ['GET', '/v1/'],
      ['GET', '/v1/track/'],
    ] as const) {
      await ask(url, path, { method });
    }
    expect(calls.map(({ event }) => (event as { routeKey: string }).routeKey)).toEqual([
      'GET /v1/track',
      'GET /v1/{kind}',
      'ANY /v1/{proxy+}',
      'POST /v1/{proxy+}',
      'GET /',
      '$default',
      '$default',
      'ANY /v1/{proxy+}',
    ]);
  });

  test('no route is 404, a broken path 400, both in the words of API Gateway', async () => {
    const { url } = await setUp();
    expect(message(await ask(url, '/v2/track'))).toEqual([404, { message: 'Not Found' }]);
    expect(message(await ask(url, '/v1/track', { method: 'GET' }))).toEqual([404, { message: 'Not Found' }]);
    expect(message(await ask(url, '/v1/%zz'))).toEqual([400, { message: 'Bad Request' }]);
  });
});

describe('limits', () => {
  test('a body of 10 MB is the most; the 6 MB of an invoke come before it (trap G2)', async () => {
    const { url, calls } = await setUp();
    const headers = { 'content-type': 'text/plain' };
    expect(message(await ask(url, '/v1/t', { headers, body: Buffer.alloc(10 * 1024 * 1024 + 1, 'x') }))).toEqual([
      413,
      { message: 'Request Entity Too Large' },
    ]);
    expect(message(await ask(url, '/v1/t', { headers, body: Buffer.alloc(6 * 1024 * 1024, 'x') }))).toEqual([
      413,
      { message: 'Request Entity Too Large' },
    ]);
    expect(calls).toEqual([]);
    await expect(
      ask(url, '/v1/t', { headers, body: Buffer.alloc(6 * 1024 * 1024 - 2_000, 'x') }),
    ).resolves.toMatchObject({ status: 200 });
  });

  test('request line and headers beyond 10,240 bytes are 431, also where Node itself refuses them', async () => {
    const { url } = await setUp();
    await expect(ask(url, '/v1/t', { headers: { 'x-long': 'x'.repeat(9_900) } })).resolves.toMatchObject({
      status: 200,
    });
    await expect(ask(url, '/v1/t', { headers: { 'x-long': 'x'.repeat(10_240) } })).resolves.toMatchObject({
      status: 431,
    });
    await expect(ask(url, '/v1/t', { headers: { 'x-long': 'x'.repeat(40_000) } })).resolves.toMatchObject({
      status: 431,
    });
  });

  test('a function beyond the timeout of its integration is 503', async () => {
    const clock = manualClock(0);
    const { url, calls } = await setUp({ clock, timeoutMs: 11_000, answer: () => new Promise<InvokeResult>(() => {}) });
    const answer = ask(url, '/v1/t');
    for (let turn = 0; turn < 1_000 && calls.length === 0; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 1));
    clock.advance(10_999);
    clock.advance(1);
    expect(message(await answer)).toEqual([503, { message: 'Service Unavailable' }]);
  });

  test('throttling of the stage is a token bucket: the burst passes, then the rate (trap G5: 429 without Retry-After)', async () => {
    const clock = manualClock(0);
    const { url } = await setUp({ clock, settings: { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 10 } });
    const statuses = async (count: number) => {
      const seen: number[] = [];
      for (let index = 0; index < count; index += 1) seen.push((await ask(url, '/v1/t')).status);
      return seen;
    };
    await expect(statuses(3)).resolves.toEqual([200, 200, 429]);
    clock.advance(100);
    await expect(statuses(2)).resolves.toEqual([200, 429]);
    const refused = await ask(url, '/v1/t');
    expect(message(refused)).toEqual([429, { message: 'Too Many Requests' }]);
    expect(refused.headers['retry-after']).toBeUndefined();
  });
});

describe('the answer', () => {
  const answerTo = async (payload: unknown) =>
    await ask((await setUp({ answer: () => ({ ok: true, payload }) })).url, '/v1/t');

  test('takes status, headers, cookies and a base64 body from the function', async () => {
    const answer = await answerTo({
      statusCode: 201,
      headers: { 'Content-Type': 'image/png', 'X-Number': 5, 'Content-Length': '999', Connection: 'close' },
      cookies: ['a=1; Path=/', 'b=2'],
      body: Buffer.from([1, 2, 3]).toString('base64'),
      isBase64Encoded: true,
    });
    expect(answer).toMatchObject({
      status: 201,
      headers: {
        'content-type': 'image/png',
        'x-number': '5',
        'content-length': '3',
        'set-cookie': ['a=1; Path=/', 'b=2'],
      },
      body: '\u0001\u0002\u0003',
    });
  });

  test.each([
    ['an object without statusCode', { a: 1 }, '{"a":1}'],
    ['text', 'hello', 'hello'],
    ['nothing', null, 'null'],
  ])('%s is the body of a 200 in JSON', async (_case, payload, body) => {
    await expect(answerTo(payload)).resolves.toMatchObject({
      status: 200,
      body,
      headers: { 'content-type': 'application/json' },
    });
  });

  test.each([
    ['a status that is text', { statusCode: '200' }],
    ['a status out of range', { statusCode: 99 }],
    ['a body that is an object', { statusCode: 200, body: { a: 1 } }],
    ['headers that are a list', { statusCode: 200, headers: ['a'] }],
    ['a header that is an object', { statusCode: 200, headers: { a: {} } }],
    ['a header with a line end', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['cookies that are text', { statusCode: 200, cookies: 'a=1' }],
  ])('%s is malformed: 500 (trap G3)', async (_case, payload) => {
    expect(message(await answerTo(payload))).toEqual([500, { message: 'Internal Server Error' }]);
  });

  test('a function that fails is a 500 without its words', async () => {
    const { url } = await setUp({
      answer: () => ({ ok: false, errorType: 'TypeError', errorMessage: 'secret detail' }),
    });
    expect(message(await ask(url, '/v1/t'))).toEqual([500, { message: 'Internal Server Error' }]);
  });

  test('a function that is not there is a 500, and told', async () => {
    const { url, unexpected } = await setUp({
      answer: () => {
        throw new AwsError('ResourceNotFoundException', 'no function', 404);
      },
    });
    expect(message(await ask(url, '/v1/t'))).toEqual([500, { message: 'Internal Server Error' }]);
    expect(unexpected).toEqual([`tracking -> ${FUNCTION}`]);
  });

  test('a 204 has neither body nor length', async () => {
    const answer = await answerTo({ statusCode: 204, body: 'ignored' });
    expect([answer.status, answer.body, answer.headers['content-length']]).toEqual([204, '', undefined]);
  });
});

describe('CORS', () => {
  const PREFLIGHT = {
    origin: 'https://shop.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };
  const corsOf = ({ headers }: Answer) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));

  test('a preflight is answered by the gateway, on any path, without the function', async () => {
    const { url, calls } = await setUp({ cors: CORS });
    const answer = await ask(url, '/v1/t', { method: 'OPTIONS', headers: PREFLIGHT });
    expect([answer.status, answer.body, corsOf(answer)]).toEqual([
      204,
      '',
      {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'POST,GET,OPTIONS',
        'access-control-allow-headers': 'authorization,x-retry-count,content-type',
        'access-control-expose-headers': 'Retry-After',
        'access-control-max-age': '86400',
      },
    ]);
    expect(calls).toEqual([]);
  });

  test('a route of ANY gets the preflights, as it does at AWS: there must be none where the gateway is to answer', async () => {
    const { url, calls } = await setUp({ cors: CORS, routes: ['ANY /v1/{proxy+}'] });
    const answer = await ask(url, '/v1/t', { method: 'OPTIONS', headers: PREFLIGHT });
    expect([answer.status, calls]).toEqual([200, [expect.anything()]]);
  });

  test('every answer carries the headers, the gateway’s own errors too, and what the function says is overridden (trap G4)', async () => {
    const headers = { 'Access-Control-Allow-Origin': 'https://other.example', 'access-control-allow-methods': 'PUT' };
    const { url } = await setUp({
      cors: CORS,
      answer: () => ({ ok: true, payload: { statusCode: 429, headers } }),
    });
    const ours = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Retry-After' };
    const { origin } = PREFLIGHT;
    const answers = [
      await ask(url, '/v1/t', { headers: { origin } }),
      await ask(url, '/nowhere', { headers: { origin } }),
      await ask(url, '/v1/t', { headers: { origin, 'x-long': 'x'.repeat(10_240) } }),
    ];
    expect(answers.map((answer) => [answer.status, corsOf(answer)])).toEqual([
      [429, ours],
      [404, ours],
      [431, ours],
    ]);
    expect(corsOf(await ask(url, '/v1/t'))).toEqual({});
  });

  test('a listed origin is echoed, with credentials; another gets a 204 without headers', async () => {
    const { url } = await setUp({
      cors: { AllowOrigins: ['https://a.example', 'http://*'], AllowMethods: ['GET'], AllowCredentials: true },
    });
    const allowed = async (origin: string) =>
      corsOf(await ask(url, '/v1/t', { method: 'OPTIONS', headers: { ...PREFLIGHT, origin } }))[
        'access-control-allow-origin'
      ];
    await expect(
      Promise.all(['https://a.example', 'http://localhost:3000', 'https://b.example'].map(allowed)),
    ).resolves.toEqual(['https://a.example', 'http://localhost:3000', undefined]);
    const answer = await ask(url, '/v1/t', { headers: { origin: 'https://a.example' } });
    expect(answer.headers['access-control-allow-credentials']).toBe('true');
  });

  test('without a configuration OPTIONS goes to the routes, and the function’s own headers stay', async () => {
    const { url } = await setUp({
      answer: () => ({ ok: true, payload: { statusCode: 200, headers: { 'access-control-allow-origin': 'x' } } }),
    });
    await expect(ask(url, '/v1/t', { method: 'OPTIONS', headers: PREFLIGHT })).resolves.toMatchObject({ status: 404 });
    expect(corsOf(await ask(url, '/v1/t', { headers: PREFLIGHT }))).toEqual({ 'access-control-allow-origin': 'x' });
  });
});

describe('the life of an API', () => {
  test('before it is open all is 503; closing answers what runs and takes nothing new', async () => {
    let finish = (): void => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { apis, url, calls } = await setUp({
      isOpen: false,
      answer: async () => {
        await held;
        return { ok: true, payload: { statusCode: 200, body: 'late' } };
      },
    });
    expect(message(await ask(url, '/v1/t'))).toEqual([503, { message: 'Service Unavailable' }]);
    apis.open();
    const first = ask(url, '/v1/t');
    for (let turn = 0; turn < 1_000 && calls.length === 0; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 1));
    const closed = apis.close();
    await expect(ask(url, '/v1/t')).rejects.toThrow(/ECONNREFUSED/);
    finish();
    await expect(first).resolves.toMatchObject({ status: 200, body: 'late', headers: { connection: 'close' } });
    await closed;
    expect(apis.running()).toBe(0);
  });

  test('requests are metered by started 512 KB and measured as API Gateway does', async () => {
    const { url, meter, metrics, api } = await setUp();
    await ask(url, '/v1/t', { body: Buffer.alloc(512 * 1024 + 1) });
    await ask(url, '/nowhere');
    expect(meter.snapshot()).toEqual([
      { operation: 'apigateway:Request', principal: 'tracking', calls: 2, units: 3, bytes: 512 * 1024 + 1 + 2 + 23 },
    ]);
    const counts = metrics.filter(({ unit }) => unit === 'Count');
    expect(counts.map(({ namespace, name, value, dimensions }) => [namespace, name, value, dimensions])).toEqual([
      ['AWS/ApiGateway', 'Count', 1, { ApiId: api.ref }],
      ['AWS/ApiGateway', '4xx', 0, { ApiId: api.ref }],
      ['AWS/ApiGateway', '5xx', 0, { ApiId: api.ref }],
      ['AWS/ApiGateway', 'Count', 1, { ApiId: api.ref }],
      ['AWS/ApiGateway', '4xx', 1, { ApiId: api.ref }],
      ['AWS/ApiGateway', '5xx', 0, { ApiId: api.ref }],
    ]);
    expect(metrics.filter(({ unit }) => unit === 'Milliseconds').map(({ name }) => name)).toEqual([
      'IntegrationLatency',
      'Latency',
      'Latency',
    ]);
  });

  test('what the local cloud does not run is refused by name', async () => {
    const { create, api } = await setUp();
    const ApiId = api.ref;
    await expect(create('Api', 'Ws', { Name: 'ws', ProtocolType: 'WEBSOCKET' })).rejects.toThrow(/ProtocolType/);
    await expect(create('Stage', 'Prod', { ApiId, StageName: 'prod', AutoDeploy: true })).rejects.toThrow(/StageName/);
    await expect(create('Route', 'R', { ApiId, RouteKey: 'GET /', Target: 'integrations/none' })).rejects.toThrow(
      /none/,
    );
    await expect(
      create('Route', 'R', { ApiId, RouteKey: 'GET /', Target: 'integrations/pintegration', AuthorizationType: 'JWT' }),
    ).rejects.toThrow(/AuthorizationType/);
    await expect(
      create('Integration', 'I', {
        ApiId,
        IntegrationType: 'HTTP_PROXY',
        IntegrationUri: 'x',
        PayloadFormatVersion: '1.0',
      }),
    ).rejects.toThrow(/IntegrationType/);
  });

  test('an API outlives its routes: a removed one is 404, on the same address', async () => {
    const { apis, api, url, calls, create } = await setUp({ routes: ['POST /v1/{proxy+}', '$default'] });
    const routes = apis.providers.find(({ type }) => type === 'AWS::ApiGatewayV2::Route');
    await routes?.remove?.({ physicalName: 'proute0', ref: 'proute0' });
    expect((await ask(url, '/v1/t')).status).toBe(200);
    await routes?.remove?.({ physicalName: 'proute1', ref: 'proute1' });
    await routes?.remove?.({ physicalName: 'proute1', ref: 'proute1' });
    expect(message(await ask(url, '/v1/t'))).toEqual([404, { message: 'Not Found' }]);
    expect(calls).toHaveLength(1);
    await create('Route', 'Route0', {
      ApiId: api.ref,
      RouteKey: 'POST /v1/{proxy+}',
      Target: 'integrations/pintegration',
    });
    expect((await ask(url, '/v1/t')).status).toBe(200);
  });

  test('a domain of one’s own is accepted and changes nothing; a removed API is gone', async () => {
    const { create, api, apis, url } = await setUp();
    await expect(create('DomainName', 'Domain', { DomainName: 'events.example' })).resolves.toMatchObject({
      ref: 'events.example',
      attributes: { RegionalDomainName: 'events.example' },
    });
    await expect(
      create('ApiMapping', 'Mapping', { ApiId: api.ref, DomainName: 'events.example', Stage: '$default' }),
    ).resolves.toMatchObject({ ref: 'pmapping' });
    expect(apis.list()).toEqual([{ stackName: 'Stack', logicalId: 'Api', name: 'tracking', apiId: 'papi', url }]);
    await apis.providers[0]?.remove?.({ physicalName: 'papi', ref: api.ref });
    expect(apis.list()).toEqual([]);
    await expect(ask(url, '/v1/t')).rejects.toThrow(/ECONNREFUSED/);
  });
});
