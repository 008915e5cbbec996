import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { SinkAnswer } from './sink-script.ts';

/** A request that is never answered is let go after this, so that a sink which runs for days holds no dead sockets. */
const HANG_MS_MAX = 10 * 60_000;
/** A drip's body: at one byte a second more than any sender waits for. */
const DRIP_BYTES = 10_000;
const MEGABYTE = 1_000_000;
/** A bomb unpacks into BOMB_PIECES times BOMB_PIECE_BYTES of zeros: 100 MB from 100 KB. */
const BOMB_PIECES = 10;
const BOMB_PIECE_BYTES = 10 * MEGABYTE;
let bombPiece: Buffer | undefined;

/** Answers a request as scripted. Resolves when the answer is out, or its receiver gone. */
export async function giveAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: SinkAnswer,
): Promise<void> {
  const { status, headers, manner } = answer;
  switch (manner.how) {
    case 'plain':
      response.writeHead(status, { 'Content-Type': JSON_TYPE, ...headers });
      response.end(hasBody(status) ? textOf(status) : undefined);
      return;
    case 'hang':
      await gone(response, HANG_MS_MAX);
      response.destroy();
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'close':
      request.socket.end();
      return;
    case 'garbage':
      request.socket.end('?? this is not HTTP ??\r\n\r\n');
      return;
    case 'drip': {
      response.writeHead(status, { 'Content-Type': JSON_TYPE, 'Content-Length': DRIP_BYTES, ...headers });
      const body = Buffer.from(textOf(status).padEnd(DRIP_BYTES));
      for (let byte = 0; byte < DRIP_BYTES && !response.destroyed; byte += 1) {
        response.write(body.subarray(byte, byte + 1));
        await gone(response, manner.dripMs);
      }
      response.end();
      return;
    }
    case 'big':
      response.writeHead(status, { 'Content-Type': 'text/plain', ...headers });
      await writeTimes(response, Buffer.alloc(MEGABYTE, 'x'), manner.mb);
      return;
    case 'bomb':
      bombPiece ??= gzipSync(Buffer.alloc(BOMB_PIECE_BYTES));
      response.writeHead(status, { 'Content-Type': JSON_TYPE, 'Content-Encoding': 'gzip', ...headers });
      await writeTimes(response, bombPiece, BOMB_PIECES);
      return;
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';
/** 204 and 304 have no body. */
const hasBody = (status: number): boolean => status !== 204 && status !== 304;
const textOf = (status: number): string =>
  JSON.stringify(status < 300 ? { ok: true } : { error: `scripted answer ${status}` });

/** Waits so long, or until the other side has gone. */
async function gone(response: ServerResponse, ms: number): Promise<void> {
  if (response.destroyed) return;
  const controller = new AbortController();
  const end = (): void => controller.abort();
  response.once('close', end);
  await wait(ms, undefined, { signal: controller.signal, ref: false }).catch(() => undefined);
  response.off('close', end);
}

/** At the receiver's pace. One that goes away in the middle has had enough. */
const writeTimes = (response: ServerResponse, piece: Buffer, times: number): Promise<void> =>
  pipeline(Readable.from(Array.from({ length: times }, () => piece)), response).catch(() => undefined);
