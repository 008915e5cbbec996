import { sharedReads } from '../../../../functions/api/shared-reads.ts';

function setUp() {
  let nowMs = 0;
  let reads = 0;
  const failures: Error[] = [];
  const read = async (): Promise<string> => {
    reads += 1;
    const failure = failures.pop();
    if (failure !== undefined) throw failure;
    return 'read';
  };
  const reading = sharedReads<string>(1_000, () => new Date(nowMs), 2);
  return {
    ask: (name = 'one') => reading(name, read),
    reads: () => reads,
    pass: (ms: number) => (nowMs += ms),
    failures,
  };
}

test('who asks within a second shares one read; after it there is another', async () => {
  const { ask, reads, pass } = setUp();
  await Promise.all([ask(), ask()]);
  pass(999);
  await ask();
  expect(reads()).toBe(1);
  pass(1);
  await ask();
  expect(reads()).toBe(2);
});

test('a read that failed is not kept', async () => {
  const { ask, reads, failures } = setUp();
  failures.push(new Error('away'));
  await expect(ask()).rejects.toThrow('away');
  await expect(ask()).resolves.toBe('read');
  expect(reads()).toBe(2);
});

test('names are kept apart, and no more of them than was said', async () => {
  const { ask, reads } = setUp();
  await ask('one');
  await ask('two');
  await ask('one');
  expect(reads()).toBe(2);
  await ask('three');
  await ask('one');
  expect(reads()).toBe(4);
});
