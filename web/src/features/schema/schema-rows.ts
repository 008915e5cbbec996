import type { AnswerOf } from '../../../../shared/api/operation.ts';
import type { Handled } from '../../../../shared/api/operations.ts';

export type SchemaKey = AnswerOf<Handled['getSourceSchema']>['keys'][number];
export const TABS = ['TRACK', 'IDENTIFY', 'GROUP'] as const;
export type SchemaTab = (typeof TABS)[number];
export const PERIODS = ['7d', '30d'] as const;
export type Period = (typeof PERIODS)[number];
export const SHOWS = ['ALL', 'ALLOWED', 'BLOCKED', 'PLANNED', 'UNPLANNED', 'WITHHELD', 'ARCHIVED'] as const;
export type Show = (typeof SHOWS)[number];

/** Whether a row may be archived (F11): what is blocked, or in no plan that there is. */
export const isArchivable = ({ allowed, planned, archived }: SchemaKey): boolean =>
  !archived && (!allowed || planned === false);

/** What a row's events are counted by; undefined of traits. */
export const countedBy = ({ key, name }: SchemaKey): string | undefined =>
  key === 'page' || key === 'screen' ? key : key.startsWith('track.') ? `track ${name}` : undefined;

const YOUNG_MS = 86_400_000;
/** Whether all that was seen was seen first within the last day: days would be one step. */
export const isYoungAt = (rows: readonly SchemaKey[], now: string | undefined): boolean =>
  now !== undefined &&
  rows.length > 0 &&
  rows.every(({ firstSeenAt }) => firstSeenAt === null || Date.parse(now) - Date.parse(firstSeenAt) < YOUNG_MS);

/** A place of a property for the eye: how deep it lies, and its last part. Items of an array are at `$` (F09). */
export function placeOf(path: string): { depth: number; label: string } {
  const parts = path.split(/(?<!\\)\./);
  return { depth: parts.length - 1, label: (parts.at(-1) ?? path).replaceAll(String.raw`\.`, '.') };
}

/** What a property was, the most frequent first: `string`, or `string, null` where it varies. */
export const typesText = (types: readonly { type: string; count: number }[]): string =>
  types
    .toSorted((a, b) => b.count - a.count)
    .map(({ type }) => type)
    .join(', ');

/** A property that was of several kinds, nulls aside: often a mistake of a sender. */
export const isMixed = (types: readonly { type: string; count: number }[]): boolean =>
  types.filter(({ type, count }) => type !== 'null' && count > 0).length > 1;

/** Destinations that get an event, as "8 of 10". */
export const receivingText = (withheld: number, all: number): string =>
  withheld === 0 ? (all === 0 ? 'none' : `all ${all}`) : `${Math.max(0, all - withheld)} of ${all}`;
