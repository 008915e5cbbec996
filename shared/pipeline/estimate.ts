import { chooseMappings } from '../domain/choose-mappings.ts';
import { triggerCondition } from '../domain/condition.ts';
import type { TributaryEvent } from '../domain/event.ts';
import type { Filter } from '../domain/filter.ts';
import { applyFilters } from '../domain/filter-verdict.ts';
import { diffJson, isSameJson, type JsonChange } from '../domain/json-diff.ts';
import { own } from '../domain/json.ts';
import { judgeForTarget, type RuledTarget } from '../domain/target-verdict.ts';
import type { Mapping } from '../domain/workspace.ts';

/** What becomes of an event. `event`: what is seen of it where it matches. */
export type Judged = { matched: true; event: TributaryEvent } | { matched: false; reason: string };
export type EventJudge = (event: TributaryEvent) => Judged;

/** Rules that are looked at by themselves. Absent ones let everything through. */
export type LooseRules = { trigger?: string | undefined; filter?: Filter | undefined };

/** A trigger and a filter, in the order in which route asks them. */
export const judgeOfRules =
  ({ trigger, filter }: LooseRules): EventJudge =>
  (event) => {
    const filtered = filter === undefined ? { verdict: 'passes' as const, event } : applyFilters(event, [filter]);
    if (filtered.verdict === 'filtered') return { matched: false, reason: filtered.reason };
    const holds = trigger === undefined ? true : triggerCondition(trigger)(filtered.event);
    if (holds === true) return { matched: true, event: filtered.event };
    return { matched: false, reason: holds === 'unreadable' ? 'INVALID_TRIGGER' : 'NO_MATCHING_MAPPING' };
  };

export type TargetRules = RuledTarget & {
  /** Those that count: of a trigger, the one that it is of; else all. Empty: none can match. */
  mappings: readonly Mapping[];
  /** Of a destination without mappings it is asked whether it would get the event at all. */
  asksMappings: boolean;
};

/** What route says of the events of a destination. */
export const judgeOfTarget =
  (target: TargetRules): EventJudge =>
  (event) => {
    if (target.asksMappings) {
      const chosen = chooseMappings(event, target);
      return 'reason' in chosen ? { matched: false, reason: chosen.reason } : { matched: true, event: chosen.event };
    }
    const judged = judgeForTarget(event, target);
    return judged.verdict === 'passes'
      ? { matched: true, event: judged.event }
      : { matched: false, reason: judged.reason };
  };

export type EstimateSample = {
  event: TributaryEvent;
  change: 'MORE' | 'FEWER' | 'FIELDS' | 'MATCHES';
  reasonNow: string | null;
  reasonAfter: string | null;
  changes: JsonChange[];
};
export type NameCount = { type: string; name: string | null; examined: number; now: number | null; after: number };
export type EstimateTotals = {
  examined: number;
  matchedNow: number | null;
  matchedAfter: number;
  more: number;
  fewer: number;
  changed: number;
  byEvent: NameCount[];
  samples: EstimateSample[];
};

/** Samples of each kind, and names that are told; of names that are counted there are no more than NAMES_COUNTED_MAX. */
const SAMPLES_PER_CHANGE_MAX = 4;
const NAMES_TOLD_MAX = 50;
const NAMES_COUNTED_MAX = 2_000;
const NAME_CHARS_MAX = 256;

/** Counts events by two judges, the newest first. `now` absent: there is nothing to compare with. */
export function estimateTally(now: EventJudge | undefined, after: EventJudge) {
  let [examined, matchedNow, matchedAfter, more, fewer, changed] = [0, 0, 0, 0, 0, 0];
  const names = new Map<string, NameCount>();
  const samples: EstimateSample[] = [];
  const taken = { MORE: 0, FEWER: 0, FIELDS: 0, MATCHES: 0 };

  const take = (change: EstimateSample['change'], sample: () => Omit<EstimateSample, 'change'>): void => {
    if (taken[change] >= SAMPLES_PER_CHANGE_MAX) return;
    taken[change] += 1;
    samples.push({ change, ...sample() });
  };

  const add = (event: TributaryEvent): void => {
    const [was, is] = [now?.(event), after(event)];
    examined += 1;
    if (was?.matched === true) matchedNow += 1;
    if (is.matched) matchedAfter += 1;
    countName(names, event, now !== undefined, was?.matched === true, is.matched);
    const reasons = () => ({ reasonNow: reasonOf(was), reasonAfter: reasonOf(is) });
    if (was === undefined) {
      if (is.matched) take('MATCHES', () => ({ event, ...reasons(), changes: diffJson(event, is.event).changes }));
    } else if (is.matched && !was.matched) {
      more += 1;
      take('MORE', () => ({ event, ...reasons(), changes: diffJson(event, is.event).changes }));
    } else if (!is.matched && was.matched) {
      fewer += 1;
      take('FEWER', () => ({ event, ...reasons(), changes: [] }));
    } else if (is.matched && was.matched && !isSameJson(was.event, is.event)) {
      changed += 1;
      take('FIELDS', () => ({ event, ...reasons(), changes: diffJson(was.event, is.event).changes }));
    }
  };

  const totals = (): EstimateTotals => ({
    examined,
    matchedNow: now === undefined ? null : matchedNow,
    matchedAfter,
    more,
    fewer,
    changed,
    byEvent: [...names.values()]
      .toSorted((a, b) => movedBy(b) - movedBy(a) || b.examined - a.examined)
      .slice(0, NAMES_TOLD_MAX),
    samples,
  });
  return { add, totals };
}

const reasonOf = (judged: Judged | undefined): string | null =>
  judged === undefined || judged.matched ? null : judged.reason;

const movedBy = ({ now, after }: NameCount): number => Math.abs(after - (now ?? 0));

function countName(
  names: Map<string, NameCount>,
  event: TributaryEvent,
  isCompared: boolean,
  wasMatched: boolean,
  isMatched: boolean,
): void {
  const name = nameOf(event);
  const key = `${event.type} ${name ?? ''}`;
  let count = names.get(key);
  if (count === undefined) {
    if (names.size >= NAMES_COUNTED_MAX) return;
    count = { type: event.type, name, examined: 0, now: isCompared ? 0 : null, after: 0 };
    names.set(key, count);
  }
  count.examined += 1;
  if (wasMatched && count.now !== null) count.now += 1;
  if (isMatched) count.after += 1;
}

/** What people call an event by: of a track event its name, of a page or screen theirs. */
export function nameOf(event: TributaryEvent): string | null {
  const name = own(event, event.type === 'track' ? 'event' : 'name');
  return typeof name === 'string' && name !== '' ? name.slice(0, NAME_CHARS_MAX) : null;
}
