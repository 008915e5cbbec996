import { failedAgainSeconds } from '../../../../shared/pipeline/again-after.ts';

test('a message that failed stays away for 5 s, doubled at each receive, and at most as long as its queue would keep it', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100, 5_000].map(failedAgainSeconds)).toEqual([5, 10, 20, 40, 80, 160, 180, 180, 180]);
});

test.each([0, -1])('a receive count of %d, which SQS never gives, counts as the first', (receiveCount) => {
  expect(failedAgainSeconds(receiveCount)).toBe(5);
});
