import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { PathLedger } from '../../cli/sink/tries.ts';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { type Operator, operatorOf } from '../builders/operator-of.ts';
import {
  aDirectory,
  balanceOf,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { aSinkSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const STACK = 'Tributary-local';
const CUPS = 40;
const PLATES = 20;
/** Longer than functions go on with configuration that they have read. */
const CONFIG_MS = 6_000;
/** Bounds, for a machine that is busy. */
const SETTLE_MS = 90_000;
const TEST_MS = 300_000;
const PAUSED = ['Sends all', 'Sends since', 'Sends none'] as const;

let sink: Sink;
let running: Running;
let operator: Operator;
let environment: Record<string, string>;
let sentEvents = 0;

const pathOf = (name: string): string => `/${name.toLowerCase().replaceAll(' ', '-')}`;

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const directory = aDirectory();
  const tool = aWebhook('Tool', `${sink.url}/cups`, { trigger: 'event = "Cup Bought"' });
  const [cups] = tool.mappings;
  const plates = {
    ...cups,
    name: 'Plates',
    trigger: 'event = "Plate Bought"',
    fields: { ...cups?.fields, url: `${sink.url}/plates` },
  };
  const paused = PAUSED.map((name) => aWebhook(name, `${sink.url}${pathOf(name)}`, { trigger: 'event = "Paused"' }));
  const seed = aSinkSeed(aDirectory(), `${sink.url}/all`, [{ ...tool, mappings: [cups, plates] }, ...paused]);
  running = await runTributary({ directory, args: ['--seed', seed, '--allow-private-targets'] });
  operator = await operatorOf(running);
  const lines = readFileSync(join(directory, 'aws.env'), 'utf8').trim().split('\n');
  environment = Object.fromEntries(lines.map((line) => line.split('=', 2)));
}, 120_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

const start = (command: string, ...args: string[]): ChildProcess =>
  spawn(process.execPath, [join('cli', `${command}.ts`), '--stack', STACK, ...args], {
    env: { ...process.env, ...environment, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Runs a command to its end. The sink lives in this process, so it must not stand still meanwhile. */
async function type(command: string, ...args: string[]) {
  const child = start(command, ...args);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, ...texts };
}

async function send(event: string, count: number): Promise<string[]> {
  const batch = Array.from({ length: count }, (_, index) => ({
    type: 'track',
    messageId: `${event}-${index}-${randomUUID()}`,
    userId: 'u1',
    event,
  }));
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${SINK_WRITE_KEY}:`)}` },
    body: JSON.stringify({ batch }),
  });
  expect(answer.status).toBe(200);
  sentEvents += count;
  return batch.map(({ messageId }) => messageId);
}

const script = (path: string, does: string | null) =>
  fetch(`${sink.url}/script`, { method: 'POST', body: JSON.stringify({ path, script: does }) });

async function ledgerOf(path: string): Promise<Pick<PathLedger, 'taken' | 'takenMessageIds'>> {
  const { paths } = (await (await fetch(`${sink.url}/ledger`)).json()) as { paths: Record<string, PathLedger> };
  const { taken = 0, takenMessageIds = 0 } = paths[path] ?? {};
  return { taken, takenMessageIds };
}
const isTaken = async (path: string, messageId: string): Promise<boolean> => {
  const answer = await fetch(`${sink.url}/attempts?messageId=${encodeURIComponent(messageId)}`);
  const { attempts } = (await answer.json()) as { attempts: { path: string; answer: number | string }[] };
  return attempts.some((attempt) => attempt.path === path && attempt.answer === 200);
};

/** The lines of `--runs` as they say it: planned, delivered, discarded, dead again, waiting. */
async function runs(): Promise<{ id: string; takes: string; numbers: number[]; state: string }[]> {
  const { stdout } = await type('replay', '--runs');
  return [...stdout.matchAll(/^rp_.*$/gm)].map(([line]) => {
    const cells = line.split(/ {2,}/);
    return { id: cells[0] ?? '', takes: cells[3] ?? '', numbers: cells.slice(4, 9).map(Number), state: cells[9] ?? '' };
  });
}
const settled = async (id: string): Promise<boolean> => (await runs()).find((run) => run.id === id)?.numbers[4] === 0;
const runIdIn = (stdout: string): string => /Run (rp_\S+);/.exec(stdout)?.[1] ?? '';

let cupIds: string[];

test(
  'what a tool refuses is listed by code, and letter by letter',
  async () => {
    await script('/cups', '/status/400');
    await script('/plates', '/status/422');
    cupIds = await send('Cup Bought', CUPS);
    await send('Plate Bought', PLATES);
    await settledBalance(running.endpoints, sentEvents, SETTLE_MS);

    const all = await type('replay', '--list');
    expect(all).toMatchObject({ status: 0, stderr: '' });
    expect(all.stdout).toMatch(/^Tool +dst_\w+ +400 +40 +0 +20\S+Z +20\S+Z$/m);
    expect(all.stdout).toMatch(/^Tool +dst_\w+ +422 +20 +0 +20\S+Z +20\S+Z$/m);
    const one = await type('replay', '--list', '--destination', 'Tool', '--code', '422', '--limit', '5');
    expect(one.stdout.match(/^20\S+Z +422 +Plate Bought +Plate Bought-\d+-\S+ +scripted answer 422$/gm)).toHaveLength(
      5,
    );
  },
  TEST_MS,
);

test(
  'a dry run says what it would send, and sends nothing',
  async () => {
    await script('/cups', null);
    await script('/plates', null);
    const { status, stdout, stderr } = await type('replay', '--destination', 'Tool', '--dry-run');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe('Tool: would send 60 (40 400, 20 422)\n');
    expect(await runs()).toEqual([]);
    expect(await ledgerOf('/cups')).toEqual({ taken: 0, takenMessageIds: 0 });
  },
  TEST_MS,
);

test(
  'one event by its messageId, then all of a code',
  async () => {
    const [first = ''] = cupIds;
    const one = await type('replay', '--message-id', first);
    expect(one).toMatchObject({ status: 0, stderr: '' });
    const codes = await type('replay', '--destination', 'Tool', '--code', '422');
    expect(codes.stdout).toContain('Tool: sends 20 (20 422)');
    await until(
      () => settled(runIdIn(one.stdout)),
      SETTLE_MS,
      () => one.stdout,
    );
    await until(
      () => settled(runIdIn(codes.stdout)),
      SETTLE_MS,
      () => codes.stdout,
    );
    expect(await ledgerOf('/cups')).toEqual({ taken: 1, takenMessageIds: 1 });
    expect(await isTaken('/cups', first)).toBe(true);
    expect(await ledgerOf('/plates')).toEqual({ taken: PLATES, takenMessageIds: PLATES });
    // In the order of their names: a clock that is set back between two runs turns theirs round.
    const listed = (await runs()).toSorted((a, b) => a.takes.localeCompare(b.takes));
    expect(listed.map(({ takes, numbers, state }) => [takes, numbers, state])).toEqual([
      ['code 422', [20, 20, 0, 0, 0], 'all sent'],
      [`messageId ${first}`, [1, 1, 0, 0, 0], 'all sent'],
    ]);
  },
  TEST_MS,
);

test(
  'an object that a crash left behind counts for nothing',
  async () => {
    const s3 = new S3Client({ ...operator.client, forcePathStyle: true });
    const Bucket = operator.output('DeadLetterBucketName');
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'destination=' }));
    const [{ Key = '' } = {}] = Contents;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: Key.replace(/[^/]+$/, 'left-behind.ndjson.gz'),
        Body: (await Body?.transformToByteArray()) ?? gzipSync(''),
      }),
    );
    const list = await type('replay', '--list');
    expect(list.stdout).toMatch(/^\d+ more were left behind by a crash, and ended otherwise: they do not count\.$/m);
    expect(list.stdout).toMatch(/^Tool +dst_\w+ +400 +40 +1 +/m);
  },
  TEST_MS,
);

test(
  'a run that is killed in the middle goes on where it was: each event arrives once, as the books say',
  async () => {
    const child = start('replay', '--all', '--rate', '5');
    let stdout = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const someArrived = async () => (await ledgerOf('/cups')).taken > 11;
    await until(someArrived, SETTLE_MS, () => `Nothing arrived: ${stdout}`);
    child.kill('SIGKILL');
    await ended;
    const id = runIdIn(stdout);
    const before = (await runs()).find((run) => run.id === id);
    expect(before?.state).toMatch(/^not all sent: \d+ of 39$/);

    const other = await type('replay', '--all');
    expect(other.stdout).toContain('Tool: nothing to send');
    expect(other.stdout).toContain(`go on with it: npm run replay -- --stack ${STACK} --run ${id}`);

    const resumed = await type('replay', '--run', id);
    expect(resumed).toMatchObject({ status: 0, stderr: '' });
    await until(
      () => settled(id),
      SETTLE_MS,
      () => resumed.stdout,
    );
    expect((await runs()).find((run) => run.id === id)).toMatchObject({
      numbers: [39, 39, 0, 0, 0],
      state: 'all sent',
    });
    // What was sent once more waits longer than the first copy takes; it finds the books closed.
    await wait(2_000);
    expect(await ledgerOf('/cups')).toEqual({ taken: CUPS, takenMessageIds: CUPS });
    expect(await ledgerOf('/plates')).toEqual({ taken: PLATES, takenMessageIds: PLATES });
  },
  TEST_MS,
);

test(
  'all once more: nothing is sent twice',
  async () => {
    const { status, stdout } = await type('replay', '--all');
    expect(status).toBe(0);
    expect(stdout).toContain('Tool: nothing to send');
    expect(stdout).toContain('left out: 60 that an earlier run has taken');
    expect(await runs()).toHaveLength(3);
  },
  TEST_MS,
);

test(
  'what is refused in a run is a letter again, of that run, and the next run takes it',
  async () => {
    await script('/cups', '/status/400');
    const [late = ''] = await send('Cup Bought', 1);
    await settledBalance(running.endpoints, sentEvents, SETTLE_MS);
    const first = await type('replay', '--destination', 'Tool');
    expect(first.stdout).toContain('Tool: sends 1 (1 400)');
    await until(
      () => settled(runIdIn(first.stdout)),
      SETTLE_MS,
      () => first.stdout,
    );
    expect((await runs()).at(-1)?.numbers).toEqual([1, 0, 1, 0, 0]);
    await script('/cups', null);
    const second = await type('replay', '--destination', 'Tool');
    expect(second.stdout).toContain('Tool: sends 1 (1 400)');
    await until(
      () => settled(runIdIn(second.stdout)),
      SETTLE_MS,
      () => second.stdout,
    );
    expect(await isTaken('/cups', late)).toBe(true);
    // The books keep what was dead; what runs recovered is beside it.
    const tool = (await balanceOf(running.endpoints)).find((line) => !isSource(line) && line.discarded > 0);
    expect(tool).toMatchObject({
      discarded: CUPS + PLATES + 1,
      delivered: 0,
      inFlight: 0,
      recovered: CUPS + PLATES + 1,
    });
  },
  TEST_MS,
);

test(
  'a paused destination keeps what comes, and refuses a replay',
  async () => {
    for (const name of PAUSED) {
      const { status, stdout } = await type('destination', 'pause', name);
      expect({ name, status }).toEqual({ name, status: 0 });
      expect(stdout).toMatch(new RegExp(`^${name} is paused since 20\\S+Z: what comes is kept`));
    }
    await wait(CONFIG_MS);
    await send('Paused', 10);
    await settledBalance(running.endpoints, sentEvents, SETTLE_MS);
    const list = await type('replay', '--list', '--code', 'destination_paused');
    for (const name of PAUSED) {
      expect(list.stdout).toMatch(new RegExp(`^${name} +dst_\\w+ +destination_paused +10 +0 `, 'm'));
      expect(await ledgerOf(pathOf(name))).toEqual({ taken: 0, takenMessageIds: 0 });
    }
    const refused = await type('replay', '--destination', 'Sends all');
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toBe('Sends all is paused: resume it first (npm run destination).\n');
    const passed = await type('replay', '--code', 'destination_paused');
    expect(passed.stdout).toContain('Sends all: passed over, it is paused');
    const shown = await type('destination', 'show', 'Sends all');
    expect(shown.stdout).toMatch(/ {2}paused since 20\S+Z by hand/);
  },
  TEST_MS,
);

test(
  'resuming asks what becomes of it: all is sent, or what came since, or nothing',
  async () => {
    const sinceAt = new Date().toISOString();
    await wait(1_000);
    const later = await send('Paused', 3);
    await settledBalance(running.endpoints, sentEvents, SETTLE_MS);

    const unsaid = await type('destination', 'resume', 'Sends all');
    expect(unsaid).toMatchObject({ status: 1, stdout: '' });
    expect(unsaid.stderr).toMatch(/--send sends all of it, --from TIME what came since then, --drop nothing/);

    const [all, since, none] = await Promise.all([
      type('destination', 'resume', 'Sends all', '--send'),
      type('destination', 'resume', 'Sends since', '--from', sinceAt),
      type('destination', 'resume', 'Sends none', '--drop'),
    ]);
    expect(all.stdout).toContain('Sends all: sends 13 (13 destination_paused)');
    expect(since.stdout).toContain('Sends since: sends 3 (3 destination_paused)');
    expect(none).toMatchObject({ status: 0, stderr: '' });
    await until(
      () => settled(runIdIn(all.stdout)),
      SETTLE_MS,
      () => all.stdout,
    );
    await until(
      () => settled(runIdIn(since.stdout)),
      SETTLE_MS,
      () => since.stdout,
    );
    expect(await ledgerOf(pathOf('Sends all'))).toEqual({ taken: 13, takenMessageIds: 13 });
    expect(await ledgerOf(pathOf('Sends since'))).toEqual({ taken: 3, takenMessageIds: 3 });
    for (const messageId of later) expect(await isTaken(pathOf('Sends since'), messageId)).toBe(true);
    expect(await ledgerOf(pathOf('Sends none'))).toEqual({ taken: 0, takenMessageIds: 0 });

    // They take events again, and what was left is still there to be sent.
    await send('Paused', 1);
    await settledBalance(running.endpoints, sentEvents, SETTLE_MS);
    expect(await ledgerOf(pathOf('Sends none'))).toEqual({ taken: 1, takenMessageIds: 1 });
    const rest = await type('replay', '--destination', 'Sends none');
    expect(rest.stdout).toContain('Sends none: sends 13 (13 destination_paused)');
  },
  TEST_MS,
);

test('the retry window of a destination is set by hand', async () => {
  const set = await type('destination', 'set', 'Tool', '--retry-hours', '4');
  expect(set.stdout).toBe('Tool retries for 4 hours (before: 24); what waits is judged by that, too.\n');
  expect((await type('destination', 'show', 'Tool')).stdout).toMatch(/retries for 4 hours$/m);
}, 30_000);

test.each([
  ['replay', [], /^Say what to send: /],
  ['replay', ['--list', '--runs'], /^Give one of --list, --runs and --run/],
  ['replay', ['--code', '400', '--rate', '0'], /^--rate is a whole number from 1 to 5000/],
  ['replay', ['--from', 'yesterday'], /^--from is a time such as/],
  ['replay', ['--destination', 'Tol'], /^There is no destination "Tol"; did you mean "Tool"\?/],
  ['replay', ['--run', 'rp_nope'], /^There is no run rp_nope/],
  ['destination', ['pause'], /^Say what to do with which destination/],
  ['destination', ['pause', 'Tool', '--drop'], /^--send, --drop and --from go with resume/],
  ['destination', ['resume', 'Tool', '--send'], /^Tool is not paused/],
  ['destination', ['set', 'Tool', '--retry-hours', '313'], /^--retry-hours is a whole number from 1 to 312/],
])(
  '%s %j is refused in one sentence',
  async (command, args, sentence) => {
    const { status, stdout, stderr } = await type(command, ...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
  },
  30_000,
);
