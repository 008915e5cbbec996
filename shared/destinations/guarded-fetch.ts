import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Headers, Request, type RequestInit, Response } from 'node-fetch';
import { NetworkError, SendTimeoutError, TargetRefusedError } from './http-errors.ts';
import { underOurName } from './own-name.ts';
import { readResponse } from './read-response.ts';
import { currentSendContext, type Exchange, type SendContext } from './send-context.ts';
import type { StandInAnswer } from './stand-in.ts';
import { checkTarget, isOwnHost, isPublicAddress } from './target-rules.ts';

/** What we call ourselves; the library's names for itself are replaced by it, a name that somebody set is kept. */
export const USER_AGENT = 'Tributary/0.1';
/** A part has at most 600 KB of events; a mapping may repeat them. */
const REQUEST_BYTES_MAX = 8_000_000;
/** Of each body, so much is kept for samples, before redaction. */
export const EXCHANGE_BODY_BYTES_MAX = 4_096;
/** Methods that only ask. */
const LOOKUPS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** Exchanges of one call that are kept. */
const EXCHANGES_MAX = 10;
/** Belong to the connection or are ours to say; a mapping's free headers must not set them. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'x-tributary-hop',
]);

type Prepared = {
  url: URL;
  mayBePrivate: boolean;
  /** Our own tracking API, by a destination that may call it. */
  isUs: boolean;
  method: string;
  headers: Record<string, string>;
  body: Buffer;
};

/**
 * The way out for every destination, in the place of the fetch that the library would use. Targets are judged by their URL and by the very
 * addresses that are dialled; redirects are answers like others; time and size are bounded; each exchange is written into the send's
 * context. Works only within one (see runInSendContext). Rejects with TargetRefusedError, SendTimeoutError or NetworkError.
 */
export async function guardedFetch(input: string | Request, init?: RequestInit): Promise<Response> {
  const context = currentSendContext();
  if (context === undefined) throw new TargetRefusedError('A request outside of a send is not let out');
  // The library's own error for these would be taken for a fault in its code.
  if (typeof input === 'string' && !URL.canParse(input)) throw refusal(input, 'it is not a URL');
  const request = new Request(input, init);
  const target = judge(request.url, context);
  const asked = { url: target.url, headers: Object.fromEntries(request.headers), body: await request.buffer() };
  const { url, headers, body } = underOurName(asked, context.wireNames ?? [], USER_AGENT);
  if (body.length > REQUEST_BYTES_MAX) throw new TargetRefusedError(`A request of ${body.length} bytes is too large`);
  return await exchange(
    {
      url,
      mayBePrivate: target.mayBePrivate,
      isUs: target.isUs,
      method: request.method,
      headers: headersOf(headers, request.method, body, context),
      body,
    },
    request.signal,
    context,
  );
}

function judge(url: string, { http, mayReachUs }: SendContext): Pick<Prepared, 'url' | 'mayBePrivate' | 'isUs'> {
  const target = checkTarget(url, http.rules, mayReachUs);
  if (target.verdict === 'allowed') return target;
  throw refusal(url, target.reason);
}

function refusal(url: string, reason: string): TargetRefusedError {
  const host = URL.canParse(url) ? new URL(url).host : '';
  return new TargetRefusedError(`The target ${host} is refused: ${reason}`);
}

function headersOf(
  asked: Record<string, string>,
  method: string,
  body: Buffer,
  context: SendContext,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(asked)) if (!OWN_HEADERS.has(name)) headers[name] = value;
  headers['user-agent'] ??= USER_AGENT;
  headers['accept'] ??= '*/*';
  headers['x-tributary-hop'] = String(context.hopThroughUs);
  if (body.length > 0 || (method !== 'GET' && method !== 'HEAD')) {
    headers['content-length'] = String(body.length);
  }
  return headers;
}

async function exchange(prepared: Prepared, signal: AbortSignal | null, context: SendContext): Promise<Response> {
  const startedMs = performance.now();
  const record: Exchange = {
    method: prepared.method,
    url: prepared.url.href,
    headers: prepared.headers,
    body: cutCopy(prepared.body),
    tookMs: 0,
  };
  if (context.exchanges.length < EXCHANGES_MAX) context.exchanges.push(record);
  if (!LOOKUPS.has(record.method)) context.hasSent = true;
  if (prepared.body.length > 0) context.bytesOut = (context.bytesOut ?? 0) + prepared.body.length;
  try {
    const standIn = context.standIn?.();
    if (standIn !== undefined) return await answeredInPlace(standIn, prepared, signal, context, record);
    const { head, body } = await dialTwiceAtMost(prepared, signal, context);
    record.status = head.statusCode ?? 0;
    record.responseHeaders = plainHeaders(head);
    record.responseBody = cutCopy(body);
    return responseOf(prepared.url, head, body);
  } catch (error) {
    record.error = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    record.tookMs = Math.round(performance.now() - startedMs);
  }
}

/** Nothing is resolved or dialled. The time of the send holds all the same: what is over asks for nothing more. */
async function answeredInPlace(
  { by, status, statusText, headers, body }: StandInAnswer,
  { url }: Prepared,
  signal: AbortSignal | null,
  context: SendContext,
  record: Exchange,
): Promise<Response> {
  record.answeredBy = by;
  if (context.isOver || context.deadlineMs <= performance.now() || signal?.aborted === true) {
    throw new SendTimeoutError('The time for this send is over');
  }
  record.status = status;
  record.responseHeaders = { ...headers };
  const bytes = Buffer.from(body);
  record.responseBody = cutCopy(bytes);
  const shown = new Headers();
  for (const [name, value] of Object.entries(headers)) shown.set(name, value);
  return new Response(bytes, { url: url.href, status, statusText, headers: shown });
}

type Answer = { head: IncomingMessage; body: Buffer };

/** A kept socket may have died while it lay idle, or while the environment was frozen. If so, before any byte of an answer, once more on a fresh one (L4). */
async function dialTwiceAtMost(prepared: Prepared, signal: AbortSignal | null, context: SendContext): Promise<Answer> {
  try {
    return await dial(prepared, signal, context, context.http.agents);
  } catch (error) {
    if (!(error instanceof DeadSocketError)) throw error;
    return await dial(prepared, signal, context, context.http.freshAgents);
  }
}

/** A kept socket broke before any byte of an answer. */
class DeadSocketError extends NetworkError {}

const dial = (
  { url, mayBePrivate, isUs, method, headers, body }: Prepared,
  signal: AbortSignal | null,
  context: SendContext,
  agents: SendContext['http']['agents'],
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const leftMs = context.deadlineMs - performance.now();
    if (context.isOver || leftMs <= 0 || signal?.aborted === true) {
      reject(new SendTimeoutError('The time for this send is over'));
      return;
    }
    const isHttps = url.protocol === 'https:';
    const options: RequestOptions = {
      method,
      headers,
      agent: isHttps ? agents.https : agents.http,
      lookup: checkedLookup(context, { url, mayBePrivate, isUs }),
    };
    const request = isHttps ? requestHttps(url, options) : requestHttp(url, options);
    let bytesBefore = 0;
    const fail = (error: Error): void => {
      settle();
      reject(error);
      request.destroy();
    };
    const timer = setTimeout(
      () => fail(new SendTimeoutError(`No whole answer within ${Math.round(leftMs)} ms`)),
      leftMs,
    );
    const onAbort = (): void => fail(new SendTimeoutError('The send was ended before its answer came'));
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort, { once: true });

    request.on('socket', (socket) => {
      bytesBefore = socket.bytesRead;
    });
    request.on('response', (head) => {
      readResponse(head).then(
        (bytes) => {
          settle();
          resolve({ head, body: bytes });
        },
        (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))),
      );
    });
    // Switching protocols is nothing that we asked for.
    request.on('upgrade', (_head, socket) => {
      socket.destroy();
      fail(new NetworkError('EPROTO', 'The other side wants to switch protocols'));
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof TargetRefusedError) fail(error);
      else if (request.reusedSocket && request.socket?.bytesRead === bytesBefore) {
        fail(new DeadSocketError(codeOf(error), networkText(error)));
      } else fail(new NetworkError(codeOf(error), networkText(error), error));
    });
    request.end(body);
  });

const codeOf = (error: NodeJS.ErrnoException): string => error.code ?? 'ECONNRESET';

/** The system's message without addresses: what a private name resolves to is nobody's business. */
const networkText = (error: NodeJS.ErrnoException): string => `Network: ${codeOf(error)}`;

/**
 * Resolves a name, checks every one of its addresses and hands over those that were checked: the socket dials one of them, so a name that
 * answers otherwise a moment later gains nothing.
 */
const checkedLookup =
  (
    context: SendContext,
    { url, mayBePrivate, isUs }: Pick<Prepared, 'url' | 'mayBePrivate' | 'isUs'>,
  ): LookupFunction =>
  (hostname, options, callback) => {
    const fail = (error: NodeJS.ErrnoException): void => callback(error, '', 0);
    context.http.resolve(hostname).then((addresses) => {
      const [first] = addresses;
      if (first === undefined) {
        fail(new NetworkError('ENOTFOUND', 'Network: ENOTFOUND'));
      } else if (!isUs && addresses.some(({ address }) => isOwnHost(url, asHost(address), context.http.rules))) {
        // Another name of the address that we listen at ourselves: `localhost`, on one machine.
        fail(new TargetRefusedError(`The target ${hostname} is refused: it is this deployment itself`));
      } else if (!mayBePrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
        fail(new TargetRefusedError(`The target ${hostname} is refused: its address is not public`));
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    }, fail);
  };

/** An address as URLs spell it: of one IPv6 address there are many texts. */
function asHost(address: string): string {
  const literal = address.includes(':') ? `[${address}]` : address;
  const url = `http://${literal}/`;
  return URL.canParse(url) ? new URL(url).hostname : literal;
}

/** A copy, so that a large body is not kept in memory by its beginning. */
const cutCopy = (body: Buffer): Buffer => Buffer.from(body.subarray(0, EXCHANGE_BODY_BYTES_MAX));

function plainHeaders(head: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(head.headers)) headers[name] = String(value);
  return headers;
}

/** The answer as the library knows it, its body read already: nothing is left to stream. */
function responseOf(url: URL, head: IncomingMessage, body: Buffer): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(head.headers)) {
    try {
      headers.set(name, String(value));
    } catch {
      // A header that is none: an answer is hostile text, and nobody reads this one.
    }
  }
  return new Response(body, {
    url: url.href,
    status: head.statusCode ?? 0,
    statusText: head.statusMessage ?? '',
    headers,
  });
}
