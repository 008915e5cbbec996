import type { IncomingMessage } from 'node:http';

const EMPTY = Buffer.alloc(0);

export type ReadBody = { outcome: 'read'; body: Buffer } | { outcome: 'too-large' } | { outcome: 'aborted' };

/**
 * Reads a request's body whole, up to `bytesMax`. What is beyond is drained without being kept, so that the sender,
 * who may write all before it reads, gets the answer instead of a broken connection.
 */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<ReadBody> {
  return new Promise((resolve) => {
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        first = undefined;
        chunks = undefined;
      } else if (first === undefined) first = chunk;
      else if (chunks === undefined) chunks = [first, chunk];
      else chunks.push(chunk);
    });
    request.on('end', () => {
      if (bytes > bytesMax) resolve({ outcome: 'too-large' });
      else resolve({ outcome: 'read', body: chunks === undefined ? (first ?? EMPTY) : Buffer.concat(chunks, bytes) });
    });
    const aborted = (): void => resolve({ outcome: 'aborted' });
    request.on('error', aborted);
    request.on('close', aborted);
  });
}
