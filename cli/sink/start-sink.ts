import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { listen } from '../start/listen.ts';
import { arrivals, eventsOf } from './arrivals.ts';
import { giveAnswer } from './give-answer.ts';
import { setScripts } from './set-scripts.ts';
import { sinkAnswer } from './sink-script.ts';
import { tries } from './tries.ts';

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
 * A place to deliver to, for trying things out: takes any POST, PUT or PATCH, keeps the newest in memory, and shows them at `/` as they
 * come. What it answers is scripted by the path, and by `POST /script` while it runs; what it saw is read by GET: docs/sink.md has both.
 */
export async function startSink(options: {
  host: string;
  port: number;
  random?: () => number;
  now?: () => Date;
}): Promise<Sink> {
  const memory = arrivals();
  const books = tries();
  const watchers = new Set<ServerResponse>();
  const page = readFileSync(join(import.meta.dirname, 'sink-page.html'));
  const random = options.random ?? Math.random;
  const now = options.now ?? (() => new Date());

  const scripts = setScripts(() => now().getTime());

  const take = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const body = await readBody(request);
    if (body === undefined) return answerJson(response, 413, { error: 'too large' });
    if (path === '/script') {
      const ordered = scripts.set(body);
      return answerJson(response, ordered.outcome === 'set' ? 200 : 400, ordered);
    }
    const atMs = now().getTime();
    const events = eventsOf(body);
    const messageIds = events.map(({ messageId }) => messageId);
    const scripted = sinkAnswer(scripts.of(path), {
      random,
      nowMs: () => atMs,
      triesBefore: () => books.before(path, messageIds),
    });
    const { status, isTaken, manner, notBeforeMs, delayMs } = scripted;
    if (delayMs > 0) await wait(delayMs);
    const word = manner.how === 'plain' ? undefined : manner.how;
    books.add({
      atMs,
      path,
      answer: status === 0 ? manner.how : status,
      isTaken,
      messageIds,
      ...(notBeforeMs !== undefined && { notBeforeMs }),
    });
    const at = new Date(atMs).toISOString();
    const added = memory.add({ at, path, status, ...(word !== undefined && { answer: word }), isTaken, events });
    for (const arrival of added) tell(watchers, arrival);
    await giveAnswer(request, response, scripted);
  };

  const watch = (response: ServerResponse): void => {
    if (watchers.size >= WATCHERS_MAX) return answerJson(response, 503, { error: 'too many pages watch' });
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(`event: count\ndata: ${JSON.stringify(memory.count())}\n\n`);
    for (const arrival of memory.list().slice(-RECENT_ARRIVALS)) response.write(`data: ${JSON.stringify(arrival)}\n\n`);
    watchers.add(response);
    response.on('close', () => watchers.delete(response));
  };

  const read = (url: URL, response: ServerResponse): void => {
    const messageId = url.searchParams.get('messageId') ?? undefined;
    switch (url.pathname) {
      case '/':
        response.writeHead(200, PAGE_HEADERS).end(page);
        return;
      case '/live':
        return watch(response);
      case '/count':
        return answerJson(response, 200, memory.count());
      case '/ledger':
        return answerJson(response, 200, { paths: books.ledger() });
      case '/events':
        return answerJson(response, 200, { events: memory.list(messageId) });
      case '/attempts':
        return answerJson(response, 200, { attempts: messageId === undefined ? [] : books.of(messageId) });
      default:
        return answerJson(response, 404, { error: 'POST anything, or GET /, /events, /count, /attempts, /ledger' });
    }
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://sink');
    const { method } = request;
    if (method === 'POST' || method === 'PUT' || method === 'PATCH') await take(request, response, url.pathname);
    else if (method === 'GET') read(url, response);
    else if (method === 'DELETE' && url.pathname === '/events') {
      memory.clear();
      books.clear();
      answerJson(response, 200, memory.count());
    } else answerJson(response, 405, { error: `${method ?? ''} is not taken here` });
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

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
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
