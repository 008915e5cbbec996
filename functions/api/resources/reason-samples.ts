import { DEBUG_READ_CHARS_MAX } from '../../../shared/config/debugger.ts';
import type { JsonObject } from '../../../shared/domain/json.ts';
import { isJsonObject } from '../../../shared/domain/json.ts';
import { hourOf, hourPlus } from '../../../shared/domain/timestamp.ts';
import type { SourceId } from '../../../shared/domain/ids.ts';
import type { ReasonSample, ReasonSamples } from '../../../shared/ports/delivery-stores.ts';

/** Hours that are looked through: as long as the debugger keeps. */
const HOURS_MAX = 25;
/** Pages of 1 MB of one hour. */
const PAGES_PER_HOUR_MAX = 4;
/** Pages of one look. */
const PAGES_MAX = 30;

/** One event in the debugger, as far as it is looked at here. */
export type KeptEvent = {
  receivedAt: string;
  verdict: string;
  reason?: string | undefined;
  raw?: unknown;
  event?: Record<string, unknown> | undefined;
  destinations?: readonly { id: string; reason?: string | undefined }[] | undefined;
};
/** The debugger's events of a source by hour of writing. */
export type KeptEvents = {
  itemsOfHour(
    sourceId: SourceId,
    hour: string,
    range: { below?: string | undefined; newestFirst: boolean },
  ): Promise<{ items: { id: string; chars: number; text(): string; entries(): KeptEvent[] }[]; isWhole: boolean }>;
};

type Of = { reason: string; destinationId?: string | undefined };

/** Events that ended for a reason, out of the debugger: route keeps one of each reason, source, destination and minute at least. */
export const reasonSamples = (kept: KeptEvents): ReasonSamples => ({
  list: async (sourceId, of, { from, to }, limit) => {
    const found: ReasonSample[] = [];
    let pages = 0;
    let chars = 0;
    let hour = hourOf(to);
    for (let back = 0; back < HOURS_MAX && hour >= hourOf(from); back += 1, hour = hourPlus(hour, -1)) {
      let below: string | undefined;
      for (let page = 0; page < PAGES_PER_HOUR_MAX; page += 1) {
        const { items, isWhole } = await kept.itemsOfHour(sourceId, hour, { below, newestFirst: true });
        pages += 1;
        for (const item of items) {
          chars += item.chars;
          if (chars > DEBUG_READ_CHARS_MAX) return newest(found, limit);
          // Parsing is what costs: a reason stands in the text as it is.
          if (!item.text().includes(JSON.stringify(of.reason))) continue;
          found.push(
            ...item
              .entries()
              .filter((entry) => fits(entry, of, { from, to }))
              .map(sampleOf),
          );
          if (found.length >= limit) return newest(found, limit);
        }
        below = items.at(-1)?.id;
        if (isWhole || below === undefined) break;
      }
      if (pages >= PAGES_MAX) break;
    }
    return newest(found, limit);
  },
});

function fits(
  { receivedAt, verdict, reason, destinations = [] }: KeptEvent,
  of: Of,
  { from, to }: { from: string; to: string },
): boolean {
  if (receivedAt < from || receivedAt >= to) return false;
  if (of.destinationId !== undefined) {
    return destinations.some((one) => one.id === of.destinationId && one.reason === of.reason);
  }
  return verdict !== 'ALLOWED' && reason === of.reason;
}

function sampleOf({ receivedAt, event, raw }: KeptEvent): ReasonSample {
  const shown = (event ?? raw) as JsonObject;
  const whole: JsonObject = isJsonObject(shown) ? shown : { raw: shown ?? null };
  const { messageId } = whole;
  return { messageId: typeof messageId === 'string' ? messageId : '', at: receivedAt, event: whole };
}

const newest = (found: readonly ReasonSample[], limit: number): ReasonSample[] =>
  found.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, limit);
