import { setTimeout as wait } from 'node:timers/promises';
import { startSink } from '../../cli/sink/start-sink.ts';
import { aDirectory, freePort, isSource, runTributary, settledBalance, until } from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const EVENTS = 3_000;
const KILLS = 3;
const SENDERS = 8;

/** Sends one event until it is answered 200, as every SDK does: same messageId, short waits, over restarts. */
async function sendUntilAccepted(url: string, number: number): Promise<void> {
  const body = JSON.stringify({
    userId: `u${number}`,
    event: 'Order Completed',
    messageId: `kill-${number}`,
    writeKey: SINK_WRITE_KEY,
  });
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(`${url}/v1/track`, { method: 'POST', body }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.status === 200) return;
    await wait(200);
  }
  throw new Error(`Event ${number} was never accepted`);
}

test('three times kill -9 of everything while events flow: each accepted event arrives, and the books say so', async () => {
  const sink = await startSink({ host: '127.0.0.1', port: 0 });
  const directory = aDirectory();
  const seed = aSinkSeed(aDirectory(), sink.url);
  const port = await freePort();
  const start = () =>
    runTributary({ directory, args: ['--port', String(port), '--no-demo', '--allow-private-targets', '--seed', seed] });
  let running = await start();
  try {
    const url = running.endpoints.trackingUrl;
    let next = 0;
    let accepted = 0;
    const sender = async () => {
      while (next < EVENTS) {
        const number = next;
        next += 1;
        await sendUntilAccepted(url, number);
        accepted += 1;
      }
    };
    const senders = Promise.all(Array.from({ length: SENDERS }, sender));
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await until(
        () => accepted >= (EVENTS * kill) / (KILLS + 1),
        120_000,
        () => `${accepted} were accepted`,
      );
      await running.kill();
      running = await start();
      expect(running.endpoints.trackingUrl).toBe(url);
    }
    await senders;

    const balance = await settledBalance(running.endpoints, EVENTS, 180_000);
    const received = (await (await fetch(`${sink.url}/count`)).json()) as { takenMessageIds: number };
    // Nothing is lost: every accepted event is at the sink. A kill may cost a second copy of what was being sent, never a missing one.
    expect(received.takenMessageIds).toBe(EVENTS);
    const source = balance.find(isSource);
    expect(source).toMatchObject({ routed: EVENTS, invalid: 0, blocked: 0 });
    for (const line of balance.filter((each) => !isSource(each))) {
      expect(line).toMatchObject({ delivered: EVENTS, discarded: 0, dlq: 0, inFlight: 0 });
    }
  } finally {
    await running.kill();
    await sink.stop();
  }
}, 420_000);
