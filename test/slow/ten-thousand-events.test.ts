import { startSink } from '../../cli/sink/start-sink.ts';
import { aDirectory, isSource, runTributary, settledBalance } from '../builders/running-tributary.ts';
import { sendBySdk } from '../builders/sdk-load.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const EVENTS = 10_000;

test('ten thousand events of all six types by the official SDK: the books equal what the sink received', async () => {
  const sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), sink.url);
  const running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  try {
    const sent = await sendBySdk({ host: running.endpoints.trackingUrl, writeKey: SINK_WRITE_KEY, count: EVENTS });
    expect(sent).toEqual({ accepted: EVENTS, refused: [] });

    const balance = await settledBalance(running.endpoints, EVENTS, 120_000);
    // What was not answered within the SDK's 10 s, on a busy machine, it sends again: accepted twice, and a duplicate once.
    const [source] = balance.filter(isSource);
    expect(source).toMatchObject({ routed: EVENTS, invalid: 0, suppressed: 0, blocked: 0 });
    expect((source?.accepted ?? 0) - (source?.duplicate ?? 0)).toBe(EVENTS);
    const destinations = balance.filter((line) => !isSource(line));
    expect(destinations).toHaveLength(2);
    for (const line of destinations) {
      expect(line).toMatchObject({
        accepted: EVENTS,
        delivered: EVENTS,
        discarded: 0,
        dlq: 0,
        filtered: 0,
        inFlight: 0,
      });
    }
    const count = await (await fetch(`${sink.url}/count`)).json();
    expect(count).toMatchObject({ taken: EVENTS, takenMessageIds: EVENTS });
    await expect(running.stop()).resolves.toBe(0);
  } finally {
    await running.kill();
    await sink.stop();
  }
}, 300_000);
