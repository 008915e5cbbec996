import { sharedBalance } from '../../../../functions/api/shared-balance.ts';
import type { BalanceLine } from '../../../../shared/books/read-balance.ts';
import { aWorkspaceConfig } from '../../../builders/workspace-config.ts';

function setUp() {
  let nowMs = 0;
  let reads = 0;
  const failures: Error[] = [];
  const read = async (): Promise<BalanceLine[]> => {
    reads += 1;
    const failure = failures.pop();
    if (failure !== undefined) throw failure;
    return [];
  };
  const balance = sharedBalance(read, () => new Date(nowMs));
  return {
    balance: () => balance(aWorkspaceConfig()),
    reads: () => reads,
    pass: (ms: number) => (nowMs += ms),
    failures,
  };
}

test('who asks within a second shares one read; after it there is another', async () => {
  const { balance, reads, pass } = setUp();
  await Promise.all([balance(), balance()]);
  pass(999);
  await balance();
  expect(reads()).toBe(1);
  pass(1);
  await balance();
  expect(reads()).toBe(2);
});

test('a read that failed is not kept', async () => {
  const { balance, reads, failures } = setUp();
  failures.push(new Error('away'));
  await expect(balance()).rejects.toThrow('away');
  await expect(balance()).resolves.toEqual([]);
  expect(reads()).toBe(2);
});
