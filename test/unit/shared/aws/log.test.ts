import { decodeIntake } from '../../../../shared/aws/intake-codec.ts';
import { logError } from '../../../../shared/aws/log.ts';

/** What a call writes. */
function linesOf(work: () => void): string {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    work();
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

const CANARY = 'jane@example.com';

test.each([
  ['by itself', () => thrownBy(() => JSON.parse(CANARY))],
  ['as the cause of another', () => thrownBy(() => decodeIntake(CANARY))],
])('what the JSON parser quotes of a payload is not logged, %s', (_case, error) => {
  const line = linesOf(() => logError('A message cannot be read', error()));
  expect(line).toContain('SyntaxError');
  expect(line).not.toContain(CANARY.slice(0, 4));
});

test('the innermost cause is named', () => {
  const error = new Error('outer', { cause: new Error('between', { cause: new Error('ECONNREFUSED') }) });
  expect(linesOf(() => logError('No answer', error))).toContain('"cause":"Error: ECONNREFUSED"');
});
