import { DIFF_CHANGES_MAX, DIFF_VALUE_CHARS_MAX, diffJson, isSameJson } from '../../../../shared/domain/json-diff.ts';
import type { Json } from '../../../../shared/domain/json.ts';

test('what was added, removed and changed is told by its place, in lists too', () => {
  const before = { a: 1, b: { c: [1, { d: 2 }], 'e f': 'x' }, gone: null };
  const after = { a: '1', b: { c: [1, { d: 3 }, 4], 'e f': 'x' }, come: {} };
  expect(diffJson(before, after)).toEqual({
    changes: [
      { kind: 'changed', path: 'a', before: '1', after: '"1"' },
      { kind: 'changed', path: 'b.c[1].d', before: '2', after: '3' },
      { kind: 'added', path: 'b.c[2]', after: '4' },
      { kind: 'removed', path: 'gone', before: 'null' },
      { kind: 'added', path: 'come', after: '{}' },
    ],
    leftOut: 0,
  });
});

test('it is bounded: so many places, so much of each, and the rest is counted', () => {
  const many = Object.fromEntries(
    Array.from({ length: DIFF_CHANGES_MAX + 7 }, (_, index) => [`k${index}`, 'x'.repeat(2_000)]),
  );
  const { changes, leftOut } = diffJson({}, many);
  expect([changes.length, leftOut]).toEqual([DIFF_CHANGES_MAX, 7]);
  expect(changes[0]).toEqual({ kind: 'added', path: 'k0', after: `"${'x'.repeat(DIFF_VALUE_CHARS_MAX - 1)}` });
});

test('names that are no words are told in quotes, and those of prototypes are names like others', () => {
  const hostile = JSON.parse('{"__proto__": {"x": 1}, "a.b": 2, "constructor": 3}') as Json;
  expect(diffJson({}, hostile).changes.map(({ path }) => path)).toEqual(['__proto__', '"a.b"', 'constructor']);
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

test.each<[Json, Json, boolean]>([
  [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, true],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: undefined as never, b: 1 }, { b: 1, c: 2 }, false],
  [[], {}, false],
  [[1], [1, 2], false],
  [null, {}, false],
  ['1', 1, false],
])('%j and %j are the same JSON: %s', (a, b, isSame) => {
  expect(isSameJson(a, b)).toBe(isSame);
  expect(diffJson(a, b).changes.length === 0).toBe(isSame);
});
