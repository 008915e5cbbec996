import type { DataOf, InputOf } from '../../api/calls.ts';

export type AuditEntry = DataOf<'listAppAuditEvents'>['events'][number];

/** What takes a change back, or why that cannot be done from here. */
export type Revert =
  | { can: true; operation: 'updateAppDestination'; input: InputOf<'updateAppDestination'> }
  | { can: true; operation: 'updateSubscriptionForDestination'; input: InputOf<'updateSubscriptionForDestination'> }
  | { can: true; operation: 'updateFilterForDestination'; input: InputOf<'updateFilterForDestination'> }
  | { can: true; operation: 'updateAppSource'; input: InputOf<'updateAppSource'> }
  | { can: false; why: string };

/** Members of a thing that can be set to what they were, by the type of the thing; audit entries may have others. */
const MEMBERS = {
  DESTINATION: ['name', 'enabled', 'settings', 'connectionMode', 'retryWindowHours', 'consentCategories'],
  DESTINATION_SUBSCRIPTION: ['name', 'trigger', 'enabled', 'fields'],
  DESTINATION_FILTER: ['title', 'if', 'actions', 'enabled', 'description'],
  SOURCE: ['name', 'slug', 'enabled'],
} as const;
const SOURCE_SETTINGS = [
  'dedupHours',
  'dedupBy',
  'requestsPerSecondMax',
  'batching',
  'requires',
  'allowedOrigins',
  'allowedIps',
] as const;
/** Said of a change; no member of the thing. */
const NOTES = new Set(['secretsChanged']);
const MASK = '••';

/**
 * How a change is taken back: by setting the members that it changed to what they were. `later`: entries of the same thing that are younger; where one of
 * them has changed a member again, setting it back would undo that one, too.
 */
export function revertOf(entry: AuditEntry, destinationId: string | undefined, later: readonly AuditEntry[]): Revert {
  const { before, after, resource, event } = entry;
  if (before === undefined) return no('It made something new. Switch that off or delete it on its own page.');
  if (after === undefined) return no('What was deleted cannot be brought back. Make it anew.');
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !NOTES.has(key));
  if (keys.length === 0) return no('What it changed is not in the audit trail.');
  if (JSON.stringify(before).includes(MASK) || JSON.stringify(after).includes(MASK)) {
    return no('It changed a secret, which nobody can read back. Enter the former one anew.');
  }
  if (later.some((one) => one.id !== entry.id && keys.some((key) => Object.hasOwn(one.after ?? {}, key)))) {
    return no('The same was changed again since.');
  }
  const allowed: readonly string[] =
    resource.type === 'SOURCE'
      ? [...MEMBERS.SOURCE, ...SOURCE_SETTINGS]
      : ((MEMBERS as Readonly<Record<string, readonly string[]>>)[resource.type] ?? []);
  if (!keys.every((key) => allowed.includes(key))) return no(`“${event}” can only be taken back on its own page.`);
  const was = Object.fromEntries(keys.map((key) => [key, before[key] ?? null]));
  return asInput(resource, was, destinationId);
}

function asInput(
  resource: AuditEntry['resource'],
  was: Readonly<Record<string, unknown>>,
  destinationId: string | undefined,
): Revert {
  switch (resource.type) {
    case 'DESTINATION':
      return {
        can: true,
        operation: 'updateAppDestination',
        input: { path: { destinationId: resource.id }, body: was },
      };
    case 'SOURCE': {
      const settings = Object.entries(was).filter(([key]) => (SOURCE_SETTINGS as readonly string[]).includes(key));
      const rest = Object.entries(was).filter(([key]) => !(SOURCE_SETTINGS as readonly string[]).includes(key));
      const body = {
        ...Object.fromEntries(rest),
        ...(settings.length > 0 && { settings: Object.fromEntries(settings) }),
      };
      return { can: true, operation: 'updateAppSource', input: { path: { sourceId: resource.id }, body } };
    }
    case 'DESTINATION_SUBSCRIPTION': {
      if (destinationId === undefined) return no('Take it back on the page of the mapping.');
      const { fields, ...rest } = was;
      const input = { ...rest, ...(fields !== undefined && { settings: fields as Record<string, unknown> }) };
      const path = { destinationId, id: resource.id };
      return { can: true, operation: 'updateSubscriptionForDestination', input: { path, body: { input } } };
    }
    case 'DESTINATION_FILTER': {
      if (destinationId === undefined) return no('Take it back on the page of the filter.');
      const path = { destinationId, filterId: resource.id };
      return { can: true, operation: 'updateFilterForDestination', input: { path, body: was } };
    }
    default:
      return no('It can only be taken back on its own page.');
  }
}

const no = (why: string): Revert => ({ can: false, why });
