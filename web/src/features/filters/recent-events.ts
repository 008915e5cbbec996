import { useMemo } from 'react';
import { useCall } from '../../api/calls.ts';
import { type EventJson, eventName } from '../catalog/last-event.ts';

/** Real events that a rule is tried on. */
export const RECENT_EVENTS = 20;

export type RecentEvent = {
  messageId: string;
  name: string;
  receivedAt: string;
  event: EventJson;
  /** Values that the viewer may not see are masked: a rule that looks at them may be judged otherwise. */
  isMasked: boolean;
};

const isObject = (value: unknown): value is EventJson =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The newest events of a source that it let through, as its destinations get them. */
export function useRecentEvents(sourceId: string | undefined) {
  const asked = useCall(
    'listSourceEvents',
    { path: { sourceId: sourceId ?? '' }, query: { count: RECENT_EVENTS, status: 'ALLOWED' } },
    { enabled: sourceId !== undefined, keep: true },
  );
  const listed = asked.data?.events;
  const events = useMemo(
    () =>
      (listed ?? []).flatMap(({ messageId, receivedAt, normalised, payload, isMasked }): RecentEvent[] => {
        const event = isObject(normalised) ? normalised : payload;
        return isObject(event) && messageId !== null
          ? [{ messageId, receivedAt, event, isMasked, name: eventName(event) }]
          : [];
      }),
    [listed],
  );
  return { ...asked, events };
}
