import { tellActivity } from '../../../../functions/notify/tell-activity.ts';
import { documentsNotifications } from '../../../../shared/aws/documents-notifications.ts';
import { notificationIdOf } from '../../../../shared/aws/notification-id.ts';
import type { Alert } from '../../../../shared/domain/alert.ts';
import type { ActivityNote } from '../../../../shared/domain/alert-notes.ts';
import type { AuditEntry } from '../../../../shared/domain/audit.ts';
import { WorkspaceId } from '../../../../shared/domain/ids.ts';
import { anAlert } from '../../../builders/an-alert.ts';
import { memoryDocuments } from '../../../builders/memory-documents.ts';
import { anEntry, fakeAuditLog, fakeNotes } from '../../../builders/notify-world.ts';
import { aWorkspace } from '../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');

function setUp(entries: AuditEntry[], alerts: Alert[] = []) {
  const notifications = documentsNotifications(memoryDocuments(), 'control');
  let woken = 0;
  let count = 0;
  let time = Date.parse('2026-11-24T10:00:30.000Z');
  const deps = {
    audit: fakeAuditLog(entries),
    control: { listAlerts: async () => alerts, readConfig: async () => undefined },
    activity: fakeNotes<ActivityNote>(),
    notifications,
    sender: { wake: async () => void (woken += 1) },
    idOf: notificationIdOf,
    newWriteId: () => `w${(count += 1)}`,
    now: () => new Date(time),
  };
  const run = () => tellActivity(deps, aWorkspace(), new Date(time + 60_000));
  const told = async () => (await notifications.list(WS, { limit: 100 })).notifications;
  return { run, told, deps, woken: () => woken, advance: (ms: number) => void (time += ms) };
}

test('what people change is told to members without anybody having asked, once (H10)', async () => {
  const { run, told, woken } = setUp([
    anEntry(1),
    anEntry(2, { event: 'Label Created', resource: { type: 'LABEL', id: 'a:b' } }),
  ]);
  await expect(run()).resolves.toEqual({ told: 1 });
  await run();
  expect(await told()).toMatchObject([
    {
      alertId: 'alr_default_source_created',
      area: 'sources',
      transition: 'happened',
      lines: ['Source Created: Server, by user'],
      sourceIds: ['src_2'],
      audience: 'members',
      exceptId: 'usr_ann',
      path: '/sources/src_2',
    },
  ]);
  expect(woken()).toBe(1);
});

test('runs that meet tell the same once, and an entry that comes late behind others is told, too', async () => {
  const entries = [anEntry(5_000)];
  const { run, told, advance } = setUp(entries);
  await Promise.all([run(), run(), run()]);
  expect(await told()).toHaveLength(1);
  entries.push(anEntry(4_000));
  advance(30_000);
  await run();
  expect(await told()).toHaveLength(2);
  advance(3 * 60_000);
  entries.push(anEntry(200_000));
  await run();
  expect(await told()).toHaveLength(3);
});

test('what cannot be told by the rights of a source is for owners', async () => {
  const { run, told } = setUp([
    anEntry(1, { event: 'User Invited', resource: { type: 'INVITE', id: 'new@shop.test' } }),
  ]);
  await run();
  expect(await told()).toMatchObject([{ audience: 'owners', area: 'people', sourceIds: [] }]);
});

test('an alert of one source hears of that source alone, and one that is off of nothing', async () => {
  const of = (sourceId: string, over: Record<string, unknown> = {}) =>
    anAlert({ id: `alr_${sourceId}`, kind: 'EVENT', percent: undefined, event: 'Source Modified', sourceId, ...over });
  const entries = [anEntry(1, { event: 'Source Modified' })];
  const alerts = [of('src_2'), of('src_3'), of('src_4', { sourceId: 'src_2', enabled: false })];
  const { run, told } = setUp(entries, [
    ...alerts,
    anAlert({
      id: 'alr_default_source_modified',
      kind: 'EVENT',
      percent: undefined,
      event: 'Source Modified',
      createdBy: undefined,
      enabled: false,
    }),
  ]);
  await run();
  expect((await told()).map(({ alertId }) => alertId)).toEqual(['alr_src_2']);
});
