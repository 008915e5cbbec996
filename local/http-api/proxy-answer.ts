import { validateHeaderName, validateHeaderValue } from 'node:http';

export type HttpAnswer = {
  status: number;
  headers: Record<string, string>;
  cookies: readonly string[];
  body: Buffer | string;
};

/** An answer of the gateway's own, as API Gateway words it. */
export const gatewayAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  cookies: [],
  body: JSON.stringify({ message }),
});

/** Headers that the gateway sets by itself, whatever the function says. */
const GATEWAY_HEADERS = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Reads what a function returned, payload format 2.0: an object with `statusCode`, or anything else, which then is the body of a 200.
 * `undefined` where it is malformed: API Gateway then answers 500 (trap G3).
 */
export function proxyAnswer(payload: unknown): HttpAnswer | undefined {
  if (!isObject(payload) || payload['statusCode'] === undefined) {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload ?? null);
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body };
  }
  const { statusCode, headers: given = {}, cookies = [], body = '', isBase64Encoded = false } = payload;
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) {
    return undefined;
  }
  if (!isObject(given) || !Array.isArray(cookies) || typeof isBase64Encoded !== 'boolean') return undefined;
  if (typeof body !== 'string' && body !== null) return undefined;
  const headers = headersOf(given);
  if (headers === undefined || !cookies.every((cookie) => isHeaderValue('set-cookie', cookie))) return undefined;
  const text = body ?? '';
  if (headers['content-type'] === undefined && text !== '') headers['content-type'] = 'text/plain;charset=UTF-8';
  return { status: statusCode, headers, cookies, body: isBase64Encoded ? Buffer.from(text, 'base64') : text };
}

function headersOf(given: Record<string, unknown>): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
    const text = String(value);
    if (!isHeaderValue(name, text)) return undefined;
    if (!GATEWAY_HEADERS.has(name.toLowerCase())) headers[name.toLowerCase()] = text;
  }
  return headers;
}

function isHeaderValue(name: string, value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
