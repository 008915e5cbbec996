import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { AwsError, type RawRequest } from '../types.ts';
import { invalidArgument, notImplemented } from './s3-xml.ts';

/** S3: one PutObject takes 5 GB; a machine's memory does not. */
const BODY_BYTES_MAX = 512 * 1_024 * 1_024;

const crc32Base64 = (body: Buffer) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
};
const digest = (algorithm: string) => (body: Buffer) => createHash(algorithm).update(body).digest('base64');

/** Checksums that are verified and kept. SDK v3 sends CRC32 unless told otherwise. */
const CHECKSUMS: Record<string, (body: Buffer) => string> = {
  'x-amz-checksum-crc32': crc32Base64,
  'x-amz-checksum-sha1': digest('sha1'),
  'x-amz-checksum-sha256': digest('sha256'),
};
/** Headers that begin like a checksum and are none. */
const NO_CHECKSUMS = new Set(['x-amz-checksum-mode', 'x-amz-checksum-algorithm', 'x-amz-checksum-type']);

type Decoded = { body: Buffer; trailers: Record<string, string> };

/** Undoes `aws-chunked`: chunks of `SIZE[;chunk-signature=…]`, a last one of size 0, then trailers. */
function dechunk(encoded: Buffer): Decoded {
  const chunks: Buffer[] = [];
  let at = 0;
  const line = () => {
    const end = encoded.indexOf('\r\n', at);
    if (end < 0) throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    const text = encoded.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const size = /^([0-9a-fA-F]{1,8})(?:;.*)?$/.exec(line())?.[1];
    if (size === undefined) throw invalidArgument('A chunk of the body has no size');
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    if (at + length + 2 > encoded.length)
      throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    chunks.push(encoded.subarray(at, at + length));
    at += length + 2;
  }
  const trailers: Record<string, string> = {};
  while (at < encoded.length) {
    const text = line();
    const colon = text.indexOf(':');
    if (colon > 0) trailers[text.slice(0, colon).toLowerCase()] = text.slice(colon + 1).trim();
  }
  return { body: Buffer.concat(chunks), trailers };
}

const contentEncodings = (headers: IncomingHttpHeaders) =>
  (headers['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '');

/** The object's own content encoding, without the one that is only for the way here. */
export const storedEncoding = (headers: IncomingHttpHeaders): string | undefined =>
  contentEncodings(headers)
    .filter((encoding) => encoding !== 'aws-chunked')
    .join(',') || undefined;

/**
 * The body that a request means, with its checksums, each verified. Throws BadDigest where one does not match, and NotImplemented for
 * a checksum that cannot be verified here.
 */
export function requestBody(request: RawRequest): { body: Buffer; checksums: Record<string, string> } {
  const { headers } = request;
  if (request.body.length > BODY_BYTES_MAX)
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
  const isChunked =
    contentEncodings(headers).includes('aws-chunked') ||
    String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const { body, trailers } = isChunked ? dechunk(request.body) : { body: request.body, trailers: {} };
  const stated = headers['x-amz-decoded-content-length'];
  if (isChunked && stated !== undefined && Number(stated) !== body.length)
    throw new AwsError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the decoded content length',
    );

  const checksums: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...headers, ...trailers })) {
    if (!name.startsWith('x-amz-checksum-') || NO_CHECKSUMS.has(name)) continue;
    const compute = CHECKSUMS[name];
    if (compute === undefined) throw notImplemented(`the checksum ${name}`);
    if (typeof value !== 'string' || compute(body) !== value)
      throw new AwsError('BadDigest', `The ${name} you specified did not match what we received.`);
    checksums[name] = value;
  }
  const trailer = headers['x-amz-trailer'];
  if (typeof trailer === 'string' && checksums[trailer.toLowerCase()] === undefined)
    throw new AwsError('MalformedTrailerError', `The announced trailer ${trailer} is missing`);
  const md5 = headers['content-md5'];
  if (md5 !== undefined && digest('md5')(body) !== md5)
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  const sha256 = String(headers['x-amz-content-sha256'] ?? '');
  if (/^[0-9a-f]{64}$/.test(sha256) && createHash('sha256').update(request.body).digest('hex') !== sha256)
    throw new AwsError('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match.");
  return { body, checksums };
}
