import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeIntake, encodeIntake, encodeNotice } from '../../../../shared/aws/intake-codec.ts';
import { INTAKE_MESSAGE_BYTES_MAX } from '../../../../shared/config/limits.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import type { RefusalNotice } from '../../../../shared/domain/intake-message.ts';
import { anIntakeMessage } from '../../../builders/intake-message.ts';

const { body: _body, ...head } = anIntakeMessage();
const SQS_CHARACTERS = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

test('the body is embedded as the client sent it, byte for byte', () => {
  const text = encodeIntake(head, '{ "event" : "é😀",\n"n":1e2}');
  expect(text).toBe(`${JSON.stringify(head).slice(0, -1)},"body":{ "event" : "é😀",\n"n":1e2}}`);
});

test('whatever JSON a client sends comes out the same, in characters that SQS takes and within its limit (Q13, Q14)', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\uFFFE', '\uFFFF', '\uD800', '\uDFFF', '\u0000', '\u001F', '\u2028', '\u007F'),
  );
  const texts = fc.array(unit, { maxLength: 20 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.dictionary(texts, texts), (body) => {
      // A client may send any of them raw, but not control characters.
      const raw = JSON.stringify(body).replaceAll(/\\u(d[89a-f]..|fff[ef])/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      const text = encodeIntake(head, raw);
      expect(text).toMatch(SQS_CHARACTERS);
      expect(decodeIntake(text)).toEqual({ entry: 'request', message: { ...head, body: JSON.parse(raw) } });
    }),
  );
});

test('every character of the basic plane survives, raw in the client’s text', () => {
  for (let from = 0x20; from <= 0xffff; from += 0x800) {
    const units = Array.from({ length: 0x800 }, (_, index) => String.fromCharCode(from + index));
    const value = units.filter((unit) => unit >= ' ' && unit !== '"' && unit !== '\\').map((unit) => `${unit}.`);
    const raw = `["${value.join('')}"]`;
    const found = decodeIntake(encodeIntake(head, raw));
    expect(found).toEqual({ entry: 'request', message: { ...head, body: [value.join('')] } });
  }
});

test('text over the limit is gzipped, at the limit it is not', () => {
  const bare = Buffer.byteLength(encodeIntake(head, '""'));
  const fits = encodeIntake(head, `"${'é'.repeat((INTAKE_MESSAGE_BYTES_MAX - bare) / 2)}"`);
  expect(Buffer.byteLength(fits)).toBeGreaterThan(INTAKE_MESSAGE_BYTES_MAX - 2);
  expect(fits.startsWith('gz:')).toBe(false);
  const long = `"${'\uFFFF'.repeat(200_000)}"`;
  const packed = encodeIntake(head, long);
  expect(packed.startsWith('gz:')).toBe(true);
  expect(Buffer.byteLength(packed)).toBeLessThan(INTAKE_MESSAGE_BYTES_MAX);
  expect(decodeIntake(packed)).toEqual({ entry: 'request', message: { ...head, body: JSON.parse(long) } });
});

test('a notice of refusals comes out as it went in', () => {
  const notice: RefusalNotice = {
    v: 1,
    notice: 'refusals',
    noticeId: 'n1',
    at: '2026-11-24T10:15:00.000Z',
    refusals: [{ reason: 'unknown-write-key', writeKey: '\uFFFFx', count: 2 }],
  };
  expect(encodeNotice(notice)).toMatch(SQS_CHARACTERS);
  expect(decodeIntake(encodeNotice(notice))).toEqual({ entry: 'refusals', notice });
});

const bomb = `gz:${gzipSync(Buffer.alloc(5_000_000, 0x20)).toString('base64')}`;
test.each([
  ['no JSON', 'hello'],
  ['another JSON', '[]'],
  ['an envelope of another version', JSON.stringify({ ...head, v: 2, body: {} })],
  ['a source id that is none', JSON.stringify({ ...head, sourceId: 'x', body: {} })],
  ['a mark without gzip', 'gz:!!!!'],
  ['a gzip that unpacks to 5 MB (T13)', bomb],
])('%s is a malformed message, not to be retried', (_case, text) => {
  const decode = () => decodeIntake(text);
  expect(decode).toThrow(AppError);
  expect(decode).toThrow(expect.objectContaining({ code: 'malformed-message', retry: false }));
});

test('hostile keys of a body stay its own data (T11)', () => {
  const found = decodeIntake(encodeIntake(head, '{"__proto__":{"polluted":1}}'));
  const body = found.entry === 'request' ? found.message.body : undefined;
  expect(Object.getOwnPropertyDescriptor(body, '__proto__')?.value).toEqual({ polluted: 1 });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
