import * as fc from 'fast-check';
import { readSettings } from '../../infra/settings.ts';
import { CONCURRENCY_SHARE_MAX, shareConcurrency } from '../../infra/share-concurrency.ts';

const DEFAULTS = {
  stage: 'dev',
  archiveRetentionDays: 365,
  deadLetterRetentionDays: 30,
  sampleRetentionDays: 7,
  ledgerRowDays: 15,
  archiveWindowSeconds: 300,
  privateTargetsAllowed: [],
  accountConcurrency: 1_000,
  monthlyBudgetUsd: 50,
};
const ARN = 'arn:aws:acm:eu-central-1:111122223333:certificate/7d5c';

test('without context every setting has its default', () => {
  expect(readSettings({})).toEqual(DEFAULTS);
});

test('the CDK’s own context keys are passed over', () => {
  expect(readSettings({ '@aws-cdk/core:anything': true, 'aws:cdk:bundling-stacks': ['**'] })).toEqual(DEFAULTS);
});

test.each([
  ['a number as text, as the command line gives it', { archiveRetentionDays: '90' }, { archiveRetentionDays: 90 }],
  ['a list as JSON', { privateTargetsAllowed: ['127.0.0.1:80'] }, { privateTargetsAllowed: ['127.0.0.1:80'] }],
  [
    'a list as text',
    { privateTargetsAllowed: '[::1]:80,sink:8080' },
    { privateTargetsAllowed: ['[::1]:80', 'sink:8080'] },
  ],
  ['an empty list as text', { privateTargetsAllowed: '' }, {}],
  ['all private targets', { privateTargetsAllowed: '*' }, { privateTargetsAllowed: ['*'] }],
  [
    'a domain with its certificate',
    { domain: 't.example.com', certificateArn: ARN },
    { domain: 't.example.com', certificateArn: ARN },
  ],
  ['a restored table', { controlTableName: 'restored.Control_1' }, { controlTableName: 'restored.Control_1' }],
])('%s is taken', (_case, context, settings) => {
  expect(readSettings(context)).toEqual({ ...DEFAULTS, ...settings });
});

test.each([
  ['a stage with capitals', { stage: 'Prod' }, '"stage" must be 1 to 16 characters of a-z, 0-9 and -'],
  ['a stage of 17 characters', { stage: 'a'.repeat(17) }, '"stage" must be 1 to 16'],
  ['a domain alone', { domain: 't.example.com' }, '"domain" and certificateArn belong together'],
  ['a certificate alone', { certificateArn: ARN }, '"domain" and certificateArn belong together'],
  ['a domain with a scheme', { domain: 'https://t.example.com', certificateArn: ARN }, '"domain" must be a host name'],
  ['a number that is none', { ledgerRowDays: 'many' }, '"ledgerRowDays" must be a whole number from 15 to 90'],
  ['a fraction', { monthlyBudgetUsd: 1.5 }, '"monthlyBudgetUsd" must be a whole number'],
  ['rows that die before the last retry', { ledgerRowDays: 14 }, '"ledgerRowDays" must be at least 15'],
  ['a window that SQS does not take', { archiveWindowSeconds: 301 }, '"archiveWindowSeconds" must be at most 300'],
  ['a target without a port', { privateTargetsAllowed: ['sink'] }, '"privateTargetsAllowed.0" must list host:port'],
  ['a misspelt name', { archiveRetention: 30 }, 'there is no setting named "archiveRetention"'],
])('%s is refused, and the message names the key', (_case, context, message) => {
  expect(() => readSettings(context)).toThrow(message);
});

test('two faults are told at once', () => {
  expect(() => readSettings({ stage: '', ledgerRowDays: 1 })).toThrow(/"stage".*"ledgerRowDays"/);
});

test('the default account gives route 200, deliver 300 and archive 50 at once', () => {
  expect(shareConcurrency(1_000)).toEqual({ route: 200, deliver: 300, archive: 50 });
});

test('a new account with a quota of 10 cannot run the mappings, and synth says so', () => {
  expect(() => shareConcurrency(10)).toThrow('"accountConcurrency" 10 is too small: the event source mappings need 24');
});

test('mappings never take more than their share, nor less than each needs', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 10, max: 200 }), fc.integer({ min: 10, max: 100_000 })), (quota) => {
      let shares: ReturnType<typeof shareConcurrency>;
      try {
        shares = shareConcurrency(quota);
      } catch {
        // deliver alone needs 20: only accounts far below AWS's default are refused.
        return quota < 60;
      }
      const { route, deliver, archive } = shares;
      return (
        route + deliver + archive <= CONCURRENCY_SHARE_MAX * quota &&
        deliver >= 20 &&
        [route, deliver, archive].every((each) => each >= 2 && each <= 1_000)
      );
    }),
  );
});
