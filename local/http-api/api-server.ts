import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { listen, originOf } from '../front-door/listen.ts';
import { readBody } from '../front-door/read-body.ts';
import type { Clock, LambdaHost, Meter, MetricSink } from '../types.ts';
import { answerBrokenConnections } from './broken-connections.ts';
import type { CorsConfiguration } from './cors.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './cors.ts';
import type { HttpAnswer } from './proxy-answer.ts';
import { gatewayAnswer, proxyAnswer } from './proxy-answer.ts';
import { parseTarget, proxyEvent } from './proxy-event.ts';
import { RouteTable } from './routes.ts';
import { tokenBucket } from './token-bucket.ts';

/** Limits of an HTTP API that cannot be raised (API Gateway quotas): body, request line with headers, wait for the function. */
export const BODY_BYTES_MAX = 10 * 1024 * 1024;
export const HEADER_BYTES_MAX = 10_240;
export const INTEGRATION_TIMEOUT_MS_MAX = 30_000;
/** A synchronous invoke's event (Lambda quotas). */
const INVOKE_BYTES_MAX = 6 * 1024 * 1024;
/** JSON turns one byte into six at most, so that smaller bodies need no measuring. */
const JSON_GROWTH_MAX = 6;
/** HTTP APIs are billed by started 512 KB. */
const BILLED_CHUNK_BYTES = 512 * 1024;
/** Idle sockets are kept as long as a load balancer would. */
const KEEP_ALIVE_MS = 65_000;
/** How long `close` waits for answers under way. */
const DRAIN_MS = 10_000;

export type Integration = { functionArn: string; timeoutMs: number };
export type Throttle = { ratePerSecond: number; burst: number };

export type ApiServerOptions = {
  apiId: string;
  name: string;
  host: string;
  /** The port, or the next free one; 0 for any. */
  port: number;
  lambda: LambdaHost;
  clock: Clock;
  metrics: MetricSink;
  meter: Meter;
  /** Told of what no answer can tell: a function that does not exist, a bug. */
  onUnexpected(error: unknown, call: string): void;
};

/** One HTTP API: its routes lead requests to functions. */
export type ApiServer = {
  readonly url: string;
  readonly routes: RouteTable;
  readonly integrations: Map<string, Integration>;
  setCors(cors: CorsConfiguration | undefined): void;
  /** Limits each route. */
  setThrottle(throttle: Throttle | undefined): void;
  /** Until then, and after `close` began, all is answered 503. */
  open(): void;
  running(): number;
  close(): Promise<void>;
};

export async function apiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { apiId, clock, lambda } = options;
  const routes = new RouteTable();
  const integrations = new Map<string, Integration>();
  let buckets = new Map<string, { take(): boolean }>();
  let cors: CorsConfiguration | undefined;
  let throttle: Throttle | undefined;
  let state: 'starting' | 'open' | 'closing' = 'starting';
  let runningRequests = 0;

  const passes = (routeKey: string): boolean => {
    if (throttle === undefined) return true;
    let bucket = buckets.get(routeKey);
    if (bucket === undefined) {
      bucket = tokenBucket(clock, throttle.ratePerSecond, throttle.burst);
      buckets.set(routeKey, bucket);
    }
    return bucket.take();
  };

  const answerTo = async (
    request: IncomingMessage,
    body: Buffer | undefined,
    requestId: string,
  ): Promise<HttpAnswer> => {
    const method = request.method ?? 'GET';
    if (state !== 'open') return gatewayAnswer(503, 'Service Unavailable');
    if (headerBytes(request) > HEADER_BYTES_MAX) return gatewayAnswer(431, 'Request Header Fields Too Large');
    const target = parseTarget(request.url ?? '/');
    // A route that takes OPTIONS gets preflights, too: API Gateway answers those that no route is for.
    const isTaken = target !== undefined && routes.match(method, target.path) !== undefined;
    if (cors !== undefined && isPreflight(method, request.headers) && !isTaken) {
      return { status: 204, headers: preflightHeaders(cors, request.headers.origin), cookies: [], body: '' };
    }
    if (body === undefined) return gatewayAnswer(413, 'Request Entity Too Large');
    if (target === undefined) return gatewayAnswer(400, 'Bad Request');
    const route = routes.match(method, target.path);
    if (route === undefined) return gatewayAnswer(404, 'Not Found');
    if (!passes(route.routeKey)) return gatewayAnswer(429, 'Too Many Requests');
    const integration = integrations.get(route.integrationId);
    if (integration === undefined) return gatewayAnswer(500, 'Internal Server Error');
    const event = proxyEvent(request, { apiId, target, route, body, atMs: clock.now(), requestId });
    if (
      body.length > INVOKE_BYTES_MAX / JSON_GROWTH_MAX &&
      Buffer.byteLength(JSON.stringify(event)) > INVOKE_BYTES_MAX
    ) {
      return gatewayAnswer(413, 'Request Entity Too Large');
    }
    return await invoke(integration, event);
  };

  const invoke = async (integration: Integration, event: unknown): Promise<HttpAnswer> => {
    const startedAtMs = performance.now();
    let cancel = (): void => {};
    const timedOut = new Promise<'timed-out'>((resolve) => {
      cancel = clock.after(integration.timeoutMs, () => resolve('timed-out'));
    });
    try {
      const result = await Promise.race([lambda.invoke(integration.functionArn, event), timedOut]);
      if (result === 'timed-out') return gatewayAnswer(503, 'Service Unavailable');
      const answer = result.ok ? proxyAnswer(result.payload) : undefined;
      if (answer === undefined) return gatewayAnswer(500, 'Internal Server Error');
      return cors === undefined ? answer : { ...answer, headers: withoutCors(answer.headers) };
    } catch (error) {
      options.onUnexpected(error, `${options.name} -> ${integration.functionArn}`);
      return gatewayAnswer(500, 'Internal Server Error');
    } finally {
      cancel();
      measure('IntegrationLatency', performance.now() - startedAtMs, 'Milliseconds');
    }
  };

  const measure = (name: string, value: number, unit: string): void =>
    options.metrics.put({
      namespace: 'AWS/ApiGateway',
      name,
      dimensions: { ApiId: apiId },
      value,
      unit,
      atMs: clock.now(),
    });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAtMs = performance.now();
    // Eleven bytes make sixteen characters, as long as API Gateway's own request ids.
    const requestId = randomBytes(11).toString('base64');
    const read = await readBody(request, BODY_BYTES_MAX);
    if (read.outcome === 'aborted') return;
    const body = read.outcome === 'read' ? read.body : undefined;
    let answer: HttpAnswer;
    try {
      answer = await answerTo(request, body, requestId);
    } catch (error) {
      options.onUnexpected(error, `${options.name} ${request.method} ${request.url}`);
      answer = gatewayAnswer(500, 'Internal Server Error');
    }
    const answerBytes = send(response, answer, requestId, request.headers.origin);
    measure('Count', 1, 'Count');
    measure('4xx', answer.status >= 400 && answer.status < 500 ? 1 : 0, 'Count');
    measure('5xx', answer.status >= 500 ? 1 : 0, 'Count');
    measure('Latency', performance.now() - startedAtMs, 'Milliseconds');
    const bodyBytes = body?.length ?? BODY_BYTES_MAX;
    options.meter.count({
      operation: 'apigateway:Request',
      principal: options.name,
      calls: 1,
      units: Math.max(1, Math.ceil(Math.max(bodyBytes, answerBytes) / BILLED_CHUNK_BYTES)),
      bytes: bodyBytes + answerBytes,
    });
  };

  /** CORS of the API goes on every answer, errors included (trap G4). */
  const send = (
    response: ServerResponse,
    answer: HttpAnswer,
    requestId: string,
    origin: string | undefined,
  ): number => {
    const headers: Record<string, string | string[]> = { ...answer.headers };
    if (cors !== undefined) Object.assign(headers, corsHeaders(cors, origin));
    if (answer.cookies.length > 0) headers['set-cookie'] = [...answer.cookies];
    headers['apigw-requestid'] = requestId;
    const bodyBytes = typeof answer.body === 'string' ? Buffer.byteLength(answer.body) : answer.body.length;
    const isBodyless = answer.status === 204 || answer.status === 304;
    if (!isBodyless) headers['content-length'] = String(bodyBytes);
    if (state === 'closing') headers['connection'] = 'close';
    response.writeHead(answer.status, headers);
    response.end(isBodyless ? undefined : answer.body);
    return bodyBytes;
  };

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    runningRequests += 1;
    response.on('close', () => {
      runningRequests -= 1;
      if (state === 'closing') setImmediate(() => server.closeIdleConnections());
    });
    void handle(request, response);
  });
  answerBrokenConnections(server);
  const url = originOf(options.host, await listen(server, options.host, options.port));

  return {
    url,
    routes,
    integrations,
    setCors: (configuration) => {
      cors = configuration;
    },
    setThrottle: (limits) => {
      throttle = limits;
      buckets = new Map();
    },
    open: () => {
      state = 'open';
    },
    running: () => runningRequests,
    close: async () => {
      state = 'closing';
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** The API's own CORS overrides what a function says of it (trap G4). */
const withoutCors = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('access-control-')));

/** Bytes of request line and headers as they were sent. */
function headerBytes(request: IncomingMessage): number {
  let bytes = (request.method?.length ?? 0) + (request.url?.length ?? 0) + ' HTTP/1.1\r\n\r\n'.length + 1;
  // Each pair adds a colon, a space and a line end.
  for (const text of request.rawHeaders) bytes += text.length + 2;
  return bytes;
}
