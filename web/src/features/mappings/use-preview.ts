import { useDebouncedValue } from '@mantine/hooks';
import { triggerCondition } from '../../../../shared/domain/condition.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';
import { type DataOf, type InputOf, useCall } from '../../api/calls.ts';
import type { EventJson } from '../catalog/last-event.ts';
import type { MappingDraft } from './mapping-draft.ts';

/** How long nobody types before it is tried anew. */
const PAUSE_MS = 600;
/** The same try says the same for a while. */
const FRESH_MS = 300_000;

export type Trial = DataOf<'testDestination'>;
export type Try = Trial['subscriptions'][number];
type Body = InputOf<'testDestination'>['body'];

/** Whether the trigger chooses the event, by the code that route decides by. */
export const matches = (trigger: string, event: EventJson): boolean =>
  triggerCondition(trigger)(event as JsonObject) === true;

/**
 * What the mapping, as it stands in the editor, makes of an event: a dry run, so nothing is sent. An event that the trigger does not choose is tried all
 * the same, so that fields can be seen.
 */
export function usePreview(
  destinationId: string,
  { id, actionId }: { id: string | undefined; actionId: string },
  { name, trigger, fields }: MappingDraft,
  event: EventJson | undefined,
) {
  const isMatch = event !== undefined && matches(trigger, event);
  const tried = isMatch || event === undefined ? trigger : `type = "${String(event['type'])}"`;
  const body: Body | undefined = event && {
    event: { ...event },
    ...(id !== undefined && { subscriptionId: id }),
    subscription: {
      ...(name.trim() !== '' && { name: name.trim() }),
      actionId,
      trigger: tried,
      settings: { ...fields },
    },
    applyFilters: false,
    dryRun: true,
  };
  const now = body === undefined ? undefined : JSON.stringify(body);
  const [settled] = useDebouncedValue(now, PAUSE_MS);
  const asked = useCall(
    'testDestination',
    {
      path: { destinationId },
      body: settled === undefined ? { event: {}, applyFilters: false, dryRun: true } : (JSON.parse(settled) as Body),
    },
    { enabled: settled !== undefined, keep: true, freshMs: FRESH_MS },
  );
  return {
    ...asked,
    isMatch,
    isWaiting: settled !== now || asked.isFetching,
    trial: asked.isError ? undefined : asked.data,
    one: asked.isError ? undefined : asked.data?.subscriptions[0],
  };
}
