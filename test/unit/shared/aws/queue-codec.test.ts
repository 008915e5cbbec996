import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { decodeMessage, encodeMessage } from '../../../../shared/aws/queue-codec.ts';
import { queueText } from '../../../../shared/domain/queue-text.ts';

test('whatever a message holds, SQS takes it and it comes back as it was, packed or not', () => {
  fc.assert(
    fc.property(fc.json(), fc.integer({ min: 0, max: 3 }), (json, size) => {
      const message = { value: JSON.parse(json) as unknown, filler: '\u{FFFE}é'.repeat(size * 10_000) };
      const text = encodeMessage(message);
      expect(queueText(text)).toBe(text);
      expect(decodeMessage(text)).toEqual(JSON.parse(JSON.stringify(message)));
    }),
    { numRuns: 100 },
  );
});

test('a short message stays plain, and one that is long and alike is far shorter', () => {
  expect(encodeMessage({ a: 1 })).toBe('{"a":1}');
  const events = Array.from({ length: 600 }, (_, n) => ({
    event: 'Cup Bought',
    messageId: `m${n}`,
    category: 'Kitchen',
  }));
  const text = encodeMessage({ events });
  expect(text.startsWith('gz:')).toBe(true);
  expect(text.length).toBeLessThan(JSON.stringify(events).length / 4);
});

test.each([
  ['no JSON', '{"a":'],
  ['no gzip', 'gz:AAAA'],
  ['a gzip of no JSON', `gz:${gzipSync('{').toString('base64')}`],
  ['a bomb', `gz:${gzipSync(`"${'x'.repeat(3_000_000)}"`).toString('base64')}`],
])('%s is refused', (_case, text) => {
  expect(() => decodeMessage(text)).toThrow();
});
