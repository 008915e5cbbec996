import { startSink } from '../../cli/sink/start-sink.ts';
import {
  aDirectory,
  type BalanceLine,
  freePort,
  isSource,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { aSeed, aWebhook, INBOX, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { ledgerOfPath } from '../builders/sink-books.ts';
import { statusByName } from '../builders/books-of.ts';
import { sendByStubbornClients } from '../builders/stubborn-clients.ts';

const EVENTS = 20_000;
/** Of these, so many come alone, the rest in requests of PER_REQUEST. */
const ALONE = 1_000;
const PER_REQUEST = 20;
const KILLS = 10;
const CLIENTS = 8;
const SETTLE_MS_MAX = 120_000;

/**
 * Sends that may be made twice for each kill and destination (design 2, 'Done row'). A deliver invocation starts a part only while fewer
 * than 50 of its sends are without their row, so with parts of at most 20 it has 69 such sends when it dies. Two invocations work on a lane
 * here at a time. A route invocation that dies in its fan-out leaves up to 10 requests, of which some parts are in lanes already; they are
 * sent again by their plan, marked, and are made twice only where both copies are worked on at the same time. Two of those, too.
 */
const DUPLICATES_PER_KILL = 2 * (50 - 1 + PER_REQUEST) + 2 * 10 * PER_REQUEST;

/** Path, and which events go there. */
const DESTINATIONS = [
  ['Batched', '/batched', 'type = "track"', { enable_batching: true }, EVENTS],
  ['One by one', '/one-by-one', 'properties.oneByOne = true', {}, EVENTS / 10],
] as const;

test(`${KILLS} times kill -9 of everything while ${EVENTS} events flow: none is lost, and the books equal the sink (R1)`, async () => {
  const sink = await startSink({ host: '127.0.0.1', port: 0 });
  const directory = aDirectory();
  const webhooks = DESTINATIONS.map(([name, path, trigger, fields]) =>
    aWebhook(name, `${sink.url}${path}`, { trigger, fields }),
  );
  const seed = aSeed(aDirectory(), [INBOX, ...webhooks]);
  const port = await freePort();
  const start = () =>
    runTributary({ directory, args: ['--port', String(port), '--no-demo', '--allow-private-targets', '--seed', seed] });
  let running = await start();
  try {
    const { trackingUrl: url } = running.endpoints;
    const progress = { accepted: 0 };
    const event = (number: number) => ({
      userId: `u${number}`,
      event: 'Order Completed',
      messageId: `kill-${number}`,
      properties: { oneByOne: number % 10 === 0 },
    });
    const common = { url, writeKey: SINK_WRITE_KEY, progress };
    const senders = Promise.all([
      sendByStubbornClients({ ...common, clients: 2, count: ALONE, event }),
      sendByStubbornClients({
        ...common,
        clients: CLIENTS - 2,
        count: EVENTS - ALONE,
        perRequest: PER_REQUEST,
        event: (number) => event(ALONE + number),
      }),
    ]);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await until(
        () => progress.accepted >= (EVENTS * kill) / (KILLS + 1),
        60_000,
        () => `${progress.accepted} were accepted`,
      );
      await running.kill();
      running = await start();
      expect(running.endpoints.trackingUrl).toBe(url);
    }
    await senders;

    const balance = await settledBalance(running.endpoints, EVENTS, SETTLE_MS_MAX);
    // A request that was accepted and not answered came again: another request, the same events.
    const source = balance.find(isSource);
    expect(source).toMatchObject({ routed: EVENTS, invalid: 0, blocked: 0 });
    expect(source?.accepted).toBe(EVENTS + (source?.duplicate ?? 0));

    const status = await statusByName(running.endpoints);
    const lineOf = (name: string): BalanceLine | undefined =>
      balance.find(({ destination }) => destination === status.get(name)?.id);
    expect(lineOf('Inbox')).toMatchObject({ delivered: EVENTS, discarded: 0, dlq: 0, inFlight: 0 });
    for (const [name, path, , , count] of DESTINATIONS) {
      const { taken, takenMessageIds } = await ledgerOfPath(sink, path);
      process.stderr.write(`kill-nine: ${name}: ${taken - takenMessageIds} of ${count} sends were made twice\n`);
      expect(lineOf(name)).toMatchObject({ delivered: count, discarded: 0, dlq: 0, inFlight: 0 });
      expect(takenMessageIds).toBe(count);
      expect(taken - takenMessageIds).toBeLessThanOrEqual(KILLS * DUPLICATES_PER_KILL);
    }
  } finally {
    await running.kill();
    await sink.stop();
  }
}, 420_000);
