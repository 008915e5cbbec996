import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { OPERATOR_ACCESS_KEY_ID } from '../../local/lambda/function-callers.ts';
import { LOCAL_REGION } from '../../local/types.ts';
import { documentsAuditLog } from '../../shared/aws/audit-items.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { sdkDocuments } from '../../shared/aws/documents.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoNotifyNotes } from '../../shared/aws/dynamo-notes.ts';
import { lightClient } from '../../shared/aws/light-client.ts';
import { lightHints } from '../../shared/aws/light-hints.ts';
import type { Destination, Source, Workspace } from '../../shared/domain/workspace.ts';
import type { AuditLog } from '../../shared/ports/audit-log.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { Hints } from '../../shared/ports/hints.ts';
import type { NotifyNotes } from '../../shared/ports/notes.ts';
import { aDirectory, settledBalance, until } from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { startWholeCloud, theWholeApp, type WholeCloud } from '../builders/whole-cloud.ts';

/** What is promised: on one machine, and in browsers. */
const IN_FORCE_MS = 5_000;
const IN_BROWSERS_MS = 30_000;
const EVERY_MS = 100;
const ROUNDS = 2;

let sink: Sink;
let running: WholeCloud;
let control: ControlStore;
let hints: Hints;
let notes: NotifyNotes;
let audit: AuditLog;
let workspace: Workspace;
let source: Source;
const failedHints: unknown[] = [];

beforeAll(async () => {
  const [assembly, started] = await Promise.all([theWholeApp(), startSink({ host: '127.0.0.1', port: 0 })]);
  sink = started;
  const directory = aDirectory();
  running = await startWholeCloud({ assembly, stateDirectory: directory, seedFile: aSinkSeed(directory, sink.url) });
  const { awsEndpointUrl: endpoint, stacks } = running.cloud;
  const credentials = { accessKeyId: OPERATOR_ACCESS_KEY_ID, secretAccessKey: 'any' };
  const doc = documentClient(new DynamoDBClient({ endpoint, region: LOCAL_REGION, credentials }));
  const { ControlTableName = '', LaneCount } = stacks['Tributary-local-Data'] ?? {};
  control = dynamoControlStore(doc, ControlTableName, { lanes: Number(LaneCount) });
  notes = dynamoNotifyNotes(doc, ControlTableName);
  audit = documentsAuditLog(sdkDocuments(doc), ControlTableName);
  hints = lightHints(
    lightClient('events', endpoint, { region: LOCAL_REGION, credentials, endpointUrl: endpoint }),
    'Tributary-local',
    (error) => failedHints.push(error),
  );
  const [first] = await control.listWorkspaces();
  if (first === undefined) throw new Error('the seed has a workspace');
  workspace = first;
  const [own] = await control.listSources(first.id);
  if (own === undefined) throw new Error('the seed has a source');
  source = own;
}, 120_000);

afterAll(async () => {
  await running?.cloud.stop();
  await sink?.stop();
}, 60_000);

const isIdle = () =>
  until(
    () => running.cloud.idle(),
    60_000,
    () => 'it is not idle',
  );
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const webhook = async (): Promise<Destination> => {
  const found = (await control.listDestinations(workspace.id)).find(({ type }) => type === 'webhook');
  if (found === undefined) throw new Error('the seed has a webhook');
  return found;
};

async function switchWebhook(enabled: boolean): Promise<number> {
  const saved = await control.saveDestination({ ...(await webhook()), enabled }, `w-${Math.random()}`);
  expect(saved.outcome).toBe('saved');
  return performance.now();
}

/** An event each EVERY_MS, with the moment at which it was sent. */
function startSending() {
  const sent: { messageId: string; atMs: number }[] = [];
  const posts: Promise<unknown>[] = [];
  const timer = setInterval(() => {
    const messageId = `in-force-${Date.now()}-${sent.length}`;
    sent.push({ messageId, atMs: performance.now() });
    const body = JSON.stringify({ userId: 'u', event: 'Sent', messageId, writeKey: SINK_WRITE_KEY });
    posts.push(
      fetch(`${running.endpoints.trackingUrl}/v1/track`, { method: 'POST', body }).then((answer) => answer.text()),
    );
  }, EVERY_MS);
  return {
    sent,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(posts);
    },
  };
}

type Arrived = { body: Record<string, unknown> };
const arrivals = async (query = ''): Promise<Arrived[]> => {
  const answer = await fetch(`${sink.url}/events?limit=10000${query}`);
  return ((await answer.json()) as { events: Arrived[] }).events;
};

test(`a destination that is switched off gets nothing, and one that is switched on everything, within ${IN_FORCE_MS} ms`, async () => {
  const rounds: { atMs: number; enabled: boolean; sent: { messageId: string; atMs: number }[] }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const enabled of [false, true]) {
      const sending = startSending();
      // What functions know is as old as it may be; not in step with when they look.
      await wait(IN_FORCE_MS + ((rounds.length * 370) % 1_000));
      const atMs = await switchWebhook(enabled);
      await wait(IN_FORCE_MS + 1_000);
      await sending.stop();
      // On a busy machine events would else be judged when the destination has been switched back.
      await isIdle();
      rounds.push({ atMs, enabled, sent: sending.sent });
    }
  }
  const sent = rounds.reduce((sum, one) => sum + one.sent.length, 0);
  await settledBalance(running.endpoints, sent, 30_000);
  const arrived = new Set((await arrivals()).map(({ body }) => body['messageId']));
  const delaysMs = rounds.map(({ atMs, enabled, sent: own }) => {
    const wrong = own.filter((one) => one.atMs > atMs && arrived.has(one.messageId) !== enabled);
    return Math.round((wrong.at(-1)?.atMs ?? atMs) - atMs);
  });
  process.stderr.write(`changes were in force after ms: ${delaysMs.toSorted((x, y) => x - y).join(' ')}\n`);
  expect(Math.max(...delaysMs)).toBeLessThanOrEqual(IN_FORCE_MS);
  // It is the cache that was measured, and not nothing.
  expect(Math.max(...delaysMs)).toBeGreaterThan(EVERY_MS);
}, 240_000);

test('a hint brings what was audited to the source that it is forwarded to, once, and the hourly run adds nothing (H15)', async () => {
  const since = new Date().toISOString();
  const saved = await control.saveWorkspace(
    { ...workspace, auditForwarding: { sourceId: source.id, since }, updatedAt: since },
    'forward',
  );
  expect(saved.outcome).toBe('saved');
  const changed = await webhook();
  await control.saveDestination({ ...changed, name: 'Renamed' }, 'renamed');
  const hint = { v: 1 as const, workspaceId: workspace.id, changes: [] };
  // Three changes at one moment, as it were: one run works, the others leave.
  await Promise.all([hints.configChanged(hint), hints.configChanged(hint), hints.configChanged(hint)]);
  const audited = async () =>
    (await arrivals()).map(({ body }) => body).filter(({ messageId }) => String(messageId).startsWith('aud_'));
  await until(
    async () => (await audited()).length >= 2,
    20_000,
    () => 'the audit trail did not arrive',
  );
  await isIdle();
  const found = await audited();
  expect(found.map(({ event }) => String(event)).toSorted()).toEqual(['Integration Modified', 'Workspace Modified']);
  expect(found.find(({ event }) => event === 'Integration Modified')).toMatchObject({
    type: 'track',
    userId: 'command-line',
    context: { library: { name: 'tributary-audit' } },
    properties: {
      type: 'Integration Modified',
      resource: { type: 'DESTINATION', id: changed.id, name: 'Renamed' },
      before: { name: 'Sink' },
      after: { name: 'Renamed' },
    },
  });
  expect(failedHints).toEqual([]);

  const notify = running.cloud.functions().find(({ name }) => name.includes('Notify'))?.name ?? '';
  expect(await running.cloud.invoke(notify, { scheduledAt: since })).toMatchObject({ ok: true });
  await wait(1_000);
  await isIdle();
  expect(await audited()).toHaveLength(2);
  expect(running.cloud.denials()).toEqual([]);
}, 120_000);

test('a source that nobody uses is switched off by the system after 14 days, where the workspace wants that (A16)', async () => {
  const present = await control.getWorkspace(workspace.id);
  if (present === undefined) throw new Error('it is there');
  await control.saveWorkspace({ ...present, autoDisableSources: true, auditForwarding: undefined }, 'auto');
  const unused = {
    ...source,
    id: 'src_unused' as Source['id'],
    slug: 'unused',
    version: 0,
    // As a look two weeks ago would have left it.
    unusedSince: '2026-01-01T00:00:00.000Z',
  };
  await control.saveSource(unused, 'unused');
  const notify = running.cloud.functions().find(({ name }) => name.includes('Notify'))?.name ?? '';
  const look = async () => {
    expect(await running.cloud.invoke(notify, { scheduledAt: '2026-01-20T00:35:00Z' })).toMatchObject({ ok: true });
    return await control.getSource(workspace.id, unused.id);
  };
  // The workspace wants it from now on: what was noted before does not count.
  const first = await look();
  expect(first).toMatchObject({ enabled: true, unusedSince: expect.stringMatching(/^20/) });
  expect(first?.unusedSince).not.toBe(unused.unusedSince);
  expect(await look()).toEqual(first);

  // As if both were of two weeks ago.
  const { version } = await notes.watch.read(workspace.id);
  expect(await notes.watch.save(workspace.id, { since: unused.unusedSince }, version, 'long ago')).toBe(true);
  if (first === undefined) throw new Error('it is there');
  await control.saveSource({ ...first, unusedSince: unused.unusedSince }, 'long ago');
  expect(await look()).toMatchObject({ enabled: false });
  expect(await control.getSource(workspace.id, source.id)).toMatchObject({ enabled: true });
  const { entries } = await audit.list(workspace.id, { from: '2000', to: '3000', limit: 1, newestFirst: true });
  expect(entries).toEqual([
    expect.objectContaining({
      event: 'Source Disabled',
      actor: { type: 'system', id: 'notify' },
      resource: { type: 'SOURCE', id: unused.id, name: unused.name },
      before: expect.objectContaining({ enabled: true }),
      after: expect.objectContaining({ enabled: false }),
    }),
  ]);
  expect(running.cloud.denials()).toEqual([]);
}, 60_000);

test(`a change of a source is in force in browsers within ${IN_BROWSERS_MS} ms`, async () => {
  const url = `${running.cloud.distributions[0]?.url}/v1/projects/${SINK_WRITE_KEY}/settings`;
  let kept: { batches: boolean; untilMs: number } | undefined;
  /** As a browser, which asks when what it has is no longer fresh. */
  const isBatching = async (): Promise<boolean> => {
    if (kept !== undefined && performance.now() < kept.untilMs) return kept.batches;
    const answer = await fetch(url);
    const freshMs = 1_000 * Number(/max-age=(\d+)/.exec(answer.headers.get('cache-control') ?? '')?.[1]);
    const ageMs = 1_000 * Number(answer.headers.get('age') ?? 0);
    const { integrations } = (await answer.json()) as { integrations: Record<string, { deliveryStrategy?: unknown }> };
    const batches = integrations['Segment.io']?.deliveryStrategy !== undefined;
    kept = { batches, untilMs: performance.now() + freshMs - ageMs };
    return batches;
  };
  expect(await isBatching()).toBe(true);
  const present = await control.getSource(workspace.id, source.id);
  if (present === undefined) throw new Error('it is there');
  await control.saveSource({ ...present, batching: false }, 'unbatched');
  const changedAtMs = performance.now();
  await until(
    async () => !(await isBatching()),
    IN_BROWSERS_MS,
    () => 'the settings did not change',
  );
  process.stderr.write(`settings were in force in browsers after ms: ${Math.round(performance.now() - changedAtMs)}\n`);
}, 60_000);
