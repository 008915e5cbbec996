import { codeWords } from '../../../../../web/src/features/delivery/code-words.ts';

test.each([
  ['401', 'The credentials are not accepted'],
  ['418', 'The tool refuses the request'],
  ['507', 'The tool fails'],
  ['301', 'The address redirects'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE_CERT', 'The secure connection fails'],
  ['ENETUNREACH', 'The connection fails'],
  ['some_code_of_a_tool', 'some code of a tool'],
  ['__proto__', '  proto  '],
])('%s is told as %s', (code, words) => {
  expect(codeWords(code)).toBe(words);
});
