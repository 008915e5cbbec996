import fc from 'fast-check';
import { parseInsert } from '../../../../local/dynamodb/partiql.ts';

const space = fc.constantFrom('', ' ', '\n  ');

test('an insert is read back whatever its attributes and its white space', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(names, space, space, (attributes, before, after) => {
      const members = attributes.map((name) => `${before}'${name.replaceAll("'", "''")}'${after}:${before}?${after}`);
      const statement = `${before}INSERT INTO "my-table.1" VALUE${after}{${members.join(',')}}`;
      expect(parseInsert(statement)).toEqual({ table: 'my-table.1', attributes });
    }),
  );
});

test.each([
  'SELECT * FROM "table"',
  `INSERT INTO table VALUE {'pk': ?}`,
  `INSERT INTO "table" VALUE {'pk': 'literal'}`,
  `INSERT INTO "table" VALUE {'pk': ?,}`,
  `INSERT INTO "table" VALUE {'pk': ?, 'pk': ?}`,
  `INSERT INTO "table" VALUE {pk: ?}`,
  `INSERT INTO "table" VALUE {}`,
  `INSERT INTO "table"."index" VALUE {'pk': ?}`,
  `INSERT INTO "table" VALUE {'pk': ?} IF NOT EXISTS`,
  `INSERT INTO "table" VALUE {'pk': ?} ; DELETE FROM "table"`,
])('%s is not read', (statement) => {
  expect(parseInsert(statement)).toBeUndefined();
});
