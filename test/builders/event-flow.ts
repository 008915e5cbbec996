import { randomUUID } from 'node:crypto';
import { Analytics } from '@segment/analytics-node';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { until } from './running-tributary.ts';

/** How long an event may take from a client to a tool on a busy machine. */
const ARRIVAL_MS = 20_000;
/** After its twin has arrived elsewhere: how long an event is waited for that should not come. */
const GRACE_MS = 700;
/** How long an event takes at most where nothing holds it up, on a busy machine. */
const SOON_MS = 3_000;
/** Between two probes. */
const PROBE_EVERY_MS = 200;

/** What is sent by the official Node library, and what of it gets to a sink. */
export async function eventFlow(trackingUrl: string) {
  const sink: Sink = await startSink({ host: '127.0.0.1', port: 0 });

  /** Sends one event as the official library does. Answers its messageId. */
  const send = async (
    writeKey: string,
    event: { event: string; userId?: string; properties?: Record<string, unknown> },
  ): Promise<string> => {
    const analytics = new Analytics({ writeKey, host: trackingUrl, flushAt: 1, maxRetries: 1 });
    const messageId = `flow-${randomUUID()}`;
    analytics.track({ userId: 'u-flow', ...event, messageId });
    await analytics.closeAndFlush();
    return messageId;
  };

  const bodiesAt = async (path: string, messageId: string): Promise<Record<string, unknown>[]> => {
    const answer = await fetch(`${sink.url}/events?messageId=${encodeURIComponent(messageId)}`);
    const { events } = (await answer.json()) as { events: { path: string; body: Record<string, unknown> }[] };
    return events.flatMap((one) => (one.path === path ? [one.body] : []));
  };

  const arrives = async (path: string, messageId: string): Promise<Record<string, unknown>> => {
    let bodies: Record<string, unknown>[] = [];
    await until(
      async () => {
        bodies = await bodiesAt(path, messageId);
        return bodies.length > 0;
      },
      ARRIVAL_MS,
      () => `${messageId} did not arrive at ${path}`,
    );
    return bodies[0] ?? {};
  };

  return {
    sink,
    send,
    arrives,
    /** Whether it is missing at `path` although `witness`, which gets everything of that source, has it. */
    isHeldBack: async (path: string, witness: string, messageId: string): Promise<boolean> => {
      await arrives(witness, messageId);
      await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
      return (await bodiesAt(path, messageId)).length === 0;
    },
    /** How the tracking API answers an event with this key: the reason for which it is not taken, or `taken`. */
    takes: async (writeKey: string): Promise<string> => {
      const answer = await fetch(`${trackingUrl}/v1/track`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${writeKey}:`)}` },
        body: JSON.stringify({ type: 'track', userId: 'u-flow', event: 'Key tried', messageId: randomUUID() }),
      });
      return answer.headers.get('tributary-rejected') ?? (answer.status === 200 ? 'taken' : String(answer.status));
    },
    /** Whether it gets to `path` within a moment, as it does once what feeds it is in force. */
    reaches: async (path: string, messageId: string): Promise<boolean> => {
      const endMs = performance.now() + SOON_MS;
      while (performance.now() < endMs) {
        if ((await bodiesAt(path, messageId)).length > 0) return true;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return false;
    },
    /**
     * Tries again and again until `isSo`, and answers when a change is in force, counted from the call: after `lastNotMs`, when the last try began that
     * did not see it, and not after `firstSoMs`, when the first began that did. Fails where a try that began after `limitMs` did not see it.
     */
    untilSo: async (
      limitMs: number,
      isSo: () => Promise<boolean>,
      what: string,
    ): Promise<{ lastNotMs: number; firstSoMs: number }> => {
      const beganMs = performance.now();
      let lastNotMs = 0;
      for (;;) {
        const sentMs = Math.round(performance.now() - beganMs);
        if (await isSo()) return { lastNotMs, firstSoMs: sentMs };
        lastNotMs = sentMs;
        if (lastNotMs > limitMs) throw new Error(`Not so after ${lastNotMs} ms: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
      }
    },
    stop: () => sink.stop(),
  };
}
export type EventFlow = Awaited<ReturnType<typeof eventFlow>>;
