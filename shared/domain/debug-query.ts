import type { DebugEntry } from './debug-entry.ts';
import { headOfEntry } from './debug-entry.ts';
import type { QueryKey, QueryTerm } from './debug-terms.ts';

/** What lists are narrowed by. Absent: all. */
export type DebugFilter = {
  terms: readonly QueryTerm[];
  types?: readonly string[] | undefined;
  name?: string | undefined;
  verdict?: string | undefined;
  reason?: string | undefined;
  destinationId?: string | undefined;
  messageId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

const foundIn = (value: string | undefined, text: string): boolean =>
  value !== undefined && value.toLowerCase() === text.toLowerCase();

const FIELD: Record<QueryKey, (entry: DebugEntry, head: ReturnType<typeof headOfEntry>, text: string) => boolean> = {
  type: (_entry, { type }, text) => foundIn(type, text),
  event: (_entry, { name }, text) => foundIn(name, text),
  name: (_entry, { name }, text) => foundIn(name, text),
  user: (_entry, { userId }, text) => foundIn(userId, text),
  anonymous: (_entry, { anonymousId }, text) => foundIn(anonymousId, text),
  message: (_entry, { messageId }, text) => messageId === text,
  status: ({ verdict }, _head, text) => foundIn(verdict, text),
  reason: (entry, _head, text) => reasonsOfEntry(entry).some((reason) => foundIn(reason, text)),
  destination: ({ destinations = [] }, _head, text) => destinations.some(({ id }) => id === text),
};

const reasonsOfEntry = ({ reason, destinations = [] }: DebugEntry): string[] =>
  [reason, ...destinations.map((target) => target.reason)].filter((one) => one !== undefined);

/** As it stands in JSON text: quotes and control characters are written otherwise there. */
const asInJson = (text: string): string => JSON.stringify(text).slice(1, -1).toLowerCase();

/** Whether an item's text can hold what is wanted at all: a cheap look before it is parsed. */
export const mayHold = (text: string, { terms, messageId }: DebugFilter): boolean => {
  const wanted = terms.filter(({ key, isExcluded }) => key === undefined && !isExcluded);
  if (messageId !== undefined && !text.includes(JSON.stringify(messageId).slice(1, -1))) return false;
  if (wanted.length === 0) return true;
  const lower = text.toLowerCase();
  return wanted.every((term) => lower.includes(asInJson(term.text)));
};

/** Whether an entry is what a filter asks for. Texts are looked for without regard to case, in what came and in what was made of it. */
export function matchesFilter(entry: DebugEntry, filter: DebugFilter): boolean {
  const { types, name, verdict, reason, destinationId, messageId, from, to, terms } = filter;
  const head = headOfEntry(entry);
  if (types !== undefined && types.length > 0 && !types.includes(head.type ?? '')) return false;
  if (name !== undefined && head.name !== name) return false;
  if (verdict !== undefined && entry.verdict !== verdict) return false;
  if (messageId !== undefined && head.messageId !== messageId) return false;
  if ((from !== undefined && entry.receivedAt < from) || (to !== undefined && entry.receivedAt >= to)) return false;
  if (reason !== undefined || destinationId !== undefined) {
    const targets = (entry.destinations ?? []).filter(({ id }) => destinationId === undefined || id === destinationId);
    const has = reason === undefined ? targets.length > 0 : targets.some((target) => target.reason === reason);
    if (!has && (destinationId !== undefined || entry.reason !== reason)) return false;
  }
  let payload: string | undefined;
  return terms.every(({ key, text, isExcluded }) => {
    if (key !== undefined) return FIELD[key](entry, head, text) !== isExcluded;
    payload ??= JSON.stringify([entry.raw, entry.event ?? null]).toLowerCase();
    return payload.includes(asInJson(text)) !== isExcluded;
  });
}
