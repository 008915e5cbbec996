import { answerAsk } from '../../../../functions/deliver/answer-ask.ts';
import { envelopeSealer } from '../../../../shared/aws/envelope-sealer.ts';
import type { CheckWork } from '../../../../shared/destinations/credentials-checker.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import type { TestAsk } from '../../../../shared/ports/deliver-asks.ts';
import { aTestResult } from '../../../builders/a-test-result.ts';
import { aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aDestination } from '../../../builders/workspace-things.ts';

const SECRET = 'canary-0123456789abcdef';
/** A key service of one key for each workspace, that counts how often it makes and unwraps one. */
function keyService() {
  const calls = { generate: 0, unwrap: 0 };
  const key = (context: object) => Buffer.alloc(32, JSON.stringify(context).length);
  const sealer = envelopeSealer({
    generate: async (context) => {
      calls.generate += 1;
      return { key: key(context), wrapped: Buffer.from(JSON.stringify(context)).toString('base64url') };
    },
    unwrap: async (_wrapped, context) => {
      calls.unwrap += 1;
      return key(context);
    },
  });
  return { calls, sealer };
}

async function setUp() {
  const { calls, sealer } = keyService();
  const secrets = {
    apiKey: await sealer.seal(SECRET, { workspaceId: 'ws_1', destinationId: 'dst_1', field: 'apiKey' }),
  };
  const config = aWorkspaceConfig([
    { destination: aDestination({ type: 'slack', settings: { region: 'eu' }, secrets }), mappings: [] },
    { destination: aDestination({ id: 'dst_2', name: 'Other', type: 'slack' }), mappings: [] },
  ]);
  const checked: CheckWork[] = [];
  const tests: { config: WorkspaceConfig | undefined; ask: TestAsk }[] = [];
  const answer = answerAsk({
    configs: { workspaceConfig: async (id) => (id === 'ws_1' ? config : undefined) },
    sealer,
    check: async (work) => {
      checked.push(work);
      return { outcome: 'accepted', requests: 1 };
    },
    test: async (config, ask) => {
      tests.push({ config, ask });
      return aTestResult({ dryRun: ask.dryRun });
    },
    now: () => new Date('2026-11-26T10:00:00.000Z'),
  });
  return { answer, checked, tests, calls, sealer };
}

test('a check gets the settings with secrets opened, and what to keep out of its words', async () => {
  const { answer, checked } = await setUp();
  await expect(answer({ ask: 'check', workspaceId: 'ws_1', destinationId: 'dst_1' })).resolves.toEqual({
    outcome: 'accepted',
    requests: 1,
  });
  expect(checked).toEqual([{ slug: 'slack', settings: { region: 'eu', apiKey: SECRET }, secretValues: [SECRET] }]);
});

test('secrets are sealed for another destination under the same data key: it opens there, and nowhere else (B24)', async () => {
  const { answer, sealer, calls } = await setUp();
  const { secrets } = (await answer({ ask: 'reseal', workspaceId: 'ws_1', from: 'dst_1', to: 'dst_2' })) as {
    secrets: Record<string, { sealed: string }>;
  };
  const sealed = secrets['apiKey'] ?? { sealed: '' };
  await expect(sealer.open(sealed, { workspaceId: 'ws_1', destinationId: 'dst_2', field: 'apiKey' })).resolves.toBe(
    SECRET,
  );
  await expect(
    sealer.open(sealed, { workspaceId: 'ws_1', destinationId: 'dst_1', field: 'apiKey' }),
  ).rejects.toMatchObject({
    code: 'secret-unreadable',
  });
  // Made once, for what was sealed at first: whoever reseals needs kms:Decrypt alone.
  expect(calls.generate).toBe(1);
});

test.each([
  [{ ask: 'check', workspaceId: 'ws_1', destinationId: 'dst_9' }],
  [{ ask: 'check', workspaceId: 'ws_2', destinationId: 'dst_1' }],
  [{ ask: 'reseal', workspaceId: 'ws_1', from: 'dst_1', to: 'dst_9' }],
])('%j is about nothing that is there', async (ask) => {
  await expect((await setUp()).answer(ask)).resolves.toEqual({ outcome: 'not-found' });
});

test('what is no ask is refused', async () => {
  const { answer } = await setUp();
  await expect(answer({ ask: 'open', workspaceId: 'ws_1', destinationId: 'dst_1' })).rejects.toThrow('ask');
});

test('a type that nobody has made is tried as a destination of the source, without settings and as a dry run', async () => {
  const { answer, tests } = await setUp();
  const mapping = { name: 'All', action: 'send', trigger: 'type = "track"', fields: { text: 'hello' } };
  const trial = { ask: 'trial', workspaceId: 'ws_1', sourceId: 'src_1', type: 'slack', event: { type: 'track' } };
  await expect(answer({ ...trial, mappings: [mapping, mapping] })).resolves.toEqual({
    test: aTestResult({ dryRun: true }),
  });
  const [{ config, ask } = { config: undefined, ask: undefined }] = tests;
  expect(ask).toEqual({
    workspaceId: 'ws_1',
    destinationId: 'dst_trial',
    event: { type: 'track' },
    applyFilters: true,
    dryRun: true,
  });
  expect(config?.destinations).toHaveLength(3);
  expect(config?.destinations.at(-1)).toMatchObject({
    destination: { id: 'dst_trial', sourceId: 'src_1', type: 'slack', enabled: true, settings: {}, secrets: {} },
    mappings: [{ ...mapping, enabled: true }, mapping],
  });
  await expect(answer({ ...trial, sourceId: 'src_9', mappings: [] })).resolves.toEqual({ outcome: 'not-found' });
});
