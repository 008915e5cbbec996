import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { LOCAL_ACCOUNT } from '../types.ts';
import type { RouteMatch } from './routes.ts';

/** The event that a function gets for an HTTP request: payload format 2.0. */
export type ProxyEvent = {
  version: '2.0';
  routeKey: string;
  rawPath: string;
  rawQueryString: string;
  cookies?: string[];
  headers: Record<string, string>;
  queryStringParameters?: Record<string, string>;
  requestContext: {
    accountId: string;
    apiId: string;
    domainName: string;
    domainPrefix: string;
    http: { method: string; path: string; protocol: string; sourceIp: string; userAgent: string };
    requestId: string;
    routeKey: string;
    stage: string;
    time: string;
    timeEpoch: number;
  };
  pathParameters?: Record<string, string>;
  body?: string;
  isBase64Encoded: boolean;
};

/** Headers of the connection, not of the request: a gateway does not pass them on. */
const HOP_HEADERS = new Set([
  'connection',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // Known by the body that came; set anew.
  'content-length',
  // Goes to `cookies`.
  'cookie',
]);

/** Media types whose bodies reach the function as text; all others, and a missing type, as base64 (seen on API Gateway, HTTP API). */
const TEXT_TYPE = /^\s*(?:text\/[^;]*|application\/(?:json|javascript|xml))\s*(?:;|$)/i;

/** Path and query of a request target. The path is decoded, and ends at a decoded question mark, as API Gateway's `rawPath` does. */
export type Target = { path: string; rawQueryString: string };

/** `undefined` for a path whose percent-encoding is broken. */
export function parseTarget(url: string): Target | undefined {
  const mark = url.indexOf('?');
  const encoded = mark < 0 ? url : url.slice(0, mark);
  const rawQueryString = mark < 0 ? '' : url.slice(mark + 1);
  if (!encoded.startsWith('/')) return undefined;
  if (!encoded.includes('%')) return { path: encoded, rawQueryString };
  try {
    const path = decodeURIComponent(encoded);
    const end = path.indexOf('?');
    return { path: end < 0 ? path : path.slice(0, end), rawQueryString };
  } catch {
    return undefined;
  }
}

export function proxyEvent(
  request: IncomingMessage,
  about: { apiId: string; target: Target; route: RouteMatch; body: Buffer; atMs: number; requestId: string },
): ProxyEvent {
  const { target, route, body, atMs } = about;
  const method = request.method ?? 'GET';
  const sourceIp = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const { headers, cookies } = headersOf(request, sourceIp, body.length, atMs);
  const domainName = (headers['host'] ?? 'localhost').replace(/:\d+$/, '');
  const isText = request.headers['content-encoding'] === undefined && TEXT_TYPE.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: target.path,
    rawQueryString: target.rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(target.rawQueryString !== '' && { queryStringParameters: queryOf(target.rawQueryString) }),
    requestContext: {
      accountId: LOCAL_ACCOUNT,
      apiId: about.apiId,
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method,
        path: target.path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: about.requestId,
      routeKey: route.routeKey,
      stage: '$default',
      time: logTime(atMs),
      timeEpoch: atMs,
    },
    ...(route.pathParameters !== undefined && { pathParameters: route.pathParameters }),
    ...(body.length > 0 && { body: isText ? body.toString('utf8') : body.toString('base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Names in lower case, repeated ones joined by commas; the gateway's own `x-` headers added. */
function headersOf(
  request: IncomingMessage,
  sourceIp: string,
  bodyBytes: number,
  atMs: number,
): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  const { rawHeaders } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (HOP_HEADERS.has(name)) continue;
    const before = headers[name];
    const value = rawHeaders[index + 1] ?? '';
    headers[name] = before === undefined ? value : `${before},${value}`;
  }
  const forwardedFor = headers['x-forwarded-for'];
  headers['content-length'] = String(bodyBytes);
  headers['x-amzn-trace-id'] ??= `Root=1-${Math.floor(atMs / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  headers['x-forwarded-for'] = forwardedFor === undefined ? sourceIp : `${forwardedFor}, ${sourceIp}`;
  headers['x-forwarded-port'] = String(request.socket.localPort ?? '');
  headers['x-forwarded-proto'] = 'http';
  const cookies = request.headers.cookie?.split(/;\s*/).filter((cookie) => cookie !== '') ?? [];
  return { headers: { ...headers }, cookies };
}

/** Decoded; repeated names joined by commas. */
function queryOf(rawQueryString: string): Record<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = query.get(name);
    query.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(query);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000`. */
function logTime(atMs: number): string {
  const iso = new Date(atMs).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
