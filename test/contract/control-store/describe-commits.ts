import { documentsAuditLog } from '../../../shared/aws/audit-items.ts';
import { controlStore } from '../../../shared/aws/control-store.ts';
import { dynamoWorkspaceEraser } from '../../../shared/aws/dynamo-workspace-eraser.ts';
import { ownerOf } from '../../../shared/domain/access.ts';
import { type AuditEntry, MASKED } from '../../../shared/domain/audit.ts';
import { WorkspaceId } from '../../../shared/domain/ids.ts';
import { Invite, Member } from '../../../shared/domain/people.ts';
import { SourceSchema } from '../../../shared/domain/source-schema.ts';
import type { Change, ControlStore } from '../../../shared/ports/control-store.ts';
import type { Documents } from '../../../shared/ports/documents.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aStateTable } from '../../builders/state-table.ts';
import { aDestination, aMapping, aSource, aWorkspace } from '../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const stored = { version: 0, createdAt: '2026-11-26T10:00:00.000Z', updatedAt: '2026-11-26T10:00:00.000Z' };
const save = <K extends Change['kind']>(kind: K, thing: Extract<Change, { kind: K }>['thing']): Change =>
  ({ kind, verb: 'save', thing }) as Change;

/** What commits promise beyond single saves, by either way to DynamoDB. */
export function describeCommits(
  name: string,
  makeBackend: () => Promise<DynamodbBackend>,
  documentsOf: (backend: DynamodbBackend) => Promise<Documents>,
): void {
  describe(`commits on ${name}`, () => {
    let backend: DynamodbBackend;
    let documents: Documents;
    let table: string;
    let store: ControlStore;
    let count = 0;
    beforeAll(async () => {
      backend = await makeBackend();
      documents = await documentsOf(backend);
    }, 90_000);
    afterAll(() => backend.close());
    beforeEach(async () => {
      table = await aStateTable(backend.client);
      store = controlStore(documents, table, {
        author: { actor: { type: 'token', id: 'tok_1', name: 'Deploy' }, requestId: 'req_1', ip: '192.0.2.7' },
        now: () => new Date('2026-11-26T10:00:00.000Z'),
        newAuditId: () => `aud_${String((count += 1)).padStart(6, '0')}`,
        lanes: 2,
      });
      await store.saveWorkspace(aWorkspace(), 'w-workspace');
    });
    const trail = async (): Promise<AuditEntry[]> => {
      const range = {
        from: '2026-01-01T00:00:00.000Z',
        to: '2027-01-01T00:00:00.000Z',
        limit: 100,
        newestFirst: false,
      };
      return (await documentsAuditLog(documents, table).list(WS, range)).entries;
    };

    test('a thing that no item can hold is refused before anything is saved, and for good', async () => {
      const rule = { enabled: false, destinations: {} };
      const names = Array.from(
        { length: 1_000 },
        (_, number) => `${String(number).padStart(4, '0')}${'n'.repeat(400)}`,
      );
      const track = Object.fromEntries(names.map((name) => [name, rule]));
      const schema = SourceSchema.parse({ workspaceId: WS, sourceId: 'src_1', track, ...stored });
      await expect(store.saveSourceSchema(schema, 'w1')).rejects.toMatchObject({ code: 'bad-request', retry: false });
      await expect(store.getSourceSchema(WS, schema.sourceId)).resolves.toBeUndefined();
    });

    test('what was done and changed nothing is told in the audit trail, and no version moves', async () => {
      const before = await store.readConfig(WS);
      const told = {
        event: 'Event Tester Used',
        resource: { type: 'DESTINATION', id: 'dst_1' },
        after: { type: 'track' },
      };
      const entry = await store.addEntry(WS, told);
      expect(entry).toMatchObject({
        ...told,
        actor: { type: 'token', id: 'tok_1' },
        requestId: 'req_1',
        ip: '192.0.2.7',
      });
      expect((await trail()).at(-1)).toEqual(entry);
      expect(await store.readConfig(WS)).toEqual(before);
    });

    test('several changes hold together or not at all, each with its entry of the audit trail (T21)', async () => {
      const changes = [save('source', aSource()), save('destination', aDestination()), save('mapping', aMapping())];
      await expect(store.commit(WS, changes, { writeId: 'w1' })).resolves.toMatchObject({ outcome: 'saved' });
      expect((await trail()).map(({ event, resource }) => [event, resource.id])).toEqual([
        ['Workspace Created', 'ws_1'],
        ['Source Created', 'src_1'],
        ['Integration Created', 'dst_1'],
        ['Destination Subscription Created', 'map_1'],
      ]);

      const stale = [save('source', aSource({ version: 1, name: 'New' })), save('mapping', aMapping({ version: 7 }))];
      await expect(store.commit(WS, stale, { writeId: 'w2' })).resolves.toEqual({ outcome: 'stale' });
      await expect(store.getSource(WS, aSource().id)).resolves.toMatchObject({ name: 'Website', version: 1 });
      expect(await trail()).toHaveLength(4);
    });

    test('an entry says who, what and how it was before, with secrets masked and their change told (T18)', async () => {
      const secrets = { key: { sealed: 'v1.aaa.bbb' } };
      await store.saveDestination(aDestination({ secrets, settings: { url: 'https://hooks.test/T0/secret' } }), 'w1');
      const changed = { ...secrets, key: { sealed: 'v1.aaa.ccc' } };
      await store.saveDestination(
        aDestination({
          version: 1,
          enabled: false,
          secrets: changed,
          settings: { url: 'https://hooks.test/T0/secret' },
        }),
        'w2',
      );
      const [, made, disabled] = await trail();
      expect(made?.after).toMatchObject({ settings: { key: MASKED, url: `https://hooks.test/${MASKED}` } });
      expect(disabled).toEqual({
        id: expect.stringMatching(/^aud_/),
        workspaceId: 'ws_1',
        at: '2026-11-26T10:00:00.000Z',
        event: 'Integration Disabled',
        actor: { type: 'token', id: 'tok_1', name: 'Deploy' },
        resource: { type: 'DESTINATION', id: 'dst_1', name: 'Inbox' },
        before: { enabled: true, lane: 0 },
        after: { enabled: false, secretsChanged: ['key'] },
        requestId: 'req_1',
        ip: '192.0.2.7',
      });
    });

    test('a commit that is repeated with the same writeId, as after a timeout, was saved once, with one entry', async () => {
      const changes = [save('source', aSource())];
      await store.commit(WS, changes, { writeId: 'w1' });
      await expect(store.commit(WS, changes, { writeId: 'w1' })).resolves.toMatchObject({ outcome: 'saved' });
      const gone: Change[] = [{ kind: 'source', verb: 'remove', thing: aSource({ version: 1 }) }];
      await store.commit(WS, gone, { writeId: 'w2' });
      await expect(store.commit(WS, gone, { writeId: 'w2' })).resolves.toMatchObject({ outcome: 'saved' });
      expect((await trail()).map(({ event }) => event)).toEqual([
        'Workspace Created',
        'Source Created',
        'Source Deleted',
      ]);
    });

    test('a commit that looked at the whole workspace is stale once anything of it has changed', async () => {
      const read = await store.readConfig(WS);
      const ifConfigVersion = read?.configVersion ?? 0;
      await store.saveSource(aSource(), 'w1');
      const changes = [save('source', aSource({ id: 'src_2', slug: 'two' }))];
      await expect(store.commit(WS, changes, { writeId: 'w2', ifConfigVersion })).resolves.toEqual({
        outcome: 'stale',
      });
      const options = { writeId: 'w3', ifConfigVersion: ifConfigVersion + 1 };
      await expect(store.commit(WS, changes, options)).resolves.toMatchObject({ outcome: 'saved' });
    });

    test('two destinations of one commit hold a lane each, and give both back when they go', async () => {
      const both = [aDestination(), aDestination({ id: 'dst_2', name: 'Two' })];
      await store.commit(
        WS,
        both.map((thing) => save('destination', thing)),
        { writeId: 'w1' },
      );
      expect((await store.listHeldLanes()).map(({ lane, destinationId }) => [lane, destinationId])).toEqual([
        [0, 'dst_1'],
        [1, 'dst_2'],
      ]);
      const saved = await store.listDestinations(WS);
      const gone = saved.map((thing): Change => ({ kind: 'destination', verb: 'remove', thing }));
      await store.commit(WS, gone, { writeId: 'w2' });
      expect([await store.listHeldLanes(), await store.listDestinations(WS)]).toEqual([[], []]);
    });

    test('a slug is of one workspace, is free again when it is left, and one of before there were such items is taken over', async () => {
      const [first] = await store.listWorkspaces();
      if (first === undefined) throw new Error('no workspace');
      const other = aWorkspace({ id: 'ws_2', slug: 'other' });
      await expect(store.saveWorkspace({ ...other, slug: 'shop' }, 'w1')).resolves.toEqual({ outcome: 'stale' });
      await expect(store.saveWorkspace(other, 'w2')).resolves.toMatchObject({ outcome: 'saved' });
      await expect(store.saveWorkspace({ ...first, slug: 'other' }, 'w3')).resolves.toEqual({ outcome: 'stale' });
      await expect(store.saveWorkspace({ ...first, slug: 'new' }, 'w4')).resolves.toMatchObject({ outcome: 'saved' });
      const third = aWorkspace({ id: 'ws_3', slug: 'shop' });
      await expect(store.saveWorkspace(third, 'w5')).resolves.toMatchObject({ outcome: 'saved' });
      await documents.transact([{ Delete: { TableName: table, Key: { pk: 'SLUG#shop', sk: 'SLUG' } } }]);
      const renamed = { ...third, version: 1, name: 'Third' };
      await expect(store.saveWorkspace(renamed, 'w6')).resolves.toMatchObject({ outcome: 'saved' });
      await expect(documents.get(table, { pk: 'SLUG#shop', sk: 'SLUG' })).resolves.toMatchObject({ version: 2 });
    });

    test('a workspace is erased whole, however much it holds, and nothing of another one (A19)', async () => {
      const other = aWorkspace({ id: 'ws_2', slug: 'other' });
      await store.saveWorkspace(other, 'w1');
      await store.saveSource(aSource({ id: 'src_9', workspaceId: 'ws_2' }), 'w2');
      for (let count = 0; count < 130; count += 1) {
        await store.saveSource(aSource({ id: `src_${count}`, slug: `s-${count}` }), `w-${count}`);
      }
      const eraser = dynamoWorkspaceEraser(documents, table);
      await expect(eraser.eraseContents(WS)).resolves.toBe('done');
      await expect(store.readConfig(WS)).resolves.toMatchObject({ sources: [] });
      await eraser.eraseVersion(WS);
      await expect(store.readConfig(WS)).resolves.toBeUndefined();
      await expect(store.listSources(other.id)).resolves.toHaveLength(1);
      expect(await trail()).toHaveLength(100);
    }, 30_000);

    test('an invite that is sent again makes the link of before void', async () => {
      const invite = Invite.parse({
        email: 'New@Shop.test',
        workspaceId: WS,
        sha256: 'a'.repeat(64),
        permissions: [],
        expiresAt: '2026-12-03T10:00:00.000Z',
        invitedBy: 'owner@shop.test',
        ...stored,
      });
      await store.commit(WS, [save('invite', invite)], { writeId: 'w1' });
      const again = { ...invite, version: 1, sha256: 'b'.repeat(64) };
      await store.commit(WS, [save('invite', again)], { writeId: 'w2' });
      const links = await Promise.all(
        [invite, again].map(({ sha256 }) => documents.get(table, { pk: `INVITE#${sha256}`, sk: 'INVITE' })),
      );
      expect(links.map((item) => item !== undefined)).toEqual([false, true]);
      await expect(store.listInvites(WS)).resolves.toEqual([{ ...again, version: 2 }]);
    });

    test('of 50 edits of one member at one moment one holds, the others are stale or lost a race, and the trail has one entry for it', async () => {
      const member = Member.parse({
        personId: 'usr_1',
        workspaceId: WS,
        email: 'a@shop.test',
        name: 'A',
        permissions: [ownerOf(WS)],
        ...stored,
      });
      await store.commit(WS, [save('member', member)], { writeId: 'w1' });
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, number) =>
          store.commit(WS, [save('member', { ...member, version: 1, name: `A${number}` })], {
            writeId: `w2-${number}`,
          }),
        ),
      );
      const saved = results.filter((result) => result.status === 'fulfilled' && result.value.outcome === 'saved');
      expect(saved).toHaveLength(1);
      expect((await trail()).filter(({ event }) => event === 'User Modified')).toHaveLength(1);
    });
  });
}
