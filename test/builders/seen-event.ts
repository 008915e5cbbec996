import type { SeenEvent } from '../../cli/testing/types.ts';

let number = 0;
/** A track event as the debugger shows it; `event` is what it consists of. */
export function aSeenEvent(event: Record<string, unknown> = {}, over: Partial<SeenEvent> = {}): SeenEvent {
  number += 1;
  const whole = { type: 'track', event: 'Order Completed', userId: 'u-1', ...event };
  return {
    messageId: `m-${number}`,
    type: whole.type,
    name: whole.event,
    receivedAt: '2026-11-27T10:00:00.000Z',
    verdict: 'ALLOWED',
    reason: null,
    violations: [],
    event: whole,
    intakeId: `in-${number}`,
    index: 0,
    ...over,
  };
}
