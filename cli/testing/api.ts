import type { Endpoints } from './types.ts';

/** One try of one request. */
const ANSWER_MS_MAX = 20_000;
/** Tries where the API asks to come again later. */
const TRIES_MAX = 5;
const WAIT_MS_MAX = 10_000;
/** Characters of an answer that a message quotes. */
const QUOTED_CHARS_MAX = 400;

export type Api = (
  method: string,
  path: string,
  asked?: { query?: Record<string, string>; body?: unknown },
) => Promise<unknown>;

/** Asks the API of a local edition and answers what is in `data`. Throws where it does not answer, or says no. */
export function apiOf({ apiUrl, apiToken }: Pick<Endpoints, 'apiUrl' | 'apiToken'>, ask: typeof fetch = fetch): Api {
  return async (method, path, { query = {}, body } = {}) => {
    const search = new URLSearchParams(query).toString();
    for (let tries = 1; ; tries += 1) {
      const response = await ask(`${apiUrl}${path}${search === '' ? '' : `?${search}`}`, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${apiToken}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      const text = await response.text();
      if (response.ok) return dataIn(text);
      if (!isLater(response.status) || tries >= TRIES_MAX) {
        throw new Error(
          `Tributary answered ${response.status} to ${method} ${path}: ${text.slice(0, QUOTED_CHARS_MAX)}`,
        );
      }
      const seconds = Number(response.headers.get('retry-after') ?? 1);
      const waitMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : 1_000;
      await new Promise((resolve) => {
        setTimeout(resolve, Math.min(WAIT_MS_MAX, waitMs));
      });
    }
  };
}

const isLater = (status: number): boolean => status === 429 || status === 503;

function dataIn(text: string): unknown {
  const body: unknown = JSON.parse(text);
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const textIn = (value: unknown, key: string): string | undefined => {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
};
export const listIn = (value: unknown, key: string): readonly unknown[] => {
  const found = isRecord(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
};
