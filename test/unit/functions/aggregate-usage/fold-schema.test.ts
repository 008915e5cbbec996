import { foldSchemas } from '../../../../functions/aggregate-usage/fold-schema.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';
import { schemaDigestOf, seenIn } from '../../../../shared/domain/schema-digest.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { fakeSchemaShelf } from '../../../builders/schema-stores.ts';
import { aDigest, fakeDigestShelf } from '../../../builders/usage-stores.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const source = aSource({ createdAt: '2026-11-24T08:00:00.000Z' });
const subject = { workspaceId: source.workspaceId, sourceId: source.id };
const config: WorkspaceConfig = {
  workspaceId: source.workspaceId,
  configVersion: 1,
  sources: [source],
  destinations: [],
};
const DAY = '2026-11-24';

const digestAt = (from: string, events: JsonObject[]) => ({
  ...aDigest(events, { from }),
  schema: schemaDigestOf([{ receivedAt: from, events }]),
});
const track = (event: string): JsonObject => ({ type: 'track', event, properties: { x: 1 } });

function setUp() {
  const shelf = fakeSchemaShelf();
  const digests = fakeDigestShelf();
  const run = (now: string) =>
    foldSchemas({ digests: digests.shelf, schemas: shelf, now: () => new Date(now) }, [config]);
  const dayOfSource = async () => (await shelf.day(subject, DAY))?.names.map(([, name, count]) => [name, count]);
  return { shelf, held: digests.held, run, dayOfSource };
}

test('hours are folded into their day, twice or late the same, and the newest two hours are left to readers (E1)', async () => {
  const { shelf, held, run, dayOfSource } = setUp();
  held.push({ digest: digestAt('2026-11-24T09:10:00.000Z', [track('A'), track('B')]) });
  held.push({ digest: digestAt('2026-11-24T10:10:00.000Z', [track('A')]) });
  held.push({ digest: digestAt('2026-11-24T11:10:00.000Z', [track('A')]) });
  await run('2026-11-24T12:05:00.000Z');
  await expect(dayOfSource()).resolves.toEqual([
    ['A', 2],
    ['B', 1],
  ]);
  await expect(shelf.foldedTo(source.workspaceId)).resolves.toBe('2026-11-24T11');
  const before = [...shelf.held];
  shelf.puts.length = 0;
  await run('2026-11-24T12:06:00.000Z');
  expect([...shelf.held]).toEqual(before);
  expect(shelf.puts).toEqual(['ws_1 folded']);
  await run('2026-11-24T13:05:00.000Z');
  await expect(dayOfSource()).resolves.toEqual([
    ['A', 3],
    ['B', 1],
  ]);
  await expect(shelf.known(subject)).resolves.toMatchObject({
    names: [
      ['track\nA', Date.parse('2026-11-24T09:10:00.000Z'), Date.parse('2026-11-24T11:10:00.000Z')],
      ['track\nB', Date.parse('2026-11-24T09:10:00.000Z'), Date.parse('2026-11-24T09:10:00.000Z')],
    ],
  });
});

test('a digest that is marked as late is counted although its hour is long past', async () => {
  const { held, run, dayOfSource } = setUp();
  held.push({ digest: digestAt('2026-11-24T08:10:00.000Z', [track('A')]) });
  await run('2026-11-24T20:05:00.000Z');
  held.push({ digest: digestAt('2026-11-24T08:20:00.000Z', [track('A')]), writtenIn: '2026-11-24T20' });
  await run('2026-11-24T21:05:00.000Z');
  await expect(dayOfSource()).resolves.toEqual([['A', 2]]);
});

test('a run that ended between an hour and its day is made up for by the next', async () => {
  const { shelf, held, run, dayOfSource } = setUp();
  const digest = digestAt('2026-11-24T09:10:00.000Z', [track('A')]);
  held.push({ digest });
  await shelf.putHour(subject, '2026-11-24T09', seenIn(digest.schema));
  await run('2026-11-24T12:05:00.000Z');
  await expect(dayOfSource()).resolves.toEqual([['A', 1]]);
});
