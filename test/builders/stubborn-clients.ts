import { setTimeout as wait } from 'node:timers/promises';

const TRIES_MAX = 600;
const PAUSE_MS = 200;

/** Sends one event until it is answered 200, as every client library does: the same messageId, a short wait, over faults and restarts. */
async function sendUntilAccepted(url: string, event: Record<string, unknown>): Promise<number> {
  const body = JSON.stringify(event);
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const answer = await fetch(`${url}/v1/track`, { method: 'POST', body }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.status === 200) return tries;
    await wait(PAUSE_MS);
  }
  throw new Error(`Event ${String(event['messageId'])} was never accepted`);
}

/** Sends `count` events by so many clients at once, each event until it is accepted. `progress` counts as it goes. */
export async function sendByStubbornClients(options: {
  url: string;
  clients: number;
  count: number;
  event: (number: number) => Record<string, unknown>;
  progress?: { accepted: number };
}): Promise<{ tries: number }> {
  const { progress = { accepted: 0 } } = options;
  let next = 0;
  let tries = 0;
  const client = async () => {
    while (next < options.count) {
      const number = next;
      next += 1;
      // In two steps: `tries += await` would add to what it was before the wait.
      const used = await sendUntilAccepted(options.url, options.event(number));
      tries += used;
      progress.accepted += 1;
    }
  };
  await Promise.all(Array.from({ length: options.clients }, client));
  return { tries };
}
