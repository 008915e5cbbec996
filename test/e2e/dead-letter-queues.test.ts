import { gunzipSync } from 'node:zlib';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { messagesIn, type Queues, queueCounts, queuesOf } from '../../cli/deployed/queues.ts';
import { readDeployment } from '../../cli/deployed/stacks.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoDoneStore, dynamoLedgerReader, dynamoPlanStore } from '../../shared/aws/dynamo-ledger.ts';
import { encodeIntake } from '../../shared/aws/intake-codec.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { deadLettersOf } from '../builders/books-of.ts';
import { anIntakeMessage } from '../builders/intake-message.ts';
import { aPart } from '../builders/lane-parts.ts';
import { aPlanRow, intakeIdOf } from '../builders/ledger-rows.ts';
import { operatorOf } from '../builders/operator-of.ts';
import {
  aDirectory,
  balanceOf,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { aSeed, INBOX } from '../builders/sink-seed.ts';

// What nobody came to an end with, put where 100 receives would bring it: the functions as deployed, with the grants of their roles.

const WAIT_MS = 30_000;

let running: Running;
let queues: Queues;
let config: WorkspaceConfig;
let unreadableObjects: () => Promise<string[]>;
let send: (queueUrl: string, body: string) => Promise<void>;
let isEmpty: (queueUrl: string) => Promise<boolean>;
let lettersOf: (destinationId: string) => ReturnType<typeof deadLettersOf>;
let ledger: { table: string; doc: ReturnType<typeof documentClient> };

beforeAll(async () => {
  running = await runTributary({ args: ['--no-demo', '--seed', aSeed(aDirectory(), [INBOX])] });
  const operator = await operatorOf(running);
  const deployment = await readDeployment(new CloudFormationClient(operator.client), 'Tributary-local');
  queues = queuesOf(deployment);
  const doc = documentClient(new DynamoDBClient(operator.client));
  ledger = { table: deployment.output('LedgerTableName'), doc };
  const control = dynamoControlStore(doc, deployment.output('ControlTableName'), { lanes: 0 });
  const [workspace] = await control.listWorkspaces();
  const found = workspace && (await control.readConfig(workspace.id));
  if (found === undefined) throw new Error('The seed made no workspace');
  config = found;

  const sqs = new SQSClient(operator.client);
  send = async (QueueUrl, MessageBody) => void (await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })));
  isEmpty = async (queueUrl) => messagesIn(await queueCounts(sqs, queueUrl)) === 0;
  lettersOf = (destinationId) => deadLettersOf(operator, destinationId);
  const s3 = new S3Client({ ...operator.client, forcePathStyle: true });
  const Bucket = deployment.output('DeadLetterBucketName');
  unreadableObjects = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'unreadable/' }));
    return await Promise.all(
      Contents.map(async ({ Key }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return gunzipSync((await Body?.transformToByteArray()) ?? Buffer.alloc(0)).toString('utf8');
      }),
    );
  };
}, 90_000);
afterAll(async () => {
  await running?.kill();
}, 30_000);

const emptied = (queueUrl: string) =>
  until(
    () => isEmpty(queueUrl),
    WAIT_MS,
    () => `Something stays in ${queueUrl}: ${running.output()}`,
  );

/** A request of the seeded source, as ingest would have sent it just now. */
const aRequest = (number: number) => {
  const [source] = config.sources;
  if (source === undefined) throw new Error('The seed made no source');
  const receivedAt = new Date().toISOString();
  return anIntakeMessage({
    intakeId: intakeIdOf(number),
    workspaceId: config.workspaceId,
    sourceId: source.id,
    receivedAt,
    body: { userId: 'u', event: 'Bought', messageId: `dead-${number}` },
  });
};
const textOf = ({ body, ...head }: ReturnType<typeof aRequest>) => encodeIntake(head, JSON.stringify(body));

test('what is no message of ours is put away by route at once, and counted', async () => {
  const before = await unreadableObjects();
  await send(queues.intake, 'no JSON');
  await emptied(queues.intake);
  expect(await unreadableObjects()).toEqual([...before, 'no JSON']);
  await expect(isEmpty(queues.deadLetters.intake)).resolves.toBe(true);
  const rows = await dynamoLedgerReader(ledger.doc, ledger.table).unreadableOfHour(hourOf(new Date().toISOString()));
  expect(rows).toMatchObject([{ reason: 'malformed' }]);
});

test('a request without a plan leaves the dead-letter queue for the dead-letter store, and its source counts it', async () => {
  const request = aRequest(1);
  await send(queues.deadLetters.intake, textOf(request));
  await emptied(queues.deadLetters.intake);
  expect(await unreadableObjects()).toContain(textOf(request));
  const sourceLine = async () => (await balanceOf(running.endpoints)).find(isSource);
  await until(
    async () => (await sourceLine())?.unreadable === 1,
    WAIT_MS,
    () => 'The source does not count the request that nobody could read',
  );
  expect(await sourceLine()).toMatchObject({ accepted: 0, unreadable: 1 });
});

test('a request with a plan ends in the books: each send dead-lettered, with its payload', async () => {
  const request = aRequest(2);
  const [inbox] = config.destinations;
  if (inbox === undefined) throw new Error('The seed made no destination');
  const mappingIds = inbox.mappings.map(({ id }) => id);
  const [planned] = aPlanRow().destinations;
  const row = aPlanRow({
    intakeId: request.intakeId,
    workspaceId: request.workspaceId,
    sourceId: request.sourceId,
    receivedAt: request.receivedAt,
    // Old enough that nobody is at work on it.
    plannedAt: new Date(Date.now() - 60_000).toISOString(),
    destinations: [{ ...planned, destinationId: inbox.destination.id, mappings: mappingIds.slice(0, 1) }],
  });
  await dynamoPlanStore(ledger.doc, ledger.table).putPlan(row);
  await send(queues.deadLetters.intake, textOf(request));
  await emptied(queues.deadLetters.intake);
  expect(await lettersOf(inbox.destination.id)).toMatchObject([
    { intakeId: request.intakeId, code: 'crash_loop', mappingId: mappingIds[0], event: { messageId: 'dead-2' } },
  ]);
  // Answers of the API may be a few seconds old.
  const lines = await settledBalance(running.endpoints, 1, WAIT_MS);
  expect(lines.find(({ destination }) => destination === inbox.destination.id)).toMatchObject({
    accepted: 1,
    delivered: 0,
    dlq: 1,
    inFlight: 0,
  });
});

test('a lane message ends part by part, and a row that asks for another hop gets it: that one is delivered', async () => {
  const [inbox] = config.destinations;
  const request = aRequest(3);
  if (inbox === undefined) throw new Error('The seed made no destination');
  const { id: destinationId } = inbox.destination;
  const replay = `rp_${'d'.repeat(22)}`;
  const common = {
    replay,
    intakeId: `in_${'d'.repeat(22)}`,
    workspaceId: request.workspaceId,
    sourceId: request.sourceId,
    receivedAt: request.receivedAt,
    dueAt: request.receivedAt,
    mappings: inbox.mappings.map(({ id }) => id).slice(0, 1),
  };
  const lost = aPart({ ...common, slice: 0 });
  const waiting = aPart({ ...common, slice: 1, number: 4 });
  const dones = dynamoDoneStore(ledger.doc, ledger.table);
  const { intakeId, workspaceId, sourceId, slice, hop, dueAt } = waiting;
  await dones.putDone({
    v: 1,
    workspaceId,
    sourceId,
    destinationId,
    intakeId,
    slice,
    hop,
    dueAt,
    replay: waiting.replay,
    settledAt: dueAt,
    writeId: 'by the test',
    delivered: 0,
    discarded: {},
    deadLettered: {},
    retry: 1,
    retryBitmap: 'AQ==',
    nextDueAt: new Date().toISOString(),
    waitingSince: dueAt,
    errors: [],
    latency: [],
  });
  await send(queues.deadLetters.lanes, JSON.stringify({ v: 1, destinationId, parts: [lost, waiting] }));
  await emptied(queues.deadLetters.lanes);

  const key = { destinationId, dueAt, intakeId, hop, replay: lost.replay };
  await expect(dones.getDone({ ...key, slice: 0 })).resolves.toMatchObject({ deadLettered: { crash_loop: 1 } });
  const letters = (await lettersOf(destinationId)).filter((letter) => letter.replay === replay);
  expect(letters.map((letter) => [letter.slice, letter.code])).toEqual([[0, 'crash_loop']]);
  const [first] = await dones.findDone([{ ...key, slice: 1 }]);
  const next = { ...key, slice: 1, hop: 1, dueAt: first?.nextDueAt ?? '' };
  await until(
    async () => (await dones.getDone(next))?.delivered === 1,
    WAIT_MS,
    () => `The next hop was not delivered: ${running.output()}`,
  );
});
