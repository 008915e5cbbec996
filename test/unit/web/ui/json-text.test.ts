import { jsonText, readJson } from '../../../../web/src/ui/json-text.ts';

test('what is JSON is read', () => {
  expect(readJson(jsonText({ a: [1, null, 'x'] }))).toEqual({ isJson: true, value: { a: [1, null, 'x'] } });
});

test.each([
  ['{\n  "a": 1\n  "b": 2\n}', 3, 'comma'],
  ['{\n  "a": 1,\n}', 3, 'comma too many'],
  ['{\n  "a" 1\n}', 2, 'colon'],
  ['{\n  "a": [1, 2\n', 3, 'ends too early'],
  ['{\n  "a": x\n}', 2, 'does not belong here'],
])('where %j goes wrong is said in words', (text, line, words) => {
  const read = readJson(text);
  expect(read).toMatchObject({ isJson: false, line });
  expect(read.isJson ? '' : read.message).toContain(words);
});

test('an empty text is no JSON, and says what to write', () => {
  expect(readJson(' ')).toMatchObject({ isJson: false, line: undefined });
});
