import { parseDebugQuery, type QueryTerm } from '../../../../shared/domain/debug-terms.ts';
import type { QueryOf } from '../../../../shared/api/operation.ts';
import type { Handled } from '../../../../shared/api/operations.ts';

export const TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type EventType = (typeof TYPES)[number];
export const STATUSES = ['ALLOWED', 'BLOCKED', 'INVALID', 'DUPLICATE'] as const;
export type Status = (typeof STATUSES)[number];
/** Characters of a query that the API takes. */
export const QUERY_CHARS_MAX = 256;

/** What the list is narrowed by, as the address holds it. */
export type Narrowed = {
  q?: string | undefined;
  types: readonly EventType[];
  status?: Status | undefined;
  destinationId?: string | undefined;
  reason?: string | undefined;
};

/** Types of the address: `track,page`. Words that are none are left out. */
export const typesIn = (text: string | undefined): EventType[] => {
  const words = new Set(text?.split(','));
  return TYPES.filter((type) => words.has(type));
};

export const isNarrowed = ({ q, types, status, destinationId, reason }: Narrowed): boolean =>
  (q ?? '').trim() !== '' || types.length > 0 || [status, destinationId, reason].some((one) => one !== undefined);

/** The same as the API asks for it. */
export function apiQuery({
  q,
  types,
  status,
  destinationId,
  reason,
}: Narrowed): NonNullable<QueryOf<Handled['listSourceEvents']>> {
  const text = (q ?? '').trim().slice(0, QUERY_CHARS_MAX);
  return {
    ...(text !== '' && { q: text }),
    ...(types.length > 0 && { type: [...types] }),
    ...(status !== undefined && { status }),
    ...(destinationId !== undefined && { destinationId }),
    ...(reason !== undefined && { reason }),
  };
}

const NAMES: Readonly<Record<NonNullable<QueryTerm['key']>, string>> = {
  type: 'Type',
  event: 'Event',
  name: 'Event',
  user: 'User',
  anonymous: 'Anonymous id',
  message: 'Message id',
  status: 'Status',
  reason: 'Reason',
  destination: 'Destination',
};

/** How a term is understood, in words: "Event is not “Test”", "contains “red”". */
export function termText({ key, text, isExcluded }: QueryTerm): string {
  const not = isExcluded ? ' not' : '';
  return key === undefined ? `${isExcluded ? 'lacks' : 'contains'} “${text}”` : `${NAMES[key]} is${not} “${text}”`;
}

/** Terms of a query that say more than a word to look for. */
export const termsIn = (q: string | undefined): QueryTerm[] => parseDebugQuery((q ?? '').slice(0, QUERY_CHARS_MAX));

/** The query without one of its terms. */
export const withoutTerm = (terms: readonly QueryTerm[], index: number): string | undefined => {
  const text = terms
    .filter((_, at) => at !== index)
    .map(termSource)
    .join(' ');
  return text === '' ? undefined : text;
};

/** A term as it is typed. A text with a quote in it cannot be quoted; it is left as it is. */
export function termSource({ key, text, isExcluded }: QueryTerm): string {
  const isBare = /^[^\s"-][^\s"]*$/.test(text) && !/^[a-z]+:/i.test(text);
  return `${isExcluded ? '-' : ''}${key === undefined ? '' : `${key}:`}${isBare || text.includes('"') ? text : `"${text}"`}`;
}
