import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnResource, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { TributaryApp } from '../../infra/tributary-app.ts';
import { anApp } from '../builders/templates.ts';

const DOMAIN = { domain: 't.example.com', certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/7d5c' };
/** Loading the rules of CloudFormation takes most of it. */
const TIMEOUT_MS = 60_000;

type Report = { pluginReports: { violations: { ruleName: string }[] }[] };

/** Names of the rules that cdk-nag's AwsSolutions and CloudFormation's own rules find broken, after what has a written reason. */
function findings(context: Record<string, unknown>, change: (app: TributaryApp) => void = () => {}): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'tributary-nag-'));
  try {
    const made = anApp(context, outdir);
    change(made);
    Validations.of(made.app).addPlugins(new AwsSolutionsChecks(made.app));
    let failure: unknown;
    try {
      made.app.synth();
    } catch (error) {
      failure = error;
    }
    const report: Report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    const rules = report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
    // What is found ends a synth; anything else that ends it is not for this test to swallow.
    if (failure !== undefined && rules.length === 0) throw failure;
    return rules;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

test.each([
  ['the default settings', {}],
  ['an own domain', DOMAIN],
  ['single sign-on', { ssoIssuer: 'https://idp.example', ssoClientId: 'c1', ssoClientSecretName: 'tributary/sso' }],
  ['an authenticator app for everybody', { mfa: 'required' }],
  ['a restored control table', { controlTableName: 'restored' }],
])(
  'with %s cdk-nag and CloudFormation’s rules find nothing that has no written reason',
  (_case, context) => {
    expect(findings(context)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a queue without TLS and dead-letter queue is found, so the check can fail',
  () => {
    const found = findings({}, ({ ingest }) => void new Queue(ingest, 'Careless'));
    expect(found).toEqual(expect.arrayContaining(['AwsSolutions-SQS3', 'AwsSolutions-SQS4']));
  },
  TIMEOUT_MS,
);

test(
  'a property that CloudFormation does not know is found, so its rules are on',
  () => {
    const found = findings({}, ({ ingest }) => {
      void new CfnResource(ingest, 'Odd', { type: 'AWS::SQS::QueuePolicy', properties: { Queues: [], Polizy: {} } });
    });
    expect(found).toEqual(expect.arrayContaining(['F3002']));
  },
  TIMEOUT_MS,
);
