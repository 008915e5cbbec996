import fc from 'fast-check';
import { compileFql, compileJudge } from '../../shared/domain/fql/compile-fql.ts';
import { parseFql } from '../../shared/domain/fql/parse-fql.ts';
import { printFql } from '../../shared/domain/fql/print-fql.ts';
import { anExpression, anyEvent } from '../builders/fql-arbitraries.ts';
import { naiveJudge } from '../builders/naive-fql.ts';

const RUNS = 100_000;
const SEED = 2_026;

test(`C05 to C12: ${RUNS.toLocaleString('en')} random conditions and events are judged as a naive reading of the documentation judges them`, () => {
  const seen = { true: 0, false: 0, undecidable: 0 };
  fc.assert(
    fc.property(anExpression, anyEvent, (expression, event) => {
      const text = printFql(expression);
      const parsed = parseFql(text);
      if (parsed.outcome !== 'parsed') throw new Error(`${text} is not read: ${parsed.fault.message}`);
      const judged = compileJudge(parsed.expression)(event);
      const expected = naiveJudge(expression, event);
      seen[`${expected}`] += 1;
      if (judged !== expected) throw new Error(`${text} is ${String(judged)}, and should be ${String(expected)}`);
      if (compileFql(parsed.expression)(event) !== (expected === true)) throw new Error(`${text}: compileFql differs`);
    }),
    { numRuns: RUNS, seed: SEED },
  );
  // A comparison of falses with falses would prove little.
  expect(Math.min(seen.true, seen.false, seen.undecidable)).toBeGreaterThan(RUNS / 20);
});
