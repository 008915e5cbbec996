import { createHmac } from 'node:crypto';
import type { DestinationDefinition as LibraryDefinition } from '@segment/actions-core';
import type { JsonObject } from '../domain/json.ts';

type Definition = LibraryDefinition<JsonObject>;

/** Where a destination of the library does not do what we promise: a changed copy of its definition. */
export const OVERRIDES: Readonly<Record<string, (definition: Definition) => Definition>> = {
  webhook: signWholeBody,
};

/**
 * X-Signature is the hex HMAC-SHA1 of the body (B21). The library signs the first event of a batch only, which no receiver can check
 * against what it got; here the whole batch is signed (B22).
 */
function signWholeBody(definition: Definition): Definition {
  return {
    ...definition,
    extendRequest: ({ settings, payload }) => {
      const secret = settings['sharedSecret'];
      const data = Array.isArray(payload) ? payload.map(dataOf) : dataOf(payload);
      if (typeof secret !== 'string' || secret === '' || data === undefined) return {};
      const signature = createHmac('sha1', secret).update(JSON.stringify(data), 'utf8').digest('hex');
      return { headers: { 'X-Signature': signature } };
    },
  };
}

const dataOf = (payload: unknown): unknown => (payload as { data?: unknown } | undefined)?.data;
