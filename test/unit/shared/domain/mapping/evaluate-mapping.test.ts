/* oxlint-disable unicorn/no-thenable -- a word of the mapping language */
import fc from 'fast-check';
import { checkMapping } from '../../../../../shared/domain/mapping/check-mapping.ts';
import {
  evaluateMapping,
  mappingBudget,
  MAPPING_UNITS_MAX,
} from '../../../../../shared/domain/mapping/evaluate-mapping.ts';
import { parsePath } from '../../../../../shared/domain/mapping/mapping-path.ts';
import type { Json } from '../../../../../shared/domain/json.ts';

const ROOT: Json = {
  body: {
    id: 7,
    name: 'Ada',
    empty: '',
    none: null,
    items: [
      { sku: 'a', n: 1 },
      { sku: 'b', n: 2 },
    ],
    deep: { a: { b: [1, { c: 2 }] } },
    'full name': 'Ada L',
    'a.b': 'dotted',
    text: '{"x":[1]}',
    braces: '{{body.name}}',
    money: '$& $1',
  },
  headers: { 'x-github-event': 'push' },
};

const valueOf = (expression: Json, root: Json = ROOT): unknown => {
  const found = evaluateMapping(expression, root, 'm', mappingBudget());
  return found.outcome === 'value' ? found.value : { fault: found.fault, at: found.at };
};

test.each<[string, Json, unknown]>([
  ['a value that is no directive', { a: 1, b: [true, null] }, { a: 1, b: [true, null] }],
  ['a path', { '@path': '$.body.id' }, 7],
  ['a path without the root', { '@path': 'body.items[1].sku' }, 'b'],
  ['a path with quoted names', { '@path': "$.headers['x-github-event']" }, 'push'],
  ['a path with a name that has a space', { '@path': '$["body"]["full name"]' }, 'Ada L'],
  ['a path with a name that has a dot', { '@path': "$.body['a.b']" }, 'dotted'],
  ['an index by a dot', { '@path': '$.body.items.0.n' }, 1],
  ['a path to nothing', { '@path': '$.body.nothing.at.all' }, undefined],
  ['a path into a text', { '@path': '$.body.name.length' }, undefined],
  ['the length of a list, which is no item', { '@path': '$.body.items.length' }, undefined],
  ['the root', { '@path': '$.' }, ROOT],
  ['a template', { '@template': 'Hi {{body.name}} {{{ $.body.id }}}{{body.nothing}}{{body.none}}!' }, 'Hi Ada 7!'],
  ['a template with an object', { '@template': '{{body.items[0]}}' }, '{"sku":"a","n":1}'],
  ['braces that a payload brings, which stay text', { '@template': '{{body.braces}}' }, '{{body.name}}'],
  ['braces that are not closed', { '@template': 'a {{body.name' }, 'a {{body.name'],
  ['if exists', { '@if': { exists: { '@path': '$.body.empty' }, then: 'yes', else: 'no' } }, 'yes'],
  ['if null exists', { '@if': { exists: { '@path': '$.body.none' }, then: 'yes', else: 'no' } }, 'no'],
  ['if blank', { '@if': { blank: { '@path': '$.body.empty' }, then: 'yes', else: 'no' } }, 'no'],
  ['if without else', { '@if': { exists: { '@path': '$.body.x' }, then: 'yes' } }, undefined],
  ['a case', { '@case': { operator: 'upper', value: { '@path': '$.body.name' } } }, 'ADA'],
  ['a case of a number', { '@case': { operator: 'lower', value: 3 } }, 3],
  ['a replacement of all', { '@replace': { pattern: '.', replacement: '-', value: 'a.b.c' } }, 'a-b-c'],
  [
    'a replacement of one',
    { '@replace': { pattern: 'A', replacement: '', value: 'aXa', ignorecase: true, global: false } },
    'Xa',
  ],
  ['two replacements', { '@replace': { pattern: 'a', pattern2: 'b', replacement2: 'c', value: 'ab' } }, 'c'],
  ['a replacement that is no pattern', { '@replace': { pattern: 'x', replacement: '$&', value: 'x' } }, '$&'],
  [
    'a replacement of a number',
    { '@replace': { pattern: '7', replacement: '8', value: { '@path': '$.body.id' } } },
    '8',
  ],
  [
    'a list, item by item',
    { '@arrayPath': ['$.body.items', { id: { '@path': '$.sku' } }] },
    [{ id: 'a' }, { id: 'b' }],
  ],
  [
    'a list as it is',
    { '@arrayPath': ['$.body.items'] },
    [
      { sku: 'a', n: 1 },
      { sku: 'b', n: 2 },
    ],
  ],
  ['an object as a list of one', { '@arrayPath': ['$.body.items[0]', { id: { '@path': '$.sku' } }] }, [{ id: 'a' }]],
  ['a literal', { '@literal': 'x' }, 'x'],
  ['flattened', { '@flatten': { value: { '@path': '$.body.deep' }, separator: '_' } }, { a_b_0: 1, a_b_1_c: 2 }],
  [
    'flattened but for lists',
    { '@flatten': { value: { '@path': '$.body.deep' }, separator: '.', omitArrays: true } },
    { 'a.b': [1, { c: 2 }] },
  ],
  ['encoded', { '@json': { mode: 'encode', value: { a: 1 } } }, '{"a":1}'],
  ['decoded', { '@json': { mode: 'decode', value: { '@path': '$.body.text' } } }, { x: [1] }],
  ['decoded what is no JSON', { '@json': { mode: 'decode', value: 'x{' } }, 'x{'],
  [
    'merged, the right one wins',
    { '@merge': { direction: 'right', objects: [{ a: 1, b: 1 }, { b: 2 }] } },
    { a: 1, b: 2 },
  ],
  [
    'merged, the left one wins',
    { '@merge': { direction: 'left', objects: [{ a: 1, b: 1 }, { b: 2 }, 3] } },
    { a: 1, b: 1 },
  ],
  ['transformed', { '@transform': { apply: { z: { '@path': '$.body.id' } }, mapping: { '@path': '$.z' } } }, 7],
  [
    'without nulls',
    { '@excludeWhenNull': { '@path': '$.body' } },
    Object.fromEntries(Object.entries(ROOT['body'] as object).filter(([key]) => key !== 'none')),
  ],
  ['null excluded', { '@excludeWhenNull': { '@path': '$.body.none' } }, undefined],
  ['what stands for nothing, left out', { a: { '@path': '$.x' }, b: 1 }, { b: 1 }],
  ['beside editors’ notes', { '@path': '$.body.id', _metadata: { x: 1 } }, 7],
])('%s', (_case, expression, expected) => {
  expect(checkMapping(expression, 'm')).toEqual([]);
  expect(valueOf(expression)).toEqual(expected);
});

test('what a payload inherits is none of it, and what it owns stays data, whatever it is called (T11)', () => {
  const hostile = JSON.parse(
    '{"__proto__":{"userId":"evil"},"constructor":1,"ok":{"__proto__":{"polluted":1}}}',
  ) as Json;
  for (const path of ['$.constructor.name', '$.toString', '$.a.__proto__', '$.list.map']) {
    expect(valueOf({ '@path': path }, { a: {}, list: [] })).toBeUndefined();
  }
  expect(valueOf({ '@path': '$.__proto__.userId' }, hostile)).toBe('evil');
  const merged = valueOf({ '@merge': { direction: 'right', objects: [{ '@path': '$.ok' }] } }, hostile) as object;
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect(Object.hasOwn(merged, '__proto__')).toBe(true);
  const flat = valueOf(
    { '@flatten': { separator: '.', value: { '@path': '$.' } } },
    JSON.parse('{"__proto__":1}') as Json,
  );
  expect(Object.getPrototypeOf(flat)).toBe(Object.prototype);
  expect({}).not.toHaveProperty('polluted');
});

test.each<[string, Json, string]>([
  ['a directive that nobody knows', { a: { '@liquid': '{{x}}' } }, 'm.a'],
  ['a path that is none', { a: [{ '@path': '$.[' }] }, 'm.a[0].@path'],
  ['a path that is a number', { '@path': 3 }, 'm.@path'],
  ['an if without a question', { '@if': { then: 1 } }, 'm.@if'],
  ['another case', { '@case': { operator: 'title', value: 'x' } }, 'm.@case.operator'],
  ['a long pattern', { '@replace': { pattern: 'x'.repeat(11), value: 'x' } }, 'm.@replace.pattern'],
  ['a merge of no list', { '@merge': { objects: {}, direction: 'left' } }, 'm.@merge.objects'],
  ['a template with a broken path', { 'b c': { '@template': '{{a..b}}' } }, 'm["b c"].@template'],
])('%s is a fault with its place, when it is written and when it runs', (_case, expression, at) => {
  expect(checkMapping(expression, 'm').map((fault) => fault.at)).toContain(at);
  expect(valueOf(expression)).toEqual({ fault: 'wrong-type', at });
});

test.each<[string, Json, string]>([
  ['other keys beside a directive', { '@path': '$.a', b: 1 }, 'm'],
  ['options that nobody knows', { '@json': { mode: 'encode', value: 1, x: 2 } }, 'm.@json.x'],
  ['an option that is missing', { '@flatten': { value: 1 } }, 'm.@flatten.separator'],
  ['a list path that is none', { '@arrayPath': [] }, 'm.@arrayPath'],
  ['a template of 5,000 characters', { '@template': 'x'.repeat(5_000) }, 'm.@template'],
])('%s is told when it is written', (_case, expression, at) => {
  expect(checkMapping(expression, 'm').map((fault) => fault.at)).toContain(at);
});

test('a mapping that is nested without end is a fault, and no overflow', () => {
  let nested: Json = 1;
  for (let depth = 0; depth < 5_000; depth += 1) nested = { '@literal': nested };
  expect(checkMapping(nested, 'm')).toHaveLength(1);
  expect(valueOf(nested)).toMatchObject({ fault: 'wrong-type' });
});

/** Each would make gigabytes of a body of 500 KB, or would take minutes. */
test.each<[string, Json, Json]>([
  ['a template that repeats a large text', { '@template': '{{big}}'.repeat(500) }, { big: 'x'.repeat(400_000) }],
  ['JSON in JSON in JSON', encodeOften(15), { v: '"\\'.repeat(20_000) }],
  [
    'a large key before many leaves, flattened',
    { '@flatten': { separator: '.', value: { '@path': '$.' } } },
    { ['k'.repeat(20_000)]: Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, 1])) },
  ],
  [
    'a list of 200,000, item by item',
    { '@arrayPath': ['$.list', { a: { '@path': '$.' }, b: { '@path': '$.' } }] },
    { list: Array.from({ length: 200_000 }, () => ({})) },
  ],
  ['upper case that grows', { '@case': { operator: 'upper', value: { '@path': '$.v' } } }, { v: 'ß'.repeat(400_000) }],
  [
    'a replacement that grows',
    { '@replace': { pattern: 'a', replacement: 'x'.repeat(10), value: { '@path': '$.v' } } },
    { v: 'a'.repeat(100_000) },
  ],
  ['decoded text of brackets', { '@json': { mode: 'decode', value: { '@path': '$.v' } } }, { v: '['.repeat(100_000) }],
])('%s ends early', (_case, expression, root) => {
  const startedMs = performance.now();
  expect(valueOf(expression, root)).toMatchObject({ fault: 'too-much' });
  expect(performance.now() - startedMs).toBeLessThan(500);
});

function encodeOften(times: number): Json {
  let expression: Json = { '@path': '$.v' };
  for (let time = 0; time < times; time += 1) expression = { '@json': { mode: 'encode', value: expression } };
  return expression;
}

test('the paths of payloads are not remembered without end', () => {
  const root = { p: 'x'.repeat(MAPPING_UNITS_MAX) };
  expect(valueOf({ '@path': { '@path': '$.p' } }, root)).toMatchObject({ fault: 'wrong-type' });
});

const anExpression = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.jsonValue() as fc.Arbitrary<Json>,
    fc.record({ '@path': fc.oneof(fc.string(), fc.constantFrom('$.a', '$.b[0].c', "$['x']"), tie('any')) }),
    fc.record({ '@template': fc.oneof(fc.string(), fc.constant('{{a}} {{{b}}}')) }),
    fc.record({ '@if': fc.record({ exists: tie('any'), then: tie('any'), else: tie('any') }) }),
    fc.record({ '@case': fc.record({ operator: fc.constantFrom('upper', 'x'), value: tie('any') }) }),
    fc.record({ '@replace': fc.record({ pattern: fc.string(), value: tie('any') }) }),
    fc.record({ '@arrayPath': fc.tuple(fc.constantFrom('$.a', '$.b'), tie('any')) }),
    fc.record({ '@flatten': fc.record({ separator: fc.string({ maxLength: 3 }), value: tie('any') }) }),
    fc.record({ '@json': fc.record({ mode: fc.constantFrom('encode', 'decode'), value: tie('any') }) }),
    fc.record({
      '@merge': fc.record({
        direction: fc.constantFrom('left', 'right'),
        objects: fc.array(tie('any'), { maxLength: 3 }),
      }),
    }),
    fc.record({ '@transform': fc.record({ apply: tie('any'), mapping: tie('any') }) }),
    fc.record({ '@excludeWhenNull': tie('any') }),
    fc.dictionary(fc.string(), tie('any'), { maxKeys: 3 }),
  ),
})).any;

test('no expression throws for any payload, and each gives the same twice', () => {
  const aRoot = fc.record({ a: fc.jsonValue(), b: fc.jsonValue() }) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(anExpression, aRoot, (expression, root) => {
      const before = JSON.stringify([expression, root]);
      const first = evaluateMapping(expression, root, 'm', mappingBudget());
      expect(evaluateMapping(expression, root, 'm', mappingBudget())).toEqual(first);
      // Neither the mapping nor the payload is changed.
      expect(JSON.stringify([expression, root])).toBe(before);
      checkMapping(expression, 'm');
    }),
    { numRuns: 1_000 },
  );
});

test('what has no fault when it is written is no unknown word when it runs', () => {
  fc.assert(
    fc.property(anExpression, (expression) => {
      if (checkMapping(expression, 'm').length > 0) return;
      const found = evaluateMapping(expression, { a: 1, b: [{ c: 'x' }] }, 'm', mappingBudget());
      if (found.outcome === 'fault') expect(found.message).not.toMatch(/not known|nested/);
    }),
    { numRuns: 1_000 },
  );
});

test('any text is a path or none, in linear time', () => {
  fc.assert(fc.property(fc.string({ maxLength: 600 }), (text) => void parsePath(text)));
  const startedMs = performance.now();
  for (const char of ['[', '.', "['", '[0', ']', '$']) parsePath(char.repeat(100_000));
  expect(performance.now() - startedMs).toBeLessThan(100);
});
