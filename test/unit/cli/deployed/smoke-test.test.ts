import { type SmokeDeps, smokeTest } from '../../../../cli/deployed/smoke-test.ts';
import { deploymentName } from '../../../../cli/deployed/stacks.ts';
import { SourceWriteKey } from '../../../../shared/domain/workspace.ts';
import { aDoneRow, aPlanRow } from '../../../builders/ledger-rows.ts';
import { aDestination, aSource, aWorkspace, aWriteKey } from '../../../builders/workspace-things.ts';

const RECEIVED_AT = '2026-11-24T10:15:00.000Z';

/** A deployment in which everything works, unless a test says otherwise. */
const setUp = (over: { answer?: () => Response; inbox?: boolean; plans?: boolean; dones?: boolean } = {}) => {
  const lines: string[] = [];
  const sent: { url: string; body: { messageId: string } }[] = [];
  let nowMs = 0;
  const destination = aDestination({ id: 'dst_1' });
  const deps: SmokeDeps = {
    control: {
      listWorkspaces: async () => [aWorkspace()],
      readConfig: async () => ({
        workspaceId: aWorkspace().id,
        configVersion: 1,
        sources: [aSource({ id: 'src_0', slug: 'off', enabled: false }), aSource()],
        destinations: over.inbox === false ? [] : [{ destination, mappings: [] }],
      }),
      listWriteKeys: async () => [aWriteKey()],
      findWriteKey: async (writeKey) =>
        writeKey === aWriteKey().writeKey ? SourceWriteKey.parse(aWriteKey()) : undefined,
    },
    inbox: {
      list: async () => sent.map(({ body }) => ({ messageId: body.messageId, receivedAt: RECEIVED_AT })),
    },
    ledger: {
      plansOfHour: async () => (over.plans === false ? [] : [aPlanRow({ receivedAt: RECEIVED_AT })]),
      donesOfHour: async () => (over.dones === false ? [] : [aDoneRow()]),
    },
    post: async (url, init) => {
      sent.push({ url, body: (await new Response(init.body).json()) as { messageId: string } });
      return over.answer?.() ?? Response.json({ success: true });
    },
    // Each look at the clock is 40 s later: what is not there at the second look is given up.
    nowMs: () => (nowMs += 40_000),
    print: (line) => lines.push(line),
  };
  return { deps, lines, sent };
};
const URL = 'https://t.example.com';

test('an event that goes through is followed step by step', async () => {
  const { deps, lines, sent } = setUp();
  await smokeTest(deps, { trackingUrl: URL });
  expect(lines.map((line) => line.replace(/^ *\d+ ms {2}/, ''))).toEqual([
    'source website, destination Inbox',
    'accepted',
    'delivered to the Inbox',
    'planned in the ledger: 1 routed',
    'settled in the ledger: 1 delivered',
  ]);
  expect(sent).toMatchObject([{ url: 'https://t.example.com/v1/track' }]);
});

test.each([
  ['no source has an Inbox', { inbox: false }, undefined, /^No source has an Inbox/],
  ['the key is nobody’s', {}, 'wk_ffffffffffffffff', /^No source has the write key/],
  ['the key is no key', {}, 'x', /^"x" is not a write key/],
  [
    'the API answers an error',
    { answer: () => new Response('busy', { status: 503 }) },
    undefined,
    /answered 503: busy/,
  ],
  [
    'the event is rejected with a 200',
    { answer: () => Response.json({ success: true }, { headers: { 'Tributary-Rejected': 'unknown-write-key' } }) },
    undefined,
    /rejected the event: unknown-write-key/,
  ],
  ['something else answers', { answer: () => new Response('<html>') }, undefined, /does not answer as Tributary does/],
  ['the plan row is missing', { plans: false }, undefined, /delivered, but its plan row is not in the ledger/],
  ['the done row is missing', { dones: false }, undefined, /delivered, but its done row is not in the ledger/],
])('when %s, one sentence says so', async (_case, over, writeKey, sentence) => {
  await expect(smokeTest(setUp(over).deps, { trackingUrl: URL, writeKey })).rejects.toThrow(sentence);
});

test.each([
  ['Tributary-prod', 'Tributary-prod'],
  ['Tributary-prod-Data', 'Tributary-prod'],
])('%s names the deployment %s', (text, name) => {
  expect(deploymentName(text)).toBe(name);
});

test('a deployment needs a name, and not any', () => {
  expect(() => deploymentName(undefined)).toThrow('--stack NAME');
  expect(() => deploymentName('../x')).toThrow('is not the name of a stack');
});
