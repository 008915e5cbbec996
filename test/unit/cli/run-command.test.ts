import { CliError } from '../../../cli/cli-error.ts';
import { asTyped, sentenceFor } from '../../../cli/run-command.ts';
import { AppError } from '../../../shared/domain/app-error.ts';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

test.each([
  [new CliError('Do this.'), 'Do this.'],
  [new AppError('bad-request', 'A write key belongs to another source'), 'A write key belongs to another source.'],
  [named('CredentialsProviderError', 'x'), /found no credentials/],
  [named('ExpiredTokenException', 'x'), /have expired/],
  [named('AccessDeniedException', 'User: me is not authorized'), /^AWS does not allow this .*User: me/],
  [Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }), /^Nothing answers there/],
  [new Error('Region is missing'), /set AWS_REGION/],
])('%s is one sentence for a person', (error, sentence) => {
  expect(sentenceFor(error)).toMatch(sentence);
});

test('a bug has no sentence: its stack is shown', () => {
  expect(sentenceFor(new TypeError('x is not a function'))).toBeUndefined();
  expect(sentenceFor('text')).toBeUndefined();
});

test('a path is meant from where it was typed, which npm tells', () => {
  const before = process.env['INIT_CWD'];
  process.env['INIT_CWD'] = '/home/me';
  expect([asTyped('seed.json'), asTyped('/tmp/seed.json')]).toEqual(['/home/me/seed.json', '/tmp/seed.json']);
  if (before === undefined) delete process.env['INIT_CWD'];
  else process.env['INIT_CWD'] = before;
});
