import type { TributaryEvent } from '../../shared/domain/event.ts';
import type { JsonObject } from '../../shared/domain/json.ts';

/** An event as stages after `normalise` see it: a track call `Order Completed` of `u1`, unless said otherwise. */
export const anEvent = (over: JsonObject = {}): TributaryEvent => ({
  type: 'track',
  event: 'Order Completed',
  userId: 'u1',
  messageId: 'm1',
  timestamp: '2026-11-26T10:00:00.000Z',
  originalTimestamp: '2026-11-26T10:00:00.000Z',
  receivedAt: '2026-11-26T10:00:00.000Z',
  context: {},
  integrations: {},
  ...over,
});
