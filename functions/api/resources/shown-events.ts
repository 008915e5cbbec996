import type { DebugEntry } from '../../../shared/domain/debug-entry.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/domain/json.ts';
import { maskedEvent, maskedPayload } from '../../../shared/domain/masked-event.ts';
import { isOfSuppressed } from '../../../shared/domain/suppression.ts';
import type { DebugReader } from '../../../shared/ports/debug-store.ts';
import type { ApiRequest } from '../http/request.ts';

/** Who looks, as far as it decides what is shown of people: `suppressed` are those of whom nothing is, as of now (T25). */
export type Viewer = { piiAccess: boolean; suppressed: ReadonlySet<string> };

/** One strong read of a version, and of what has changed since the environment read the list last. */
export async function viewerOf(request: ApiRequest): Promise<Viewer> {
  const suppression = await request.deps.suppression();
  return { piiAccess: request.caller.piiAccess, suppressed: await suppression.suppressed(request.workspaceId) };
}

/**
 * The debugger as somebody may see it: nothing of users who are suppressed now, whatever was so when it was kept, and masked for who may not see personal
 * data. Searches judge what is shown: with a hidden value nothing is found, so that nobody can guess it.
 */
export const shownEvents = (reader: DebugReader, viewer: Viewer): DebugReader => ({
  itemsOfHour: async (sourceId, hour, range) => {
    const { items, isWhole } = await reader.itemsOfHour(sourceId, hour, range);
    return { items: items.map((item) => ({ ...item, entries: () => shownOf(item.entries(), viewer) })), isWhole };
  },
});

const shownOf = (entries: readonly DebugEntry[], { piiAccess, suppressed }: Viewer): DebugEntry[] => {
  const seen = entries.filter(({ raw, event }) => !isOfAny([raw, event], suppressed));
  return piiAccess ? seen : seen.map(masked);
};

/** Whether one of these forms of an event, whole or not, is of somebody who is suppressed. */
export const isOfAny = (forms: readonly unknown[], suppressed: ReadonlySet<string>): boolean =>
  forms.some((form) => isJsonObject(form) && isOfSuppressed(form, suppressed));

const masked = ({ raw, event, ...entry }: DebugEntry): DebugEntry => ({
  ...entry,
  raw: maskedPayload(raw as Json),
  ...(event !== undefined && { event: maskedEvent(event as JsonObject) }),
});
