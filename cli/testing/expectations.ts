import { type Api, isRecord, listIn, textIn } from './api.ts';
import type { EventFeed } from './event-feed.ts';
import { escaped, isMatch } from './match.ts';
import { type Refused, sayMissing, sayUndelivered, sayUnwanted } from './say-failure.ts';
import type { EventPattern, SeenEvent, Tracking } from './types.ts';

/** Within jest's own 5 s, so that the message is ours. */
const EVENT_MS = 4_000;
const NO_EVENT_MS = 2_000;
const DELIVERED_MS = 10_000;
/** Between two looks. */
const LOOK_MS = 250;
/** Tries of one send that a message lists. */
const TRIES_SAID_MAX = 5;

/** An expectation that was not met. jest and Playwright show its text as it is. */
export class TrackingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TrackingError';
  }
}

export type ExpectDeps = {
  api: Api;
  feed: EventFeed;
  sourceId: string;
  /** What was refused since this tracking began, of its source or with a key that nobody owns. */
  refusals: () => Promise<readonly Refused[]>;
  nowMs: () => number;
  wait: (ms: number) => Promise<void>;
};

/** The three questions of a test. They throw TrackingError, and whatever the API throws. */
export function expectations(deps: ExpectDeps): Pick<Tracking, 'expectEvent' | 'expectNoEvent' | 'expectDelivered'> {
  const { api, feed, sourceId, nowMs, wait } = deps;
  const found = async (pattern: EventPattern): Promise<SeenEvent | undefined> =>
    (await feed.read()).find((one) => one.verdict === 'ALLOWED' && isMatch(pattern, one.event));

  const expectEvent = async (pattern: EventPattern, within: number): Promise<SeenEvent> => {
    const endMs = nowMs() + within;
    for (;;) {
      const one = await found(pattern);
      if (one !== undefined) return one;
      if (nowMs() >= endMs) break;
      await wait(Math.min(LOOK_MS, Math.max(1, endMs - nowMs())));
    }
    const [seen, refused] = [await feed.read(), await deps.refusals()];
    throw new TrackingError(sayMissing(pattern, within, { seen, refused }));
  };

  return {
    expectEvent: async (pattern, options) => await expectEvent(pattern, msOf(options?.within, EVENT_MS)),
    expectNoEvent: async (pattern, options) => {
      const endMs = nowMs() + msOf(options?.within, NO_EVENT_MS);
      for (;;) {
        const one = await found(pattern);
        if (one !== undefined) throw new TrackingError(sayUnwanted(pattern, one));
        if (nowMs() >= endMs) return;
        await wait(Math.min(LOOK_MS, Math.max(1, endMs - nowMs())));
      }
    },
    expectDelivered: async (destination, pattern, options) => {
      const within = msOf(options?.within, DELIVERED_MS);
      const endMs = nowMs() + within;
      const one = await expectEvent(pattern, within);
      for (;;) {
        const way = await wayTo(api, sourceId, one, destination);
        if (way.isDelivered) return one;
        if (way.isOver || nowMs() >= endMs) {
          throw new TrackingError(sayUndelivered(one, within, { destination, what: way.what }));
        }
        await wait(Math.min(LOOK_MS, Math.max(1, endMs - nowMs())));
      }
    },
  };
}

/** A time of waiting, or a TypeError: what is no number would be waited for without an end. */
function msOf(within: number | undefined, otherwise: number): number {
  if (within === undefined) return otherwise;
  if (Number.isFinite(within) && within >= 0) return within;
  throw new TypeError('`within` is a number of milliseconds.');
}

type Way = { isDelivered: boolean /** Nothing more will come of it. */; isOver: boolean; what: string };

/** How an event fares at one destination, by its trace. */
async function wayTo(api: Api, sourceId: string, one: SeenEvent, destination: string): Promise<Way> {
  if (one.messageId === null) return { isDelivered: false, isOver: true, what: 'It has no messageId.' };
  const trace = await api('GET', `/app-api/events/${encodeURIComponent(one.messageId)}`, {
    query: { sourceId, at: one.receivedAt, intakeId: one.intakeId },
  });
  const all = listIn(trace, 'destinations');
  const line = all.find(
    (each) => textIn(each, 'name') === destination || textIn(each, 'destinationId') === destination,
  );
  if (line === undefined) {
    const names = all.map((each) => textIn(each, 'name') ?? textIn(each, 'destinationId') ?? '').map(escaped);
    const others = names.length === 0 ? 'none' : names.join(', ');
    return { isDelivered: false, isOver: false, what: `No destination is called so; those of the event: ${others}.` };
  }
  if (textIn(line, 'verdict') === 'FILTERED') {
    return {
      isDelivered: false,
      isOver: true,
      what: `It is not meant to get it: ${escaped(textIn(line, 'reason') ?? '')}.`,
    };
  }
  const sends = listIn(line, 'sends');
  const states = sends.map((send) => textIn(send, 'state') ?? 'UNKNOWN');
  const isDelivered = sends.length > 0 && states.every((state) => state === 'DELIVERED');
  const isOver = states.some((state) => state === 'DISCARDED' || state === 'DEAD_LETTERED');
  return { isDelivered, isOver, what: sends.length === 0 ? 'Nothing was sent yet.' : sends.map(sendLine).join('\n  ') };
}

function sendLine(send: unknown): string {
  const tries = listIn(send, 'tries')
    .slice(-TRIES_SAID_MAX)
    .map((one) => [textIn(one, 'outcome'), textIn(one, 'code'), textIn(one, 'message')].filter(Boolean).join(' '));
  const name = textIn(send, 'subscriptionName') ?? textIn(send, 'subscriptionId') ?? '';
  const next = isRecord(send) ? textIn(send, 'nextTryAt') : undefined;
  return escaped(
    [
      `${name}: ${textIn(send, 'state') ?? 'UNKNOWN'}`,
      textIn(send, 'code') ?? '',
      tries.length === 0 ? '' : `tries: ${tries.join('; ')}`,
      next === undefined ? '' : `next try at ${next}`,
    ]
      .filter(Boolean)
      .join(', '),
  );
}
