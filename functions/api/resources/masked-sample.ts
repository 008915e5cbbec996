import type * as z from 'zod';
import type { IssueSample } from '../../../shared/api/operations/issue-shapes.ts';
import { JSON_DEPTH_MAX } from '../../../shared/config/limits.ts';
import { MASKED } from '../../../shared/domain/audit.ts';
import type { Json, JsonObject } from '../../../shared/domain/json.ts';
import type { DeliverySample } from '../../../shared/ports/delivery-stores.ts';

export type ShownSample = z.output<ReturnType<typeof IssueSample>>;

/** What of an event is about its form, and not about somebody. */
const PLAIN_MEMBERS: readonly string[] = [
  'type',
  'event',
  'messageId',
  'timestamp',
  'receivedAt',
  'sentAt',
  'originalTimestamp',
];

/** A sample as its caller may see it: of who may not see personal data, values are dots, and bodies are left out. Secrets are redacted where it was taken. */
export function shownSample(sample: DeliverySample, piiAccess: boolean): ShownSample {
  return {
    messageId: sample.messageId,
    at: sample.at,
    subscriptionId: sample.mappingId === '' ? null : sample.mappingId,
    code: sample.code,
    // What a tool says may repeat what it was sent.
    message: piiAccess ? (sample.message ?? null) : null,
    event: piiAccess ? sample.event : maskedEvent(sample.event),
    isMasked: !piiAccess,
    exchanges: sample.requests.map((request) => ({
      method: request.method,
      url: piiAccess ? request.url : withoutQuery(request.url),
      requestHeaders: piiAccess ? request.headers : {},
      requestBody: piiAccess ? (request.body ?? '') : MASKED,
      status: request.status ?? null,
      responseHeaders: piiAccess ? (request.responseHeaders ?? {}) : {},
      responseBody: piiAccess ? (request.responseBody ?? request.error ?? '') : MASKED,
      latencyMs: request.tookMs,
    })),
  };
}

export const maskedEvent = (event: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(event).map(([name, value]) => [name, PLAIN_MEMBERS.includes(name) ? value : masked(value, 0)]),
  );

function masked(value: Json, depth: number): Json {
  if (typeof value !== 'object' || value === null) return value === null || typeof value === 'boolean' ? value : MASKED;
  if (depth >= JSON_DEPTH_MAX) return MASKED;
  if (Array.isArray(value)) return value.map((one) => masked(one, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner, depth + 1)]));
}

/** Paths of tools' APIs name accounts and objects; a query may hold an address. */
function withoutQuery(url: string): string {
  const at = url.search(/[?#]/);
  return at === -1 ? url : `${url.slice(0, at)}?${MASKED}`;
}
