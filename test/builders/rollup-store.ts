import type { DestinationTotals, SourceTotals } from '../../shared/domain/books.ts';
import type { LateHour, RollupStore, UsageDay } from '../../shared/ports/rollup-store.ts';

/** Roll-ups in memory: each put overwrites. `dump` is everything that it holds but the marks of late hours, which are in `late`. */
export function fakeRollupStore(): RollupStore & { dump(): unknown; late: LateHour[] } {
  const late: LateHour[] = [];
  const sources = new Map<string, SourceTotals>();
  const destinations = new Map<string, DestinationTotals>();
  const days = new Map<string, UsageDay>();
  let watermark: string | undefined;
  const range = <T>(map: Map<string, T>, id: string, from: string, to: string): Map<string, T> =>
    new Map(
      [...map]
        .filter(([key]) => key.startsWith(`${id}#`))
        .map(([key, totals]) => [key.slice(id.length + 1), totals] as const)
        .filter(([hour]) => hour >= from && hour <= to),
    );
  return {
    putSourceHour: async (id, hour, totals) => {
      sources.set(`${id}#${hour}`, totals);
    },
    putDestinationHour: async (id, hour, totals) => {
      destinations.set(`${id}#${hour}`, totals);
    },
    sourceHours: async (id, from, to) => range(sources, id, from, to),
    destinationHours: async (id, from, to) => range(destinations, id, from, to),
    putUsageDay: async (usage) => {
      days.set(`${usage.sourceId}#${usage.day}`, usage);
    },
    usageDays: async (id, from, to) => [...range(days, id, from, to).values()],
    getWatermark: async () => watermark,
    advanceWatermark: async (hour) => {
      if (watermark === undefined || watermark < hour) watermark = hour;
    },
    late,
    lateHours: async (limit) => late.slice(0, limit),
    clearLateHour: async ({ hour, nonce }) => {
      const index = late.findIndex((mark) => mark.hour === hour && mark.nonce === nonce);
      if (index !== -1) late.splice(index, 1);
    },
    dump: () => ({
      sources: Object.fromEntries(sources),
      destinations: Object.fromEntries(destinations),
      days: Object.fromEntries(days),
    }),
  };
}
