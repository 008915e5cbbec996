import type { DataOf } from '../../api/calls.ts';
import { useCall } from '../../api/calls.ts';

export type EventJson = Readonly<Record<string, unknown>>;
export type LastEvent = {
  event: EventJson;
  /** When it came; undefined for one that is made up. */
  receivedAt: string | undefined;
  name: string;
  isMasked: boolean;
};
type Debugged = DataOf<'listSourceEvents'>['events'][number];

/** Where a source has sent nothing lately. */
export const MADE_UP: EventJson = {
  type: 'track',
  event: 'Order Completed',
  userId: 'user-1',
  properties: {
    orderId: 'order-1',
    total: 42,
    currency: 'EUR',
    products: [{ productId: 'cup-1', price: 42, quantity: 1 }],
  },
  context: { traits: { email: 'ada@example.com' } },
};

/** How many of the newest events are looked through for one that was allowed. */
const LOOKED_AT = 20;

const isObject = (value: unknown): value is EventJson =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a person would call an event. */
export const eventName = (event: EventJson): string => {
  const name = event['event'] ?? event['name'];
  const type = typeof event['type'] === 'string' ? event['type'] : 'event';
  return typeof name === 'string' && name !== '' ? `${type}: ${name}` : type;
};

/** As later stages see it: what is sent to a path of its own, such as /v1/track, does not say its type. */
function ofDebugged({ payload, normalised, receivedAt, isMasked }: Debugged): LastEvent | undefined {
  const event = normalised ?? payload;
  return isObject(event) ? { event, receivedAt, name: eventName(event), isMasked } : undefined;
}

/** The newest events that a source was sent and allowed, the newest first. */
export function useLastEvents(sourceId: string | undefined, types: readonly string[] = []) {
  const asked = useCall(
    'listSourceEvents',
    { path: { sourceId: sourceId ?? '' }, query: { count: LOOKED_AT, status: 'ALLOWED' } },
    { enabled: sourceId !== undefined },
  );
  const events = (asked.data?.events ?? []).flatMap((one) => ofDebugged(one) ?? []);
  const fitting = events.filter(({ event }) => types.length === 0 || types.includes(String(event['type'])));
  return { ...asked, events: fitting, last: fitting[0] ?? events[0] };
}

/** What is tried: the last real event, or one that is made up. */
export const triedEvent = (last: LastEvent | undefined): LastEvent =>
  last ?? { event: MADE_UP, receivedAt: undefined, name: eventName(MADE_UP), isMasked: false };
