import { useMemo, useState } from 'react';
import { useCall } from '../../api/calls.ts';
import { text, useParam } from '../../ui/search-params.ts';
import { eventName } from '../catalog/last-event.ts';
import type { RecentEvent } from '../filters/recent-events.ts';
import { SAMPLE, type Tried } from './event-pane.tsx';
import { matches } from './use-preview.ts';

/** The event that is tried: the one that the address names, else the newest that the trigger chooses, else the newest, else one that is made up. */
export function useTried(
  destinationId: string,
  subscriptionId: string | undefined,
  trigger: string,
  events: readonly RecentEvent[],
) {
  const [wanted, choose] = useParam('try', text, { replace: true });
  const type = /type = "(\w+)"/.exec(trigger)?.[1];
  const known = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
  const asked = useCall('getSampleEvent', {
    path: { destinationId },
    query: subscriptionId === undefined ? { type: known.find((one) => one === type) ?? 'track' } : { subscriptionId },
  });
  const made = asked.data?.event;
  const sample: Tried | undefined = useMemo(
    () => (made === undefined ? undefined : { id: SAMPLE, name: eventName(made), event: made }),
    [made],
  );
  // The first choice stays while one types: the event does not change below the cursor.
  const [first, setFirst] = useState<string>();
  const best = events.find(({ event }) => matches(trigger, event))?.messageId;
  const chosen = wanted ?? first ?? best;
  if (wanted === undefined && first === undefined && events.length > 0) setFirst(best ?? SAMPLE);
  const found = events.find(({ messageId }) => messageId === chosen);
  const tried: Tried | undefined = useMemo(
    () => (found === undefined ? sample : { id: found.messageId, name: found.name, event: found.event }),
    [found, sample],
  );
  return { tried, sample, choose };
}
