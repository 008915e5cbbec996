import { setTimeout as wait } from 'node:timers/promises';

const TRIES_MAX = 600;
const PAUSE_MS = 200;

type Event = Record<string, unknown>;

/** Sends one request until it is answered 200, as every client library does: the same messageIds, a short wait, over faults and restarts. */
async function sendUntilAccepted(url: string, body: string): Promise<number> {
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const answer = await fetch(url, { method: 'POST', body }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.status === 200) return tries;
    await wait(PAUSE_MS);
  }
  throw new Error(`A request was never accepted: ${body.slice(0, 200)}`);
}

/**
 * Sends `count` events by so many clients at once, each request until it is accepted. `perRequest` events go together by /v1/batch (absent
 * or 1: each alone, by /v1/track). `progress` counts as it goes.
 */
export async function sendByStubbornClients(options: {
  url: string;
  writeKey: string;
  clients: number;
  count: number;
  perRequest?: number;
  event: (number: number) => Event;
  progress?: { accepted: number };
}): Promise<{ tries: number }> {
  const { url, writeKey, perRequest = 1, progress = { accepted: 0 } } = options;
  let next = 0;
  let tries = 0;
  const client = async () => {
    while (next < options.count) {
      const first = next;
      const size = Math.min(perRequest, options.count - first);
      next += size;
      const events = Array.from({ length: size }, (_, index) => options.event(first + index));
      const [event] = events;
      // In two steps: `tries += await` would add to what it was before the wait.
      const used =
        perRequest === 1
          ? await sendUntilAccepted(`${url}/v1/track`, JSON.stringify({ writeKey, ...event }))
          : await sendUntilAccepted(
              `${url}/v1/batch`,
              JSON.stringify({ writeKey, batch: events.map((each) => ({ type: 'track', ...each })) }),
            );
      tries += used;
      progress.accepted += size;
    }
  };
  await Promise.all(Array.from({ length: options.clients }, client));
  return { tries };
}
