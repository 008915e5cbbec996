import { CHANGE_TRIES_MAX } from '../../../../functions/api/http/change-in.ts';
import { controlStore } from '../../../../shared/aws/control-store.ts';
import { CONFLICT_TRIES_MAX } from '../../../../shared/aws/transact.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import { WorkspaceId } from '../../../../shared/domain/ids.ts';
import type { Documents } from '../../../../shared/ports/documents.ts';
import { apiWorld } from '../../../builders/api-world.ts';

const WS = WorkspaceId.parse('ws_1');
const newSource = (slug: string) => ({ slug, enabled: true, metadataId: 'javascript' });

/** The world, its changes by a table that answers transactions with what `transact` says, and in its own way where that says nothing. */
async function troubled(transact: (count: number) => Awaited<ReturnType<Documents['transact']>> | undefined) {
  const world = await apiWorld();
  const seen = { transactions: 0 };
  const documents: Documents = {
    ...world.documents,
    transact: async (items) => transact((seen.transactions += 1)) ?? (await world.documents.transact(items)),
  };
  world.deps.control = (author) => controlStore(documents, 'control', { author, now: world.now });
  return { ...world, seen };
}
const cancelled = (...codes: string[]) => ({ outcome: 'cancelled', codes, cause: new Error(codes.join()) }) as const;
const conflicting = cancelled('None', 'TransactionConflict');
const changed = cancelled('ConditionalCheckFailed');

test.each([6, 10, 20])('%i different sources that are made at one moment are all made', async (count) => {
  const { call, control } = await apiWorld();
  const slugs = Array.from({ length: count }, (_, number) => `source-${String(number).padStart(2, '0')}`);
  const answers = await Promise.all(slugs.map((slug) => call('POST', '/sources', { body: newSource(slug) })));
  expect(answers.map(({ status }) => status)).toEqual(slugs.map(() => 201));
  const made = (await control.listSources(WS)).map(({ slug }) => slug);
  expect(made.toSorted()).toEqual(slugs);
});

test('of 50 edits of one source at one moment nearly all are made, the others are told, and none is lost', async () => {
  const { call, deps } = await apiWorld();
  const made = await call('POST', '/sources', { body: newSource('edited') });
  const { id } = (made.data as { source: { id: string } }).source;
  const names = Array.from({ length: 50 }, (_, number) => `Edit ${number}`);
  const answers = await Promise.all(names.map((name) => call('PATCH', `/sources/${id}`, { body: { name } })));
  const saved = names.filter((_, index) => answers[index]?.status === 200);
  expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
  expect(saved.length).toBeGreaterThanOrEqual(45);
  const { entries } = await deps.auditLog.list(WS, { from: '2', to: '3', limit: 500, newestFirst: true });
  const told = entries.flatMap(({ event, after }) =>
    event === 'Source Modified' ? [JSON.stringify(after?.['name'])] : [],
  );
  expect(told.toSorted()).toEqual(saved.map((name) => JSON.stringify(name)).toSorted());
});

test('a change that others are in the way of for longer than one transaction waits is decided anew, and made', async () => {
  const { call, seen } = await troubled((count) => (count <= 2 * CONFLICT_TRIES_MAX ? conflicting : undefined));
  await expect(call('POST', '/sources', { body: newSource('late') })).resolves.toMatchObject({ status: 201 });
  expect(seen.transactions).toBe(2 * CONFLICT_TRIES_MAX + 1);
});

test('a change that loses every time ends in 409 after so many tries, and nothing is saved', async () => {
  const { call, control, seen } = await troubled(() => changed);
  await expect(call('POST', '/sources', { body: newSource('never') })).resolves.toMatchObject({
    status: 409,
    errors: [{ type: 'conflict', status: 409 }],
  });
  expect(seen.transactions).toBe(CHANGE_TRIES_MAX);
  await expect(control.listSources(WS)).resolves.toEqual([]);
});

test('no further try begins when the function has little time left', async () => {
  const world = await troubled(() => {
    world.advance(3_000);
    return changed;
  });
  world.deps.wait = async (ms) => world.advance(ms);
  await expect(world.call('POST', '/sources', { body: newSource('slow') })).resolves.toMatchObject({ status: 409 });
  expect(world.seen.transactions).toBe(3);
});

test('a suppression that others are in the way of is answered 409, whatever the words of the error are', async () => {
  const { call, deps } = await apiWorld();
  deps.suppression = async () => Promise.reject(new AppError('conflict', 'Somebody else'));
  await expect(
    call('POST', '/regulations', {
      body: { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjectIds: ['u'] },
    }),
  ).resolves.toMatchObject({ status: 409, errors: [{ type: 'conflict' }] });
});
