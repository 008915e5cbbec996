import { addUp, lastLine } from '../../../../cli/test/jest-result.ts';

test('the last line adds up what the suites counted', () => {
  const total = addUp([
    { passed: 10, failed: 0, skipped: 2, seconds: 1 },
    { passed: 5, failed: 1, skipped: 0, seconds: 2 },
  ]);
  expect(total).toEqual({ passed: 15, failed: 1, skipped: 2, seconds: 3 });
  expect(lastLine(total)).toBe('15 passed, 1 failed, 2 skipped');
});
