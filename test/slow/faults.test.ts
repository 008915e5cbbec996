import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSink } from '../../cli/sink/start-sink.ts';
import { operatorOf } from '../builders/operator-of.ts';
import { aDirectory, freePort, isSource, runTributary, settledBalance } from '../builders/running-tributary.ts';
import { ledgerOfPath } from '../builders/sink-books.ts';
import { aSeed, aWebhook, INBOX, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { sendByStubbornClients } from '../builders/stubborn-clients.ts';

const EVENTS = 300;
/** Few requests: with two invocations of route at a time, and calls that hang for seconds, each costs. */
const PER_REQUEST = 5;
const CLIENTS = 4;
/** Shares of the calls to AWS that are refused, and that are carried out without their caller ever hearing of it (R14). */
const THROTTLED = 0.3;
const UNANSWERED = 0.1;
/** Share of the messages that two consumers get (Q11). */
const DUPLICATED = 0.2;
/** Who stands between a client and a destination; the balance below is read without faults. */
const FAULTY = ['Ingest', 'Route', 'Deliver'];
const SERVICES = ['sqs', 'dynamodb', 's3', 'kms'];
/** What failed comes again after 5 s, doubled each time; a plan that was not carried out is held for 35 s. */
const SETTLE_MS_MAX = 240_000;

test('throttled and unanswered calls and messages that come twice lose no event and count none twice', async () => {
  const sink = await startSink({ host: '127.0.0.1', port: 0 });
  const refuses = aWebhook('Refuses', `${sink.url}/status/400`);
  const seed = aSeed(aDirectory(), [INBOX, aWebhook('Sink', `${sink.url}/fine`), refuses]);
  const faultsFile = join(aDirectory(), 'faults.json');
  const inject = (faults: unknown[]) => writeFileSync(faultsFile, JSON.stringify({ seed: 7, faults }));
  inject([]);
  const args = ['--port', String(await freePort()), '--no-demo', '--allow-private-targets', '--seed', seed];
  const running = await runTributary({ directory: aDirectory(), args: [...args, '--faults', faultsFile] });
  try {
    const { functions } = await operatorOf(running);
    const principals = FAULTY.map((name) => functions[name]);
    expect(principals).not.toContain(undefined);
    inject([
      ...principals.flatMap((principal) =>
        SERVICES.flatMap((service) => [
          { service, principal, effect: 'throttle', probability: THROTTLED },
          { service, principal, effect: 'commit-then-timeout', probability: UNANSWERED },
        ]),
      ),
      { service: 'sqs', operation: 'ReceiveMessage', effect: 'duplicate', probability: DUPLICATED },
    ]);
    const sent = await sendByStubbornClients({
      url: running.endpoints.trackingUrl,
      writeKey: SINK_WRITE_KEY,
      clients: CLIENTS,
      count: EVENTS,
      perRequest: PER_REQUEST,
      event: (number) => ({ userId: `u${number}`, event: 'Order Completed', messageId: `fault-${number}` }),
    });
    // The faults go on until everything has come to its end in spite of them.
    const balance = await settledBalance(running.endpoints, EVENTS, SETTLE_MS_MAX);
    const { taken, takenMessageIds } = await ledgerOfPath(sink, '/fine');
    process.stderr.write(
      `faults: ${sent.tries} tries of ${EVENTS / PER_REQUEST} requests, ${EVENTS} events, sent ${taken} times\n`,
    );
    // The faults were there: what is sent twice is a doubt that was resolved, in the books as one.
    expect(taken).toBeGreaterThan(EVENTS);

    expect(takenMessageIds).toBe(EVENTS);
    const source = balance.find(isSource);
    expect(source).toMatchObject({ routed: EVENTS, invalid: 0, blocked: 0 });
    // A client that was not answered sends again: another request, the same event.
    expect(source?.accepted).toBe(EVENTS + (source?.duplicate ?? 0));
    const ends = balance.filter((line) => !isSource(line)).map(({ delivered, discarded }) => [delivered, discarded]);
    expect(ends.toSorted(([a = 0], [b = 0]) => a - b)).toEqual([
      [0, EVENTS],
      [EVENTS, 0],
      [EVENTS, 0],
    ]);
    for (const line of balance.filter((each) => !isSource(each))) {
      expect(line).toMatchObject({ accepted: EVENTS, dlq: 0, filtered: 0, inFlight: 0 });
    }
  } finally {
    await running.kill();
    await sink.stop();
  }
}, 400_000);
