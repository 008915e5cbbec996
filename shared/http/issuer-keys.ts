import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { JSONWebKeySet } from 'jose';
import { AppError } from '../domain/app-error.ts';

export type IssuerKeys = {
  /** Throws AppError('upstream-unavailable') where there are none and none can be had. */
  get(): Promise<JSONWebKeySet>;
  /** For a token whose key is not among them: asks again, unless that was done within REFETCH_MS. `undefined`: there is nothing newer. */
  renew(): Promise<JSONWebKeySet | undefined>;
};

/** One reading of the keys, in all. */
const TIMEOUT_MS = 3_000;
/** A user pool publishes two keys, some 1 KB. */
const ANSWER_BYTES_MAX = 64 * 1_024;
const KEYS_MAX = 50;
/** A key that nobody knows may be new, or made up by whoever sends tokens: the issuer is asked once in this time at most. */
export const REFETCH_MS = 60_000;
/** Keys are asked for anew after an hour, and while the issuer does not answer they serve for a day. */
const FRESH_MS = 3_600_000;
const STALE_MS = 86_400_000;

/** Where a user pool publishes its keys, and the local cloud's issuer too: one request less than by the discovery document. */
export const keysUrlOf = (issuer: string): string => `${issuer}/.well-known/jwks.json`;

/** The public keys of an issuer, in memory. One request at a time; a failure is not remembered. */
export function issuerKeys(issuer: string, nowMs: () => number): IssuerKeys {
  const url = keysUrlOf(issuer);
  let kept: { keys: JSONWebKeySet; readAtMs: number } | undefined;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<JSONWebKeySet> | undefined;

  const ask = (): Promise<JSONWebKeySet> => {
    askedAtMs = nowMs();
    asking ??= readKeys(url)
      .then((keys) => {
        kept = { keys, readAtMs: nowMs() };
        return keys;
      })
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
  const ageMs = (): number => (kept === undefined ? Number.POSITIVE_INFINITY : nowMs() - kept.readAtMs);

  return {
    get: async () => {
      if (kept !== undefined && ageMs() < FRESH_MS) return kept.keys;
      const isTriedLately = nowMs() - askedAtMs < REFETCH_MS;
      if (kept !== undefined && ageMs() < STALE_MS && isTriedLately) return kept.keys;
      try {
        return await ask();
      } catch (error) {
        if (kept !== undefined && ageMs() < STALE_MS) return kept.keys;
        throw error;
      }
    },
    renew: async () => (nowMs() - askedAtMs < REFETCH_MS ? await asking : await ask()),
  };
}

async function readKeys(url: string): Promise<JSONWebKeySet> {
  try {
    const parsed: unknown = JSON.parse(await textAt(url));
    if (!isKeySet(parsed)) throw new Error('it answered no set of keys');
    return parsed;
  } catch (cause) {
    throw new AppError('upstream-unavailable', `The keys at ${url} cannot be read`, { cause });
  }
}

/**
 * By Node's own client and not by fetch, whose loading alone takes longer than all the rest. A redirect is an answer like any other: not 200. It would let
 * whoever can answer for the issuer once send us anywhere.
 */
const textAt = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const request = send(url, { signal, headers: { accept: 'application/json' } }, (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('error', reject);
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > ANSWER_BYTES_MAX) answer.destroy(new Error(`it answered more than ${ANSWER_BYTES_MAX} bytes`));
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(new Error(`it answered ${answer.statusCode}`));
      });
    });
    request.on('error', reject);
    request.end();
  });

function isKeySet(value: unknown): value is JSONWebKeySet {
  const keys = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined;
  return (
    Array.isArray(keys) &&
    keys.length <= KEYS_MAX &&
    keys.every((key: unknown) => typeof key === 'object' && key !== null && 'kty' in key && typeof key.kty === 'string')
  );
}
