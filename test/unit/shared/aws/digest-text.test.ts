import { digestOfText, digestText } from '../../../../shared/aws/digest-text.ts';
import { type DigestParts, KEY_TAGS_MAX, sourcePartOf, sumParts } from '../../../../shared/domain/digest-sums.ts';
import { NO_KEY } from '../../../../shared/domain/key-tags.ts';
import { aPlanRow } from '../../../builders/ledger-rows.ts';

const at = (minute: number): string => `2026-11-27T10:0${minute}:00.000Z`;
const partsOf = (...rows: { key?: string; receivedAt: string }[]): DigestParts => {
  const part = sourcePartOf(rows.map(aPlanRow), 1);
  return { sources: part === undefined ? {} : { src_1: part }, destinations: {} };
};
const keysOf = (parts: DigestParts) => parts.sources['src_1']?.keys;

test('a sum tells of each key when it was last used, in whatever order rows and sums come', () => {
  const rows = [
    { key: 'aaaaaaaa', receivedAt: at(3) },
    { key: 'bbbbbbbb', receivedAt: at(1) },
    { key: 'aaaaaaaa', receivedAt: at(2) },
  ];
  const wanted = { aaaaaaaa: at(3), bbbbbbbb: at(1) };
  expect(keysOf(partsOf(...rows))).toEqual(wanted);
  expect(keysOf(partsOf(...rows.toReversed()))).toEqual(wanted);
  const sums = rows.map((row) => digestOfText(digestText(partsOf(row)), 'x'));
  expect(keysOf(sumParts(sums))).toEqual(wanted);
  expect(keysOf(sumParts(sums.toReversed()))).toEqual(wanted);
});

test('a sum tells no more than so many keys apart: those that were used longest ago count as untold', () => {
  const rows = Array.from({ length: KEY_TAGS_MAX + 8 }, (_, number) => ({
    key: `key_${String(number).padStart(4, '0')}`,
    receivedAt: new Date(Date.parse(at(0)) + number * 1_000).toISOString(),
  }));
  const keys = keysOf(partsOf(...rows)) ?? {};
  expect(Object.keys(keys)).toHaveLength(KEY_TAGS_MAX);
  expect(keys['']).toBe(rows[8]?.receivedAt);
  expect(keys[rows.at(-1)?.key ?? '']).toBe(rows.at(-1)?.receivedAt);
  expect(keys).not.toHaveProperty(rows[8]?.key ?? '');
});

test('what was summed before rows told their key is known as untold until its newest event', () => {
  const { sources } = partsOf({ receivedAt: at(5) });
  const { keys: _new, ...before } = sources['src_1'] ?? {};
  const old = digestOfText(JSON.stringify({ sources: { src_1: before } }), 'x');
  expect(keysOf(old)).toEqual({ '': at(5) });
  // Keys are noted once a minute: who tells none beside one that does is that one, or another that is told.
  expect(keysOf(sumParts([old, partsOf({ key: 'aaaaaaaa', receivedAt: at(6) }, { receivedAt: at(6) })]))).toEqual({
    '': at(5),
    aaaaaaaa: at(6),
  });
});

test('the deployment’s own events tell nothing of keys: beside them alone the rest is untold', () => {
  expect(keysOf(partsOf({ key: NO_KEY, receivedAt: at(1) }, { receivedAt: at(2) }))).toEqual({
    none: at(1),
    '': at(2),
  });
});
