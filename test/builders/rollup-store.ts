import type {
  BookStore,
  DayRollup,
  HourRollup,
  LateHour,
  Mismatches,
  Recovery,
  RollupStore,
  UsageDay,
} from '../../shared/ports/rollup-store.ts';

type Held = { hours: Map<string, HourRollup<unknown>>; days: Map<string, DayRollup<unknown>> };

/**
 * Roll-ups in memory: each put overwrites what was read. `dump` is every total that it holds; marks of late hours are in `late`. `step` is
 * awaited before each call: tests pass another to let runs overlap, or to end one in between.
 */
export function fakeRollupStore(step: () => Promise<void> = async () => {}): RollupStore & {
  dump(): unknown;
  late: LateHour[];
} {
  const late: LateHour[] = [];
  const held = new Map<string, Held>();
  const usage = new Map<string, UsageDay & { version: number }>();
  const recoveries = new Map<string, Map<number, Recovery>>();
  let watermark: string | undefined;
  let mismatches: Mismatches | undefined;

  const of = (name: string): Held => {
    const there = held.get(name) ?? { hours: new Map(), days: new Map() };
    held.set(name, there);
    return there;
  };
  const bookStore = <T>(name: string): BookStore<T> => {
    const { hours, days } = of(name) as { hours: Map<string, HourRollup<T>>; days: Map<string, DayRollup<T>> };
    const put = <R extends HourRollup<T>>(map: Map<string, R>, key: string, rollup: R): boolean => {
      if ((map.get(key)?.version ?? 0) !== rollup.version - 1) return false;
      map.set(key, rollup);
      return true;
    };
    return {
      hours: async (from, to) => {
        await step();
        return between(hours, from, to);
      },
      days: async (from, to) => {
        await step();
        return between(days, from, to);
      },
      lastDayBefore: async (day) => {
        await step();
        const last = [...days.keys()]
          .filter((each) => each < day)
          .toSorted()
          .at(-1);
        const rollup = last === undefined ? undefined : days.get(last);
        return last === undefined || rollup === undefined ? undefined : { day: last, ...rollup };
      },
      putHour: async (hour, totals, { version }) => {
        await step();
        return put(hours, hour, { totals, version: version + 1 });
      },
      putDay: async (day, { totals, sofar }, { version }) => {
        await step();
        return put(days, day, { totals, sofar, version: version + 1 });
      },
    };
  };

  return {
    source: (id) => bookStore(id),
    destination: (id) => bookStore(id),
    unreadable: () => bookStore('unreadable'),
    recoveries: async (id) => new Map(recoveries.get(id)),
    putRecovery: async (id, run, recovery) => {
      recoveries.set(id, new Map([...(recoveries.get(id) ?? []), [run, recovery]]));
    },
    putUsageDay: async (day, version) => {
      await step();
      const key = `${day.sourceId}#${day.day}`;
      if ((usage.get(key)?.version ?? 0) < version) usage.set(key, { ...day, version });
    },
    usageDays: async (id, from, to) =>
      [...usage.values()]
        .filter(({ sourceId, day }) => sourceId === id && day >= from && day <= to)
        .map(({ sourceId, day, calls, types }) => ({ sourceId, day, calls, types })),
    getWatermark: async () => {
      await step();
      return watermark;
    },
    advanceWatermark: async (hour) => {
      await step();
      if (watermark === undefined || watermark < hour) watermark = hour;
    },
    late,
    lateHours: async (limit) => {
      await step();
      return late.toSorted((a, b) => (a.hour < b.hour ? -1 : 1)).slice(0, limit);
    },
    clearLateHour: async ({ hour, nonce }) => {
      await step();
      const index = late.findIndex((mark) => mark.hour === hour && mark.nonce === nonce);
      if (index !== -1) late.splice(index, 1);
    },
    getMismatches: async () => mismatches,
    putMismatches: async (found) => {
      mismatches = found;
    },
    dump: () => ({
      hours: mapped(held, ({ hours }) => mapped(hours, ({ totals }) => totals)),
      days: mapped(held, ({ days }) => mapped(days, ({ totals, sofar }) => ({ totals, sofar }))),
      usage: mapped(usage, ({ calls, types }) => ({ calls, types })),
    }),
  };
}

function between<R>(map: ReadonlyMap<string, R>, from: string, to: string): Map<string, R> {
  const found = new Map<string, R>();
  for (const [key, value] of map) if (key >= from && key <= to) found.set(key, value);
  return found;
}

const mapped = <V, R>(map: ReadonlyMap<string, V>, of: (value: V) => R): Record<string, R> =>
  Object.fromEntries([...map].map(([key, value]) => [key, of(value)]));
