import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { applySeed, type SeedDeps } from '../../../cli/seed/apply-seed.ts';
import { newWriteKey } from '../../../shared/aws/new-write-key.ts';
import { kmsService } from '../../../local/kms/kms-service.ts';
import { documentClient } from '../../../shared/aws/document-client.ts';
import { dynamoControlStore } from '../../../shared/aws/dynamo-control-store.ts';
import { kmsSealer } from '../../../shared/aws/kms-sealer.ts';
import { SIGNATURE_SECRET_FIELD } from '../../../shared/domain/source-hook.ts';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { type DynamodbBackend, localDynamodb } from '../../builders/dynamodb-backends.ts';
import { aSeed, findToolDefinition } from '../../builders/seed.ts';
import { aStateTable } from '../../builders/state-table.ts';

const KEY = 'abcdefghijklmnop0123';
const NOW = '2026-11-24T10:00:00.000Z';

let folder: string;
let dynamodb: DynamodbBackend;
let kms: Awaited<ReturnType<typeof awsEndpoint>>;
let keyArn: string;
let deps: SeedDeps;
let tableName: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-seed-'));
  dynamodb = await localDynamodb();
  const service = kmsService({ directory: folder });
  const provider = service.providers.find(({ type }) => type === 'AWS::KMS::Key');
  const key = await provider?.create({
    stackName: 'D',
    logicalId: 'K',
    physicalName: 'k',
    properties: { KeyPolicy: {} },
  });
  keyArn = String(key?.attributes['Arn']);
  kms = await awsEndpoint(service);
});
afterAll(async () => {
  await kms?.close();
  await dynamodb?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  tableName = await aStateTable(dynamodb.client);
  let id = 0;
  deps = {
    control: dynamoControlStore(documentClient(dynamodb.client), tableName),
    sealer: kmsSealer({ kms: new KMSClient(kms.clientConfig), keyArn }),
    findDefinition: findToolDefinition,
    now: () => new Date(NOW),
    newId: () => `id${(id += 1)}`,
  };
});

test('a first run makes everything, with the presets as mappings and one key and token, and says so', async () => {
  const report = await applySeed(deps, { seed: aSeed() });
  expect(report.changes).toEqual([
    'workspace shop: made',
    'source website: made',
    'write key of website: made',
    'destination "Tool" of website: made',
    'mapping "All" of "Tool": made',
    'API token: made',
  ]);
  expect(report.newApiToken).toMatch(/^tby_[A-Za-z0-9_-]{43}$/);
  expect(report.sources).toEqual([
    { slug: 'website', sourceId: expect.any(String), writeKey: expect.stringMatching(/^[A-Za-z0-9]{32}$/) },
  ]);
  const config = await deps.control.readConfig(report.workspaceId);
  expect(config?.sources).toMatchObject([{ slug: 'website', kind: 'website', enabled: true, dedupHours: 24 }]);
  expect(config?.destinations).toMatchObject([
    {
      destination: { name: 'Tool', type: 'tool', enabled: true, settings: { region: 'eu' } },
      mappings: [{ name: 'All', action: 'send', trigger: 'type = "track"', fields: { to: { '@path': '$.userId' } } }],
    },
  ]);
});

test('a second run of the same file changes nothing, not even a version', async () => {
  const first = await applySeed(deps, { seed: aSeed() });
  const before = await deps.control.readConfig(first.workspaceId);
  const second = await applySeed(deps, { seed: aSeed() });
  expect(second).toEqual({ workspaceId: first.workspaceId, changes: [], sources: first.sources });
  expect(await deps.control.readConfig(first.workspaceId)).toEqual(before);
});

test('a changed file changes what it names, by field, and leaves the rest', async () => {
  const first = await applySeed(deps, { seed: aSeed() });
  const second = await applySeed(deps, {
    seed: aSeed({
      sources: [{ slug: 'website', name: 'Our website', kind: 'website', dedupHours: 48, writeKeys: [KEY] }],
      destinations: [
        {
          source: 'website',
          name: 'Tool',
          type: 'tool',
          enabled: false,
          settings: { apiKey: 'another', region: 'eu' },
        },
      ],
    }),
  });
  expect(second.changes).toEqual([
    'source website: changed name, dedupHours',
    'write key of website: made',
    'destination "Tool" of website: changed enabled, secrets',
  ]);
  const [source] = await deps.control.listSources(first.workspaceId);
  const keys = source && (await deps.control.listWriteKeys(first.workspaceId, source.id));
  expect(keys?.map(({ writeKey }) => writeKey)).toContain(first.sources[0]?.writeKey);
  expect(keys).toHaveLength(2);
});

test('a retry window that the file names is set; what it does not name stays as it was set by hand, a pause too (G06)', async () => {
  const tool = (over: Record<string, unknown>) => ({
    destinations: [{ source: 'website', name: 'Tool', type: 'tool', settings: { apiKey: 'k' }, ...over }],
  });
  const { workspaceId } = await applySeed(deps, { seed: aSeed(tool({})) });
  const now = async () => {
    const [destination] = await deps.control.listDestinations(workspaceId);
    if (destination === undefined) throw new Error('No destination');
    return destination;
  };
  expect(await now()).toMatchObject({ retryWindowHours: 24 });
  const set = await applySeed(deps, { seed: aSeed(tool({ retryWindowHours: 4 })) });
  expect(set.changes).toEqual(['destination "Tool" of website: changed retryWindowHours']);
  const paused = { since: NOW, by: 'hand' as const };
  await deps.control.saveDestination({ ...(await now()), retryWindowHours: 1, paused }, 'by hand');
  expect((await applySeed(deps, { seed: aSeed(tool({})) })).changes).toEqual([]);
  expect(await now()).toMatchObject({ retryWindowHours: 1, paused });
  expect(() => aSeed(tool({ retryWindowHours: 313 }))).toThrow('destinations[0].retryWindowHours');
});

test('secrets are sealed for their own place, and a dump of the table holds none of them', async () => {
  const { workspaceId } = await applySeed(deps, { seed: aSeed(), apiToken: 'tby_token-canary-4712' });
  const [destination] = await deps.control.listDestinations(workspaceId);
  const sealed = destination?.secrets['apiKey'];
  const context = { workspaceId, destinationId: destination?.id ?? '', field: 'apiKey' };
  expect(sealed && (await deps.sealer.open(sealed, context))).toBe('canary-4711');
  const dump = JSON.stringify(await dynamodb.client.send(new ScanCommand({ TableName: tableName })));
  expect(dump).toContain('Tool');
  expect(dump).not.toMatch(/canary-471/);
});

test('prune removes keys and mappings and switches off what the file does not name; without it they stay', async () => {
  const mapping = (name: string) => ({ name, action: 'send', trigger: 'type = "page"', fields: { to: 'x' } });
  const tool = (name: string, mappings: unknown[]) => ({
    source: 'website',
    name,
    type: 'tool',
    settings: { apiKey: 'k' },
    mappings,
  });
  const website = { slug: 'website', name: 'Website', kind: 'website' };
  const old = newWriteKey();
  const { workspaceId } = await applySeed(deps, {
    seed: aSeed({
      sources: [
        { ...website, writeKeys: [old] },
        { slug: 'old', name: 'Old', kind: 'server' },
      ],
      destinations: [tool('Tool', [mapping('One'), mapping('Two')]), tool('Old tool', [mapping('One')])],
    }),
  });
  const seed = aSeed({ sources: [{ ...website, writeKeys: [KEY] }], destinations: [tool('Tool', [mapping('One')])] });
  expect((await applySeed(deps, { seed })).changes).toEqual(['write key of website: made']);
  expect((await applySeed(deps, { seed, prune: true })).changes).toEqual([
    'a write key of website: removed',
    'mapping "Two" of "Tool": removed',
    'source old: switched off',
    'destination "Old tool": switched off',
  ]);
  expect((await applySeed(deps, { seed, prune: true })).changes).toEqual([]);
  const config = await deps.control.readConfig(workspaceId);
  expect(config?.sources.filter(({ enabled }) => enabled).map(({ slug }) => slug)).toEqual(['website']);
});

test('a write key of another source, and a name with another type, are refused', async () => {
  const website = { slug: 'website', name: 'Website', kind: 'website', writeKeys: [KEY] };
  await applySeed(deps, { seed: aSeed({ sources: [website] }) });
  const other = { slug: 'other', name: 'Other', kind: 'server', writeKeys: [KEY] };
  await expect(applySeed(deps, { seed: aSeed({ sources: [other], destinations: [] }) })).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining('belongs to another source already'),
  });
});

test('a run that was broken off at any write is completed by the next, without doubles', async () => {
  for (let writes = 0; writes < 6; writes += 1) {
    const table = await aStateTable(dynamodb.client);
    const control = dynamoControlStore(documentClient(dynamodb.client), table);
    let left = writes;
    const breaking = new Proxy(control, {
      get: (target, name: keyof typeof control) => {
        if (!/^(save|add)/.test(name)) return target[name];
        return async (...args: never[]) => {
          if (left === 0) throw new Error('broken off');
          left -= 1;
          return await (target[name] as (...args: never[]) => Promise<unknown>)(...args);
        };
      },
    });
    await expect(applySeed({ ...deps, control: breaking }, { seed: aSeed() })).rejects.toThrow('broken off');
    const { workspaceId } = await applySeed({ ...deps, control }, { seed: aSeed() });
    const config = await control.readConfig(workspaceId);
    expect([
      (await control.listWorkspaces()).length,
      config?.sources.length,
      config?.destinations.length,
      config?.destinations[0]?.mappings.length,
    ]).toEqual([1, 1, 1, 1]);
  }
});

test('filters, the schema and what a source asks for are made, found again, changed and pruned', async () => {
  const destination = (filters: unknown[]) => ({
    source: 'website',
    name: 'Tool',
    type: 'tool',
    settings: { apiKey: 'k' },
    connectionMode: 'cloud',
    consentCategories: ['ads'],
    filters,
  });
  const source = { slug: 'website', name: 'Website', kind: 'website', dedupBy: 'event', requestsPerSecondMax: 50 };
  const schema = { track: { Ping: { enabled: false }, Sold: { destinations: { Tool: false } } } };
  const filter = { title: 'No pages', if: 'type = "page"', actions: [{ type: 'DROP' }] };
  const seed = (over: { filters?: unknown[]; schema?: unknown }) =>
    aSeed({
      sources: [{ ...source, schema: over.schema ?? schema }],
      destinations: [destination(over.filters ?? [filter])],
    });

  const first = await applySeed(deps, { seed: seed({}) });
  expect(first.changes).toEqual(
    expect.arrayContaining(['filter "No pages" of "Tool": made', 'schema of website: made']),
  );
  const config = await deps.control.readConfig(first.workspaceId);
  const id = config?.destinations[0]?.destination.id ?? '';
  expect(config).toMatchObject({
    sources: [{ dedupBy: 'event', requestsPerSecondMax: 50, batching: true, requires: 'write-key', allowedIps: [] }],
    destinations: [
      {
        destination: { connectionMode: 'cloud', consentCategories: ['ads'] },
        filters: [{ title: 'No pages', if: 'type = "page"', enabled: true }],
      },
    ],
    schemas: [
      { track: { Ping: { enabled: false }, Sold: { enabled: true, destinations: { [id]: false } } }, page: {} },
    ],
  });
  expect((await applySeed(deps, { seed: seed({}) })).changes).toEqual([]);

  const changed = await applySeed(deps, {
    seed: seed({ filters: [{ ...filter, enabled: false }], schema: { page: { Admin: { enabled: false } } } }),
  });
  expect(changed.changes).toEqual([
    'filter "No pages" of "Tool": changed enabled',
    'schema of website: changed track, page',
  ]);
  expect(
    (await applySeed(deps, { seed: seed({ filters: [], schema: { page: { Admin: { enabled: false } } } }) })).changes,
  ).toEqual([]);
  const pruned = await applySeed(deps, {
    seed: seed({ filters: [], schema: { page: { Admin: { enabled: false } } } }),
    prune: true,
  });
  expect(pruned.changes).toEqual(['filter "No pages" of "Tool": removed']);
});

test('the secret of a webhook’s signature is sealed for its source, changes nothing in a second run, and an old one stays as it is behind a new one', async () => {
  const withSecrets = (secrets: Record<string, string>) =>
    aSeed({
      sources: [
        {
          slug: 'website',
          name: 'Website',
          kind: 'webhook',
          hook: { mapping: { event: 'E', userId: 'u' }, signature: { scheme: 'stripe', ...secrets } },
        },
      ],
    });
  const first = await applySeed(deps, { seed: withSecrets({ secret: 'canary-first' }) });
  expect((await applySeed(deps, { seed: withSecrets({ secret: 'canary-first' }) })).changes).toEqual([]);
  const [before] = await deps.control.listSources(first.workspaceId);
  const second = await applySeed(deps, {
    seed: withSecrets({ secret: 'canary-second', previousSecret: 'canary-first' }),
  });
  expect(second.changes).toEqual(['source website: changed hook']);
  const [source] = await deps.control.listSources(first.workspaceId);
  const secrets = source?.hook?.signature?.secrets ?? [];
  expect(secrets[1]).toEqual(before?.hook?.signature?.secrets[0]);
  const context = { workspaceId: first.workspaceId, sourceId: source?.id ?? '', field: SIGNATURE_SECRET_FIELD };
  await expect(Promise.all(secrets.map((secret) => deps.sealer.open(secret, context)))).resolves.toEqual([
    'canary-second',
    'canary-first',
  ]);
  const { Items } = await dynamodb.client.send(new ScanCommand({ TableName: tableName }));
  expect(JSON.stringify(Items)).not.toContain('canary-');
});
