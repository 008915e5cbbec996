import { people } from './people.ts';
import { pick, seededRandom } from './random.ts';
import { type DemoCall, visit } from './visit.ts';

/** People in the shop at one moment. */
const VISITORS = 12;
/** Of all calls this share is not valid. */
export const INVALID_SHARE = 0.01;

/** An event that the spec does not allow, as a client of its own make might send it. The official library refuses most of them. */
export type InvalidEvent = { source: 'web' | 'server'; invalid: InvalidReason; event: Record<string, unknown> };
export type ShopEvent = DemoCall | InvalidEvent;

/** Five ways to be invalid, under the reasons that the ledger counts them by. */
const INVALID = {
  id_required: () => ({ type: 'track', event: 'Product Viewed', properties: { product_id: 'p-101' } }),
  event_not_defined: (anonymousId: string) => ({ type: 'track', anonymousId, properties: { product_id: 'p-102' } }),
  unknown_type: (anonymousId: string) => ({ type: 'purchase', anonymousId, event: 'Order Completed' }),
  properties_not_object: (anonymousId: string) => ({
    type: 'track',
    anonymousId,
    event: 'Product Added',
    properties: 'p-103',
  }),
  message_id_too_long: (anonymousId: string) => ({
    type: 'page',
    anonymousId,
    name: 'Home',
    messageId: 'm'.repeat(120),
  }),
} satisfies Record<string, (anonymousId: string) => Record<string, unknown>>;
export type InvalidReason = keyof typeof INVALID;
export const INVALID_REASONS: readonly InvalidReason[] = [
  'id_required',
  'event_not_defined',
  'unknown_type',
  'properties_not_object',
  'message_id_too_long',
];

/**
 * What happens in the shop, one call after the other, without end: 12 people at a time of 200, their visits interleaved. The same for the
 * same seed, but for messageIds, which are left to whoever sends: a second run must not look like duplicates of the first.
 */
export function* shopEvents(seed: number): Generator<ShopEvent> {
  const random = seededRandom(seed);
  const everybody = people(random);
  const waiting = everybody.slice(VISITORS);
  const visitors = everybody.slice(0, VISITORS).map((person) => ({ person, calls: visit(random, person) }));
  let invalid = 0;
  for (;;) {
    const place = Math.floor(random() * visitors.length);
    const visitor = visitors[place];
    if (visitor === undefined) continue;
    const next = visitor.calls.next();
    if (next.done === true) {
      // Whoever leaves comes back later; somebody else comes in.
      waiting.push(visitor.person);
      const [person] = waiting.splice(Math.floor(random() * waiting.length), 1);
      if (person !== undefined) visitors[place] = { person, calls: visit(random, person) };
      continue;
    }
    if (random() < INVALID_SHARE) {
      const reason = INVALID_REASONS[invalid % INVALID_REASONS.length] ?? 'id_required';
      invalid += 1;
      yield {
        source: pick(random, ['web', 'server']),
        invalid: reason,
        event: INVALID[reason](visitor.person.devices[0]),
      };
    }
    yield next.value;
  }
}
