import { notify } from '../../../../functions/notify/notify.ts';
import { documentsNotifications } from '../../../../shared/aws/documents-notifications.ts';
import { notificationIdOf } from '../../../../shared/aws/notification-id.ts';
import type { ActivityNote } from '../../../../shared/domain/alert-notes.ts';
import type { ForwardingState } from '../../../../shared/domain/forwarding.ts';
import type { IntakeId } from '../../../../shared/domain/ids.ts';
import type { Source, Workspace } from '../../../../shared/domain/workspace.ts';
import type { WatchNote } from '../../../../shared/ports/notes.ts';
import { fakeIntakeQueue } from '../../../builders/fake-queues.ts';
import { anEntry, fakeAuditLog, fakeNotes, sentIds } from '../../../builders/notify-world.ts';
import { memoryDocuments } from '../../../builders/memory-documents.ts';
import { aSource, aWorkspace } from '../../../builders/workspace-things.ts';

const SINCE = '2026-11-24T10:00:00.000Z';
const hint = (workspaceId: string) => ({
  version: '0',
  id: 'e1',
  source: 'tributary',
  'detail-type': 'ConfigurationChanged',
  detail: { v: 1, workspaceId, configVersion: 4, changes: [{ kind: 'SOURCE', id: 'src_2', verb: 'created' }] },
});
const SCHEDULED = { scheduledAt: '2026-11-24T10:35:00Z' };

function setUp({
  workspaces = [aWorkspace()],
  sources = [aSource()],
}: {
  workspaces?: Workspace[];
  sources?: Source[];
} = {}) {
  const intake = fakeIntakeQueue();
  const asked: string[] = [];
  const deps = {
    control: {
      listWorkspaces: async () => workspaces,
      getWorkspace: async (id: string) => workspaces.find((one) => one.id === id),
      getSource: async (workspaceId: string, id: string) =>
        sources.find((one) => one.id === id && one.workspaceId === workspaceId),
      readConfig: async (workspaceId: string) => {
        asked.push(workspaceId);
        return undefined;
      },
      commit: async () => ({ outcome: 'stale' as const }),
      listAlerts: async () => [],
    },
    audit: fakeAuditLog([anEntry(1), anEntry(2, { workspaceId: 'ws_2' })]),
    forwarding: fakeNotes<ForwardingState>(),
    watch: fakeNotes<WatchNote>(),
    activity: fakeNotes<ActivityNote>(),
    notifications: documentsNotifications(memoryDocuments(), 'control'),
    sender: { wake: async () => {} },
    idOf: notificationIdOf,
    intake,
    now: () => new Date('2026-11-24T10:35:01.000Z'),
    newIntakeId: () => 'in_0123456789abcdefghijkl' as IntakeId,
    newWriteId: () => 'w',
  };
  return { run: notify(deps), deps, intake, asked };
}
const forwardingTo = (id: string, sourceId: string, over: Record<string, unknown> = {}) =>
  aWorkspace({ id, auditForwarding: { sourceId, since: SINCE }, ...over });

test('a hint forwards the trail of its workspace alone, and looks for no unused sources', async () => {
  const workspaces = [
    forwardingTo('ws_1', 'src_1', { autoDisableSources: true }),
    forwardingTo('ws_2', 'src_2', { autoDisableSources: true }),
  ];
  const sources = [aSource(), aSource({ id: 'src_2', workspaceId: 'ws_2' })];
  const { run, intake, asked } = setUp({ workspaces, sources });
  await run(hint('ws_2'));
  expect(sentIds(intake.sent)).toEqual(['aud_000002']);
  expect(intake.sent[0]?.head).toMatchObject({ workspaceId: 'ws_2', sourceId: 'src_2' });
  expect(asked).toEqual([]);
});

test('the clock has all workspaces looked at, in each only what it asks for', async () => {
  const workspaces = [forwardingTo('ws_1', 'src_1'), aWorkspace({ id: 'ws_2', autoDisableSources: true })];
  const { run, intake, asked } = setUp({ workspaces });
  await run(SCHEDULED);
  expect(sentIds(intake.sent)).toEqual(['aud_000001']);
  expect(asked).toEqual(['ws_2']);
});

test('a workspace that fails leaves the others alone, and the run fails at its end', async () => {
  const workspaces = [forwardingTo('ws_1', 'src_1'), forwardingTo('ws_2', 'src_2')];
  const sources = [aSource(), aSource({ id: 'src_2', workspaceId: 'ws_2' })];
  const { deps, intake } = setUp({ workspaces, sources });
  const audit = {
    list: async (...args: Parameters<typeof deps.audit.list>) => {
      if (args[0] === 'ws_1') throw new Error('the table is away');
      return await deps.audit.list(...args);
    },
  };
  await expect(notify({ ...deps, audit })(SCHEDULED)).rejects.toThrow('Not told: ws_1');
  expect(sentIds(intake.sent)).toEqual(['aud_000002']);
});

test('a hint of a workspace that is gone is nothing', async () => {
  const { run, intake } = setUp();
  await run(hint('ws_9'));
  expect(intake.sent).toEqual([]);
});

test('a source of another workspace gets nothing', async () => {
  const { run, intake } = setUp({
    workspaces: [forwardingTo('ws_1', 'src_2')],
    sources: [aSource({ id: 'src_2', workspaceId: 'ws_2' })],
  });
  await run(SCHEDULED);
  expect(intake.sent).toEqual([]);
});

test.each([
  ['nothing', {}],
  ['a hint without a workspace', { ...hint('ws_1'), detail: { v: 1 } }],
  ['a hint of a newer form', { ...hint('ws_1'), detail: { ...hint('ws_1').detail, v: 2 } }],
])('%s is refused', async (_case, event) => {
  const { run } = setUp();
  await expect(run(event)).rejects.toThrow();
});
