import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../../../../local/clock.ts';
import { dynamodbService } from '../../../../local/dynamodb/dynamodb-service.ts';
import type { CallContext } from '../../../../local/types.ts';

const CONTEXT: CallContext = { principal: { kind: 'operator' }, requestId: 'durability' };
const CHILD = path.join(__dirname, 'put-until-killed.ts');

let directory: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tributary-durability-'));
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(directory, { recursive: true });
});

/** Reads the child's lines until `isEnough`; the answer is all of them so far. */
async function linesUntil(running: ChildProcess, lines: string[], isEnough: () => boolean): Promise<void> {
  if (running.stdout === null) throw new Error('The child has no output');
  for await (const line of createInterface({ input: running.stdout })) {
    lines.push(line);
    if (isEnough()) return;
  }
  throw new Error(`The child ended: ${lines.join('\n')}`);
}

async function kill(running: ChildProcess) {
  running.kill('SIGKILL');
  await once(running, 'exit');
}

/** Which items are in the directory, by a process that has just started. */
async function itemsFound(): Promise<Set<string>> {
  const service = await dynamodbService({ directory, clock: systemClock });
  const found = new Set<string>();
  let ExclusiveStartKey: unknown;
  do {
    const page = await service.call(
      'Scan',
      { TableName: 'things', ProjectionExpression: 'pk', ExclusiveStartKey },
      CONTEXT,
    );
    for (const item of page['Items'] as { pk: { S: string } }[]) found.add(item.pk.S);
    ExclusiveStartKey = page['LastEvaluatedKey'];
  } while (ExclusiveStartKey !== undefined);
  await service.close();
  return found;
}

const saved = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith('saved ')).map((line) => line.slice('saved '.length));

test('kill -9 in the middle of writes loses nothing that was answered, and no transaction is there by half', async () => {
  const lines: string[] = [];
  child = spawn(process.execPath, [CHILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  await linesUntil(child, lines, () => lines.length >= 400);
  await kill(child);
  const found = await itemsFound();
  expect(saved(lines)).toHaveLength(lines.length);
  expect(saved(lines).filter((index) => !found.has(index))).toEqual([]);
  const whole = [...found].filter((pk) => !pk.endsWith(' twin'));
  expect(found.size).toBe(2 * whole.length);
  expect(whole.filter((pk) => !found.has(`${pk} twin`))).toEqual([]);
}, 20_000);

const hasLimits = spawnSync('prlimit', ['--version']).status === 0;
if (!hasLimits) process.stdout.write('The full disk was skipped: there is no prlimit on this machine.\n');

(hasLimits ? test : test.skip)(
  'a full disk answers 500 and never a success, reads go on, and writes go on when there is room, with nothing lost',
  async () => {
    const lines: string[] = [];
    // A limit on the size of files stands in for the disk: LevelDB gets the same kind of error from its write.
    child = spawn('prlimit', ['--fsize=1048576:unlimited', process.execPath, CHILD, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const refused = () => lines.filter((line) => line.startsWith('refused'));
    await linesUntil(child, lines, () => refused().length >= 3);
    expect(new Set(refused())).toEqual(new Set(['refused InternalServerError 500 true']));
    expect(saved(lines).length).toBeGreaterThan(50);
    spawnSync('prlimit', [`--pid=${child.pid}`, '--fsize=unlimited:unlimited']);
    const before = saved(lines).length;
    await linesUntil(child, lines, () => saved(lines).length >= before + 200);
    await kill(child);
    const found = await itemsFound();
    expect(saved(lines).filter((index) => !found.has(index) || !found.has(`${index} twin`))).toEqual([]);
  },
  30_000,
);

test('a second process on the same directory is refused', async () => {
  const service = await dynamodbService({ directory, clock: systemClock });
  await expect(dynamodbService({ directory, clock: systemClock })).rejects.toThrow();
  await service.close();
});
