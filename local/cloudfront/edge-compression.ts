import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { CachePolicyConfig } from './distribution-config.ts';
import type { OriginAnswer } from './edge-cache.ts';

/** CloudFront compresses bodies of 1,000 bytes to 10 MB of types that gain by it. */
const COMPRESSED_BYTES = { min: 1_000, max: 10_000_000 };
const COMPRESSIBLE = /^(?:text\/|application\/(?:javascript|json|xml|wasm)|image\/svg)/;
/** Beyond it time grows faster than bytes shrink. */
const BROTLI_QUALITY = 5;

type Coding = 'br' | 'gzip';
const brotli = promisify<Buffer, object, Buffer>(brotliCompress);
const CODINGS: Record<Coding, (body: Buffer) => Promise<Buffer>> = {
  br: (body) => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: promisify<Buffer, Buffer>(gzip),
};

/** By the body as it is in the cache: what went out compressed once is not compressed again as long as it stays there. */
const done = new WeakMap<Buffer, Map<Coding, Promise<Buffer>>>();

/** Whether CloudFront would compress it for who takes that. */
export const isWorthIt = ({ headers, body }: OriginAnswer): boolean =>
  headers['content-encoding'] === undefined &&
  COMPRESSIBLE.test(headers['content-type'] ?? '') &&
  body.length >= COMPRESSED_BYTES.min &&
  body.length <= COMPRESSED_BYTES.max;

/** The coding that a viewer gets: Brotli before gzip, of those that it takes and the policy lets through. */
export function codingFor(
  {
    EnableAcceptEncodingBrotli,
    EnableAcceptEncodingGzip,
  }: CachePolicyConfig['ParametersInCacheKeyAndForwardedToOrigin'],
  accepted: string | undefined,
): Coding | undefined {
  const takes = (name: Coding): boolean =>
    new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|\\s|$))`).test(accepted ?? '');
  if (EnableAcceptEncodingBrotli && takes('br')) return 'br';
  return EnableAcceptEncodingGzip && takes('gzip') ? 'gzip' : undefined;
}

/** The body in a coding, made once. */
export function encoded(body: Buffer, coding: Coding): Promise<Buffer> {
  const known = done.get(body) ?? new Map<Coding, Promise<Buffer>>();
  done.set(body, known);
  const made = known.get(coding) ?? CODINGS[coding](body);
  known.set(coding, made);
  return made;
}
