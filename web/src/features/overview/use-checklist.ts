import { useEffect, useState } from 'react';
import { useCall } from '../../api/calls.ts';
import { useWorkspace } from '../../api/me.ts';
import { type Step, stepsOf } from './checklist.ts';
import { usePreference } from './favourites.ts';
import type { Overview } from './overview.ts';

const POLL_MS = 5_000;
/** The overview waits so long for it, and is shown without where nothing answers. */
const WAIT_MS = 1_500;
/** As many as one question about destinations may name. */
const ASKED_MAX = 200;

export type Checklist = { steps: Step[]; dismiss: () => void };

/**
 * The checklist while there is something left of it, until it is dismissed; `none` without one. One that is finished while it is looked at stays to say so.
 * undefined: not known yet, so that what stands below it is better not shown before.
 */
export function useChecklist(overview: Overview): Checklist | 'none' | undefined {
  const [hidden, setHidden] = usePreference(`started:${useWorkspace()?.id ?? ''}`);
  const [wasOpen, setWasOpen] = useState(false);
  const { destinations } = overview;
  const isDone = (wasDelivered: boolean): boolean => stepsOf(overview, wasDelivered).every((step) => step.isDone);
  // The overview counts what was delivered in its range; whether anything ever was is asked only while that is open.
  const stats = useCall(
    'listDestinationStats',
    { query: { destinationIds: destinations.slice(0, ASKED_MAX).map(({ id }) => id) } },
    { enabled: hidden === undefined && destinations.length > 0 && !isDone(false), everyMs: POLL_MS, keep: true },
  );
  const wasDelivered = stats.data?.stats.some(({ lastDeliveredAt }) => lastDeliveredAt !== null) === true;
  // Once shown, the overview stays: another range does not ask anew whether it may be.
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), WAIT_MS);
    return () => clearTimeout(timer);
  }, []);
  const isKnown = isDone(false) || destinations.length === 0 || stats.data !== undefined || stats.isError;
  if (isKnown && !isShown) setShown(true);
  if (hidden !== undefined) return 'none';
  if (!isKnown) return isShown ? 'none' : undefined;
  if (isDone(wasDelivered) && !wasOpen) return 'none';
  if (!wasOpen) setWasOpen(true);
  return {
    steps: stepsOf(overview, wasDelivered),
    dismiss: () => setHidden(true, 'The checklist was not hidden'),
  };
}
