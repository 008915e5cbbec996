import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE, around, isLeak } from '../builders/canary.ts';
import { operatorOf } from '../builders/operator-of.ts';
import { aDirectory, type Running, runTributary, until } from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

/** Puts that fail of each of these, its SDK's own tries included, so that it has something to log. */
const FAILING = { Route: 8, Deliver: 16 } as const;
/** What comes again waits for 5 s, then for 10. */
const DELIVERED_MS = 90_000;

jest.setTimeout(120_000);

let running: Running;
beforeAll(async () => {
  const directory = aDirectory();
  const faults = join(directory, 'faults.json');
  writeFileSync(faults, JSON.stringify({ seed: 1, faults: [] }));
  // The sink that it starts itself may be reached; nothing else need be.
  const seed = aSinkSeed(directory, '{{sinkUrl}}/all');
  running = await runTributary({ args: ['--no-demo', '--seed', seed, '--faults', faults] });
  const { functions } = await operatorOf(running);
  const failing = Object.entries(FAILING).map(([name, times]) => ({
    principal: functions[name],
    service: 'dynamodb',
    operation: 'PutItem',
    resource: 'Ledger',
    effect: 'error',
    times,
  }));
  writeFileSync(faults, JSON.stringify({ seed: 2, faults: failing }));
}, 120_000);
afterAll(async () => {
  await running?.kill();
}, 30_000);

type Line = { of: string; text: string };
const logLines = (): Line[] =>
  readFileSync(join(running.directory, 'functions.log'), 'utf8')
    .split('\n')
    .map((text) => ({ of: text.split(' ')[1] ?? '', text }));
const ask = async (
  path: string,
): Promise<{ status: number; headers: Headers; body: { data?: unknown; errors?: unknown } }> => {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${apiToken}` } });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as { data?: unknown } };
};
const send = async (path: string, body: string): Promise<Headers> =>
  (await fetch(`${running.endpoints.trackingUrl}${path}`, { method: 'POST', body })).headers;

/** A payload that is nothing but canaries: names, values, ids. */
const canary = (over: object = {}) => ({
  type: 'track',
  event: `E ${CORE}`,
  userId: `u ${CORE}`,
  properties: { [CORE]: CORE, deep: { list: [CORE] } },
  context: { ip: CORE, userAgent: CORE, traits: { email: `${CORE}@example.com` } },
  ...over,
});

test('one id leads from the answer through the logs of route and deliver to the trace', async () => {
  // The faults file is looked at again when it has changed.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const headers = await send(
    '/v1/track',
    JSON.stringify({ writeKey: SINK_WRITE_KEY, messageId: 'm-followed', ...canary() }),
  );
  const intakeId = headers.get('tributary-intake-id') ?? '';
  expect(intakeId).toMatch(/^[A-Za-z0-9_-]{10,}$/);
  expect(headers.get('x-request-id')).toMatch(/^\S{8,}$/);

  const trace = async () =>
    (await ask(`/app-api/events/m-followed?intakeId=${intakeId}`)).body.data as
      | { intakeId: string; destinations: { sends: { state: string }[] }[] }
      | undefined;
  await until(
    async () =>
      (await trace())?.destinations.flatMap(({ sends }) => sends).filter(({ state }) => state === 'DELIVERED')
        .length === 2,
    DELIVERED_MS,
    () => 'It was not delivered to both destinations',
  );
  expect((await trace())?.intakeId).toBe(intakeId);
  const told = new Set(
    logLines()
      .filter(({ text }) => text.includes(intakeId))
      .map(({ of }) => of),
  );
  const { functions } = await operatorOf(running);
  expect(told).toEqual(new Set([functions['Route'], functions['Deliver']]));
});

test('an error of the API carries the id of its request', async () => {
  const { status, headers } = await ask('/app-api/sources/src_of_nobody/events');
  expect(status).toBe(404);
  expect(headers.get('x-request-id')).toMatch(/^\S{8,}$/);
});

test('no function logs a payload, whatever is wrong with it (T18)', async () => {
  const bodies: [string, string][] = [
    ['/v1/track', JSON.stringify({ writeKey: SINK_WRITE_KEY, ...canary({ userId: 7 }) })],
    ['/v1/track', JSON.stringify({ writeKey: SINK_WRITE_KEY, ...canary({ properties: CORE }) })],
    ['/v1/batch', JSON.stringify({ writeKey: SINK_WRITE_KEY, batch: [canary(), CORE, { [CORE]: 1 }, [CORE]] })],
    ['/v1/batch', JSON.stringify({ writeKey: SINK_WRITE_KEY, batch: CORE })],
    ['/v1/track', `{"writeKey":"${SINK_WRITE_KEY}","event":"${CORE}`],
    ['/v1/track', `${CORE}{}`],
    [
      '/v1/identify',
      JSON.stringify({ writeKey: SINK_WRITE_KEY, ...canary({ type: CORE, timestamp: CORE, sentAt: CORE }) }),
    ],
    [`/v1/${CORE}`, JSON.stringify(canary())],
    [
      '/v1/track',
      JSON.stringify({ writeKey: SINK_WRITE_KEY, ...canary({ integrations: { [CORE]: CORE, All: CORE } }) }),
    ],
  ];
  for (const [path, body] of bodies) await send(path, body);
  await ask(`/app-api/events/${CORE}`);
  const { apiUrl, apiToken } = running.endpoints;
  const source = ((await ask('/sources?pagination[count]=1')).body.data as { sources: { id: string }[] }).sources[0];
  for (const event of [canary(), canary({ userId: 7 })]) {
    await fetch(`${apiUrl}/app-api/sources/${source?.id}/test-events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ event }),
    });
  }
  // All of it is through when the last one shows, and files of logs are written within moments.
  await send(
    '/v1/track',
    JSON.stringify({ writeKey: SINK_WRITE_KEY, type: 'track', event: 'Last', userId: 'u', messageId: 'm-last' }),
  );
  await until(
    async () => JSON.stringify((await ask(`/app-api/sources/${source?.id}/events?event=Last`)).body).includes('m-last'),
    60_000,
    () => 'The last event did not show',
  );
  await new Promise((resolve) => setTimeout(resolve, 1_000));

  const lines = logLines();
  expect(lines.filter(({ text }) => isLeak(text)).map(({ text }) => around(text))).toEqual([]);
  // What it would have shown: functions did log, and the words are in what was sent.
  expect(new Set(lines.map(({ of }) => of)).size).toBeGreaterThanOrEqual(2);
  expect(isLeak(JSON.stringify(canary()))).toBe(true);
  const logs = join(running.directory, 'cloud');
  const files = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?:^|\/)logs\/.*\.log$/.test(name),
  );
  expect(files.length).toBeGreaterThanOrEqual(2);
  expect(files.filter((name) => isLeak(readFileSync(join(logs, name), 'utf8')))).toEqual([]);
  expect(isLeak(running.output())).toBe(false);
});
