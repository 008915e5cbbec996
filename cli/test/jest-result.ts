import * as z from 'zod';

/** What we read of the file that jest writes with --json. */
export const JestResult = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
});
export type JestResult = z.infer<typeof JestResult>;

export type TestCount = { passed: number; failed: number; skipped: number; seconds: number };

export const addUp = (counts: readonly TestCount[]): TestCount =>
  counts.reduce(
    (sum, count) => ({
      passed: sum.passed + count.passed,
      failed: sum.failed + count.failed,
      skipped: sum.skipped + count.skipped,
      seconds: sum.seconds + count.seconds,
    }),
    { passed: 0, failed: 0, skipped: 0, seconds: 0 },
  );

/** The line that scripts look for. */
export const lastLine = ({ passed, failed, skipped }: TestCount): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;
