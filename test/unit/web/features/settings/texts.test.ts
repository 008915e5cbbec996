import { addressesIn } from '../../../../../web/src/features/settings/addresses.ts';
import { csvOf } from '../../../../../web/src/ui/csv.ts';
import { withLabel } from '../../../../../web/src/features/settings/label-change.ts';
import { chunked, userIdsIn } from '../../../../../web/src/features/privacy/user-ids.ts';
import { withChoice, isChosen } from '../../../../../web/src/features/people/notification-choices.ts';
import { slugOf } from '../../../../../web/src/features/people/slug-of.ts';
import { placeBeside } from '../../../../../web/src/features/tour/place-beside.ts';

test('addresses are found in what people paste, each once, and what is none is told', () => {
  expect(addressesIn('Ada@Example.com, grace@example.com;\nada@example.com')).toEqual({
    addresses: ['ada@example.com', 'grace@example.com'],
    wrong: [],
  });
  expect(addressesIn('"Lovelace, Ada" <ada@example.com>, Grace Hopper <grace@example.com>')).toEqual({
    addresses: ['ada@example.com', 'grace@example.com'],
    wrong: [],
  });
  expect(addressesIn('ada@example.com ada@ grace')).toEqual({
    addresses: ['ada@example.com'],
    wrong: ['ada@', 'grace'],
  });
});

test('a cell that a spreadsheet would calculate begins with an apostrophe, quotes are doubled', () => {
  expect(csvOf([['name'], ['=1+1'], ['a "b", c']])).toBe(`name\r\n'=1+1\r\n"a ""b"", c"\r\n`);
});

test('a label takes the place of another value of its key', () => {
  const labels = [
    { key: 'environment', value: 'dev' },
    { key: 'team', value: 'a' },
  ];
  const prod = { key: 'environment', value: 'prod' };
  expect(withLabel(labels, prod, true)).toEqual([{ key: 'team', value: 'a' }, prod]);
  expect(withLabel(labels, { key: 'environment', value: 'dev' }, false)).toEqual([{ key: 'team', value: 'a' }]);
});

test('user ids are taken as they are, one a line, each once', () => {
  expect(userIdsIn(' 4711 \r\nada, lovelace\n\n4711').ids).toEqual(['4711', 'ada, lovelace']);
  expect(userIdsIn('x'.repeat(32_769))).toEqual({ ids: [], tooLong: 1 });
  expect(chunked([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
});

test('in the app everything is told unless it says no, by mail nothing unless it says yes', () => {
  const chosen = withChoice({ onlyMine: true }, 'sources', 'inApp', false);
  expect(chosen).toEqual({ onlyMine: true, areas: { sources: { inApp: false } } });
  expect(isChosen(chosen, 'sources', 'inApp')).toBe(false);
  expect(isChosen(chosen, 'people', 'inApp')).toBe(true);
  expect(isChosen(chosen, 'people', 'email')).toBe(false);
  expect(withChoice(chosen, 'sources', 'email', true).areas).toEqual({ sources: { inApp: false, email: true } });
});

test('a slug is made of any name', () => {
  expect(slugOf('Crème & Brûlée Ltd.')).toBe('creme-brulee-ltd');
  expect(slugOf('店')).toBe('');
  expect(slugOf(`${'a'.repeat(63)} b`)).toBe('a'.repeat(63));
});

test('a note stands right of what it is about, else below, else in a corner of the window', () => {
  const view = { width: 1360, height: 900 };
  const box = (left: number, top: number) => ({ left, right: left + 200, top, bottom: top + 30, width: 200 });
  expect(placeBeside(box(10, 100), view).beside).toBe('right');
  expect(placeBeside(box(1040, 10), view).beside).toBe('below');
  expect(placeBeside(undefined, view).beside).toBe('none');
  expect(placeBeside(box(-300, 100), { width: 390, height: 844 }).beside).toBe('none');
});
