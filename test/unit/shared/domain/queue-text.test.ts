import fc from 'fast-check';
import { queueText } from '../../../../shared/domain/queue-text.ts';

const SQS_CHARACTERS = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

test('every code unit comes back the same, and none that SQS refuses is left (Q14)', () => {
  for (let from = 0; from <= 0xffff; from += 0x100) {
    const value = Array.from({ length: 0x100 }, (_, index) => `x${String.fromCharCode(from + index)}`).join('');
    const text = queueText(JSON.stringify(value));
    expect(JSON.parse(text)).toBe(value);
    expect(text).toMatch(SQS_CHARACTERS);
  }
});

test('raw characters of a client stay what they are: U+FFFE and U+FFFF need no escape in JSON', () => {
  expect(queueText('{"a":"\uFFFE\uFFFF"}')).toBe('{"a":"\\ufffe\\uffff"}');
});

test('any JSON survives, pairs of surrogates unescaped', () => {
  expect(queueText('"😀é\u007f"')).toBe('"😀é\u007f"');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect(JSON.parse(queueText(JSON.stringify(value)))).toBe(value);
    }),
  );
});
