import * as fc from 'fast-check';
import { readSettings, SettingsError } from '../../infra/settings.ts';
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
  lanes: 16,
  monthlyBudgetUsd: 50,
  mfa: 'optional',
  ownerAccount: true,
  ssoName: 'SSO',
};
const SSO = { ssoIssuer: 'https://login.example.com/x', ssoClientId: 'c1', ssoClientSecretName: 'tributary/sso' };
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
  ['single sign-on', SSO, SSO],
  ['no account for the owner, as the command line says it', { ownerAccount: 'false' }, { ownerAccount: false }],
  ['a prefix of the sign-in page', { signInPrefix: 'acme-cdp' }, { signInPrefix: 'acme-cdp' }],
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
  ['more lanes than an environment can name', { lanes: 41 }, '"lanes" must be at most 40'],
  ['a target without a port', { privateTargetsAllowed: ['sink'] }, '"privateTargetsAllowed.0" must list host:port'],
  ['an issuer alone', { ssoIssuer: SSO.ssoIssuer }, '"ssoIssuer" ssoClientId and ssoClientSecretName belong together'],
  ['an issuer without TLS', { ...SSO, ssoIssuer: 'http://login.example.com' }, '"ssoIssuer" must be an https URL'],
  ['a name of SSO with spaces', { ...SSO, ssoName: 'Our SSO' }, '"ssoName" must be 3 to 32 characters'],
  ['a prefix that Cognito refuses', { signInPrefix: 'my-cognito' }, '"signInPrefix" must not contain aws'],
  ['a stage that is no prefix', { stage: 'aws-prod' }, '"signInPrefix" is needed for a stage whose name'],
  ['a mood in the place of yes or no', { ownerAccount: 'maybe' }, '"ownerAccount" must be true or false'],
  ['a misspelt name', { archiveRetention: 30 }, 'there is no setting named "archiveRetention"'],
])('%s is refused, and the message names the key', (_case, context, message) => {
  expect(() => readSettings(context)).toThrow(message);
});

test('two faults are told at once', () => {
  expect(() => readSettings({ stage: '', ledgerRowDays: 1 })).toThrow(/"stage".*"ledgerRowDays"/);
});

test('the default account gives each of 16 lanes 17 at once, beside what route, archive and the shared lane get', () => {
  expect(shareConcurrency(1_000, 16)).toEqual({ route: 196, sharedLane: 68, lane: 17, archive: 56, deadLetters: 2 });
});

test('without lanes of their own all destinations’ share is the shared lane’s', () => {
  expect(shareConcurrency(1_000, 0)).toEqual({ route: 207, sharedLane: 328, lane: 0, archive: 59, deadLetters: 2 });
});

test.each([
  [10, 16, '"accountConcurrency" 10 is too small for 16 lanes: the event source mappings need 60', /first\.$/],
  [99, 16, '"accountConcurrency" 99 is too small for 16 lanes', /, or set "lanes" to 15 at most\.$/],
  [100, 40, 'need 108, and may take 60 % of it', /, or set "lanes" to 16 at most\.$/],
  [46, 0, '"accountConcurrency" 46 is too small for 0 lanes', /first\.$/],
])('a quota of %i for %i lanes is refused, and synth says which number to change', (quota, lanes, text, end) => {
  expect(() => shareConcurrency(quota, lanes)).toThrow(text);
  expect(() => shareConcurrency(quota, lanes)).toThrow(end);
});

test('mappings never take more than their share, nor less than each needs, nor more than AWS takes', () => {
  const quota = fc.oneof(fc.integer({ min: 10, max: 300 }), fc.integer({ min: 10, max: 100_000 }));
  fc.assert(
    fc.property(quota, fc.integer({ min: 0, max: 40 }), (accountConcurrency, lanes) => {
      const needed = 28 + 2 * lanes;
      if (needed > Math.floor(CONCURRENCY_SHARE_MAX * accountConcurrency)) {
        expect(() => shareConcurrency(accountConcurrency, lanes)).toThrow(SettingsError);
        return;
      }
      const { route, sharedLane, lane, archive, deadLetters } = shareConcurrency(accountConcurrency, lanes);
      const sum = route + sharedLane + lanes * lane + archive + 2 * deadLetters;
      expect(sum).toBeLessThanOrEqual(CONCURRENCY_SHARE_MAX * accountConcurrency);
      expect(sharedLane).toBeGreaterThanOrEqual(20);
      for (const each of [route, sharedLane, archive, deadLetters, ...(lanes === 0 ? [] : [lane])]) {
        expect(each).toBeGreaterThanOrEqual(2);
        expect(each).toBeLessThanOrEqual(1_000);
      }
    }),
  );
});
