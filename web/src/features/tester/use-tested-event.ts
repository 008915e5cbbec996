import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useApi, useCall } from '../../api/calls.ts';
import { jsonText } from '../../ui/json-text.ts';
import { text, useParam } from '../../ui/search-params.ts';
import type { Destination } from '../delivery/use-destination.ts';

/** Calls that the type picker makes an event of. */
export const TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type CallType = (typeof TYPES)[number];

/** The event in the editor: what was typed, else the event that the address names (`load`), else a sample for the mapping. */
export function useTestedEvent(destination: Destination, mapping: string | undefined) {
  const api = useApi();
  const navigate = useNavigate();
  const [load, setLoad] = useParam('load', text);
  const [at] = useParam('at', text);
  const [event] = useParam('event', text);
  const [arrived] = useState(event);
  const [typed, setTyped] = useState<string>();
  const [isLoading, setLoading] = useState(false);
  const [said, setSaid] = useState<{ text: string; isBad: boolean }>();

  // A link here may name its event as everywhere, by `event`: that also opens its trace, which is not meant.
  useEffect(() => {
    if (arrived === undefined) return;
    void navigate({
      to: '.',
      replace: true,
      search: (before: Record<string, unknown>) => ({ ...before, event: undefined, load: arrived }),
    } as never);
  }, [arrived, navigate]);

  const wanted = load ?? arrived;
  const trace = useCall(
    'getEventTrace',
    { path: { messageId: wanted ?? '' }, query: { sourceId: destination.sourceId, ...(at !== undefined && { at }) } },
    { enabled: wanted !== undefined, freshMs: 60_000 },
  );
  const sample = useCall(
    'getSampleEvent',
    { path: { destinationId: destination.id }, query: { ...(mapping !== undefined && { subscriptionId: mapping }) } },
    { enabled: wanted === undefined, freshMs: 60_000 },
  );
  const found =
    wanted === undefined ? sample.data?.event : (trace.data?.payload ?? trace.data?.normalised ?? undefined);

  const take = async (what: string, ask: () => Promise<{ event: unknown; isMasked: boolean } | undefined>) => {
    setLoading(true);
    setSaid(undefined);
    try {
      const answer = await ask();
      if (answer === undefined) setSaid({ text: `There is no ${what} that is kept.`, isBad: true });
      else {
        setTyped(jsonText(answer.event));
        setSaid({
          text: answer.isMasked
            ? `Loaded the ${what}. Its values are dots: you may not see personal data.`
            : `Loaded the ${what}.`,
          isBad: false,
        });
      }
    } catch (error) {
      setSaid({ text: error instanceof Error ? error.message : String(error), isBad: true });
    } finally {
      setLoading(false);
    }
  };

  const missing = wanted !== undefined && !trace.isPending && found === undefined;
  return {
    value: typed ?? (found === undefined ? '' : jsonText(found)),
    isPending: typed === undefined && (wanted === undefined ? sample.isPending : trace.isPending),
    isLoading,
    said:
      said ??
      (missing && typed === undefined
        ? { text: `The payload of ${wanted} is not kept any more. Load another event, or write one.`, isBad: true }
        : undefined),
    setText: setTyped,
    loadSample: async (type: CallType | undefined) => {
      setLoad(undefined);
      await take(type === undefined ? 'sample event' : `sample ${type}`, async () => {
        const { event: made } = await api.call('getSampleEvent', {
          path: { destinationId: destination.id },
          query: { ...(mapping !== undefined && { subscriptionId: mapping }), ...(type !== undefined && { type }) },
        });
        return { event: made, isMasked: false };
      });
    },
    loadLast: async () =>
      await take('last event of the source', async () => {
        const { events } = await api.call('listSourceEvents', {
          path: { sourceId: destination.sourceId },
          query: { count: 1, status: 'ALLOWED' },
        });
        const [last] = events;
        return last === undefined ? undefined : { event: last.payload, isMasked: last.isMasked };
      }),
    loadFailed: async () =>
      await take('last event that failed', async () => {
        const { issues } = await api.call('listDeliveryIssues', {
          query: {
            destinationId: destination.id,
            range: '14d',
            ...(mapping !== undefined && { subscriptionId: mapping }),
          },
        });
        const newest = issues.toSorted((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt))[0];
        if (newest === undefined) return undefined;
        const { samples } = await api.call('listDeliveryIssueSamples', { path: { issueId: newest.id } });
        const last = samples.toSorted((a, b) => b.at.localeCompare(a.at))[0];
        return last === undefined ? undefined : { event: last.event, isMasked: last.isMasked };
      }),
  };
}
