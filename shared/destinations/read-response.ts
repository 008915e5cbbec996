import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { NetworkError } from './http-errors.ts';

/** Of an answer, so much is read; the rest is cut off and the socket closed (threat L10). */
export const RESPONSE_BYTES_MAX = 262_144;

/**
 * Reads an answer's body, unpacked, up to RESPONSE_BYTES_MAX of either form: a small packed body that unpacks into gigabytes is cut as any
 * other. Rejects with ECONNRESET when the connection ends in the middle.
 */
export const readResponse = (response: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const unpacking = unpackerOf(response.headers['content-encoding']);
    const body = unpacking === undefined ? response : response.pipe(unpacking);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let packedBytes = 0;

    const finish = (): void => {
      resolve(Buffer.concat(chunks).subarray(0, RESPONSE_BYTES_MAX));
      unpacking?.destroy();
    };
    const cut = (): void => {
      finish();
      response.destroy();
    };
    if (unpacking !== undefined) {
      response.on('data', (chunk: Buffer) => {
        packedBytes += chunk.length;
        if (packedBytes > RESPONSE_BYTES_MAX) cut();
      });
      // Not packed as it says: what could be unpacked is the body.
      unpacking.on('error', cut);
    }
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes >= RESPONSE_BYTES_MAX) cut();
    });
    body.on('end', finish);
    const broken = (): void => reject(new NetworkError('ECONNRESET', 'The connection ended within the answer'));
    response.on('aborted', broken);
    response.on('error', broken);
    response.on('close', () => {
      if (!response.complete) broken();
    });
  });

/** One packing, as HTTP names them. Several on top of each other are not asked for and not undone. */
function unpackerOf(encoding: string | undefined): Transform | undefined {
  const name = encoding?.trim().toLowerCase();
  if (name === 'gzip' || name === 'x-gzip') return createGunzip();
  if (name === 'deflate') return createInflate();
  if (name === 'br') return createBrotliDecompress();
  return undefined;
}
