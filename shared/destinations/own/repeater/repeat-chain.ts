import { createHash } from 'node:crypto';
import { type Json, type JsonObject, own } from '../../../domain/json.ts';
import { objectOf } from '../payload-values.ts';

/** Sources that an event may pass by Repeaters. Within one deployment X-Tributary-Hop ends it earlier. */
export const REPEAT_CHAIN_MAX = 10;
/** Of SHA-256 in hex: 128 bits tell keys apart, and say nothing of a key that is a random text. */
const HASH_CHARS = 32;

/** What stands in `context.repeatChain` for a write key. */
export const keyHash = (writeKey: string): string =>
  createHash('sha256').update(writeKey).digest('hex').slice(0, HASH_CHARS);

/** The hashes of the sources that an event has been repeated to, as it says itself. What is none is not looked at. */
export function chainOf(event: JsonObject): string[] {
  const chain = own(objectOf(own(event, 'context')), 'repeatChain');
  return Array.isArray(chain) ? chain.filter((hash): hash is string => typeof hash === 'string') : [];
}

/** Whether an event may be repeated to a source: not if it has been there, nor if it has been to so many. */
export const mayGoTo = (event: JsonObject, writeKey: string): boolean => {
  const chain = chainOf(event);
  return chain.length < REPEAT_CHAIN_MAX && !chain.includes(keyHash(writeKey));
};

/** Belong to the way that the event took before: its receipt, who said that it was sent by a browser already, the key that it came by. */
const LEFT_BEHIND: ReadonlySet<string> = new Set([
  'receivedAt',
  'sentAt',
  'originalTimestamp',
  '_metadata',
  'writeKey',
]);

/**
 * The event as another source gets it. Its messageId stays, so that a repeated try is a duplicate there; its time stays, since nothing says when
 * it was sent; its chain is longer by that source.
 */
export function repeated(event: JsonObject, writeKey: string): JsonObject {
  const kept = Object.fromEntries(Object.entries(event).filter(([key]) => !LEFT_BEHIND.has(key)));
  const repeatChain: Json = [...chainOf(event), keyHash(writeKey)];
  return { ...kept, context: { ...objectOf(own(event, 'context')), repeatChain } };
}
