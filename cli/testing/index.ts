import { openTracking } from './open-tracking.ts';
import type { EventPattern, SeenEvent, Tracking, Within } from './types.ts';

export type {
  Endpoints,
  EventPattern,
  SeenEvent,
  Started,
  StartOptions,
  Tracking,
  TrackingOptions,
  Within,
} from './types.ts';
export { openTracking } from './open-tracking.ts';
export { startTributary } from './start-tributary.ts';

let opened: Promise<Tracking> | undefined;

/** The tracking of this process, opened when it is first asked for, with a source and a sink of its own. */
export const tracking = (): Promise<Tracking> => (opened ??= openTracking({ sink: true }));

/** `expectEvent` of the tracking of this process. */
export const expectEvent = async (pattern: EventPattern, options?: Within): Promise<SeenEvent> =>
  await (await tracking()).expectEvent(pattern, options);

/** `expectNoEvent` of the tracking of this process. */
export const expectNoEvent = async (pattern: EventPattern, options?: Within): Promise<void> =>
  await (await tracking()).expectNoEvent(pattern, options);

/** `expectDelivered` of the tracking of this process. */
export const expectDelivered = async (
  destination: string,
  pattern: EventPattern,
  options?: Within,
): Promise<SeenEvent> => await (await tracking()).expectDelivered(destination, pattern, options);
