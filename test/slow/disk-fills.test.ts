import { startSink } from '../../cli/sink/start-sink.ts';
import { canFillDisks, fillDisk, makeRoom } from '../builders/full-disk.ts';
import { aDirectory, freePort, isSource, runTributary, settledBalance, until } from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

/** No file grows beyond this; with events of EVENT_BYTES the queues' log is the first that would. */
const FILE_BYTES_MAX = 3_000_000;
const EVENT_BYTES = 20_000;
const CLIENTS = 8;
/** The disk counts as full when so many requests were refused; it must be within EVENTS_MAX. */
const REFUSED = 50;
const EVENTS_MAX = 2_000;

const isPossible = canFillDisks();
if (!isPossible) process.stderr.write('disk-fills.test.ts is skipped: it needs Linux and prlimit.\n');

(isPossible ? test : test.skip)(
  'a disk that fills up while events flow loses none that was accepted, whatever was half way',
  async () => {
    const sink = await startSink({ host: '127.0.0.1', port: 0 });
    const directory = aDirectory();
    const seed = aSinkSeed(aDirectory(), sink.url);
    const args = ['--port', String(await freePort()), '--no-demo', '--allow-private-targets', '--seed', seed];
    let running = await runTributary({ directory, args });
    try {
      const url = `${running.endpoints.trackingUrl}/v1/track`;
      const accepted = new Set<string>();
      const others: number[] = [];
      const send = async (messageId: string) => {
        const properties = { filler: 'x'.repeat(EVENT_BYTES) };
        const body = JSON.stringify({
          userId: 'u',
          event: 'Large',
          messageId,
          properties,
          writeKey: SINK_WRITE_KEY,
        });
        const { status } = await fetch(url, { method: 'POST', body });
        if (status === 200) accepted.add(messageId);
        else others.push(status);
        return status;
      };

      fillDisk(running.pid, FILE_BYTES_MAX);
      let next = 0;
      const client = async () => {
        while (others.length < REFUSED && next < EVENTS_MAX) {
          next += 1;
          await send(`large-${next}`);
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
      expect(others.length).toBeGreaterThanOrEqual(REFUSED);
      expect(new Set(others)).toEqual(new Set([503]));
      expect(accepted.size).toBeGreaterThan(0);

      makeRoom(running.pid);
      let tries = 0;
      await until(
        async () => {
          tries += 1;
          return (await send(`after-${tries}`)) === 200;
        },
        20_000,
        () => `It did not go on: ${running.output()}`,
      );

      // What was half way would come again after its visibility timeout; after a start, at once.
      await running.kill();
      running = await runTributary({ directory, args });
      const balance = await settledBalance(running.endpoints, accepted.size, 90_000);
      const source = balance.find(isSource);
      expect(source).toMatchObject({ invalid: 0, duplicate: 0, blocked: 0 });
      for (const line of balance.filter((each) => !isSource(each))) {
        expect(line).toMatchObject({ delivered: source?.routed, discarded: 0, dlq: 0, inFlight: 0 });
      }
      const { events } = (await (await fetch(`${sink.url}/events`)).json()) as { events: { messageId: string }[] };
      const arrived = new Set(events.map(({ messageId }) => messageId));
      expect([...accepted].filter((messageId) => !arrived.has(messageId))).toEqual([]);
    } finally {
      await running.kill();
      await sink.stop();
    }
  },
  200_000,
);
