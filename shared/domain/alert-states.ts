import * as z from 'zod';
import type { Alert } from './alert.ts';
import type { Reading } from './alert-readings.ts';
import { AlertId, DestinationId, SourceId } from './ids.ts';
import { Timestamp } from './timestamp.ts';

/** An alert is over when what it looks at has been well for so long without a break. */
export const CLEAR_MS = 10 * 60_000;
/** After it told of a thing, an alert that begins again says nothing of it for so long. */
export const QUIET_MS = 60 * 60_000;
/** What still stands is told again that often. */
export const REMIND_MS = 24 * 60 * 60_000;
/** Things that a workspace's alerts look at and that are not well, or were not a while ago: some 300 bytes each without what was said. */
export const ALERT_STATES_MAX = 600;
/** Of an item's 400 KB, beside what is to be told and the codes that are known. */
const ALERT_STATES_CHARS_MAX = 160_000;

/** What an alert knows of one thing that is not well, or was not. */
export const AlertState = z.object({
  alertId: AlertId,
  /** Version of the alert: one that was changed begins anew. */
  alertVersion: z.int().nonnegative(),
  sourceId: SourceId.optional(),
  destinationId: DestinationId.optional(),
  /** Since when it stands; absent: it is over, and kept to know what was told. */
  since: Timestamp.optional(),
  /** Since when it has been well without a break. */
  clearSince: Timestamp.optional(),
  /** Whether people were told that it began. */
  isTold: z.boolean(),
  toldAt: Timestamp.optional(),
  /** In words, for a change; kept without them. */
  said: z.string().max(400),
});
export type AlertState = z.infer<typeof AlertState>;

/** By `<alert>#<thing>`. */
export type AlertStates = Readonly<Record<string, AlertState>>;

export type Change = { key: string; alertId: AlertId; transition: 'fired' | 'still' | 'resolved'; state: AlertState };

/** What becomes of a thing that an alert told of and does not mention now: it is well, nobody knows, or it is no longer there. */
export type Unmentioned = 'good' | 'unknown' | 'gone';

/**
 * What becomes of the states of all alerts, and what is to be told. An alert begins at the first sight, so that people know within two minutes; it is over only
 * after CLEAR_MS, and speaks of one thing at most once in QUIET_MS: what flaps is one message. Pure, and asked again with the same readings it
 * changes nothing. What is no longer looked at (alert off, deleted, or changed; thing gone) is forgotten without a word.
 */
export function judgeStates(
  before: AlertStates,
  seen: readonly { alert: Pick<Alert, 'id' | 'version'>; readings: readonly Reading[]; unmentioned: Unmentioned }[],
  now: string,
): { states: AlertStates; changes: Change[]; leftOut: number } {
  const states: Record<string, AlertState> = {};
  const changes: Change[] = [];
  for (const { alert, readings, unmentioned } of seen) {
    const named = new Map(readings.map((reading) => [keyOf(alert, reading), reading]));
    for (const [key, reading] of named) step(key, alert, reading, ownState(before, key, alert));
    if (unmentioned === 'gone') continue;
    for (const [key, state] of statesOf(before, alert)) {
      if (!named.has(key)) end(key, unmentioned, state.said, state);
    }
  }
  const kept = bounded(states);
  // What is told is remembered, or it would be told every minute.
  return {
    states: kept,
    leftOut: Object.keys(states).length - Object.keys(kept).length,
    changes: changes.filter(({ key, transition }) => transition === 'resolved' || Object.hasOwn(kept, key)),
  };

  function step(
    key: string,
    alert: Pick<Alert, 'id' | 'version'>,
    reading: Pick<Reading, 'is' | 'said' | 'sourceId' | 'destinationId'>,
    state: AlertState | undefined,
  ): void {
    if (reading.is === 'bad') begin(key, alert, reading, state);
    else if (state !== undefined) end(key, reading.is, reading.said, state);
  }

  function begin(
    key: string,
    { id: alertId, version: alertVersion }: Pick<Alert, 'id' | 'version'>,
    { sourceId, destinationId, said }: Pick<Reading, 'said' | 'sourceId' | 'destinationId'>,
    state: AlertState | undefined,
  ): void {
    const { clearSince: _over, ...rest } = state ?? { isTold: false };
    const next: AlertState = {
      ...rest,
      alertId,
      alertVersion,
      ...(sourceId !== undefined && { sourceId }),
      ...(destinationId !== undefined && { destinationId }),
      since: state?.since ?? now,
      isTold: state?.since === undefined ? false : state.isTold,
      said: said.slice(0, SAID_CHARS_MAX),
    };
    const silentMs = next.toldAt === undefined ? Number.POSITIVE_INFINITY : since(next.toldAt);
    if (!next.isTold && silentMs >= QUIET_MS) tell(key, next, 'fired');
    else if (next.isTold && silentMs >= REMIND_MS) tell(key, next, 'still');
    else states[key] = next;
  }

  function end(key: string, is: 'good' | 'unknown', said: string, state: AlertState): void {
    if (state.since === undefined) {
      if (state.toldAt !== undefined && since(state.toldAt) < QUIET_MS) states[key] = state;
      return;
    }
    if (is === 'unknown') {
      states[key] = state;
      return;
    }
    const clearSince = state.clearSince ?? now;
    if (since(clearSince) < CLEAR_MS) {
      states[key] = { ...state, clearSince };
      return;
    }
    const { since: _began, clearSince: _clear, ...rest } = state;
    const over: AlertState = { ...rest, isTold: false, said: said.slice(0, SAID_CHARS_MAX) };
    if (state.isTold) changes.push({ key, alertId: state.alertId, transition: 'resolved', state: over });
    if (over.toldAt !== undefined && since(over.toldAt) < QUIET_MS) states[key] = over;
  }

  function tell(key: string, state: AlertState, transition: 'fired' | 'still'): void {
    const told: AlertState = { ...state, isTold: true, toldAt: now };
    states[key] = told;
    changes.push({ key, alertId: told.alertId, transition, state: told });
  }

  function since(moment: string): number {
    return Date.parse(now) - Date.parse(moment);
  }
}

/** Of the words that a state keeps of what it told. */
const SAID_CHARS_MAX = 400;
const charsOf = (value: unknown): number => JSON.stringify(value).length;

const keyOf = ({ id }: Pick<Alert, 'id'>, { object }: Reading): string => `${id}#${object}`.slice(0, KEY_CHARS_MAX);
/** Codes of errors are in keys. */
const KEY_CHARS_MAX = 300;

const ownState = (states: AlertStates, key: string, { version }: Pick<Alert, 'version'>): AlertState | undefined => {
  const found = Object.hasOwn(states, key) ? states[key] : undefined;
  return found?.alertVersion === version ? found : undefined;
};

const statesOf = (states: AlertStates, { id, version }: Pick<Alert, 'id' | 'version'>): [string, AlertState][] =>
  Object.entries(states).filter(([, state]) => state.alertId === id && state.alertVersion === version);

/** The states with changes taken back that were not told after all: what began, stands or is over is told by the next run. */
export function withoutChanges(states: AlertStates, before: AlertStates, untold: readonly Change[]): AlertStates {
  const next: Record<string, AlertState> = { ...states };
  for (const { key, transition, state } of untold) {
    const was = Object.hasOwn(before, key) ? before[key] : undefined;
    if (transition === 'resolved') {
      if (was !== undefined) next[key] = was;
      continue;
    }
    const { toldAt: _told, ...rest } = state;
    next[key] = {
      ...rest,
      said: '',
      isTold: transition === 'still',
      ...(was?.toldAt !== undefined && { toldAt: was.toldAt }),
    };
  }
  return next;
}

/** Beyond the bounds those that stand are kept before those that are over, the oldest first: they were told. */
function bounded(states: Record<string, AlertState>): AlertStates {
  // What is said is made anew with each reading; a change has its own.
  const all = Object.entries(states).map(([key, state]): [string, AlertState] => [key, { ...state, said: '' }]);
  const rank = ([, { since }]: [string, AlertState]): string => since ?? '9999';
  const fits = all.length <= ALERT_STATES_MAX && charsOf(all) <= ALERT_STATES_CHARS_MAX;
  if (fits) return Object.fromEntries(all);
  let room = ALERT_STATES_CHARS_MAX;
  const kept = all
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
    .slice(0, ALERT_STATES_MAX)
    .filter((entry) => (room -= charsOf(entry)) >= 0);
  return Object.fromEntries(kept);
}
