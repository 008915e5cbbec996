import type { JSONWebKeySet } from 'jose';
import { AppError } from '../domain/app-error.ts';

export type IssuerKeys = {
  /** Throws AppError('upstream-unavailable') where there are none and none can be had. */
  get(): Promise<JSONWebKeySet>;
  /** For a token whose key is not among them: asks again, unless that was done within REFETCH_MS. `undefined`: there is nothing newer. */
  renew(): Promise<JSONWebKeySet | undefined>;
};

const TIMEOUT_MS = 3_000;
/** A user pool publishes two keys, some 1 KB. */
const ANSWER_BYTES_MAX = 64 * 1_024;
const KEYS_MAX = 50;
/** A key that nobody knows may be new, or made up by whoever sends tokens: the issuer is asked once in this time at most. */
export const REFETCH_MS = 60_000;
/** Keys are asked for anew after an hour, and while the issuer does not answer they serve for a day. */
const FRESH_MS = 3_600_000;
const STALE_MS = 86_400_000;

/** The public keys of an issuer, read from `<issuer>/.well-known/jwks.json`, in memory. One request at a time; a failure is not remembered. */
export function issuerKeys(issuer: string, nowMs: () => number): IssuerKeys {
  const url = `${issuer}/.well-known/jwks.json`;
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
    // A redirect would let whoever can answer for the issuer once send us anywhere.
    const answer = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: 'application/json' },
    });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      throw new Error(`it answered ${answer.status}`);
    }
    const parsed: unknown = JSON.parse(await boundedText(answer));
    if (!isKeySet(parsed)) throw new Error('it answered no set of keys');
    return parsed;
  } catch (cause) {
    throw new AppError('upstream-unavailable', `The keys at ${url} cannot be read`, { cause });
  }
}

async function boundedText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`it answered more than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  const keys = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined;
  return (
    Array.isArray(keys) &&
    keys.length <= KEYS_MAX &&
    keys.every((key: unknown) => typeof key === 'object' && key !== null && 'kty' in key && typeof key.kty === 'string')
  );
}
