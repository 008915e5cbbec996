import fc from 'fast-check';
import { NetworkError, SendTimeoutError, TargetRefusedError } from '../../../../shared/destinations/http-errors.ts';
import { outcomeOfError, outcomeOfStatus, retryAfterMs } from '../../../../shared/destinations/outcome-of.ts';

const NOW = new Date('2026-11-24T10:00:00.000Z');
const withProperties = (error: Error, properties: object): Error => Object.assign(error, properties);
const httpError = (status: number, content = '', headers: Record<string, string> = {}): Error =>
  withProperties(new Error('Status Text'), {
    name: 'HTTPError',
    response: { status, statusText: 'Status Text', content, headers: new Headers(headers) },
  });

test.each([408, 423, 429, 500, 502, 503, 504, 520, 599])(
  'an answer of %i is worth another try (G05, G07)',
  (status) => {
    expect(outcomeOfError(httpError(status), NOW)).toEqual({
      outcome: 'retry',
      code: String(status),
      message: 'Status Text',
    });
  },
);

test.each([301, 302, 307, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 501])(
  'an answer of %i is discarded at once (G07, G14)',
  (status) => {
    const outcome = { outcome: 'discarded', code: String(status), message: 'Status Text' };
    expect(outcomeOfError(httpError(status), NOW)).toEqual(outcome);
  },
);

test.each([
  ['a refused connection', new NetworkError('ECONNREFUSED', 'Network: ECONNREFUSED'), 'ECONNREFUSED'],
  ['an unknown name', new NetworkError('ENOTFOUND', 'Network: ENOTFOUND'), 'ENOTFOUND'],
  ['a name server that does not answer', new NetworkError('EAI_AGAIN', 'x'), 'EAI_AGAIN'],
  ['a certificate that has run out', new NetworkError('CERT_HAS_EXPIRED', 'x'), 'CERT_HAS_EXPIRED'],
  ['our deadline', new SendTimeoutError('x'), 'ETIMEDOUT'],
  ["the library's deadline", withProperties(new Error('x'), { code: 'ETIMEDOUT' }), 'ETIMEDOUT'],
  [
    "the library's word for it",
    withProperties(new Error('x'), { code: 'REQUESTTIMEOUTERROR', status: 408 }),
    'ETIMEDOUT',
  ],
  ['an abort', withProperties(new Error('x'), { code: 'REQUESTCLIENTERROR', status: 408 }), 'ETIMEDOUT'],
  ['a wish to be called again', withProperties(new Error('x'), { code: 'RETRYABLE_ERROR', status: 400 }), 'RETRY'],
  ['an API error of 503', withProperties(new Error('x'), { code: '503', status: 503 }), '503'],
])('%s is worth another try', (_case, error, code) => {
  expect(outcomeOfError(error, NOW)).toEqual({ outcome: 'retry', code, message: error.message });
});

test.each([
  ['a target that is not let out', new TargetRefusedError('x'), 'INVALID_SETTINGS'],
  [
    'a payload that does not fit',
    withProperties(new Error('x'), { name: 'AggregateAjvError', status: 400 }),
    'MESSAGE_REJECTED',
  ],
  [
    'a payload that the action refuses',
    withProperties(new Error('x'), { code: 'PAYLOAD_VALIDATION_FAILED', status: 400 }),
    'MESSAGE_REJECTED',
  ],
  ['a mapping with faults', withProperties(new Error('x'), { name: 'AggregateError' }), 'INVALID_SETTINGS'],
  ['credentials that fail', withProperties(new Error('x'), { code: 'INVALID_AUTHENTICATION', status: 401 }), '401'],
  ['an integration error', withProperties(new Error('x'), { code: 'Bad Request', status: 400 }), '400'],
  ['a bug in its code', new TypeError('x'), 'INTERNAL'],
  ['an argument that Node refuses', withProperties(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' }), 'INTERNAL'],
  ['a thrown text', 'x', 'INTERNAL'],
])('%s is discarded', (_case, error, code) => {
  expect(outcomeOfError(error, NOW)).toEqual({ outcome: 'discarded', code, message: 'x' });
});

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Tue, 24 Nov 2026 10:00:30 GMT', 30_000],
  ['Tue, 24 Nov 2026 09:00:00 GMT', 0],
  ['99999999999999', undefined],
  ['soon', undefined],
  ['', undefined],
  ['-5', undefined],
  [undefined, undefined],
])('Retry-After %j is a wish for %j ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});

test('what the tool asks for travels with the outcome', () => {
  expect(outcomeOfError(httpError(429, '', { 'retry-after': '7' }), NOW)).toEqual({
    outcome: 'retry',
    code: '429',
    message: 'Status Text',
    retryAfterMs: 7_000,
  });
});

test.each([
  ['{"message":"no such project"}', 'no such project'],
  ['{"error":{"message":"bad key"}}', 'bad key'],
  ['{"errors":[{"detail":"too long"},{"detail":"other"}]}', 'too long'],
  ['{"meta":{"error":"unauthorised"}}', 'unauthorised'],
  ['missing_text_or_fallback', 'missing_text_or_fallback'],
  ['"plain"', 'plain'],
  ['<html><body>Error</body></html>', 'Status Text'],
  ['{"ok":false}', 'Status Text'],
  ['', 'Status Text'],
  ['{"message":{"message":{"message":{"message":{"message":"deep"}}}}}', 'Status Text'],
])('of the answer %s people read: %s', (content, message) => {
  expect(outcomeOfError(httpError(400, content), NOW)).toMatchObject({ message });
});

test('messages are one line of at most 256 characters, codes at most 64', () => {
  const outcome = outcomeOfStatus(400, `a\u0000b\r\n${'c'.repeat(1_000)}`);
  expect(outcome).toMatchObject({ message: expect.stringMatching(/^a b c{252}$/) });
  const long = outcomeOfError(withProperties(new Error('x'), { code: 'E'.repeat(100) }), NOW);
  expect(long).toMatchObject({ code: 'E'.repeat(64) });
});

test('whatever is thrown has an outcome', () => {
  fc.assert(
    fc.property(fc.anything(), (thrown) => {
      expect(['discarded', 'retry', 'delivered']).toContain(outcomeOfError(thrown, NOW).outcome);
    }),
  );
});
