import { table } from '../../../../cli/replay/table.ts';

test('columns are aligned, numbers to the right, and nothing of a payload reaches the terminal as a control character', () => {
  expect(
    table(
      ['name', 'count', 'text'],
      [
        ['a', 1, 'red \u001b[31m\r\n'],
        ['longer', 1_000, '\u202eabc'],
      ],
    ),
  ).toEqual(['name    count  text', 'a           1  red \ufffd[31m\ufffd\ufffd', 'longer   1000  \ufffdabc']);
});

test('a list without rows is its head', () => {
  expect(table(['a', 'b'], [])).toEqual(['a  b']);
});
