import { CONFIGURATION_KEPT_DAYS, purgeDueWorkspaces } from '../../../../functions/aggregate-usage/purge-workspaces.ts';
import { dynamoWorkspaceEraser, TRANSACTIONS_MAX } from '../../../../shared/aws/dynamo-workspace-eraser.ts';
import { WorkspaceId } from '../../../../shared/domain/ids.ts';
import type { Change } from '../../../../shared/ports/control-store.ts';
import { everywhere, OWNER, peopledWorld } from '../../../builders/api-people.ts';
import { aDestination, aMapping, aWriteKey } from '../../../builders/workspace-things.ts';

const DAY_MS = 86_400_000;

/** ws_1 with something of each kind, whose owner asks for its deletion; ws_2 beside it. */
async function setUp() {
  const world = await peopledWorld();
  const { commit, call, owner, control, documents, advance, now, newId } = world;
  const things: Change[] = [
    { kind: 'writeKey', verb: 'save', thing: aWriteKey() },
    { kind: 'destination', verb: 'save', thing: aDestination() },
    { kind: 'mapping', verb: 'save', thing: aMapping() },
  ];
  await commit(aDestination().workspaceId, things);
  const group = await call('POST', '/groups', { body: { name: 'Team' } });
  const invite = await call('POST', '/app-api/invites', { body: { email: 'new@shop.test' } });
  const token = await call('POST', '/app-api/tokens', { body: { name: 'CI', permissions: [OWNER] } });
  const others = await world.token([everywhere('workspace-owner', 'ws_2')], 'ws_2');
  await call('DELETE', '/app-api/workspace', { bearer: owner.bearer, query: 'slug=shop' });
  const purge = () =>
    purgeDueWorkspaces({
      control,
      eraser: dynamoWorkspaceEraser(documents, 'control'),
      now,
      newWriteId: () => newId('write'),
    });
  return {
    ...world,
    purge,
    others,
    pass: (days: number) => advance(days * DAY_MS),
    invite: (invite.data as { token: string }).token,
    apiToken: (token.data as { text: string }).text,
    groupId: (group.data as { userGroup: { id: string } }).userGroup.id,
    /** Keys of the table, without the audit trail and days of use. */
    keys: () =>
      [...documents.items.keys()].filter((key) => !key.startsWith('AUD#')).map((key) => key.replace('\n', ' ')),
  };
}

test('within the grace nothing is touched, and a restored workspace never (A19)', async () => {
  const { purge, pass, state, call, owner } = await setUp();
  pass(4.9);
  const before = state();
  await expect(purge()).resolves.toEqual([]);
  expect(state()).toBe(before);
  await call('POST', '/app-api/workspace/restore', { bearer: owner.bearer });
  pass(40);
  await expect(purge()).resolves.toEqual([]);
});

test('when the grace is over nobody gets in, nothing is taken and nothing is sent on; another workspace goes on', async () => {
  const { purge, pass, call, owner, apiToken, invite, others, control, trail } = await setUp();
  pass(5);
  await expect(purge()).resolves.toEqual([{ workspaceId: 'ws_1', outcome: 'closed' }]);
  await expect(call('GET', '/', { bearer: apiToken })).resolves.toMatchObject({ status: 401 });
  await expect(call('GET', '/')).resolves.toMatchObject({ status: 401 });
  await expect(call('GET', '/', { bearer: owner.bearer })).resolves.toMatchObject({ status: 404 });
  const looked = await call('POST', '/app-api/invites/lookup', { bearer: null, body: { token: invite } });
  expect(looked.status).toBe(404);
  expect(await control.findWriteKey(aWriteKey().writeKey)).toBeUndefined();
  const config = await control.readConfig(aDestination().workspaceId);
  expect(config?.sources.map(({ enabled }) => enabled)).toEqual([false, false]);
  expect(config?.destinations.map(({ destination: { enabled, lane } }) => [enabled, lane])).toEqual([
    [false, undefined],
  ]);
  await expect(control.listHeldLanes()).resolves.toEqual([]);
  await expect(call('GET', '/', { bearer: others })).resolves.toMatchObject({ status: 200 });
  const events = (await trail()).map(({ event }) => event);
  expect(events).toEqual(
    expect.arrayContaining(['API Token Deleted', 'User Removed', 'User Invite Removed', 'Write Key Deleted']),
  );
  // A repeated run finds nothing to do.
  const entries = events.length;
  await expect(purge()).resolves.toEqual([{ workspaceId: 'ws_1', outcome: 'closed' }]);
  expect(await trail()).toHaveLength(entries);
});

test('twenty days later all of it is gone but what the audit trail says, and nothing of another workspace is', async () => {
  const { purge, pass, keys, trail, documents } = await setUp();
  const others = keys().filter((key) => key.includes('ws_2') || key.includes('SLUG#other'));
  expect(others.length).toBeGreaterThanOrEqual(5);
  documents.items.set('SUP#ws_1\nLOG#000000000001#00', { pk: 'SUP#ws_1', sk: 'LOG#000000000001#00' });
  pass(5);
  await purge();
  pass(CONFIGURATION_KEPT_DAYS);
  await expect(purge()).resolves.toEqual([{ workspaceId: 'ws_1', outcome: 'removed' }]);
  expect(keys().filter((key) => key.includes('ws_1') || key.includes('SLUG#shop'))).toEqual([]);
  expect(keys().filter((key) => key.includes('ws_2') || key.includes('SLUG#other'))).toEqual(others);
  expect((await trail()).at(-1)).toMatchObject({ event: 'Workspace Deleted', resource: { id: 'ws_1' } });
  await expect(purge()).resolves.toEqual([]);
});

test('a run that breaks off at any write is completed by the next one', async () => {
  for (let broken = 0; broken < 8; broken += 1) {
    const { purge, pass, keys, documents } = await setUp();
    pass(5 + CONFIGURATION_KEPT_DAYS);
    const { transact } = documents;
    let left = broken;
    documents.transact = async (items) => {
      if (left === 0) throw new Error('away');
      left -= 1;
      return await transact(items);
    };
    await purge().catch((error: unknown) => expect(error).toEqual(new Error('away')));
    documents.transact = transact;
    const again = await purge();
    expect(again.map(({ outcome }) => outcome)).not.toContain('more');
    const rest = keys().filter((key) => key.includes('ws_1'));
    // Where only the mark of the version is left, nothing leads to it any more.
    expect(rest.filter((key) => key !== 'WS#ws_1 CFG#!version')).toEqual([]);
  }
});

test('a workspace of more than a run takes is emptied over several, its notes too', async () => {
  const { purge, pass, keys, documents } = await setUp();
  pass(5 + CONFIGURATION_KEPT_DAYS);
  const items = TRANSACTIONS_MAX * 100 + 150;
  for (let n = 0; n < items; n += 1) {
    const sk = `RUL#tp_1#${String(n).padStart(6, '0')}`;
    documents.items.set(`WS#ws_1\n${sk}`, { pk: 'WS#ws_1', sk });
  }
  documents.items.set('NOTE#ws_1\nforwarding', { pk: 'NOTE#ws_1', sk: 'forwarding' });
  await expect(purge()).resolves.toEqual([{ workspaceId: 'ws_1', outcome: 'more' }]);
  await expect(purge()).resolves.toEqual([{ workspaceId: 'ws_1', outcome: 'removed' }]);
  expect(keys().filter((key) => key.includes('ws_1'))).toEqual([]);
});

test('one workspace that fails holds up none of the others', async () => {
  const { purge, pass, documents, commit, control } = await setUp();
  const other = await control.getWorkspace(WorkspaceId.parse('ws_2'));
  const first = await control.getWorkspace(WorkspaceId.parse('ws_1'));
  if (other === undefined) throw new Error('there is ws_2');
  await commit(other.id, [{ kind: 'workspace', verb: 'save', thing: { ...other, deletion: first?.deletion } }]);
  pass(5);
  const { query } = documents;
  documents.query = async (asked) => {
    if (asked.values[':pk'] === 'WS#ws_1') throw new Error('away');
    return await query(asked);
  };
  await expect(purge()).rejects.toThrow('away');
  const enabled = async (id: string) =>
    (await control.listSources(WorkspaceId.parse(id))).map((source) => source.enabled);
  expect(await enabled('ws_2')).toEqual([false]);
  documents.query = query;
  expect(await enabled('ws_1')).toEqual([true, true]);
  await purge();
  expect(await enabled('ws_1')).toEqual([false, false]);
});

test('write keys of all sources are one query of a round', async () => {
  const { purge, pass, documents } = await setUp();
  pass(5);
  const asked: string[] = [];
  const { query } = documents;
  documents.query = async (input) => {
    asked.push(input.values[':prefix'] ?? '');
    return await query(input);
  };
  await purge();
  const of = (beginning: string) => asked.filter((prefix) => prefix.startsWith(beginning)).length;
  expect(of('WK#')).toBe(of('TOK#'));
});
