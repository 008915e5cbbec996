import { pathSteps } from '../../../../shared/domain/field-paths.ts';
import type { FqlExpression } from '../../../../shared/domain/fql/expression.ts';
import { printFql } from '../../../../shared/domain/fql/print-fql.ts';
import type { DataOf } from '../../api/calls.ts';
import { conditionWords } from '../delivery/condition-words.ts';
import { expressionOf, faultOf, pathText, readRules } from './rules.ts';

export type SavedFilter = DataOf<'listFiltersFromDestination'>['filters'][number];
export type FilterAction = SavedFilter['actions'][number];

/** What a filter does, as the builder has it: "only" is a drop of all the others. */
export const KINDS = {
  only: 'Only send these events',
  drop: 'Do not send these events',
  sample: 'Send a share of these events',
  'drop-fields': 'Remove fields from these events',
  'allow-fields': 'Keep only chosen fields of these events',
} as const;
export type Kind = keyof typeof KINDS;
export const isKind = (text: string): text is Kind => Object.hasOwn(KINDS, text);

/** A filter while it is edited. */
export type FilterDraft = {
  title: string;
  kind: Kind;
  /** FQL of the chosen events; of "only" those that are sent. */
  condition: string;
  /** Paths of fields, of the kinds that name some. */
  fields: readonly string[];
  /** 0 to 1. */
  percent: number;
  /** Whose value draws, so that a user is in or out as a whole; empty: each event by itself. */
  samplePath: string;
};

export const NEW_FILTER: FilterDraft = {
  title: '',
  kind: 'drop',
  condition: "event = ''",
  fields: [],
  percent: 0.5,
  samplePath: 'userId',
};

/** The draft of a saved filter; undefined where it does several things at once, which the builder cannot show. */
export function draftOf({ title, if: text, actions }: SavedFilter): FilterDraft | undefined {
  const [action, ...more] = actions;
  if (action === undefined || more.length > 0) return undefined;
  const base = { ...NEW_FILTER, title, condition: text };
  switch (action.type) {
    case 'DROP': {
      const kept = complement(text);
      return kept === undefined ? { ...base, kind: 'drop' } : { ...base, kind: 'only', condition: kept };
    }
    case 'SAMPLE':
      return { ...base, kind: 'sample', percent: action.percent ?? 0, samplePath: action.path ?? '' };
    case 'DROP_PROPERTIES':
    case 'ALLOW_PROPERTIES':
    default: {
      const kind = action.type === 'DROP_PROPERTIES' ? 'drop-fields' : 'allow-fields';
      return { ...base, kind, fields: pathsOfFields(action.fields ?? {}) };
    }
  }
}

/** What a filter that drops "not these" lets through; undefined where it is no such filter. */
function complement(text: string): string | undefined {
  const expression = expressionOf(text, 'filter');
  return expression?.kind === 'not' ? printFql(expression.of) : undefined;
}

const negated = (condition: string): string => {
  const expression = expressionOf(condition, 'filter');
  if (expression === undefined) return `!( ${condition} )`;
  const not: FqlExpression = { kind: 'not', of: expression };
  return printFql(not);
};

/** What is sent to the API for a draft. */
export const rulesOf = ({ kind, condition, fields, percent, samplePath }: FilterDraft) => ({
  if: kind === 'only' ? negated(condition) : condition,
  actions: [actionOf(kind, fields, percent, samplePath)],
});

function actionOf(kind: Kind, fields: readonly string[], percent: number, samplePath: string): FilterAction {
  if (kind === 'sample') return { type: 'SAMPLE', percent, ...(samplePath !== '' && { path: samplePath }) };
  if (kind === 'drop-fields') return { type: 'DROP_PROPERTIES', fields: fieldsOfPaths(fields) };
  if (kind === 'allow-fields') return { type: 'ALLOW_PROPERTIES', fields: fieldsOfPaths(fields) };
  return { type: 'DROP' };
}

/** `properties.email` is the key `email` of the object `properties`; `userId` one of the event itself, whose path is empty (C14). */
export function fieldsOfPaths(paths: readonly string[]): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const path of paths) {
    const steps = pathSteps(path);
    const object = pathText(steps.slice(0, -1));
    fields.set(object, [...(fields.get(object) ?? []), steps.at(-1) ?? '']);
  }
  return Object.fromEntries(fields);
}

function pathsOfFields(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([object, keys]) =>
    (Array.isArray(keys) ? keys : []).map((key) => pathText([...pathSteps(object), String(key)])),
  );
}

/** What is missing before it can be tried or saved; undefined: nothing. */
export function draftFault({ kind, condition, fields, percent }: FilterDraft): string | undefined {
  if (faultOf(condition, 'filter') !== undefined) return 'Finish the conditions';
  if ((kind === 'drop-fields' || kind === 'allow-fields') && fields.length === 0) return 'Name at least one field';
  if (kind === 'sample' && !(percent >= 0 && percent <= 1)) return 'Enter a share from 0 to 100 %';
  return undefined;
}

/** A filter in one sentence. */
export function filterWords({ if: text, actions }: Pick<SavedFilter, 'if' | 'actions'>): string {
  return actions.map((action) => actionWords(action, text)).join('; ');
}

/** `page calls`, `events where properties.total is more than 10`. */
function eventsOf(text: string): string {
  const words = conditionWords(text);
  const rules = readRules(text, 'filter');
  const small = words.charAt(0).toLowerCase() + words.slice(1);
  if (rules?.rules.length === 0) return 'every event';
  return rules?.rules.every(({ path, operator }) => path === 'type' && operator === 'is') === true
    ? small
    : `events where ${small}`;
}

function actionWords({ type, fields, percent, path }: FilterAction, text: string): string {
  const which = eventsOf(text);
  if (type === 'DROP') {
    const kept = complement(text);
    return kept === undefined ? `Do not send ${which}` : `Only send ${eventsOf(kept)}`;
  }
  if (type === 'SAMPLE') {
    const share = `${Math.round((percent ?? 0) * 1_000) / 10}%`;
    return `Send ${share} of ${which}${path === undefined ? '' : `, by ${path}`}`;
  }
  const names = pathsOfFields(fields ?? {}).join(', ');
  return type === 'DROP_PROPERTIES' ? `Remove ${names} from ${which}` : `Keep only ${names} in ${which}`;
}

const ORDER = ['SAMPLE', 'DROP', 'DROP_PROPERTIES', 'ALLOW_PROPERTIES'] as const;

/** Filters in the order in which they are applied (C01), whatever the order in which they were made. */
export const inOrder = (filters: readonly SavedFilter[]): SavedFilter[] =>
  filters.toSorted((a, b) => placeOf(a) - placeOf(b));
const placeOf = ({ actions }: SavedFilter): number => Math.min(...actions.map(({ type }) => ORDER.indexOf(type)));
