import fc from 'fast-check';
import { editDistance, nearest } from '../../../cli/nearest.ts';
import { unknownWriteKeyLine } from '../../../cli/start/unknown-write-key.ts';

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'abxc', 1],
  ['abc', 'ac', 1],
  ['kitten', 'sitting', 3],
])('from %j to %j it takes %i steps', (a, b, steps) => {
  expect(editDistance(a, b)).toBe(steps);
});

test('the distance is symmetric, zero for equals only, and never more than the longer length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const steps = editDistance(a, b);
      expect(steps).toBe(editDistance(b, a));
      expect(steps === 0).toBe(a === b);
      expect(steps).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(steps).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
});

test('the nearest of none is none, and letter case does not count', () => {
  expect(nearest('a', [])).toBeUndefined();
  expect(nearest('PORT', ['host', 'port'])).toEqual({ candidate: 'port', distance: 0 });
});

const KEYS = { website: 'abcdefghijklmnop', server: 'qrstuvwxyz012345' };
const line = (writeKey: unknown) =>
  JSON.stringify({ level: 'WARN', message: 'A request …', code: 'unknown-write-key', writeKey });

test('a log line about an unknown write key names the nearest one and its source', () => {
  expect(unknownWriteKeyLine(line('abcdefghijklmnoq'), KEYS)).toBe(
    'WARN An event came with the write key "abcdefghijklmnoq", which no source has. The nearest is abcdefghijklmnop (website).',
  );
});

test('what a client sent reaches the terminal as text, without control characters', () => {
  expect(unknownWriteKeyLine(line('\u001b[31m\n'), KEYS)).toContain('"\\u001b[31m\\n"');
});

test.each([
  'REPORT RequestId',
  '{"code":"unknown-write-key"}',
  line(5),
  'unknown-write-key, but no JSON',
  '["unknown-write-key"]',
])('%s is not such a line', (text) => {
  expect(unknownWriteKeyLine(text, KEYS)).toBeUndefined();
});
