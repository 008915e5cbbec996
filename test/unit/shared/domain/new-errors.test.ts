import type { Digest } from '../../../../shared/domain/digest.ts';
import { CODES_KNOWN_MAX } from '../../../../shared/domain/alert-notes.ts';
import { newErrorsOf, noteCodes } from '../../../../shared/domain/new-errors.ts';

const digest = (...codes: string[]): Digest => ({
  sources: {},
  destinations: {
    dst_1: {
      filtered: {},
      queued: 0,
      sends: 0,
      delivered: 0,
      discarded: {},
      deadLettered: {},
      retry: 0,
      retried: 0,
      failedTries: Object.fromEntries(codes.map((code) => [code, 1])),
      latency: [],
    },
  },
});
const hours = (entries: Record<string, string[]>) =>
  new Map(Object.entries(entries).map(([hour, codes]) => [hour, digest(...codes)]));

test('a code is new for an hour from its first sight, and not again while it is seen within seven days', () => {
  const first = noteCodes({}, hours({ '2026-11-27T10': ['500'] }), '2026-11-27T10:30');
  expect(newErrorsOf(first, '2026-11-27T10:30')).toEqual({ dst_1: ['500'] });
  expect(newErrorsOf(first, '2026-11-27T11:29')).toEqual({ dst_1: ['500'] });
  expect(newErrorsOf(first, '2026-11-27T11:30')).toEqual({});
  const again = noteCodes(first, hours({ '2026-12-04T09': ['500'] }), '2026-12-04T09:10');
  expect(newErrorsOf(again, '2026-12-04T09:10')).toEqual({});
  const after = noteCodes(again, hours({ '2026-12-11T11': ['500'] }), '2026-12-11T11:00');
  expect(newErrorsOf(after, '2026-12-11T11:00')).toEqual({ dst_1: ['500'] });
});

test('what a week of hours holds before the first look is known, and not new', () => {
  const known = noteCodes({}, hours({ '2026-11-25T10': ['500'], '2026-11-27T09': ['401'] }), '2026-11-26T10:30');
  const now = noteCodes(known, hours({ '2026-11-27T10': ['500', '401', '404'] }), '2026-11-27T10:30');
  expect(newErrorsOf(now, '2026-11-27T10:30')).toEqual({ dst_1: ['404'] });
});

test('the same hours again, in any order, change nothing; of too many codes those seen last stay', () => {
  const some = { '2026-11-27T09': ['500'], '2026-11-27T10': ['401', '500'] };
  const once = noteCodes({}, hours(some), '2026-11-27T10:30');
  expect(noteCodes(once, new Map([...hours(some)].toReversed()), '2026-11-27T10:30')).toEqual(once);
  const many = Array.from({ length: CODES_KNOWN_MAX + 20 }, (_, index) => `code_${index}`);
  const bounded = noteCodes(once, hours({ '2026-11-27T11': many }), '2026-11-27T11:30');
  expect(Object.keys(bounded['dst_1'] ?? {})).toHaveLength(CODES_KNOWN_MAX);
  expect(Object.keys(bounded['dst_1'] ?? {})).not.toContain('401');
});

test('a code with the name of a member of every object is a code like others', () => {
  const noted = noteCodes({}, hours({ '2026-11-27T10': ['constructor', '__proto__'] }), '2026-11-27T10:30');
  expect(newErrorsOf(noted, '2026-11-27T10:30')['dst_1']).toContain('constructor');
});
