import * as fc from 'fast-check';
import { decodeQuery } from '../../../../local/front-door/query-protocol.ts';

type Tree = string | Tree[] | { [name: string]: Tree };

/** The protocol as it is written down: members by name, list entries as `member.N`. */
function encoded(tree: Tree, path: string): [string, string][] {
  if (typeof tree === 'string') return [[path, tree]];
  const entries = Array.isArray(tree)
    ? tree.map((entry, index): [string, Tree] => [`${path}.member.${index + 1}`, entry])
    : Object.entries(tree).map(([name, value]): [string, Tree] => [path === '' ? name : `${path}.${name}`, value]);
  return entries.flatMap(([at, value]) => encoded(value, at));
}

const { object } = fc.letrec<{ tree: Tree; object: { [name: string]: Tree } }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.string({ minLength: 1 }),
    fc.array(tie('tree'), { minLength: 1, maxLength: 12 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{1,8}$/), tie('tree'), { minKeys: 1, maxKeys: 4 }),
}));

test('what is encoded as AWS Query says decodes to itself', () => {
  fc.assert(
    fc.property(object, (input) => {
      const body = new URLSearchParams([
        ['Action', 'Act'],
        ['Version', '2010-05-15'],
        ...encoded(input, ''),
      ]).toString();
      expect(decodeQuery(body)).toEqual({ action: 'Act', input });
    }),
    { numRuns: 200 },
  );
});

test('booleans that are known as such, and empty lists', () => {
  expect(decodeQuery('Action=A&EnableTerminationProtection=true&StackName=true&Tags=')).toEqual({
    action: 'A',
    input: { EnableTerminationProtection: true, StackName: 'true' },
  });
});

test('hostile names reach no prototype', () => {
  const { input } = decodeQuery('Action=A&__proto__.polluted=1&a.constructor.prototype.polluted=1');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.keys(input)).toEqual(expect.arrayContaining(['a']));
});
