import fc from 'fast-check';
import { csvOf } from '../../../../shared/domain/csv.ts';
import { readCsv } from '../../../builders/read-csv.ts';

test('whatever the cells hold, they are read back as they were, but for the apostrophe before formulas (T4)', () => {
  const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[=+\-@\t\r\n＝＋－＠"',;| a]{1,8}$/));
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 5 }), (rows) => {
      const read = readCsv(csvOf(rows));
      expect(read.flat().filter((text) => /^[=+\-@\t\r\n＝＋－＠]/.test(text))).toEqual([]);
      const plain = rows.map((row) => row.map((text) => (/^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text)));
      expect(read).toEqual(plain);
    }),
    { numRuns: 500 },
  );
});
