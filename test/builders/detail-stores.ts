import type { DestinationDetail, SourceDetail } from '../../shared/domain/detail.ts';
import type { DetailHead, DetailStore, DetailStores } from '../../shared/ports/detail-store.ts';

/** Details of hours in memory, as fakeRollupStore keeps totals; `dump` is every detail by subject and hour. */
export function fakeDetailStores(step: () => Promise<void> = async () => {}): DetailStores & {
  dump(): Record<string, Record<string, unknown>>;
  puts(): number;
} {
  const held = new Map<string, Map<string, { detail: unknown; head: DetailHead }>>();
  let puts = 0;
  const storeOf = <D>(name: string): DetailStore<D> => {
    const hours = held.get(name) ?? new Map<string, { detail: unknown; head: DetailHead }>();
    held.set(name, hours);
    return {
      hours: async (from, to) => {
        await step();
        const found = [...hours].filter(([hour]) => hour >= from && hour <= to);
        return new Map(found.map(([hour, { detail }]) => [hour, detail as D]));
      },
      head: async (hour) => {
        await step();
        return hours.get(hour)?.head;
      },
      put: async (hour, detail, { head, writeId }) => {
        await step();
        const digest = JSON.stringify(detail);
        if (head?.digest === digest) return true;
        if ((hours.get(hour)?.head.version ?? 0) !== (head?.version ?? 0)) return false;
        puts += 1;
        hours.set(hour, { detail, head: { version: (head?.version ?? 0) + 1, digest, writeId, more: 0 } });
        return true;
      },
    };
  };
  return {
    source: (id) => storeOf<SourceDetail>(id),
    destination: (id) => storeOf<DestinationDetail>(id),
    puts: () => puts,
    dump: () =>
      Object.fromEntries(
        [...held].map(([name, hours]) => [
          name,
          Object.fromEntries([...hours].map(([hour, { detail }]) => [hour, detail])),
        ]),
      ),
  };
}
