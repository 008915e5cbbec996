import fc from 'fast-check';
import { countMarks, DIFF_DEPTH_MAX, MARKS_MAX, type Mark, marksOf } from '../../../../../web/src/ui/json/diff.ts';
import { type DiffRow, DIFF_ROWS_MAX, diffRows, stretchesOf } from '../../../../../web/src/ui/json/diff-rows.ts';
import { type Step, valueAt } from '../../../../../web/src/ui/json/values.ts';

const key = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '0', 'a/b', '~'),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, tie('scalar'), tie('list'), tie('object')),
  scalar: fc.oneof(fc.string({ maxLength: 4 }), fc.integer({ min: -3, max: 3 }), fc.boolean(), fc.constant(null)),
  list: fc.array(tie('value'), { maxLength: 5 }),
  // Entries and not a dictionary: JSON.parse makes `__proto__` a key of its own, and so must this.
  object: fc
    .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 5, selector: ([name]) => name })
    .map(Object.fromEntries),
})).value;

const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What `after` is by `before` and the marks alone. */
function applied(before: unknown, marks: readonly Mark[]): unknown {
  const root = { value: copyOf(before) };
  const holderOf = (path: readonly Step[]): Record<Step, unknown> => {
    let holder: unknown = root;
    for (const step of ['value', ...path].slice(0, -1)) holder = valueAt(holder, step);
    return holder as Record<Step, unknown>;
  };
  const set = (holder: object, step: Step, value: unknown) =>
    Object.defineProperty(holder, step, { value, enumerable: true, configurable: true, writable: true });
  const order = (one: Mark, other: Mark) => Number(one.path.at(-1)) - Number(other.path.at(-1));
  for (const mark of marks) {
    if (mark.kind === 'changed') set(holderOf(mark.path), mark.path.at(-1) ?? 'value', mark.after);
  }
  for (const mark of marks.filter(({ kind }) => kind === 'removed').toSorted((a, b) => order(b, a))) {
    const holder = holderOf(mark.path);
    if (Array.isArray(holder)) holder.splice(Number(mark.path.at(-1)), 1);
    else delete holder[mark.path.at(-1) ?? ''];
  }
  for (const mark of marks.filter(({ kind }) => kind === 'added').toSorted(order)) {
    if (mark.kind !== 'added') continue;
    const holder = holderOf(mark.path);
    if (Array.isArray(holder)) holder.splice(Number(mark.path.at(-1)), 0, mark.after);
    else set(holder, mark.path.at(-1) ?? '', mark.after);
  }
  return root.value;
}

const nested = (depth: number, leaf: unknown): unknown => {
  let value = leaf;
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { inner: value };
  return value;
};

describe('marks', () => {
  test('equal values have none', () => {
    fc.assert(fc.property(json, (value) => expect(marksOf(value, copyOf(value))).toEqual([])));
  });

  test('applied to what was before they give what came after', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(JSON.stringify(sorted(applied(before, marksOf(before, after))))).toBe(JSON.stringify(sorted(after)));
      }),
      { numRuns: 500 },
    );
  });

  test('the order of keys does not count, that of lists does', () => {
    expect(marksOf({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
    expect(marksOf([1, 2], [2, 1])).toHaveLength(2);
  });

  test('an insertion at the front of a list is one', () => {
    expect(marksOf([1, 2, 3], [0, 1, 2, 3])).toEqual([{ path: [0], kind: 'added', after: 0 }]);
    expect(marksOf([1, 2, 3], [1, 3])).toEqual([{ path: [1], kind: 'removed', before: 2 }]);
  });

  test('of an event that a mapping changed', () => {
    const before = { event: 'Order completed', properties: { revenue: 129.9, coupon: null } };
    const after = { event: 'Purchase', properties: { revenue: 129.9, value: 129.9 } };
    const marks = marksOf(before, after);
    expect(marks).toEqual([
      { path: ['event'], kind: 'changed', before: 'Order completed', after: 'Purchase' },
      { path: ['properties', 'coupon'], kind: 'removed', before: null },
      { path: ['properties', 'value'], kind: 'added', after: 129.9 },
    ]);
    expect(countMarks(marks)).toEqual({ added: 1, removed: 1, changed: 1 });
  });

  test('hostile keys are keys, and reach no prototype', () => {
    const after: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
    expect(marksOf({}, after)).toEqual([{ path: ['__proto__'], kind: 'added', after: { polluted: true } }]);
    expect(marksOf(after, {})).toHaveLength(1);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('more differences than the bound are one', () => {
    const list = Array.from({ length: MARKS_MAX + 1 }, (_, at) => at);
    expect(marksOf({ list, more: 1 }, { list: list.map((at) => at + 0.5), more: 2 })).toEqual([
      { path: ['list'], kind: 'changed', before: list, after: expect.any(Array) },
      { path: ['more'], kind: 'changed', before: 1, after: 2 },
    ]);
  });

  test('deeper than the bound they are told to differ; far deeper ones do not break it', () => {
    expect(marksOf(nested(DIFF_DEPTH_MAX + 20, 1), nested(DIFF_DEPTH_MAX + 20, 2))[0]?.path).toHaveLength(
      DIFF_DEPTH_MAX,
    );
    expect(marksOf(nested(50_000, 1), nested(50_000, 1))).toEqual([]);
    expect(marksOf(nested(50_000, 1), nested(50_000, 2))).toHaveLength(1);
  });

  test('nested lists of 60 levels with 20,000 values are compared in linear time', () => {
    const wide = Array.from({ length: 20_000 }, (_, at) => ({ at }));
    const before = nested(60, wide);
    const after = nested(60, [...wide.slice(0, -1), { at: -1 }]);
    const start = performance.now();
    expect(marksOf(before, after)).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('lines of a diff', () => {
  const signs = (rows: readonly DiffRow[], sign: string) => rows.filter((row) => row.sign === sign);

  test('equal values are all the same lines, different ones are not', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const { rows } = diffRows(before, after);
        expect(signs(rows, 'same').length === rows.length).toBe(marksOf(before, after).length === 0);
      }),
    );
  });

  test('what is shown or folded is each line once, and no changed one is folded', () => {
    fc.assert(
      fc.property(json, json, fc.integer({ min: 0, max: 3 }), (before, after, context) => {
        const { rows } = diffRows(before, after);
        const stretches = stretchesOf(rows, context);
        let next = 0;
        for (const { folded, start, end } of stretches) {
          expect(start).toBe(next);
          next = end;
          if (folded) expect(rows.slice(start, end).every(({ sign }) => sign === 'same')).toBe(true);
        }
        expect(next).toBe(rows.length);
      }),
    );
  });

  test('the lines that lead to a change stay', () => {
    const far = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${at}`, at]));
    const { rows } = diffRows({ outer: { ...far, deep: [1] } }, { outer: { ...far, deep: [2] } });
    const shown = stretchesOf(rows, 0)
      .filter(({ folded }) => !folded)
      .flatMap(({ start, end }) => rows.slice(start, end));
    expect(shown.map(({ step, text, value }) => `${step ?? ''}${text ?? ` ${String(value)}`}`)).toEqual([
      '{',
      'outer{',
      'deep[',
      '0 2',
      ']',
      '}',
      '}',
    ]);
  });

  test('there are no more than the bound', () => {
    const { rows, cut } = diffRows(Array.from({ length: DIFF_ROWS_MAX + 5 }).fill(1), []);
    expect(rows).toHaveLength(DIFF_ROWS_MAX);
    expect(cut).toBe(true);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}
