import { type Api, isRecord, listIn, textIn } from './api.ts';
import type { SeenEvent } from './types.ts';

/** Events that are remembered of one source; the oldest are forgotten. A test that sends more asks for them as they come. */
const REMEMBERED_MAX = 5_000;
/** Events in one answer, and answers in a row while there are more. */
const PAGE = 500;
const PAGES_MAX = 20;

export type EventFeed = {
  /** Everything since the feed began or was cleared, oldest first, once each. Asks the debugger for what is new. */
  read: () => Promise<readonly SeenEvent[]>;
  /** From here on. */
  clear: () => Promise<void>;
};

/** What the debugger shows of one source, as it comes. Readers at the same time share one request. */
export function eventFeed(api: Api, sourceId: string, from: Date): EventFeed {
  const known = new Map<string, SeenEvent>();
  const forgotten = new Set<string>();
  let after: string | undefined;
  let underWay: Promise<void> | undefined;

  const page = async (): Promise<number> => {
    const query = { count: String(PAGE), ...(after === undefined ? { from: from.toISOString() } : { after }) };
    const answer = await api('GET', `/app-api/sources/${encodeURIComponent(sourceId)}/events`, { query });
    const events = listIn(answer, 'events').map(seenEvent);
    after = textIn(answer, 'after') ?? after;
    for (const one of events.toReversed()) {
      const name = `${one.intakeId} ${one.index}`;
      if (known.has(name) || forgotten.has(name)) continue;
      known.set(name, one);
      if (known.size > REMEMBERED_MAX)
        for (const [oldest] of known) {
          known.delete(oldest);
          break;
        }
    }
    return events.length;
  };
  const refresh = async (): Promise<void> => {
    for (let pages = 0; pages < PAGES_MAX; pages += 1) if ((await page()) < PAGE) return;
  };
  const shared = async (): Promise<void> => {
    underWay ??= refresh().finally(() => (underWay = undefined));
    await underWay;
  };

  return {
    read: async () => {
      await shared();
      return [...known.values()].toSorted(
        (a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt) || a.index - b.index,
      );
    },
    clear: async () => {
      await shared();
      forgotten.clear();
      for (const name of known.keys()) forgotten.add(name);
      known.clear();
    },
  };
}

const VERDICTS = ['ALLOWED', 'BLOCKED', 'INVALID', 'DUPLICATE'] as const;

/** An entry of the debugger; what this version does not know of it is left out. */
function seenEvent(entry: unknown): SeenEvent {
  const fields = isRecord(entry) ? entry : {};
  return {
    messageId: textIn(entry, 'messageId') ?? null,
    type: textIn(entry, 'type') ?? null,
    name: textIn(entry, 'name') ?? null,
    receivedAt: textIn(entry, 'receivedAt') ?? '',
    verdict: VERDICTS.find((one) => one === fields['verdict']) ?? 'ALLOWED',
    reason: textIn(entry, 'reason') ?? null,
    violations: listIn(entry, 'violations').map((one) => ({
      field: textIn(one, 'field') ?? '',
      message: textIn(one, 'message') ?? '',
    })),
    event: fields['normalised'] ?? fields['payload'] ?? null,
    intakeId: textIn(entry, 'intakeId') ?? '',
    index: typeof fields['index'] === 'number' ? fields['index'] : 0,
  };
}
