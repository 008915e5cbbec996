import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { operatorOf } from '../builders/operator-of.ts';
import {
  aDirectory,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { aSinkSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const STACK = 'Tributary-local';
/** Longer than functions go on with a list that they have read. */
const CONFIG_MS = 6_000;
const SETTLE_MS = 120_000;
const TEST_MS = 300_000;

let sink: Sink;
let running: Running;
let environment: Record<string, string>;
let sentEvents = 0;

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const directory = aDirectory();
  const seed = aSinkSeed(aDirectory(), `${sink.url}/all`, [
    aWebhook('Refuser', `${sink.url}/refuser`, { trigger: 'event = "Refused"' }),
    aWebhook('Waiter', `${sink.url}/waiter`, { trigger: 'event = "Waits"' }),
  ]);
  running = await runTributary({ directory, args: ['--seed', seed, '--allow-private-targets'] });
  const lines = readFileSync(join(directory, 'aws.env'), 'utf8').trim().split('\n');
  environment = Object.fromEntries(lines.map((line) => line.split('=', 2)));
}, 120_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

/** Runs a command to its end. The sink lives in this process, so it must not stand still meanwhile. */
async function type(command: string, ...args: string[]) {
  const child = spawn(process.execPath, [join('cli', `${command}.ts`), '--stack', STACK, ...args], {
    env: { ...process.env, ...environment, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, ...texts };
}

/** One request with an event of each of these users. Answers their messageIds. */
async function send(event: string, ...userIds: string[]): Promise<string[]> {
  const batch = userIds.map((userId) => ({
    type: 'track',
    messageId: `${userId} ${event} ${randomUUID()}`,
    userId,
    event,
  }));
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${SINK_WRITE_KEY}:`)}` },
    body: JSON.stringify({ batch }),
  });
  expect(answer.status).toBe(200);
  sentEvents += batch.length;
  return batch.map(({ messageId }) => messageId);
}

const script = (path: string, does: string | null) =>
  fetch(`${sink.url}/script`, { method: 'POST', body: JSON.stringify({ path, script: does }) });

/** How tries of an event at one path ended. */
async function answersTo(path: string, messageId: string | undefined): Promise<(number | string)[]> {
  const answer = await fetch(`${sink.url}/attempts?messageId=${encodeURIComponent(messageId ?? '')}`);
  const { attempts } = (await answer.json()) as { attempts: { path: string; answer: number | string }[] };
  return attempts.flatMap((attempt) => (attempt.path === path ? [attempt.answer] : []));
}

/** messageIds in the archive. */
async function archived(): Promise<string[]> {
  const { client, output } = await operatorOf(running);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const Bucket = output('ArchiveBucketName');
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const objects = await Promise.all(
    Contents.map(async ({ Key }) =>
      (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray(),
    ),
  );
  s3.destroy();
  return objects
    .flatMap((bytes) =>
      gunzipSync(bytes ?? '')
        .toString()
        .trim()
        .split('\n'),
    )
    .map((line) => (JSON.parse(line) as { messageId: string }).messageId);
}

const settle = () => settledBalance(running.endpoints, sentEvents, SETTLE_MS);

let refused: string[];
let waiting: string[];

test(
  'before anybody is suppressed, all goes where it goes; some of it waits to be tried again, some was refused',
  async () => {
    await Promise.all([script('/refuser', '/status/400'), script('/waiter', '/status/503')]);
    refused = await send('Refused', 'ada', 'bo');
    waiting = await send('Waits', 'ada', 'bo');
    await until(
      async () =>
        (await answersTo('/waiter', waiting[0])).length > 0 &&
        (await answersTo('/refuser', refused[1])).length > 0 &&
        (await answersTo('/all', waiting[0])).length > 0,
      SETTLE_MS,
      () => 'one of them was not tried',
    );
    expect(await answersTo('/all', waiting[0])).toEqual([200]);
    expect(await type('suppress', 'list')).toMatchObject({ stdout: '', stderr: 'Nobody is suppressed.\n' });
  },
  TEST_MS,
);

test(
  'events of a suppressed user are taken, counted, and go nowhere: no tool, no archive; what waited ends untried (E25, J16, T25)',
  async () => {
    const file = join(running.directory, 'users.txt');
    writeFileSync(file, 'ada\r\n\nnobody we know\n');
    const added = await type('suppress', 'add', 'cy', '--file', file);
    expect({ status: added.status, stderr: added.stderr }).toEqual({ status: 0, stderr: '' });
    expect(added.stdout).toMatch(
      /^reg_\S+: SUPPRESS_ONLY of 3 users\n3 users suppressed; 3 in all now\.\nIn force within 4 s/,
    );
    await wait(CONFIG_MS);
    await script('/waiter', null);
    const ids = await send('Cup Bought', 'ada', 'bo', 'ada', 'cy');
    const lines = await settle();
    const [ofAda, ofBo] = ids;
    expect([await answersTo('/all', ofAda), await answersTo('/all', ofBo)]).toEqual([[], [200]]);
    expect(lines.find(isSource)).toMatchObject({ accepted: 8, routed: 5, suppressed: 3, blocked: 0, invalid: 0 });

    // What waited: bo's was tried again and taken, ada's was not tried again.
    expect((await answersTo('/waiter', waiting[1])).at(-1)).toBe(200);
    expect((await answersTo('/waiter', waiting[0])).every((answer) => answer === 503)).toBe(true);
    expect(lines.find((line) => !isSource(line) && line.discarded === 1)).toMatchObject({
      accepted: 5,
      filtered: 3,
      delivered: 1,
      dlq: 0,
      inFlight: 0,
    });
    await until(
      async () => (await archived()).includes(ofBo ?? ''),
      SETTLE_MS,
      () => 'what was routed did not come into the archive',
    );
    expect((await archived()).filter((messageId) => /^(ada|cy) Cup Bought/.test(messageId))).toEqual([]);
  },
  TEST_MS,
);

test(
  'a replay sends nothing of a suppressed user and says how much it left out (T25)',
  async () => {
    await script('/refuser', null);
    const run = await type('replay', '--destination', 'Refuser');
    expect(run.stdout).toContain('Refuser: sends 1 (1 400)\n  left out: 1 whose user is suppressed\n');
    const none = await type('replay', '--destination', 'Waiter');
    expect(none.stdout).toBe('Waiter: nothing to send\n  left out: 1 whose user is suppressed\n');
    await until(
      async () => (await answersTo('/refuser', refused[1])).includes(200),
      SETTLE_MS,
      () => 'the replay did not send what it might',
    );
    expect(await answersTo('/refuser', refused[0])).toEqual([400]);
    expect((await type('replay', '--list', '--code', 'suppressed')).stdout).toMatch(/^Waiter .* suppressed +1 +0 /m);
  },
  TEST_MS,
);

test(
  'a user who is suppressed no more is there again: later events are delivered, and letters may be replayed',
  async () => {
    const removed = await type('suppress', 'remove', 'ada', 'stranger');
    expect(removed.stdout).toMatch(
      /^reg_\S+: UNSUPPRESS of 2 users\n1 user no more suppressed, 1 was so before; 2 in all now\./,
    );
    expect((await type('suppress', 'list')).stdout).toBe('cy\nnobody we know\n');
    const first = await type('suppress', 'list', '--limit', '1');
    expect(first.stdout).toBe('cy\n');
    expect(first.stderr).toMatch(/^\n2 in all; the next: .* list --after "cy"/);
    expect(
      (await type('suppress', 'history')).stdout.split('\n').map((line) => line.split(/ {2,}/).slice(1, 4)),
    ).toEqual([
      ['type', 'users', 'userIds'],
      ['UNSUPPRESS', '2', 'ada, stranger'],
      ['SUPPRESS_ONLY', '3', 'cy, ada, nobody we know'],
      [],
    ]);
    await wait(CONFIG_MS);
    const [later] = await send('Cup Bought', 'ada', 'cy');
    const lines = await settle();
    expect(await answersTo('/all', later)).toEqual([200]);
    expect(lines.find(isSource)).toMatchObject({ accepted: 10, routed: 6, suppressed: 4 });
    expect((await type('replay', '--code', 'suppressed')).stdout).toContain('Waiter: sends 1 (1 suppressed)');
    await until(
      async () => (await answersTo('/waiter', waiting[0])).includes(200),
      SETTLE_MS,
      () => 'the letter of who is suppressed no more was not delivered',
    );
  },
  TEST_MS,
);

test.each([
  [[], /^Say what to do: /],
  [['add'], /^Say which users: /],
  [['list', 'ada'], /^userIds and --file go with add and remove/],
  [['add', 'ada', '--limit', '1'], /^--limit goes with list and history/],
  [['add', '--file', '/there/is/none'], /^\/there\/is\/none cannot be read/],
  [['list', '--workspace', 'other'], /^There is no workspace "other"; there are test/],
])(
  'suppress %j is refused in one sentence',
  async (args, sentence) => {
    const { status, stdout, stderr } = await type('suppress', ...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
  },
  30_000,
);
