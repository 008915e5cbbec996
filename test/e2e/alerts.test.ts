import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { aDirectory, until } from '../builders/running-tributary.ts';
import { aSinkSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { startWholeCloud, theWholeApp, type WholeCloud } from '../builders/whole-cloud.ts';

/** What is promised of an alert, from its cause on. */
const TOLD_MS = 120_000;
/** Below the ten failures that open a breaker. */
const EVENTS = 8;

type Got = { path: string; headers: Record<string, unknown>; body: string };
let sink: Sink;
let running: WholeCloud;
let receiver: Server;
let receiverUrl: string;
const got: Got[] = [];

beforeAll(async () => {
  const [assembly, started] = await Promise.all([theWholeApp(), startSink({ host: '127.0.0.1', port: 0 })]);
  sink = started;
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  receiverUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const directory = aDirectory();
  const failing = aWebhook('Refuses', `${sink.url}/status/400`, { trigger: 'type != "none"' });
  const seedFile = aSinkSeed(directory, sink.url, [failing]);
  running = await startWholeCloud({ assembly, stateDirectory: directory, seedFile });
}, 150_000);

afterAll(async () => {
  await running?.cloud.stop();
  await sink?.stop();
  receiver?.close();
}, 60_000);

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const parsed = (await answer.json()) as { data: T; errors?: unknown };
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(parsed.errors)}`);
  return parsed.data;
}

type Listed = { notifications: { kind: string; title: string; lines: string[] }[] };

test('a test of an alert goes through each channel and says what each answered, the mailbox has the mail (H08)', async () => {
  const { alert } = await call<{ alert: { id: string } }>('POST', '/app-api/alerts', {
    name: 'Refusals',
    kind: 'DELIVERY_RATE',
    percent: 50,
    minutes: 10,
    count: EVENTS,
    channels: [
      { type: 'IN_APP' },
      { type: 'EMAIL', address: 'ops@example.com' },
      { type: 'SLACK', webhookUrl: `${receiverUrl}/slack/token`, channel: '#ops' },
      { type: 'WEBHOOK', url: `${receiverUrl}/hook`, secret: 'shh' },
    ],
    enabled: true,
  });
  const { channels } = await call<{ channels: unknown[] }>('POST', `/app-api/alerts/${alert.id}/test`);
  expect(channels).toEqual([
    { type: 'IN_APP', sent: true, message: 'It is among the notifications.' },
    { type: 'EMAIL', sent: true, message: 'Amazon SES took it.' },
    { type: 'SLACK', sent: true, message: 'It answered 200: ok' },
    { type: 'WEBHOOK', sent: true, message: 'It answered 200: ok' },
  ]);
  expect(running.cloud.mails()).toMatchObject([
    {
      from: 'alerts@example.com',
      to: ['ops@example.com'],
      subject: expect.stringContaining('Test of the alert Refusals'),
    },
  ]);
  expect(got.map(({ path }) => path).toSorted()).toEqual(['/hook', '/slack/token']);
}, 60_000);

test('a destination that refuses all is told by mail, Slack, webhook and in the app within two minutes, once (H07)', async () => {
  got.splice(0);
  const mailsBefore = running.cloud.mails().length;
  const { trackingUrl } = running.endpoints;
  const causedAtMs = Date.now();
  for (let count = 0; count < EVENTS; count += 1) {
    const sent = await fetch(`${trackingUrl}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${SINK_WRITE_KEY}:`)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'u', event: 'Order Completed' }),
    });
    expect(sent.status).toBe(200);
  }
  await until(
    async () => got.length >= 2 && running.cloud.mails().length > mailsBefore,
    TOLD_MS,
    () =>
      `${got.length} arrived: ${running
        .log()
        .split('\n')
        .filter((line) => line.includes('Alerts'))
        .slice(-10)
        .join('\n')}`,
  );
  expect(Date.now() - causedAtMs).toBeLessThan(TOLD_MS);
  const [mail] = running.cloud.mails();
  expect(mail?.text).toContain(`Refuses: 0 % of ${EVENTS} tries in the last 10 minutes were delivered`);
  const slack = got.find(({ path }) => path === '/slack/token');
  expect(JSON.parse(slack?.body ?? '')).toMatchObject({
    channel: '#ops',
    text: expect.stringContaining('Refuses: 0 %'),
  });
  const hook = got.find(({ path }) => path === '/hook');
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = hook?.headers ?? {};
  const expected = createHmac('sha256', 'shh')
    .update(`${String(id)}.${String(at)}.${hook?.body}`)
    .digest('base64');
  expect(signature).toBe(`v1,${expected}`);
  const { notifications } = await call<Listed>('GET', '/app-api/notifications');
  expect(notifications.filter(({ kind }) => kind === 'fired').map(({ title }) => title)).toEqual(['Refusals']);
  const { alerts } = await call<{ alerts: { name: string; lastAnswers: { sent: boolean }[] }[] }>(
    'GET',
    '/app-api/alerts',
  );
  expect(alerts.find(({ name }) => name === 'Refusals')?.lastAnswers.map(({ sent }) => sent)).toEqual([
    true,
    true,
    true,
  ]);
  expect(running.log()).not.toContain('/slack/token');
}, 150_000);

test('what people change is told without anybody having asked (H10), and no function lacked a grant', async () => {
  await call('POST', '/sources', { slug: 'told', enabled: true, metadataId: 'node-js' }).catch(() => undefined);
  const { alerts } = await call<{ alerts: { id: string; isDefault: boolean }[] }>('GET', '/app-api/alerts');
  expect(alerts.some(({ isDefault }) => isDefault)).toBe(true);
  await until(
    async () => {
      const { notifications } = await call<Listed>('GET', '/app-api/notifications');
      return notifications.some(({ kind }) => kind === 'happened');
    },
    30_000,
    () => 'nothing was told',
  );
  expect(running.cloud.denials()).toEqual([]);
  // Whatever Node says at a cold start is an error in the logs of a function.
  expect(running.log()).not.toContain('DeprecationWarning');
}, 60_000);
