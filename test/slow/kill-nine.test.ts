import { startSink } from '../../cli/sink/start-sink.ts';
import { aDirectory, freePort, isSource, runTributary, settledBalance, until } from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { sendByStubbornClients } from '../builders/stubborn-clients.ts';

const EVENTS = 3_000;
const KILLS = 3;
const SENDERS = 8;

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
    const progress = { accepted: 0 };
    const senders = sendByStubbornClients({
      url,
      clients: SENDERS,
      count: EVENTS,
      event: (number) => ({
        userId: `u${number}`,
        event: 'Order Completed',
        messageId: `kill-${number}`,
        writeKey: SINK_WRITE_KEY,
      }),
      progress,
    });
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await until(
        () => progress.accepted >= (EVENTS * kill) / (KILLS + 1),
        120_000,
        () => `${progress.accepted} were accepted`,
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
