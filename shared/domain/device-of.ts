import { own } from './json.ts';
import type { TributaryEvent } from './event.ts';

/**
 * Names the device that an event comes from: its anonymousId, else its userId. Read from the event alone, so that a library which sends it
 * again, in whatever request, names the same one. Every valid event has one of them.
 */
export function deviceOf(event: TributaryEvent): string {
  const anonymousId = own(event, 'anonymousId');
  if (typeof anonymousId === 'string' && anonymousId !== '') return `a ${anonymousId}`;
  const userId = own(event, 'userId');
  return typeof userId === 'string' && userId !== '' ? `u ${userId}` : '';
}
