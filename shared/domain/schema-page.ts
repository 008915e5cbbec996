import type { EventRule, RowState, SchemaDisplay, SchemaTab, SourceSchema } from './source-schema.ts';
import { isOfTraits, type SeenCall, traitPath } from './schema-digest.ts';

/** A row of a source's Schema page: an event by its name, all pages, all screens, or a trait by its path. */
export type SchemaRow = { call: SeenCall; name: string };

/** As settings and what is known name it. */
export const rowName = ({ call, name }: SchemaRow): string => `${call}\n${name}`;

/** The row that such a name is of; undefined where it is none. */
export function rowNamed(text: string): SchemaRow | undefined {
  const end = text.indexOf('\n');
  const call = CALLS.find((known) => known === text.slice(0, Math.max(end, 0)));
  return call === undefined ? undefined : { call, name: text.slice(end + 1) };
}
const CALLS = ['track', 'page', 'screen', 'identify', 'group'] as const satisfies readonly SeenCall[];

/** Where it is listed (F08: pages and screens under Track). */
export const tabOf = (call: SeenCall): SchemaTab => (call === 'identify' || call === 'group' ? call : 'track');

/** F08. */
const SHOWN: Readonly<Partial<Record<SeenCall, string>>> = { page: 'Page Viewed', screen: 'Screen Viewed' };
export const shownName = ({ call, name }: SchemaRow): string => SHOWN[call] ?? name;

/** The rule of an event's row; undefined where there is none, and for traits. */
export function ruleOfRow(schema: SourceSchema | undefined, { call, name }: SchemaRow): EventRule | undefined {
  if (schema === undefined || isOfTraits(call)) return undefined;
  if (call === 'page') return schema.everyPage;
  if (call === 'screen') return schema.everyScreen;
  return Object.hasOwn(schema.track, name) ? schema.track[name] : undefined;
}

/** Whether the row's events, or its trait, may pass. A trait within one that is blocked is blocked with it. */
export function isAllowedRow(schema: SourceSchema | undefined, row: SchemaRow): boolean {
  if (schema === undefined) return true;
  if (row.call !== 'identify' && row.call !== 'group') return ruleOfRow(schema, row)?.enabled !== false;
  return !schema[row.call].blockedTraits.some((trait) => isAtOrIn(row.name, traitPath(trait)));
}

const isAtOrIn = (path: string, trait: string): boolean => path === trait || path.startsWith(`${trait}.`);

const noDisplay: SchemaDisplay = { archived: [], added: [], cleared: {} };
export const displayOf = (schema: SourceSchema | undefined): SchemaDisplay => schema?.display ?? noDisplay;

export function stateOf(schema: SourceSchema | undefined, row: SchemaRow): RowState {
  if (displayOf(schema).archived.includes(rowName(row))) return 'archived';
  return isAllowedRow(schema, row) ? 'allowed' : 'blocked';
}

/** Since when the row's history is shown; empty where it was never cleared (F12). */
export const shownSince = (schema: SourceSchema | undefined, row: SchemaRow): string =>
  displayOf(schema).cleared[tabOf(row.call)]?.[stateOf(schema, row)] ?? '';

/** Whether a name of what is known, as it lies there, was cleared away after it was last seen: it makes room (F10). */
export function isClearedAway(
  schema: SourceSchema | undefined,
  tab: 'names' | 'identify' | 'group',
  text: string,
  lastMs: number,
): boolean {
  const row = tab === 'names' ? rowNamed(text) : { call: tab, name: text };
  if (row === undefined) return false;
  const since = shownSince(schema, row);
  return since !== '' && lastMs <= Date.parse(since);
}

/** The top-level key that a trait's path is of; undefined for one within another, and for one that is shown cut or mended. */
export function traitAt(path: string): string | undefined {
  const key = path.replaceAll('\\.', '.');
  return traitPath(key) === path && isWhole(key) ? key : undefined;
}

/** Whether a rule can name it: rules name exactly, and this is shown as clients send it, not cut, nothing of it replaced, and no name that objects inherit by. */
export const isWhole = (name: string): boolean =>
  name.length < SHOWN_CHARS_MAX && !name.includes('\uFFFD') && name !== '__proto__';
/** As long as a cut one. */
const SHOWN_CHARS_MAX = 200;
