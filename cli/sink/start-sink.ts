import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { listen } from '../start/listen.ts';
import { arrivals } from './arrivals.ts';
import { sinkAnswer } from './sink-script.ts';

/** Larger bodies are answered 413: no destination sends such. */
const BODY_BYTES_MAX = 5_000_000;
/** Pages that watch at one moment; further ones are refused. */
const WATCHERS_MAX = 50;
/** What a page that is opened gets to see at once. */
const RECENT_ARRIVALS = 100;
/** A page that reads slower than this many bytes behind is let go. */
const WATCHER_BYTES_BEHIND_MAX = 2_000_000;

export type Sink = { url: string; port: number; stop: () => Promise<void> };

/**
 * A place to deliver to, for trying things out: takes any POST or PUT, keeps the newest in memory, and shows them at `/` as they come.
 * `GET /events?messageId=`, `GET /count`, `DELETE /events`. What it answers is scripted by the path: see `sinkAnswer`.
 */
export async function startSink(options: {
  host: string;
  port: number;
  random?: () => number;
  now?: () => Date;
}): Promise<Sink> {
  const memory = arrivals();
  const watchers = new Set<ServerResponse>();
  const page = readFileSync(join(import.meta.dirname, 'sink-page.html'));
  const random = options.random ?? Math.random;
  const now = options.now ?? (() => new Date());

  const take = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const body = await readBody(request);
    if (body === undefined) return answer(response, 413, { error: 'too large' });
    const { status, delayMs } = sinkAnswer(path, random);
    if (delayMs > 0) await wait(delayMs);
    for (const arrival of memory.add({ at: now().toISOString(), path, status, body })) tell(watchers, arrival);
    answer(response, status, status < 300 ? { ok: true } : { error: `scripted answer ${status}` });
  };

  const watch = (response: ServerResponse): void => {
    if (watchers.size >= WATCHERS_MAX) return answer(response, 503, { error: 'too many pages watch' });
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(`event: count\ndata: ${JSON.stringify(memory.count())}\n\n`);
    for (const arrival of memory.list().slice(-RECENT_ARRIVALS)) response.write(`data: ${JSON.stringify(arrival)}\n\n`);
    watchers.add(response);
    response.on('close', () => watchers.delete(response));
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://sink');
    const { method } = request;
    if (method === 'POST' || method === 'PUT') return await take(request, response, url.pathname);
    if (method === 'GET' && url.pathname === '/') {
      response.writeHead(200, PAGE_HEADERS).end(page);
    } else if (method === 'GET' && url.pathname === '/live') watch(response);
    else if (method === 'GET' && url.pathname === '/count') answer(response, 200, memory.count());
    else if (method === 'GET' && url.pathname === '/events') {
      answer(response, 200, { events: memory.list(url.searchParams.get('messageId') ?? undefined) });
    } else if (method === 'DELETE' && url.pathname === '/events') {
      memory.clear();
      answer(response, 200, memory.count());
    } else answer(response, 404, { error: 'POST anything, or GET /, /events, /count' });
  };

  const server = createServer((request, response) => {
    route(request, response).catch(() => response.destroy());
  });
  const port = await listen(server, options.host, options.port);
  return {
    url: `http://${options.host === '0.0.0.0' ? '127.0.0.1' : options.host}:${port}`,
    port,
    stop: async () => {
      for (const watcher of watchers) watcher.end();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
  'X-Content-Type-Options': 'nosniff',
};

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  // 204 and 304 have no body.
  response.end(status === 204 || status === 304 ? undefined : JSON.stringify(body));
}

function tell(watchers: Set<ServerResponse>, arrival: unknown): void {
  const line = `data: ${JSON.stringify(arrival)}\n\n`;
  for (const watcher of watchers) {
    if (watcher.writableLength > WATCHER_BYTES_BEHIND_MAX) watcher.destroy();
    else watcher.write(line);
  }
}

/** `undefined` where it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}
