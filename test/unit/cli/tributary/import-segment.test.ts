import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOut } from '../../../../cli/tributary/files/file-layout.ts';
import { readFolder, writeFolder } from '../../../../cli/tributary/files/folder.ts';
import { KINDS } from '../../../../cli/tributary/workspace/known.ts';
import { apiWorld } from '../../../builders/api-world.ts';
import { fetchOf, replyOf, terminal } from '../../../builders/cli-world.ts';
import { FAKE_ENTRIES, fakeCatalog } from '../../../builders/fake-catalog.ts';
import { type Served, served } from '../../../builders/served.ts';
import { aDestinationFile, aMappingFile, aSourceFile, someFiles, textsOf } from '../../../builders/workspace-files.ts';
import { RETURNED_SECRET, SEGMENT_TOKEN, segmentAnswer } from '../../../fixtures/segment-workspace.ts';

let folder = '';
const servers: Served[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-segment-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((one) => one.close()));
  await rm(folder, { recursive: true, force: true });
});
const serve = async (answer: Parameters<typeof served>[0]): Promise<string> => {
  const server = await served(answer);
  servers.push(server);
  return server.url;
};

/** The catalog with the webhook of the recorded workspace in it, by Segment's own id. */
const [tool] = FAKE_ENTRIES.filter(({ slug }) => slug === 'tool');
const webhook = tool && {
  ...tool,
  id: '614a3c7d791c91c41bae7599',
  slug: 'webhook',
  name: 'Webhooks',
  otherSlugs: ['actions-webhook'],
  settings: tool.settings.slice(1, 2).map((setting) => ({ ...setting, key: 'sharedSecret' })),
  actions: tool.actions.map((action) => ({
    ...action,
    id: 'bfHBxxVX7nWxZ2M2tg5DkW',
    fields: [
      ...action.fields.slice(1),
      ...['url', 'method', 'data'].map((key) => ({ ...action.fields[1], key }) as never),
    ],
  })),
  presets: tool.presets.map((preset) => ({ ...preset, fields: {} })),
};

async function here() {
  const world = await apiWorld({ catalog: fakeCatalog(1_000, [...FAKE_ENTRIES, ...(webhook ? [webhook] : [])]) });
  const url = await serve(replyOf(world));
  return { world, type: terminal({ url, token: world.ownerToken }) };
}

test('a workspace recorded at Segment is rebuilt, and what it lacks here is in the report', async () => {
  const { world, type } = await here();
  const segment = await serve(({ path, query, headers }) => segmentAnswer(path, query, headers.authorization));
  const env = { SEGMENT_TOKEN };
  const dry = await type(`import segment ${folder} --segment-url ${segment} --dry-run`, env);
  expect(dry.out).toContain('+ destination shop-web/Orders hook');
  expect((await world.call('GET', '/sources')).data).toMatchObject({ sources: [] });

  const done = await type(`import segment ${folder} --segment-url ${segment}`, env);
  expect(done.code).toBe(1);
  expect(done.out.split('\n')).toEqual(
    expect.arrayContaining(['+ source shop-web', '+ destination shop-web/Orders hook', '+ tracking plan Shop plan']),
  );
  expect(done.notes.split('\n')).toEqual([
    '? destinations/shop-web/masked-hook.json: settings.sharedSecret needs SHOP_WEB_MASKED_HOOK_SHARED_SECRET, which is not set',
    '? destinations/shop-web/masked-hook.json: shop-web/Masked hook stays switched off until then',
  ]);
  const { destinations } = (await world.call('GET', '/destinations')).data as {
    destinations: { id: string; name: string; enabled: boolean; settings: object }[];
  };
  expect(Object.fromEntries(destinations.map(({ name, enabled }) => [name, enabled]))).toEqual({
    'Masked hook': false,
    'Old hook': false,
    'Orders hook': true,
    'orders hook 2': false,
  });
  const orders = destinations.find(({ name }) => name === 'Orders hook');
  expect((await world.call('GET', `/destinations/${orders?.id}/subscriptions`)).data).toMatchObject({
    subscriptions: [{ name: 'Orders', actionSlug: 'send', enabled: true }],
  });
  expect((await world.call('GET', `/destination/${orders?.id}/filters`)).data).toMatchObject({
    filters: [{ title: 'No tests', actions: [{ type: 'DROP' }] }],
  });
  // The secret that Segment returned was sealed, and is in no file.
  expect(orders?.settings).toEqual({ sharedSecret: '••••••••' });
  const report = await readFile(join(folder, 'segment-report.md'), 'utf8');
  expect(report).toContain('- destination Wire of shop-web: there is no type "Telegraph" here');
  expect(
    [report, done.out, ...Object.values(textsOf((await readFolder(folder, KINDS)).files))].join('\n'),
  ).not.toContain(RETURNED_SECRET);
});

test('Segment’s shapes as our own API has them come over whole: sources, keys, mappings, filters, plans', async () => {
  const theirs = await apiWorld();
  const segmentUrl = await serve(replyOf(theirs));
  const files = someFiles({
    labels: ['dev', 'prod'].map((value) => ({ key: 'environment', value })),
    sources: [aSourceFile({ labels: { environment: 'prod' }, writeKeys: ['shopWriteKey0123456789abcdef'] })],
    destinations: [
      aDestinationFile({
        settings: { apiKey: '${KEY}', region: 'eu' },
        mappings: [aMappingFile(), aMappingFile({ name: 'Pages', enabled: false })],
        filters: [{ title: 'No alias', if: 'type = "alias"', actions: [{ type: 'DROP' }], enabled: true }],
      }),
      aDestinationFile({
        name: 'Pager',
        type: 'pager',
        mappings: [
          {
            name: 'Post',
            action: 'post',
            trigger: 'type = "track"',
            enabled: true,
            fields: { url: '${URL}', text: '$${x}' },
          },
        ],
      }),
    ],
    trackingPlans: [
      {
        name: 'Plan',
        type: 'LIVE',
        sources: ['website'],
        rules: [{ type: 'TRACK', key: 'A', version: 1, jsonSchema: {} }],
      },
    ],
  });
  const seed = join(folder, 'seed');
  await writeFolder(seed, layOut(files, { slug: 'a', name: 'A' }, KINDS), KINDS);
  const there = terminal({ url: 'http://127.0.0.1', token: theirs.ownerToken }, { fetch: fetchOf(theirs) });
  expect(await there(`import ${seed}`, { KEY: 'key-0123', URL: 'https://pager.example/hook' })).toMatchObject({
    code: 0,
  });
  await there(`export ${join(folder, 'theirs')}`);

  const { type } = await here();
  const env = {
    SEGMENT_TOKEN: theirs.ownerToken,
    WEBSITE_TOOL_API_KEY: 'key-0123',
    WEBSITE_PAGER_POST_URL: 'https://pager.example/hook',
  };
  const moved = await type(`import segment ${join(folder, 'moved')} --segment-url ${segmentUrl}`, env);
  expect(moved.notes).toBe('');
  await type(`export ${join(folder, 'ours')}`);
  const [a, b] = await Promise.all(
    ['theirs', 'ours'].map(async (name) => (await readFolder(join(folder, name), KINDS)).files),
  );
  expect(b && textsOf(b)).toEqual(a && textsOf(a));
});

test('without a token, or with one that is none, nothing is read or written', async () => {
  const { type } = await here();
  expect(await type(`import segment ${folder}/x`)).toMatchObject({
    code: 2,
    notes: expect.stringContaining('SEGMENT_TOKEN'),
  });
  const segment = await serve(({ path, query, headers }) => segmentAnswer(path, query, headers.authorization));
  const wrong = await type(`import segment ${folder}/x --segment-url ${segment}`, { SEGMENT_TOKEN: 'wrong' });
  expect(wrong).toMatchObject({
    code: 1,
    notes: expect.stringMatching(/^Segment says: .*is SEGMENT_TOKEN a live token/),
  });
  await expect(readFile(join(folder, 'x', 'workspace.json'))).rejects.toThrow('ENOENT');
});
