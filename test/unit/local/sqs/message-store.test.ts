import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { emptyDirectory, someLocalQueues } from '../../../builders/local-queues.ts';

const WRITER = join(__dirname, '../../../fixtures/queue-writer.ts');

/** The numbers of all messages that the directory holds, as a next start finds them. */
async function numbersIn(directory: string): Promise<Set<number>> {
  const queues = someLocalQueues({ directory });
  const queue = await queues.add('q');
  const numbers = new Set<number>();
  for (let batch = await queue.receive({ max: 10 }); batch.length > 0; batch = await queue.receive({ max: 10 })) {
    for (const { body } of batch) numbers.add(Number(body.split(' ')[0]));
  }
  await queues.close();
  return numbers;
}

/** Reads what the writer prints until it ends; `onAnswered` sees how many sends were answered so far. */
async function answeredBy(writer: ChildProcess, onAnswered: (count: number) => void) {
  const answered: number[] = [];
  const refused: string[] = [];
  if (writer.stdout === null) throw new Error('The writer prints.');
  for await (const line of createInterface(writer.stdout)) {
    if (line.startsWith('refused ')) refused.push(line);
    // The last line may have been cut by the kill; a number cut short is another number.
    else answered.push(Number(line));
    onAnswered(answered.length);
  }
  return { answered: answered.slice(0, -1), refused };
}

// Design 5: state on disk, durable before an answer.
test('kill -9 in the middle of sends loses no message that was answered, three times over', async () => {
  const { directory, remove } = emptyDirectory();
  for (let round = 1; round <= 3; round++) {
    const target = join(directory, String(round));
    const writer = spawn(process.execPath, [WRITER, target], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { answered } = await answeredBy(writer, (count) => {
      if (count >= 300 * round) writer.kill('SIGKILL');
    });
    const kept = await numbersIn(target);
    expect(answered.length).toBeGreaterThanOrEqual(300 * round - 1);
    expect(answered.filter((number) => !kept.has(number))).toEqual([]);
  }
  remove();
}, 30_000);

const onPosix = process.platform === 'win32' ? test.skip : test;

onPosix(
  'a full disk refuses sends with InternalError, and keeps what was answered',
  async () => {
    const { directory, remove } = emptyDirectory();
    // A limit on the size of files is met as a full disk is: by a write that fails.
    const command = `ulimit -f 600; exec "${process.execPath}" "${WRITER}" "${directory}" 5000`;
    const writer = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(writer, 'exit');
    const { answered, refused } = await answeredBy(writer, () => undefined);
    await ended;
    expect(new Set(refused)).toEqual(new Set(['refused InternalError']));
    const kept = await numbersIn(directory);
    expect(answered.length).toBeGreaterThan(10);
    expect(answered.filter((number) => !kept.has(number))).toEqual([]);
    remove();
  },
  30_000,
);
