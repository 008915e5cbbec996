import type { InputOf } from '../../../api/calls.ts';
import type { AppSource } from '../use-source.ts';

export type SourceChange = NonNullable<InputOf<'updateAppSource'>['body']>;
type Settings = NonNullable<SourceChange['settings']>;

/** What the settings form of a source holds. Lists are texts, an entry a line; an empty number is the default. */
export type SourceDraft = {
  name: string;
  slug: string;
  dedupHours: number | '';
  dedupBy: 'auto' | 'event' | 'device';
  requestsPerSecondMax: number | '';
  batching: boolean;
  requires: 'write-key' | 'oauth';
  allowedOrigins: string;
  allowedIps: string;
};

export function sourceDraft({ name, slug, settings }: Pick<AppSource, 'name' | 'slug' | 'settings'>): SourceDraft {
  return {
    name,
    slug,
    dedupHours: settings.dedupHours,
    dedupBy: settings.dedupBy ?? 'auto',
    requestsPerSecondMax: settings.requestsPerSecondMax,
    batching: settings.batching,
    requires: settings.requires,
    allowedOrigins: settings.allowedOrigins.join('\n'),
    allowedIps: settings.allowedIps.join('\n'),
  };
}

/** Entries of a list that is typed: by line, comma or space, each once. */
export const entriesOf = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What differs of what was there, and nothing else: only that is sent. Null takes a setting back to its default. */
export function changeOfSource(before: SourceDraft, draft: SourceDraft): SourceChange {
  const was = settingsOf(before);
  const settings = Object.fromEntries(
    Object.entries(settingsOf(draft)).filter(([key, value]) => !isSame(value, was[key as keyof Settings] ?? null)),
  ) as Settings;
  const name = draft.name.trim();
  return {
    ...(name !== before.name && { name }),
    ...(draft.slug !== before.slug && { slug: draft.slug }),
    ...(Object.keys(settings).length > 0 && { settings }),
  };
}

const settingsOf = (draft: SourceDraft): Settings => ({
  dedupHours: draft.dedupHours === '' ? null : draft.dedupHours,
  dedupBy: draft.dedupBy === 'auto' ? null : draft.dedupBy,
  requestsPerSecondMax: draft.requestsPerSecondMax === '' ? null : draft.requestsPerSecondMax,
  batching: draft.batching,
  requires: draft.requires,
  allowedOrigins: entriesOf(draft.allowedOrigins),
  allowedIps: entriesOf(draft.allowedIps),
});

/** How many things a change changes, for the bar that saves it. */
export const countOf = ({ settings, ...rest }: SourceChange): number =>
  Object.keys(rest).length + Object.keys(settings ?? {}).length;
