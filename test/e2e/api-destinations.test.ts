import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CONFIG_CHECK_MS } from '../../shared/config/limits.ts';
import { MASKED } from '../../shared/domain/audit.ts';
import { aDirectory, type Running, runTributary, until } from '../builders/running-tributary.ts';
import { aSeed } from '../builders/sink-seed.ts';
import { toolServer } from '../builders/tool-server.ts';

/** Configuration is in force within 5 s; a machine that is busy with other tests has more. */
const IN_FORCE_MS = 30_000;
const SECRET = 'a-shared-secret-of-the-receiver';

let running: Running;
let tool: Awaited<ReturnType<typeof toolServer>>;
beforeAll(async () => {
  tool = await toolServer();
  const seed = aSeed(aDirectory(), []);
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
}, 90_000);
afterAll(async () => {
  await running.kill();
  await tool.close();
});

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiToken}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
  return (JSON.parse(text) as { data: T }).data;
}

test('what the API makes delivers: a source, a destination with copied secrets (B24), a mapping of its presets, a filter', async () => {
  const { source } = await call<{ source: { id: string; writeKeys: string[] } }>('POST', '/sources', {
    slug: 'shop',
    enabled: true,
    metadataId: 'http-api',
  });
  type Made = { destination: { id: string; settings: Record<string, unknown> } };
  const aDestination = (name: string, settings: object) =>
    call<Made>('POST', '/destinations', { sourceId: source.id, metadataId: 'webhook', name, settings });
  const first = await aDestination('First', { sharedSecret: SECRET });
  const { destination } = await aDestination('Second', {});
  // Opened and sealed anew by the function that delivers, which the API invokes.
  await expect(
    call<Made>('POST', `/app-api/destinations/${destination.id}/copy-settings`, {
      fromDestinationId: first.destination.id,
    }),
  ).resolves.toMatchObject({ destination: { settings: { sharedSecret: MASKED } } });
  await expect(call('POST', `/app-api/destinations/${destination.id}/check`)).resolves.toMatchObject({
    check: { outcome: 'not-offered' },
  });

  type Presets = { subscriptions: { id: string; settings: Record<string, unknown> }[] };
  const { subscriptions } = await call<Presets>('POST', `/app-api/destinations/${destination.id}/presets`);
  const [mapping] = subscriptions;
  await call('PATCH', `/destinations/${destination.id}/subscriptions/${mapping?.id}`, {
    input: { enabled: true, settings: { ...mapping?.settings, url: `${tool.origin}/in` } },
  });
  await call('PATCH', `/destinations/${destination.id}`, { enabled: true });

  const send = async (event: string) => {
    const answer = await fetch(`${running.endpoints.trackingUrl}/v1/track`, {
      method: 'POST',
      body: JSON.stringify({
        writeKey: source.writeKeys[0],
        userId: 'u1',
        event,
        messageId: `${event} ${randomUUID()}`,
      }),
    });
    expect(answer.status).toBe(200);
  };
  const seen = () => tool.arrivals.map(({ body }) => (JSON.parse(body) as { event: string }).event);
  let number = 0;
  // What comes before the destination is in force is not for it: the next is.
  await until(
    async () => {
      if (seen().length > 0) return true;
      await send(`Before ${(number += 1)}`);
      return false;
    },
    IN_FORCE_MS,
    () => `Nothing arrived. ${running.output().slice(-2_000)}`,
  );
  const [arrival] = tool.arrivals;
  const signature = createHmac('sha1', SECRET)
    .update(arrival?.body ?? '')
    .digest('hex');
  expect(arrival?.headers['x-signature']).toBe(signature);

  await call('POST', `/destination/${destination.id}/filters`, {
    sourceId: source.id,
    if: "event = 'Dropped'",
    actions: [{ type: 'DROP' }],
    title: 'No such thing',
    enabled: true,
  });
  // Every environment has looked at the configuration by then.
  await wait(CONFIG_CHECK_MS + 1_000);
  for (let n = 0; n < 5; n += 1) await send('Dropped');
  await send('After');
  await until(
    () => seen().includes('After'),
    IN_FORCE_MS,
    () => `Nothing goes out any more: ${seen().join(', ')}`,
  );
  // What was sent before it may come after it.
  await wait(1_000);
  expect(seen()).not.toContain('Dropped');

  await call('DELETE', `/sources/${source.id}`);
  await expect(call('GET', `/destinations/${destination.id}`)).rejects.toThrow('404');
  expect(running.output()).not.toContain(SECRET);
}, 120_000);
