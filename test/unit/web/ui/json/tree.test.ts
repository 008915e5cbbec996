import fc from 'fast-check';
import { findIn, keyText, summaryOf, TREE_DEPTH_MAX, treeRows } from '../../../../../web/src/ui/json/tree.ts';
import { dottedPath, pointerOf, prettyJson, quoted, scalarText } from '../../../../../web/src/ui/json/values.ts';

const nested = (depth: number): unknown => {
  let value: unknown = 'end';
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { inner: value };
  return value;
};
const opened = (depth: number, ...turned: string[]) => ({ depth, turned: new Set(turned) });

describe('rows of the tree', () => {
  test('levels are open up to a depth, and what was turned is the other way round', () => {
    const value = { a: { b: 1 }, c: [2] };
    const pointers = (...turned: string[]) =>
      treeRows(value, opened(1, ...turned), 100).rows.map(({ pointer }) => pointer);
    expect(pointers()).toEqual(['', '/a', '/c']);
    expect(pointers('/a')).toEqual(['', '/a', '/a/b', '/c']);
    expect(pointers('')).toEqual(['']);
  });

  test('each row knows its place among its siblings', () => {
    expect(treeRows({ a: 1, b: 2 }, opened(1), 100).rows.map(({ place, siblings }) => [place, siblings])).toEqual([
      [1, 1],
      [1, 2],
      [2, 2],
    ]);
  });

  test('there are no more than asked for', () => {
    const list = Array.from({ length: 5_000 }, (_, at) => at);
    const { rows, more } = treeRows(list, opened(1), 2_000);
    expect([rows.length, more]).toEqual([2_000, true]);
    expect(treeRows(list, opened(1), 5_001).more).toBe(false);
  });

  test('depth is bounded, and far deeper values do not break it', () => {
    expect(treeRows(nested(50_000), opened(60_000), 2_000).rows).toHaveLength(TREE_DEPTH_MAX + 1);
    expect(prettyJson(nested(50_000))).toEqual({ tooDeep: true });
  });

  test('rows of different places have different pointers', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { rows } = treeRows(value, opened(20), 1_000);
        expect(new Set(rows.map(({ pointer }) => pointer)).size).toBe(rows.length);
      }),
    );
  });
});

describe('searching', () => {
  test('finds keys and values whatever their case, and what they are in', () => {
    const found = findIn({ user: { Email: 'a@b.c' }, list: ['EMAIL', 1] }, ' email ');
    expect([...found.matches]).toEqual(['/user/Email', '/list/0']);
    expect([...found.ancestors].toSorted()).toEqual(['', '/list', '/user']);
  });

  test('nothing searched finds nothing, and very many matches are bounded', () => {
    expect(findIn({ a: 1 }, ' ').matches.size).toBe(0);
    const found = findIn(Array.from({ length: 2_000 }).fill('x'), 'x');
    expect([found.matches.size, found.more]).toEqual([1_000, true]);
  });
});

describe('texts', () => {
  test.each([
    [[], ''],
    [['a', 'b'], 'a.b'],
    [['items', 0, 'odd key'], 'items[0]["odd key"]'],
    [['', '__proto__'], '[""].__proto__'],
  ])('%j is read as %p', (path, text) => {
    expect(dottedPath(path)).toBe(text);
  });

  test('pointers tell a slash in a key from a level', () => {
    expect(pointerOf(['a/b', '~'])).toBe('/a~1b/~0');
  });

  test('what cannot be seen is written out', () => {
    expect(quoted('user\u202Egnp.exe')).toBe('"user\\u202egnp.exe"');
    expect(scalarText('\u0000\u200B')).toBe('"\\u0000\\u200b"');
    expect(keyText('a\u200B')).toBe('"a\\u200b"');
  });

  test.each([
    ['array', 0, '[]'],
    ['array', 1, '[1 item]'],
    ['object', 12, '{12 keys}'],
  ] as const)('a closed %s of %p is %p', (kind, size, text) => {
    expect(summaryOf(kind, size)).toBe(text);
  });
});
