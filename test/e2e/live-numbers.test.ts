import { aDirectory, type Running, runTributary } from '../builders/running-tributary.ts';
import { setTimeout as wait } from 'node:timers/promises';
import { aSeed, INBOX, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

let running: Running;
beforeAll(async () => {
  running = await runTributary({ args: ['--no-demo', '--seed', aSeed(aDirectory(), [INBOX])] });
}, 120_000);
afterAll(async () => {
  await running.kill();
});

type Overview = {
  asOf: string;
  sources: { state: string; received: number }[];
  connections: { delivered: number; failed: number }[];
  totals: { received: number; delivered: number };
};

async function overview(): Promise<Overview> {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}/app-api/overview?range=10m`, {
    headers: { authorization: `Bearer ${apiToken}` },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
  return (JSON.parse(text) as { data: Overview }).data;
}

/** Asks as a page does, until it is so. */
async function shown(is: (answer: Overview) => boolean, withinMs: number): Promise<Overview> {
  const begun = Date.now();
  for (;;) {
    const answer = await overview();
    if (is(answer)) return answer;
    if (Date.now() - begun > withinMs) throw new Error(`Not shown: ${JSON.stringify(answer)}`);
    await wait(2_000);
  }
}

test('a first event shows in the overview within seconds, and the run of each minute leaves it counted once', async () => {
  await overview();
  const { trackingUrl } = running.endpoints;
  const sent = await fetch(`${trackingUrl}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${SINK_WRITE_KEY}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      batch: [1, 2, 3].map((number) => ({
        type: 'track',
        event: 'Seen',
        userId: `u${number}`,
        messageId: `m${number}`,
      })),
    }),
  });
  expect(sent.status).toBe(200);
  const sentAt = new Date().toISOString();
  const first = await shown(({ totals }) => totals.received === 3 && totals.delivered === 3, 40_000);
  expect(first.sources).toMatchObject([{ state: 'HEALTHY', received: 3 }]);
  // check-alerts, under its own role: a minute later its sum is what is shown.
  const summed = await shown(({ asOf }) => asOf > sentAt, 150_000);
  expect(summed.totals).toMatchObject({ received: 3, delivered: 3 });
  expect(running.output()).not.toMatch(/AccessDenied/);
}, 240_000);
