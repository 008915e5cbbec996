import { EXPORT_BYTES_MAX } from '../../../../../shared/domain/export-file.ts';
import { schemaDigestOf, seenIn } from '../../../../../shared/domain/schema-digest.ts';
import { learn, nothingKnown } from '../../../../../shared/domain/known-schema.ts';
import { onSource } from '../../../../builders/api-people.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aDeliveryLine, aDestinationDetail } from '../../../../builders/fake-delivery.ts';
import { deliveryWorld } from '../../../../builders/delivery-world.ts';
import { fakeSchemas } from '../../../../builders/schema-stores.ts';
import { aSource, aWorkspace } from '../../../../builders/workspace-things.ts';

const workspaceId = aWorkspace().id;
type Job = { id: string; url: string; fileName: string; rows: number; isCut: boolean; expiresAt: string };

async function setUp() {
  const schemas = fakeSchemas();
  const world = await apiWorld({ schemas: async () => schemas.work });
  const source = aSource({ version: 0 });
  await world.commit(workspaceId, [
    { kind: 'source', verb: 'save', thing: source },
    { kind: 'source', verb: 'save', thing: aSource({ version: 0, id: 'src_2', slug: 'other' }) },
  ]);
  const subject = { workspaceId, sourceId: source.id };
  const at = '2026-11-25T10:10:00.000Z';
  const seen = seenIn(
    schemaDigestOf([
      {
        receivedAt: at,
        events: [
          { type: 'track', event: '=cmd|calc', properties: { '@x': 1, 'a,"b"': 'secret value' } },
          { type: 'track', event: 'Order', properties: {} },
          { type: 'identify', traits: { plan: 'pro' } },
        ],
      },
    ]),
  );
  await schemas.shelf.putDay(subject, '2026-11-25', seen);
  const old = seenIn(
    schemaDigestOf([{ receivedAt: '2026-11-01T10:00:00.000Z', events: [{ type: 'track', event: 'Old' }] }]),
  );
  await schemas.shelf.putKnown(subject, learn(learn(nothingKnown(), seen), old));
  const create = async (body: unknown, bearer?: string) => {
    const answer = await world.call('POST', '/app-api/exports', { body, ...(bearer !== undefined && { bearer }) });
    return { status: answer.status, job: (answer.data as { export: Job } | undefined)?.export, errors: answer.errors };
  };
  return { ...world, schemas, create };
}

test('the schema of a source as CSV: a row for each event and property, formulas as text, no values (F13, T4)', async () => {
  const { create, call } = await setUp();
  const { status, job } = await create({ what: 'SCHEMA', sourceId: 'src_1' });
  expect([status, job?.rows, job?.isCut]).toEqual([201, 5, false]);
  expect(job?.fileName).toMatch(/^shop-website-track--2026-11-26--10-00-utc\.csv$/);
  const file = await call('GET', job?.url ?? '');
  expect(file.headers).toMatchObject({
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${job?.fileName}"`,
  });
  expect(file.text.split('\r\n')).toEqual([
    'Event Name,Last Seen At (UTC),Property Name,Allowed,Blocked,Total,Planned',
    "'=cmd|calc,2026-11-25T10:10:00.000Z,,0,0,0,",
    "'=cmd|calc,2026-11-25T10:10:00.000Z,'@x,1,,1,",
    `'=cmd|calc,2026-11-25T10:10:00.000Z,"a,""b""",1,,1,`,
    'Old,more than 7 days ago,,0,0,0,',
    'Order,2026-11-25T10:10:00.000Z,,0,0,0,',
    '',
  ]);
});

test('traits as CSV for 30 days, and what a schema is not written for', async () => {
  const { create, call } = await setUp();
  const { job } = await create({ what: 'SCHEMA', sourceId: 'src_1', type: 'IDENTIFY', range: '30d' });
  expect((await call('GET', job?.url ?? '')).text.split('\r\n').slice(0, 2)).toEqual([
    'Trait Name,Last Seen At (UTC),Allowed,Blocked,Total,Planned',
    'plan,2026-11-25T10:10:00.000Z,1,,1,',
  ]);
  expect((await create({ what: 'SCHEMA' })).status).toBe(422);
  expect((await create({ what: 'SCHEMA', sourceId: 'src_1', range: '24h' })).status).toBe(422);
  expect((await create({ what: 'SCHEMA', sourceId: 'src_9' })).status).toBe(404);
});

test('a file is for those who may read what is in it, when it is made and whenever it is read; others do not find it', async () => {
  const { create, call, token } = await setUp();
  const reader = await token([onSource('source-read-only', 'src_1')]);
  const stranger = await token([onSource('source-admin', 'src_2')]);
  const schema = (await create({ what: 'SCHEMA', sourceId: 'src_1' }, reader)).job;
  const trail = (await create({ what: 'AUDIT_TRAIL' })).job;
  expect(schema).toBeDefined();
  expect(trail?.fileName).toBe('shop-audit-trail--2026-11-26--10-00-utc.csv');
  expect((await create({ what: 'AUDIT_TRAIL' }, reader)).status).toBe(403);
  expect((await create({ what: 'SCHEMA', sourceId: 'src_1' }, stranger)).status).toBe(404);
  const found = async (bearer?: string) => {
    const asked = bearer === undefined ? {} : { bearer };
    const list = await call('GET', '/app-api/exports', asked);
    const listed = (list.data as { exports: Job[] }).exports.map(({ id }) => id);
    const read = await Promise.all(
      [schema, trail].flatMap((job) => [
        call('GET', `/app-api/exports/${job?.id}`, asked),
        call('GET', `/app-api/exports/${job?.id}/file`, asked),
      ]),
    );
    return [listed, read.map(({ status }) => status)];
  };
  await expect(found()).resolves.toEqual([
    [trail?.id, schema?.id],
    [200, 200, 200, 200],
  ]);
  await expect(found(reader)).resolves.toEqual([[schema?.id], [200, 200, 404, 404]]);
  await expect(found(stranger)).resolves.toEqual([[], [404, 404, 404, 404]]);
});

test('what is beyond a file is cut, and its last line says so', async () => {
  const { schemas, create, call } = await setUp();
  const events = Array.from({ length: 100 }, (_, index) => ({
    type: 'track',
    event: `${'e'.repeat(180)}${index}`,
    properties: Object.fromEntries(Array.from({ length: 190 }, (_each, at) => [`${'p'.repeat(180)}${at}`, 1])),
  }));
  const seen = seenIn(schemaDigestOf([{ receivedAt: '2026-11-25T10:10:00.000Z', events }]));
  await schemas.shelf.putDay({ workspaceId, sourceId: aSource().id }, '2026-11-25', seen);
  await schemas.shelf.putKnown({ workspaceId, sourceId: aSource().id }, learn(nothingKnown(), seen));
  const { job } = await create({ what: 'SCHEMA', sourceId: 'src_1' });
  expect(job?.isCut).toBe(true);
  const { text } = await call('GET', job?.url ?? '');
  expect(text.length).toBeLessThan(EXPORT_BYTES_MAX + 1_000);
  expect(text.trimEnd().split('\r\n').at(-1)).toBe('Cut here: there are more.,,,,,,');
});

test('delivery issues as CSV are of the sources that their maker sees', async () => {
  const world = await deliveryWorld();
  world.books.destination(
    '2026-11-26T09:30:00.000Z',
    aDestinationDetail([aDeliveryLine(1, { discarded: { '400': 5 } })], {
      errors: [
        {
          code: '400',
          message: '=no name',
          count: 5,
          firstSeen: '2026-11-26T09:30:00.000Z',
          lastSeen: '2026-11-26T09:31:00.000Z',
        },
      ],
    }),
  );
  const made = await world.call('POST', '/app-api/exports', { body: { what: 'ISSUES', range: '24h' } });
  const { url, rows } = (made.data as { export: Job }).export;
  expect(rows).toBe(1);
  const { text } = await world.call('GET', url);
  expect(text.split('\r\n')[1]).toMatch(/,400,'=no name,5,5,no,2026-11-26T09:30:00.000Z,2026-11-26T09:31:00.000Z,/);
});
