import type { FormField, FormValues } from '../../ui/schema-form/fields.ts';

/** What is kept in this browser of a destination that is being added. Secrets are never in it. */
export type Draft = {
  name?: string;
  sourceId?: string;
  isConfirmed?: boolean;
  destinationId?: string;
  values?: FormValues;
  savedAt: string;
};

/** Older drafts are of no use to anybody. */
const DRAFT_DAYS_MAX = 30;
const DAY_MS = 86_400_000;

const keyOf = (workspace: string, slug: string): string => `tributary-draft:${workspace}:${slug}`;

/** The draft of a type, if there is one that can be read and is not old. */
export function readDraft(workspace: string, slug: string, nowMs = Date.now()): Draft | undefined {
  const text = localStorage.getItem(keyOf(workspace, slug));
  if (text === null) return undefined;
  try {
    const draft = JSON.parse(text) as Draft;
    return nowMs - Date.parse(draft.savedAt) < DRAFT_DAYS_MAX * DAY_MS ? draft : undefined;
  } catch {
    return undefined;
  }
}

export function writeDraft(workspace: string, slug: string, draft: Omit<Draft, 'savedAt'>): void {
  localStorage.setItem(keyOf(workspace, slug), JSON.stringify({ ...draft, savedAt: new Date().toISOString() }));
}

export const dropDraft = (workspace: string, slug: string): void => localStorage.removeItem(keyOf(workspace, slug));

/** Values without those of secret fields, nor of passwords: what may lie in a browser's storage. */
export const withoutSecrets = (fields: readonly FormField[], values: FormValues): FormValues =>
  Object.fromEntries(
    fields.flatMap(({ key, secret, type }) =>
      secret === true || type === 'password' || values[key] === undefined ? [] : [[key, values[key]]],
    ),
  );
