import {
  addApp,
  addKey,
  connect,
  disconnect,
  listApps,
  type OAuthDeps,
  removeApp,
  removeKey,
  requireTokens,
  revoke,
} from '../../../../cli/oauth/steer-apps.ts';
import { OAuthAppId } from '../../../../shared/domain/ids.ts';
import type { OAuthApp, Source } from '../../../../shared/domain/workspace.ts';
import { anOAuthApp } from '../../../builders/oauth-client.ts';
import { aSource, aWorkspace } from '../../../builders/workspace-things.ts';

const NOW = '2026-11-24T10:15:00.000Z';
const KEY = { keyId: 'k1', pem: 'pem' };

/** A workspace of two sources, in memory. */
function setUp(apps: OAuthApp[] = [], { stale = false } = {}) {
  const lines: string[] = [];
  const sources: Source[] = [aSource(), aSource({ id: 'src_2', slug: 'server', name: 'Server' })];
  const replace = <T extends { id: string }>(list: T[], value: T): T => {
    const at = list.findIndex(({ id }) => id === value.id);
    if (at === -1) list.push(value);
    else list[at] = value;
    return value;
  };
  const deps: OAuthDeps = {
    control: {
      listWorkspaces: async () => [aWorkspace()],
      listSources: async () => sources,
      saveSource: async (value) =>
        stale ? { outcome: 'stale' } : { outcome: 'saved', value: replace(sources, value) },
      listOAuthApps: async () => apps,
      saveOAuthApp: async (value) => (stale ? { outcome: 'stale' } : { outcome: 'saved', value: replace(apps, value) }),
      removeOAuthApp: async ({ id }) =>
        void apps.splice(
          apps.findIndex((app) => app.id === id),
          1,
        ),
    },
    revokeToken: async (token) => token === 'oat_x',
    isUsableKey: (pem) => pem === 'pem',
    now: () => new Date(NOW),
    newAppId: () => OAuthAppId.parse('oap_new'),
    newWriteId: () => 'w',
    print: (line) => lines.push(line),
  };
  return { deps, apps, sources, lines };
}

test('an app is made with its key for a source, and tells what a client needs (E04)', async () => {
  const { deps, apps, lines } = setUp();
  await addApp(deps, { name: 'Shop server', source: 'server', key: KEY, days: 7 });
  expect(apps).toEqual([
    anOAuthApp('pem', {
      id: 'oap_new',
      name: 'Shop server',
      tokenDays: 7,
      publicKeys: [{ ...KEY, addedAt: NOW }],
      sourceIds: ['src_2'],
      version: 0,
      createdAt: NOW,
      updatedAt: NOW,
    }),
  ]);
  expect(lines[0]).toBe('Shop server is made. Its client id: oap_new; its key id: k1');
});

test('a source asks for tokens only once an app may send to it, and no longer when it is told so', async () => {
  const { deps, sources } = setUp();
  await expect(requireTokens(deps, 'src_1', true)).rejects.toThrow('No app may send to Website');
  await addApp(deps, { name: 'A', source: 'src_1', key: KEY, days: 1 });
  await requireTokens(deps, 'website', true);
  expect(sources[0]).toMatchObject({ requires: 'oauth', updatedAt: NOW });
  await requireTokens(deps, 'Website', false);
  expect(sources[0]).toMatchObject({ requires: 'write-key' });
});

test('sources are connected and disconnected, and an app that may send somewhere is not removed', async () => {
  const { deps, apps } = setUp([anOAuthApp('pem')]);
  await connect(deps, 'oap_1', 'src_2');
  expect(apps[0]?.sourceIds).toEqual(['src_1', 'src_2']);
  await expect(removeApp(deps, 'Server')).rejects.toThrow('disconnect it from there first');
  await disconnect(deps, 'Server', 'src_1');
  await disconnect(deps, 'Server', 'src_2');
  await removeApp(deps, 'Server');
  expect(apps).toEqual([]);
});

test('keys are changed in turn: two at most, never none', async () => {
  const { deps, apps } = setUp([anOAuthApp('pem')]);
  await expect(removeKey(deps, 'oap_1', 'k1')).rejects.toThrow('the only key');
  await expect(addKey(deps, 'oap_1', KEY)).rejects.toThrow('has a key k1 already');
  await addKey(deps, 'oap_1', { ...KEY, keyId: 'k2' });
  await expect(addKey(deps, 'oap_1', { ...KEY, keyId: 'k3' })).rejects.toThrow('the most there can be');
  await removeKey(deps, 'oap_1', 'k1');
  await expect(removeKey(deps, 'oap_1', 'k1')).rejects.toThrow('has no key k1');
  expect(apps[0]?.publicKeys).toEqual([{ keyId: 'k2', pem: 'pem', addedAt: NOW }]);
});

test.each<[string, (deps: OAuthDeps) => Promise<void>, string]>([
  ['an app that there is not', (deps) => connect(deps, 'nobody', 'src_1'), 'There is no app "nobody"'],
  ['a source that there is not', (deps) => connect(deps, 'oap_1', 'nothing'), 'There is no source "nothing"'],
  ['a name that two have', (deps) => removeKey(deps, 'Twin', 'k1'), 'give the id of one: oap_2, oap_3'],
  ['a key that is none', (deps) => addKey(deps, 'oap_1', { keyId: 'k', pem: '?' }), 'no public RSA key'],
  [
    'days that there are not',
    (deps) => addApp(deps, { name: 'A', source: 'src_1', key: KEY, days: 5 }),
    '--days is one of',
  ],
  [
    'a name that is none',
    (deps) => addApp(deps, { name: ' ', source: 'src_1', key: KEY, days: 1 }),
    'cannot be the name',
  ],
  ['a token that there is not', (deps) => revoke(deps, 'oat_y'), 'There is no such token'],
])('%s is told in a sentence', async (_case, work, sentence) => {
  const twins = ['oap_2', 'oap_3'].map((id) => anOAuthApp('pem', { id, name: 'Twin' }));
  const { deps } = setUp([anOAuthApp('pem'), ...twins]);
  await expect(work(deps)).rejects.toThrow(sentence);
});

test('who was overtaken changes nothing and is told', async () => {
  const { deps } = setUp([anOAuthApp('pem')], { stale: true });
  await expect(connect(deps, 'oap_1', 'src_2')).rejects.toThrow('Somebody else has changed Server');
  await expect(requireTokens(deps, 'src_1', true)).rejects.toThrow('Somebody else has changed Website');
});

test('the list shows apps with keys and sources, and who takes nothing without a token', async () => {
  const { deps, sources, lines } = setUp([anOAuthApp('pem', { sourceIds: [] })]);
  sources[0] = aSource({ requires: 'oauth' });
  await revoke(deps, 'oat_x');
  await listApps(deps);
  expect(lines.slice(1)).toEqual([
    'Server (oap_1): tokens of 1 days',
    '  keys: k1',
    '  sources: none',
    'Website (src_1) takes nothing without a token.',
  ]);
  const nobody = setUp();
  await listApps(nobody.deps);
  expect(nobody.lines).toEqual(['There are no OAuth apps.']);
});
