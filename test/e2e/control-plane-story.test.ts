import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type EventFlow, eventFlow } from '../builders/event-flow.ts';
import { aDirectory, type Running, runTributary } from '../builders/running-tributary.ts';
import { type SignedIn, signIn } from '../builders/sign-in.ts';

const IN_FORCE_MS = 5_000;
const REVOKED_MS = 60_000;
const SECRET = 'story-secret-of-the-webhook';

let running: Running;
let flow: EventFlow;
let person: SignedIn;
let folder: string;
/** What the story makes. */
let sourceId: string;
let keys: string[];
let destinationId: string;
let token: string;

beforeAll(async () => {
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets'] });
  flow = await eventFlow(running.endpoints.trackingUrl);
  folder = join(aDirectory(), 'workspace');
}, 120_000);
afterAll(async () => {
  await flow?.stop();
  await running?.kill();
}, 30_000);

async function done<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${running.endpoints.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${person.accessToken}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
  return (JSON.parse(text) as { data: T }).data;
}

/** Runs the command as somebody types it, with a token of their own. The sink lives in this process, so it must not stand still meanwhile. */
async function tributary(args: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join('cli', 'tributary.ts'), ...args], {
    env: {
      ...process.env,
      NODE_NO_WARNINGS: '1',
      TRIBUTARY_URL: running.endpoints.apiUrl,
      TRIBUTARY_TOKEN: token,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, output };
}

test('somebody signs in by the page, and is the owner', async () => {
  const place = running.endpoints.signIn;
  if (place === null) throw new Error('There is no sign-in');
  person = await signIn(place, 'demo owner');
  const signedIn = await done<{ user: { email: string }; workspaces: { slug: string }[] }>('POST', '/app-api/sign-in', {
    idToken: person.idToken,
  });
  expect(signedIn.workspaces.map(({ slug }) => slug)).toEqual(['demo']);
  const made = await done<{ text: string }>('POST', '/app-api/tokens', {
    name: 'For the command line',
    permissions: [
      {
        roleId: 'workspace-owner',
        resources: [{ id: (await done<{ workspace: { id: string } }>('GET', '/')).workspace.id, type: 'WORKSPACE' }],
      },
    ],
  });
  token = made.text;
}, 60_000);

test('they make a source and connect a webhook with its secret, and what an SDK sends arrives signed', async () => {
  const { sourcesCatalog } = await done<{ sourcesCatalog: { id: string; slug: string }[] }>('GET', '/catalog/sources');
  const metadataId = sourcesCatalog.find(({ slug }) => slug === 'node-js')?.id;
  const { source } = await done<{ source: { id: string; writeKeys: string[] } }>('POST', '/sources', {
    slug: 'story',
    enabled: true,
    metadataId,
  });
  sourceId = source.id;
  const { destinationMetadata } = await done<{
    destinationMetadata: { id: string; actions: { id: string; slug: string }[] };
  }>('GET', '/catalog/destinations/webhook');
  const actionId = destinationMetadata.actions.find(({ slug }) => slug === 'send')?.id;
  for (const path of ['/story', '/witness']) {
    const { destination } = await done<{ destination: { id: string } }>('POST', '/destinations', {
      sourceId,
      metadataId: destinationMetadata.id,
      name: path.slice(1),
      settings: { sharedSecret: SECRET },
    });
    const settings = { url: `${flow.sink.url}${path}`, method: 'POST', data: { '@path': '$.' } };
    await done('POST', `/destinations/${destination.id}/subscriptions`, {
      name: 'Events',
      actionId,
      trigger: 'type = "track"',
      enabled: true,
      settings,
    });
    await done('PATCH', `/destinations/${destination.id}`, { enabled: true });
    if (path === '/story') destinationId = destination.id;
  }
  keys = source.writeKeys;
  await flow.untilSo(IN_FORCE_MS, async () => await reaches('/story', 'Connected'), 'the webhook is connected');
}, 60_000);

const reaches = async (path: string, event: string, key = keys[0] ?? ''): Promise<boolean> =>
  await flow.reaches(path, await flow.send(key, { event }));

test('they add a filter, and within 5 s what it names is dropped while everything else passes', async () => {
  await done('POST', `/destination/${destinationId}/filters`, {
    sourceId,
    if: 'event = "Secret Page Seen"',
    actions: [{ type: 'DROP' }],
    title: 'Not for them',
    enabled: true,
  });
  const isDropped = async () =>
    await flow.isHeldBack('/story', '/witness', await flow.send(keys[0] ?? '', { event: 'Secret Page Seen' }));
  const { lastNotMs } = await flow.untilSo(IN_FORCE_MS, isDropped, 'the filter is in force');
  expect(lastNotMs).toBeLessThanOrEqual(IN_FORCE_MS);
  await expect(reaches('/story', 'Order Completed')).resolves.toBe(true);
}, 60_000);

test('they give the source a second key and revoke the first, which is refused within a minute', async () => {
  const { source } = await done<{ source: { writeKeys: string[] } }>('POST', `/sources/${sourceId}/writekey`);
  const [old = ''] = keys;
  keys = source.writeKeys.filter((key) => key !== old);
  await done('DELETE', `/sources/${sourceId}/writekey/${old}`);
  await flow.untilSo(REVOKED_MS, async () => (await flow.takes(old)) === 'unknown-write-key', 'the key is revoked');
  await expect(reaches('/story', 'By the new key')).resolves.toBe(true);
}, 90_000);

test('they export the workspace, without its secret, wipe it, and import it: it works again as it did', async () => {
  const exported = await tributary(['export', folder]);
  expect(exported).toMatchObject({ status: 0 });
  const [, names = ''] = /An import takes from the environment: (.+)/.exec(exported.output) ?? [];
  expect(names).not.toBe('');
  await expect(tributary(['diff', folder])).resolves.toMatchObject({ status: 0 });
  const files = filesIn(folder);
  expect(files.some((text) => text.includes('Secret Page Seen'))).toBe(true);
  expect(files.filter((text) => text.includes(SECRET))).toEqual([]);

  await done('DELETE', `/sources/${sourceId}`);
  const gone = await done<{ sources: { slug: string }[] }>('GET', '/sources');
  expect(gone.sources.map(({ slug }) => slug)).not.toContain('story');
  const { destinations: left } = await done<{ destinations: { id: string }[] }>('GET', '/destinations');
  expect(left.map(({ id }) => id)).not.toContain(destinationId);
  await flow.untilSo(REVOKED_MS, async () => (await flow.takes(keys[0] ?? '')) !== 'taken', 'the source is gone');

  const secrets = Object.fromEntries(names.split(', ').map((name) => [name, SECRET]));
  const lacking = await tributary(['import', folder, '--dry-run']);
  expect(lacking.output).toContain(names.split(', ')[0]);
  const imported = await tributary(['import', folder], secrets);
  expect([imported.status, imported.output]).toEqual([0, expect.stringContaining('changes made.')]);
  const again = await tributary(['import', folder], secrets);
  expect([again.status, again.output]).toEqual([0, expect.stringContaining('Nothing to do')]);
  await flow.untilSo(2 * IN_FORCE_MS, async () => await reaches('/story', 'Back again'), 'it works again');
  const isDropped = await flow.isHeldBack(
    '/story',
    '/witness',
    await flow.send(keys[0] ?? '', { event: 'Secret Page Seen' }),
  );
  expect(isDropped).toBe(true);
}, 120_000);

test('the audit trail tells the whole story', async () => {
  const { events } = await done<{ events: { type: string; actorEmail?: string }[] }>(
    'GET',
    '/audit-events?pagination[count]=200',
  );
  const types = new Set(events.map(({ type }) => type));
  for (const type of ['Source Created', 'Integration Created', 'Source Deleted']) expect(types).toContain(type);
  expect(events.some(({ actorEmail }) => actorEmail !== undefined)).toBe(true);
});

/** Texts of all files below a folder. */
const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => join(directory, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'));
