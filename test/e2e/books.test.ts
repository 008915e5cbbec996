import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { join } from 'node:path';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { OPERATOR_ACCESS_KEY_ID } from '../../local/lambda/function-callers.ts';
import { LOCAL_REGION } from '../../local/types.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoDoneStore, dynamoLedgerReader, dynamoPlanStore } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoRollupStore } from '../../shared/aws/dynamo-rollup-store.ts';
import { noDestinationTotals, noSourceTotals } from '../../shared/domain/books.ts';
import { DestinationId, IntakeId, SourceId } from '../../shared/domain/ids.ts';
import { dayOf, dayPlus, hourOf } from '../../shared/domain/timestamp.ts';
import { intakeIdOf } from '../builders/ledger-rows.ts';
import { aDirectory, balanceOf, isSource, settledBalance } from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { startWholeCloud, theWholeApp, type WholeCloud } from '../builders/whole-cloud.ts';

let sink: Sink;
let running: WholeCloud;
let stores: ReturnType<typeof openStores>;

function openStores({ cloud }: WholeCloud) {
  const {
    LedgerTableName = '',
    UsageTableName = '',
    ControlTableName = '',
    LaneCount,
  } = cloud.stacks['Tributary-local-Data'] ?? {};
  const client = new DynamoDBClient({
    endpoint: cloud.awsEndpointUrl,
    region: LOCAL_REGION,
    credentials: { accessKeyId: OPERATOR_ACCESS_KEY_ID, secretAccessKey: 'any' },
  });
  const doc = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    dones: dynamoDoneStore(doc, LedgerTableName),
    plans: dynamoPlanStore(doc, LedgerTableName),
    ledger: dynamoLedgerReader(doc, LedgerTableName),
    rollups: dynamoRollupStore(doc, { ledger: LedgerTableName, usage: UsageTableName }),
    control: dynamoControlStore(doc, ControlTableName, { lanes: Number(LaneCount) }),
  };
}

beforeAll(async () => {
  const [assembly, aSink] = await Promise.all([theWholeApp(), startSink({ host: '127.0.0.1', port: 0 })]);
  sink = aSink;
  const directory = aDirectory();
  running = await startWholeCloud({
    assembly,
    stateDirectory: join(directory, 'state'),
    seedFile: aSinkSeed(directory, `${sink.url}/hook`),
  });
  stores = openStores(running);
}, 90_000);
afterAll(async () => {
  await running?.cloud.stop();
  await sink?.stop();
}, 30_000);

/** The hourly run, by its function and with its role's grants. */
async function aggregate(): Promise<void> {
  const found = running.cloud.functions().find(({ name }) => name.includes('AggregateUsage'));
  const result = await running.cloud.invoke(found?.name ?? '', {});
  expect(result).toMatchObject({ ok: true });
  expect(running.cloud.denials()).toEqual([]);
}

const send = async (count: number): Promise<void> => {
  const batch = Array.from({ length: count }, (_, number) => ({ type: 'track', userId: 'u', event: `E${number}` }));
  const body = JSON.stringify({ batch, writeKey: SINK_WRITE_KEY });
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, { method: 'POST', body });
  expect(answer.status).toBe(200);
};

const statusOf = async () => {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}/app-api/status`, { headers: { authorization: `Bearer ${apiToken}` } });
  if (!answer.ok) {
    const errors = running
      .log()
      .split('\n')
      .filter((each) => each.includes('"level":"ERROR"') || each.includes('imed out'));
    throw new Error(`The status answered ${answer.status}: ${await answer.text()}\n${errors.slice(-5).join('\n')}`);
  }
  const { data } = (await answer.json()) as {
    data: { mismatches?: { found: unknown[] }; destinations: { id: string; paused?: unknown }[] };
  };
  return data;
};

test('the balance is the same before and after the hourly run, and agrees with what the sink has', async () => {
  await send(20);
  const before = await settledBalance(running.endpoints, 20, 20_000);
  const arrived = (await (await fetch(`${sink.url}/count`)).json()) as { events: number };
  expect(before.filter((line) => !isSource(line)).map(({ delivered }) => delivered)).toEqual([20, arrived.events]);
  await aggregate();
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await expect(balanceOf(running.endpoints)).resolves.toEqual(before);
  await expect(statusOf()).resolves.toMatchObject({ mismatches: { found: [] } });
}, 60_000);

test('an end that is booked twice raises the alarm and shows in the status (R19)', async () => {
  const [line] = (await balanceOf(running.endpoints)).filter((each) => !isSource(each));
  const destinationId = DestinationId.parse(line?.destination);
  const [row] = await stores.ledger.donesOfHour(destinationId, hourOf(new Date().toISOString()));
  if (row === undefined) throw new Error('a done row of this hour');
  await stores.dones.putDone({ ...row, slice: row.slice + 90, writeId: 'planted' });
  await aggregate();
  await expect(statusOf()).resolves.toMatchObject({
    mismatches: { found: [{ destinationId, kind: 'negative', count: -row.delivered }] },
  });
  const counted = running
    .log()
    .split('\n')
    .filter((each) => each.includes('"LedgerMismatch":1'));
  expect(counted).toHaveLength(1);
}, 60_000);

test('what is in flight is no mismatch while CloudWatch has not seen the lanes empty for half an hour', async () => {
  const [, line] = (await balanceOf(running.endpoints)).filter((each) => !isSource(each));
  const { mismatches } = await statusOf();
  const [planned] = await stores.ledger.plansOfHour(SourceId.parse(line?.source), hourOf(new Date().toISOString()));
  const destinations = planned?.destinations.filter(({ destinationId }) => destinationId === line?.destination) ?? [];
  if (planned === undefined) throw new Error('a plan row of this hour');
  await stores.plans.putPlan({ ...planned, intakeId: IntakeId.parse(intakeIdOf(1)), writeId: 'planted', destinations });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const [, after] = (await balanceOf(running.endpoints)).filter((each) => !isSource(each));
  expect(after?.inFlight).toBe(20);
  await aggregate();
  await expect(statusOf()).resolves.toMatchObject({ mismatches: { found: mismatches?.found } });
}, 60_000);

test('a destination that failed for five days is paused by the hourly run, in one transaction with its lane', async () => {
  const [, line] = (await balanceOf(running.endpoints)).filter((each) => !isSource(each));
  const [workspace] = await stores.control.listWorkspaces();
  if (workspace === undefined) throw new Error('a workspace');
  const like = await stores.control.getDestination(workspace.id, DestinationId.parse(line?.destination));
  if (like === undefined) throw new Error('a destination');
  const today = dayOf(new Date().toISOString());
  const id = DestinationId.parse('dst_failing');
  const longAgo = `${dayPlus(today, -8)}T00:00:00.000Z`;
  // One that has never delivered anything: those of this run have, today, and are left alone.
  const failing = { ...like, id, name: 'Fails', version: 0, createdAt: longAgo, updatedAt: longAgo };
  const made = await stores.control.saveDestination(failing, 'test');
  if (made.outcome !== 'saved') throw new Error('saved');
  const over = { version: 0, writeId: 'test' };
  for (let day = dayPlus(today, -8); day < today; day = dayPlus(day, 1)) {
    const totals = { ...noDestinationTotals(), deadLettered: { retry_window: 1 } };
    // Hours, as a run would have made them: days are recomputed from them.
    await stores.rollups.destination(id).putHour(`${day}T12`, totals, over);
    await stores.rollups.destination(id).putDay(day, { totals, sofar: noDestinationTotals() }, over);
    // Its source is read back to the same day: without days hour by hour from rows, in hundreds of queries.
    const nothing = noSourceTotals();
    await stores.rollups.source(like.sourceId).putDay(day, { totals: nothing, sofar: nothing }, over);
  }
  await aggregate();
  const { destinations } = await statusOf();
  expect(destinations.find((each) => each.id === id)?.paused).toMatchObject({ by: 'failing' });
  await expect(stores.control.getDestination(workspace.id, id)).resolves.toMatchObject({ lane: made.value.lane });
}, 60_000);
