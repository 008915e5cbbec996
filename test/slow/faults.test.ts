import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startSink } from '../../cli/sink/start-sink.ts';
import { operatorOf } from '../builders/operator-of.ts';
import { aDirectory, freePort, isSource, runTributary, settledBalance } from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { sendByStubbornClients } from '../builders/stubborn-clients.ts';

const EVENTS = 300;
const CLIENTS = 8;
/** Shares of the calls to SQS and DynamoDB that are refused, and that are carried out without their caller ever hearing of it. */
const THROTTLED = 0.3;
const UNANSWERED = 0.1;
/** What failed comes again after its visibility timeout of 180 s, after a start at once: so long it is left to itself, still with faults. */
const AGAIN_MS = 30_000;
/** Without faults all is through by then; a plan that was not carried out is held for 35 s. */
const SETTLE_MS_MAX = 100_000;

test('throttled and unanswered calls lose no event and count none twice', async () => {
  const sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), sink.url);
  const faultsFile = join(aDirectory(), 'faults.json');
  const inject = (faults: unknown[]) => writeFileSync(faultsFile, JSON.stringify({ seed: 7, faults }));
  inject([]);
  const directory = aDirectory();
  const args = ['--port', String(await freePort()), '--no-demo', '--allow-private-targets', '--seed', seed];
  const start = () => runTributary({ directory, args: [...args, '--faults', faultsFile] });
  let running = await start();
  try {
    // Only those that stand between a client and a destination: the balance below is read without faults.
    const { functions } = await operatorOf(running);
    const principals = ['Ingest', 'Route', 'Deliver'].map((name) => functions[name]);
    expect(principals).not.toContain(undefined);
    inject(
      principals.flatMap((principal) =>
        ['sqs', 'dynamodb'].flatMap((service) => [
          { service, principal, effect: 'throttle', probability: THROTTLED },
          { service, principal, effect: 'commit-then-timeout', probability: UNANSWERED },
        ]),
      ),
    );
    const sent = await sendByStubbornClients({
      url: running.endpoints.trackingUrl,
      clients: CLIENTS,
      count: EVENTS,
      event: (number) => ({
        userId: `u${number}`,
        event: 'Order Completed',
        messageId: `fault-${number}`,
        writeKey: SINK_WRITE_KEY,
      }),
    });
    // Clients met the faults, too.
    expect(sent.tries).toBeGreaterThan(EVENTS);
    await running.kill();
    running = await start();
    await wait(AGAIN_MS);
    inject([]);
    await running.kill();
    running = await start();
    const balance = await settledBalance(running.endpoints, EVENTS, SETTLE_MS_MAX);
    const count = (await (await fetch(`${sink.url}/count`)).json()) as { taken: number; takenMessageIds: number };
    process.stderr.write(`faults: ${sent.tries} requests for ${EVENTS} events, ${count.taken} of them at the sink\n`);

    expect(count.takenMessageIds).toBe(EVENTS);
    const source = balance.find(isSource);
    expect(source).toMatchObject({ routed: EVENTS, invalid: 0, blocked: 0 });
    // A client that was not answered sends again: another request, the same event.
    expect(source?.accepted).toBe(EVENTS + (source?.duplicate ?? 0));
    const destinations = balance.filter((line) => !isSource(line));
    expect(destinations).toHaveLength(2);
    for (const line of destinations) {
      expect(line).toMatchObject({ delivered: EVENTS, discarded: 0, dlq: 0, filtered: 0, inFlight: 0 });
    }
  } finally {
    await running.kill();
    await sink.stop();
  }
}, 400_000);
