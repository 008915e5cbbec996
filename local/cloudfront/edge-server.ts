import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, originOf as baseUrlOf } from '../front-door/listen.ts';
import type { Clock, Meter } from '../types.ts';
import {
  type Behavior,
  behaviorFor,
  type CachePolicyConfig,
  type DistributionConfig,
  ERROR_FRESH_SECONDS,
  headersOfPolicy,
  type ResponseHeadersPolicyConfig,
} from './distribution-config.ts';
import { edgeCache, freshSeconds, type OriginAnswer } from './edge-cache.ts';
import { codingFor, encoded, isWorthIt } from './edge-compression.ts';
import type { EdgeFunction, EdgeOutcome } from './edge-function.ts';

export type EdgeServerOptions = {
  host: string;
  /** The port, or the next free one; 0 for any. */
  port: number;
  clock: Clock;
  meter: Meter;
  /** Told of what no answer can tell: a bug. */
  onUnexpected(error: unknown, call: string): void;
};

/** What a distribution is made of, its references resolved. */
export type Wiring = {
  config: DistributionConfig;
  origins: ReadonlyMap<string, (method: string, path: string) => Promise<OriginAnswer>>;
  cachePolicies: ReadonlyMap<string, CachePolicyConfig>;
  headersPolicies: ReadonlyMap<string, ResponseHeadersPolicyConfig>;
  functions: ReadonlyMap<string, EdgeFunction>;
};

export type EdgeServer = {
  /** `host:port`, which is the distribution's domain name here. */
  readonly domainName: string;
  readonly url: string;
  wire(wiring: Wiring): void;
  /** Until then, and after `close` began, all is answered 503. */
  open(): void;
  running(): number;
  close(): Promise<void>;
};

/** How long `close` waits for answers under way. */
const DRAIN_MS = 10_000;
const SERVER_ERROR = 500;
/** Headers of the connection to the origin, and those that are set anew. */
const OWN_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);

/** One distribution: its behaviours lead requests to origins, past functions and a cache. Ranges get the whole. */
export async function edgeServer(options: EdgeServerOptions): Promise<EdgeServer> {
  const { clock, meter } = options;
  const cache = edgeCache(clock);
  const fetches = new Map<string, Promise<OriginAnswer>>();
  let wiring: Wiring | undefined;
  let state: 'starting' | 'open' | 'closing' = 'starting';
  let runningRequests = 0;

  /** Requests for one thing at one moment ask the origin once. */
  const fetchOnce = (key: string, ask: () => Promise<OriginAnswer>): Promise<OriginAnswer> => {
    const running = fetches.get(key);
    if (running !== undefined) return running;
    const fetching = ask().finally(() => fetches.delete(key));
    fetches.set(key, fetching);
    return fetching;
  };

  type Served = OriginAnswer & { from: 'Hit' | 'Miss' | 'Error'; ageSeconds?: number };
  const serve = async (
    { config, origins, cachePolicies }: Wiring,
    behavior: Behavior,
    path: string,
  ): Promise<Served> => {
    const key = `${behavior.TargetOriginId} ${path}`;
    const cached = cache.fresh(key);
    if (cached !== undefined) return { ...cached.answer, from: 'Hit', ageSeconds: cached.ageSeconds };
    const origin = origins.get(behavior.TargetOriginId);
    const policy = cachePolicies.get(behavior.CachePolicyId);
    if (origin === undefined || policy === undefined) throw new Error(`The behaviour of ${path} leads nowhere`);
    const answer = await fetchOnce(key, () => origin('GET', path));
    const standIn = answer.status >= SERVER_ERROR ? cache.stale(key) : undefined;
    if (standIn !== undefined) return { ...standIn, from: 'Hit' };
    const errorSeconds =
      config.CustomErrorResponses.find(({ ErrorCode }) => ErrorCode === answer.status)?.ErrorCachingMinTTL ??
      ERROR_FRESH_SECONDS;
    const { MinTTL: minSeconds, DefaultTTL: defaultSeconds, MaxTTL: maxSeconds } = policy;
    cache.store(key, answer, freshSeconds(answer, { minSeconds, defaultSeconds, maxSeconds }, errorSeconds));
    return { ...answer, from: answer.status >= 400 ? 'Error' : 'Miss' };
  };

  /** What the function of a behaviour makes of a request. One that fails is CloudFront's own 503. */
  const atTheEdge = async (
    { config, functions }: Wiring,
    behavior: Behavior,
    request: IncomingMessage,
  ): Promise<EdgeOutcome> => {
    const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const [association] = behavior.FunctionAssociations ?? [];
    const run = association && functions.get(association.FunctionARN);
    const rooted = (to: string) => ({ path: to === '/' ? `/${config.DefaultRootObject}` : to });
    if (run === undefined) return rooted(path);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    try {
      const outcome = await run({ method: request.method ?? 'GET', path, query, headers });
      return 'path' in outcome ? rooted(outcome.path) : outcome;
    } catch (error) {
      options.onUnexpected(error, `The function at the edge, ${path}`);
      return { status: 503, headers: {}, body: 'The CloudFront function failed.' };
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET';
    const [path = '/'] = (request.url ?? '/').split('?');
    if (wiring === undefined || state !== 'open') return end(response, 503, {}, Buffer.from('Service Unavailable'));
    const behavior = behaviorFor(wiring.config, path);
    const policy = wiring.headersPolicies.get(behavior.ResponseHeadersPolicyId ?? '');
    const added = policy === undefined ? {} : headersOfPolicy(policy, request.headers.origin !== undefined);
    if (method !== 'GET' && method !== 'HEAD') {
      return end(response, 403, added, Buffer.from('This distribution is not configured to allow the request method.'));
    }
    const asked = await atTheEdge(wiring, behavior, request);
    if (!('path' in asked)) return end(response, asked.status, { ...asked.headers, ...added }, Buffer.from(asked.body));
    const served = await serve(wiring, behavior, asked.path);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(served.headers)) if (!OWN_HEADERS.has(name)) headers[name] = value;
    Object.assign(headers, added, { 'x-cache': `${served.from} from cloudfront` });
    if (served.ageSeconds !== undefined) headers['age'] = String(served.ageSeconds);
    let { body } = served;
    const { etag } = headers;
    const keyed = wiring.cachePolicies.get(behavior.CachePolicyId)?.ParametersInCacheKeyAndForwardedToOrigin;
    if (behavior.Compress && keyed !== undefined && isWorthIt(served)) {
      headers['vary'] = 'Accept-Encoding';
      const coding = codingFor(keyed, request.headers['accept-encoding']);
      if (coding !== undefined) {
        body = await encoded(body, coding);
        headers['content-encoding'] = coding;
        if (etag !== undefined) headers['etag'] = `W/${etag}`;
      }
    }
    const isUnchanged = served.status === 200 && isKnown(request.headers['if-none-match'], etag);
    end(response, isUnchanged ? 304 : served.status, headers, body);
    meter.count({ operation: 'cloudfront:Request', principal: 'viewer', calls: 1, units: 1, bytes: body.length });
  };

  const end = (response: ServerResponse, status: number, headers: Record<string, string>, body: Buffer): void => {
    const isBodyless = status === 204 || status === 304;
    response.writeHead(status, {
      ...headers,
      ...(!isBodyless && { 'content-length': String(body.length) }),
      ...(state === 'closing' && { connection: 'close' }),
    });
    // Node itself leaves the body of a HEAD out.
    response.end(isBodyless ? undefined : body);
  };

  const server = createServer((request, response) => {
    runningRequests += 1;
    response.on('close', () => {
      runningRequests -= 1;
      if (state === 'closing') setImmediate(() => server.closeIdleConnections());
    });
    // A body means nothing to a CDN; it is read so that the connection can go on.
    request.resume();
    handle(request, response).catch((error: unknown) => {
      options.onUnexpected(error, `${request.method} ${request.url}`);
      if (!response.headersSent) end(response, 500, {}, Buffer.from('Internal Server Error'));
    });
  });
  const url = baseUrlOf(options.host, await listen(server, options.host, options.port));

  return {
    domainName: new URL(url).host,
    url,
    wire: (to) => {
      wiring = to;
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

/** Whether `If-None-Match` names it; weak and strong are one (RFC 9110, 13.1.2). */
const isKnown = (wanted: string | undefined, etag: string | undefined): boolean =>
  etag !== undefined && (wanted ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
