import fc from 'fast-check';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOut } from '../../../../cli/tributary/files/file-layout.ts';
import { readFolder, writeFolder } from '../../../../cli/tributary/files/folder.ts';
import { escaped, resolved } from '../../../../cli/tributary/files/placeholders.ts';
import type { Files } from '../../../../cli/tributary/files/workspace-files.ts';
import { KINDS } from '../../../../cli/tributary/workspace/known.ts';
import { ownerOf } from '../../../../shared/domain/access.ts';
import { aWorkspace } from '../../../builders/workspace-things.ts';
import { apiWorld } from '../../../builders/api-world.ts';
import { fetchOf, replyOf, terminal } from '../../../builders/cli-world.ts';
import { type Served, served } from '../../../builders/served.ts';
import { FAKE_ENTRIES, fakeCatalog } from '../../../builders/fake-catalog.ts';
import {
  aDestinationFile,
  aGroupFile,
  aMappingFile,
  aSourceFile,
  filesArbitrary,
  someFiles,
  textsOf,
} from '../../../builders/workspace-files.ts';

let folder = '';
const servers: Served[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-move-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((one) => one.close()));
  await rm(folder, { recursive: true, force: true });
});

/** A world served over HTTP, and a terminal for each of its two workspaces. */
async function setUp() {
  const world = await apiWorld();
  const server = await served(replyOf(world));
  servers.push(server);
  const other = await world.token([ownerOf(aWorkspace({ id: 'ws_2' }).id)], 'ws_2');
  return {
    world,
    shop: terminal({ url: server.url, token: world.ownerToken }),
    elsewhere: terminal({ url: server.url, token: other }),
    other,
    entries: async () =>
      (await world.call('GET', '/audit-events', { query: 'pagination[count]=1000' })).data as { events: unknown[] },
  };
}
const write = async (files: Files, into = folder): Promise<void> => {
  await writeFolder(into, layOut(files, { slug: 'shop', name: 'Shop' }, KINDS), KINDS);
};
const SECRETS = {
  WEBSITE_TOOL_API_KEY: 'the-secret-api-key',
  WEBSITE_PAGER_POST_URL: 'https://pager.example/secret-hook',
  HOOKS_HOOK_SIGNATURE_SECRETS_0: 'secret-of-the-signature',
};
const HOOKS = aSourceFile({
  slug: 'hooks',
  name: 'Hooks',
  type: 'webhook',
  writeKeys: ['hooksWriteKey0123456789abcde'],
  hook: {
    mapping: { type: 'track', event: 'Order', userId: { '@path': '$.body.customer' } },
    signature: {
      scheme: 'hmac-sha256',
      header: 'x-signature',
      encoding: 'hex',
      prefix: '',
      toleranceSeconds: 300,
      secrets: ['${HOOKS_HOOK_SIGNATURE_SECRETS_0}'],
    },
  },
});
const SHOP = someFiles({
  settings: [{ autoDisableSources: true, auditForwardingTo: 'server' }],
  labels: [
    { key: 'environment', value: 'dev' },
    { key: 'environment', value: 'prod' },
    { key: 'team', value: 'growth', description: 'Growth' },
  ],
  sources: [
    aSourceFile({
      labels: { environment: 'prod', team: 'growth' },
      writeKeys: ['shopWriteKey0123456789abcdef'],
      schemaSettings: { forwardingViolationsTo: 'server', track: { allowUnplannedEvents: false } },
      settings: { dedupHours: 48 },
    }),
    HOOKS,
    aSourceFile({ slug: 'server', name: 'Server', type: 'node-js', writeKeys: ['serverWriteKey0123456789abcd'] }),
  ],
  destinations: [
    aDestinationFile({
      settings: { apiKey: '${WEBSITE_TOOL_API_KEY}', region: 'eu' },
      connectionMode: 'cloud',
      retryWindowHours: 48,
      consentCategories: ['ads'],
      mappings: [aMappingFile(), aMappingFile({ name: 'Pages', trigger: 'type = "page"', enabled: false })],
      filters: [{ title: 'No tests', if: 'type = "alias"', actions: [{ type: 'DROP' }], enabled: true }],
    }),
    aDestinationFile({
      name: 'Pager',
      type: 'pager',
      connectionMode: 'cloud',
      retryWindowHours: 24,
      consentCategories: [],
      mappings: [
        {
          name: 'Post',
          action: 'post',
          trigger: 'type = "track"',
          enabled: true,
          fields: { url: '${WEBSITE_PAGER_POST_URL}' },
        },
      ],
    }),
  ],
  trackingPlans: [
    {
      name: 'Plan',
      type: 'LIVE',
      sources: ['website'],
      rules: [{ type: 'TRACK', key: 'Order', version: 1, jsonSchema: { type: 'object' } }],
    },
  ],
  transformations: [
    {
      name: 'Rename',
      source: 'website',
      destinationType: 'tool',
      enabled: true,
      if: 'event = "a"',
      does: { newEventName: 'b' },
    },
  ],
  groups: [
    aGroupFile({
      piiAccess: true,
      permissions: [{ role: 'Source Admin', resources: [{ source: 'website' }, { labels: { team: 'growth' } }] }],
    }),
  ],
});

test('export, wipe, import, and it works again: the same files, the same keys, the secrets from the environment', async () => {
  const { world, shop, elsewhere, other } = await setUp();
  await write(SHOP);
  expect(await shop(`import ${folder}`, SECRETS)).toMatchObject({ code: 0, notes: '' });

  const out = join(folder, 'out');
  expect((await shop(`export ${out}`)).code).toBe(0);
  const exported = await readFolder(out, KINDS);
  expect(exported.files).toMatchObject({ destinations: [{ name: 'Pager' }, { name: 'Tool', enabled: true }] });
  expect((await shop(`diff ${out}`)).out).toBe('No differences.');

  // Wiped: nothing is left but what every workspace has.
  const empty = join(folder, 'empty');
  await write(someFiles({ settings: [{ autoDisableSources: false }] }), empty);
  const listed = await shop(`import ${empty} --prune`);
  expect(listed.code).toBe(1);
  expect(listed.notes).toContain('- source website');
  expect(await shop(`import ${empty} --prune --yes`)).toMatchObject({ code: 0, notes: '' });
  expect((await world.call('GET', '/sources')).data).toMatchObject({ sources: [] });

  // Into another workspace: ids differ, everything else is as it was.
  expect(await elsewhere(`import ${out}`, SECRETS)).toMatchObject({ code: 0, notes: '' });
  const again = join(folder, 'again');
  expect((await elsewhere(`export ${again}`)).code).toBe(0);
  expect(textsOf((await readFolder(again, KINDS)).files)).toEqual(textsOf(exported.files));

  const { sources } = (await world.call('GET', '/sources', { bearer: other })).data as {
    sources: { slug: string; writeKeys: string[] }[];
  };
  expect(sources.find(({ slug }) => slug === 'website')?.writeKeys).toEqual(['shopWriteKey0123456789abcdef']);
});

test('a second import changes nothing: the audit trail does not grow, with or without the secrets', async () => {
  const { shop, entries } = await setUp();
  await write(SHOP);
  await shop(`import ${folder}`, SECRETS);
  const before = (await entries()).events.length;
  expect(before).toBeGreaterThan(10);
  expect(await shop(`import ${folder}`, SECRETS)).toEqual({ code: 0, out: 'Nothing to do.', notes: '' });
  expect(await shop(`import ${folder}`)).toEqual({ code: 0, out: 'Nothing to do.', notes: '' });
  expect((await entries()).events).toHaveLength(before);
});

test('a hook whose file has no signature loses it, and the plan says so', async () => {
  const { shop } = await setUp();
  await write(someFiles({ sources: [HOOKS] }));
  await shop(`import ${folder}`, SECRETS);
  await write(someFiles({ sources: [aSourceFile({ ...HOOKS, hook: { mapping: { event: 'Order' } } })] }));
  expect((await shop(`diff ${folder}`)).out).toContain('hook.signature: "(a signature)" → none');
  expect(await shop(`import ${folder}`)).toMatchObject({ code: 0, notes: '' });
  expect((await shop(`diff ${folder}`)).out).toBe('No differences.');
});

test('a dry run says what would be done and does nothing', async () => {
  const { shop, entries } = await setUp();
  await write(SHOP);
  const before = (await entries()).events.length;
  const { code, out } = await shop(`import ${folder} --dry-run`, SECRETS);
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    '+ label team:growth',
    '+ source hooks',
    '+ source server',
    '+ source website',
    '~ settings of workspace',
    '    auditForwardingTo: none → "server"',
    '    autoDisableSources: false → true',
    '+ tracking plan Plan',
    '+ destination website/Pager',
    '+ destination website/Tool',
    '+ transformation website/Rename',
    '+ group Marketing',
    '10 changes; none was made (--dry-run).',
  ]);
  expect((await entries()).events).toHaveLength(before);
});

test('what lacks a secret comes switched off and says so; once the secret is there it is switched on', async () => {
  const { world, shop } = await setUp();
  await write(SHOP);
  const first = await shop(`import ${folder}`);
  expect(first.code).toBe(1);
  expect(first.notes.split('\n')).toEqual([
    '? sources/hooks.json: hook needs HOOKS_HOOK_SIGNATURE_SECRETS_0, which is not set',
    '? destinations/website/pager.json: mappings[0].fields needs WEBSITE_PAGER_POST_URL, which is not set',
    '? destinations/website/tool.json: settings.apiKey needs WEBSITE_TOOL_API_KEY, which is not set',
    '? sources/hooks.json: hooks stays switched off until then',
    '? destinations/website/pager.json: website/Pager: Post stays switched off until then',
    '? destinations/website/tool.json: website/Tool stays switched off until then',
  ]);
  const states = async () =>
    (
      (await world.call('GET', '/destinations')).data as { destinations: { name: string; enabled: boolean }[] }
    ).destinations
      .map(({ name, enabled }) => `${name} ${enabled}`)
      .toSorted();
  expect(await states()).toEqual(['Pager true', 'Tool false']);
  expect((await world.call('GET', '/sources')).data).toMatchObject({
    sources: expect.arrayContaining([expect.objectContaining({ slug: 'hooks', enabled: false })]) as unknown,
  });
  expect((await shop(`diff ${folder}`)).code).toBe(1);
  expect(await shop(`import ${folder}`, SECRETS)).toMatchObject({ code: 0, notes: '' });
  expect(await states()).toEqual(['Pager true', 'Tool true']);
});

test('no secret is in any file or in anything that is printed, and no id is in a file', async () => {
  const { world, shop } = await setUp();
  await write(SHOP);
  const said = [await shop(`import ${folder}`, SECRETS)];
  const out = join(folder, 'out');
  said.push(await shop(`export ${out} --json`, SECRETS));
  await writeFile(
    join(out, 'destinations/website/pager.json'),
    (await readFile(join(out, 'destinations/website/pager.json'), 'utf8')).replace('"track"', '"page"'),
  );
  said.push(await shop(`diff ${out} --json`, SECRETS), await shop(`import ${out} --secrets --dry-run --json`, SECRETS));
  said.push(await shop(`import ${out} --secrets`, SECRETS), await shop('whoami'));
  const texts = await Promise.all(
    (await readdir(out, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
  );
  const all = [...texts, ...said.map(({ out: one, notes }) => `${one}\n${notes}`)].join('\n');
  for (const secret of [...Object.values(SECRETS), world.ownerToken]) expect(all).not.toContain(secret);
  expect(texts.join('\n')).not.toMatch(/\b(?:src|dst|map|flt|ws|grp|tp|trf)_\w/);
  expect(all).toContain('${WEBSITE_TOOL_API_KEY}');
});

test('a write key that another source has is refused, and the rest is done', async () => {
  const { shop, elsewhere } = await setUp();
  await write(SHOP);
  await shop(`import ${folder}`, SECRETS);
  const { code, out } = await elsewhere(`import ${folder} --only labels,sources`);
  expect(code).toBe(1);
  expect(out).toContain('! + source website: writeKey: This write key is in use: a key names one source.');
  expect(out).toContain('+ label team:growth');
});

test('a mapping that lacks what its action requires is made switched off and said to be; the next import grows no trail', async () => {
  const { world, shop, entries } = await setUp();
  const mappings = [aMappingFile({ name: 'No id', fields: {} }), aMappingFile()];
  await write(
    someFiles({
      sources: [aSourceFile()],
      destinations: [aDestinationFile({ type: 'tool', settings: { apiKey: '${KEY}' }, mappings })],
    }),
  );
  const line = `import ${folder} --only sources,destinations`;
  const first = await shop(line, { KEY: 'key-of-the-tool' });
  expect(first.code).toBe(1);
  expect(first.out).toContain(
    '! + destination website/Tool: mapping "No id": settings.id: is required before the mapping can be enabled; it was made switched off',
  );
  const { destinations } = (await world.call('GET', '/destinations')).data as {
    destinations: { id: string; enabled: boolean }[];
  };
  expect((await world.call('GET', `/destinations/${destinations[0]?.id}/subscriptions`)).data).toMatchObject({
    subscriptions: [
      { name: 'All events', enabled: true },
      { name: 'No id', enabled: false },
    ],
  });
  await shop(line);
  const before = (await entries()).events.length;
  expect((await shop(line)).code).toBe(1);
  expect((await entries()).events).toHaveLength(before);
});

/** What writes were asked for, and a way to fail one of them. */
function watched(world: Parameters<typeof fetchOf>[0], failAt = -1) {
  const writes: { asked: string; body: Record<string, unknown> }[] = [];
  const inner = fetchOf(world);
  const watching = (async (input: string | URL, init: RequestInit = {}) => {
    const { method = 'GET', body } = init;
    if (method !== 'GET') {
      const text = typeof body === 'string' ? body : '{}';
      writes.push({ asked: `${method} ${new URL(input).pathname}`, body: JSON.parse(text) as Record<string, unknown> });
      if (writes.length - 1 === failAt)
        return new Response('{"errors":[{"type":"internal-error","message":"away"}]}', { status: 500 });
    }
    return await inner(input, init);
  }) as typeof fetch;
  return { writes, fetch: watching };
}

test('a destination is made switched off, and switched on once its mappings and filters are there', async () => {
  const world = await apiWorld();
  const { writes, fetch } = watched(world);
  const type = terminal({ url: 'http://127.0.0.1', token: world.ownerToken }, { fetch });
  await write(someFiles({ sources: [aSourceFile()], destinations: SHOP.destinations.slice(0, 1) }));
  expect(await type(`import ${folder} --only sources,destinations`, SECRETS)).toMatchObject({ code: 0 });
  const parts = writes
    .filter(({ asked }) => asked.includes('destination'))
    .map(({ asked, body }) => `${asked.replace(/dst_\w+/, 'ID')} ${String(body['enabled'])}`);
  expect(parts).toEqual([
    'POST /destinations false',
    'PATCH /app-api/destinations/ID undefined',
    'POST /destination/ID/filters true',
    'POST /destinations/ID/subscriptions true',
    'POST /destinations/ID/subscriptions false',
    'PATCH /destinations/ID true',
  ]);
});

test('an import that is broken off, wherever, is finished by the next one', async () => {
  await write(SHOP);
  const all = await (async () => {
    const world = await apiWorld();
    const counting = watched(world);
    await terminal({ url: 'http://127.0.0.1', token: world.ownerToken }, { fetch: counting.fetch })(
      `import ${folder}`,
      SECRETS,
    );
    return counting.writes.length;
  })();
  expect(all).toBeGreaterThan(15);
  for (let failAt = 0; failAt < all; failAt += 1) {
    const world = await apiWorld();
    const profile = { url: 'http://127.0.0.1', token: world.ownerToken };
    const broken = await terminal(profile, { fetch: watched(world, failAt).fetch })(`import ${folder}`, SECRETS);
    expect(broken.code).toBe(1);
    const type = terminal(profile, { fetch: fetchOf(world) });
    // A source that was made and got no further has a key of its own that no file knows.
    expect(await type(`import ${folder} --prune --yes`, SECRETS)).toMatchObject({ code: 0, notes: '' });
    expect(await type(`diff ${folder}`, SECRETS)).toMatchObject({ code: 0, out: 'No differences.' });
  }
}, 120_000);

/** Files as an export of the workspace that they make has them. */
const filledIn = (files: Files): Files => ({
  ...files,
  destinations: files.destinations.map((one) => ({
    ...one,
    mappings: one.mappings.map((mapping) => ({
      ...mapping,
      fields: escaped(resolved(mapping.fields, { NAME: 'filled in' }).value) as typeof mapping.fields,
    })),
  })),
});

test('whatever a workspace is, what is imported is what is exported, and comes again after a wipe', async () => {
  await fc.assert(
    fc.asyncProperty(filesArbitrary({ withGroups: true }), async (files) => {
      const world = await apiWorld({ catalog: fakeCatalog(1_000, FAKE_ENTRIES) });
      const type = terminal({ url: 'http://127.0.0.1', token: world.ownerToken }, { fetch: fetchOf(world) });
      const root = await mkdtemp(join(folder, 'run-'));
      const [wanted = '', first = '', empty = '', second = ''] = ['a', 'b', 'c', 'd'].map((name) => join(root, name));
      const every = ['dev', 'prod'].map((value) => ({ key: 'environment', value }));
      const whole = { ...files, labels: [...every, ...files.labels], settings: [{ autoDisableSources: false }] };
      await write(whole, wanted);
      const imported = await type(`import ${wanted}`, { NAME: 'filled in' });
      expect(imported).toMatchObject({ code: 0, notes: '' });
      await type(`export ${first}`);
      expect(await type(`diff ${first}`)).toMatchObject({ code: 0, out: 'No differences.' });
      const came = JSON.parse(JSON.stringify(textsOf((await readFolder(first, KINDS)).files))) as Record<
        string,
        string
      >;
      for (const [path, text] of Object.entries(textsOf(filledIn(whole)))) {
        expect(JSON.parse(came[path] ?? 'null')).toMatchObject(JSON.parse(text) as object);
      }
      await write(someFiles({ settings: whole.settings, labels: every }), empty);
      expect(await type(`import ${empty} --prune --yes`)).toMatchObject({ code: 0, notes: '' });
      expect(await type(`import ${first}`)).toMatchObject({ code: 0, notes: '' });
      await type(`export ${second}`);
      expect(textsOf((await readFolder(second, KINDS)).files)).toEqual(textsOf((await readFolder(first, KINDS)).files));
    }),
    { numRuns: 12 },
  );
}, 120_000);
