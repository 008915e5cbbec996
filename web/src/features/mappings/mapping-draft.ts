import type { CatalogAction } from '../../../../shared/catalog/catalog-entry.ts';
import type { Json } from '../../../../shared/domain/json.ts';
import type { DataOf } from '../../api/calls.ts';

export type SavedMapping = DataOf<'listSubscriptionsFromDestination'>['subscriptions'][number];
export type Fields = Readonly<Record<string, Json>>;

/** A mapping while it is edited. */
export type MappingDraft = { name: string; trigger: string; fields: Fields };

export const draftOf = ({ name, trigger, settings }: SavedMapping): MappingDraft => ({
  name,
  trigger,
  fields: settings as Fields,
});

/** What a new mapping of an action begins with: its maker’s trigger and defaults. */
export const newDraft = (action: CatalogAction): MappingDraft => ({
  name: action.title,
  trigger: action.defaultTrigger ?? 'type = "track"',
  fields: Object.fromEntries(
    action.fields.flatMap(({ key, default: given }) => (given === undefined ? [] : [[key, given] as const])),
  ),
});

/** Only what is different is sent. */
export function changesOf(saved: MappingDraft, draft: MappingDraft) {
  const isOther = JSON.stringify(saved.fields) !== JSON.stringify(draft.fields);
  return {
    ...(saved.name !== draft.name.trim() && { name: draft.name.trim() }),
    ...(saved.trigger !== draft.trigger && { trigger: draft.trigger }),
    ...(isOther && { settings: { ...draft.fields } }),
  };
}

/** A field map with another value of a field; `undefined` takes it out. The order of the others stays. */
export function withField(fields: Fields, key: string, value: Json | undefined): Fields {
  if (value !== undefined) return { ...fields, [key]: value };
  return Object.fromEntries(Object.entries(fields).filter(([one]) => one !== key));
}

/** Messages of the API by key of a field, whichever call said them; `settings.user.name` is told at `user`. */
export function errorsByField(errors: Readonly<Record<string, string>>): {
  name?: string;
  trigger?: string;
  fields: Record<string, string>;
} {
  const found: ReturnType<typeof errorsByField> = { fields: {} };
  for (const [at, message] of Object.entries(errors)) {
    const [part = '', ...rest] = at.replace(/^(?:input|subscription)\./, '').split('.');
    if (part === 'name') found.name = message;
    else if (part === 'trigger') found.trigger = message;
    else if (part === 'settings') {
      const [key = '', ...inner] = rest;
      const text = inner.length > 0 ? `${inner.join('.')}: ${message}` : message;
      found.fields[key] ??= text;
    }
  }
  return found;
}
