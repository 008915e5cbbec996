/* oxlint-disable no-new -- a construct enters the tree by being made */
import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { sendAlertsEnv } from '../../shared/config/env.ts';
import { alertSenderName, hintBusName } from '../../shared/config/hint-names.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import { type CodeOf, HandlerFunction } from './handler-function.ts';
import { ScheduledRun } from './scheduled-run.ts';

export type AlertSendingProps = {
  settings: Settings;
  data: DataStack;
  code: CodeOf;
  /** Our own hosts, which are no targets. */
  ownHosts: string;
};

const IMPACT =
  'Alerts and notifications by e-mail, Slack and webhook go out late; they wait in the control table, and the app shows them.';

/**
 * The one function that writes to people outside: it alone opens the addresses of alerts, and may mail in the sender's name. Woken by who has something to
 * tell, and every minute by the clock.
 */
export class AlertSending extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, { settings, data, code, ownHosts }: AlertSendingProps) {
    super(scope, id);
    const { alertSender = '' } = settings;
    const { fn } = new HandlerFunction(this, 'Default', {
      name: 'send-alerts',
      functionName: alertSenderName(hintBusName(settings.stage)),
      code,
      alarms: data.alarms,
      contract: sendAlertsEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        ALERT_SENDER: alertSender,
        PRIVATE_TARGETS_ALLOWED: settings.privateTargetsAllowed.join(','),
        OWN_HOSTS: ownHosts,
        APP_URL: settings.cdnDomain === undefined ? '' : `https://${settings.cdnDomain}`,
      },
      errorImpact: IMPACT,
    });
    this.fn = fn;
    data.control.grant(fn, 'dynamodb:GetItem', 'dynamodb:Query');
    const grantWrites = (action: string, ...prefixes: string[]) =>
      fn.addToRolePolicy(
        new PolicyStatement({
          actions: [action],
          resources: [data.control.tableArn],
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((each) => `${each}*`) } },
        }),
      );
    grantWrites('dynamodb:PutItem', 'NOTE#', 'NTF#', 'SENDS');
    grantWrites('dynamodb:DeleteItem', 'SENDS');
    // Addresses of alerts, and neither secrets of destinations nor of sources.
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [data.secretsKey.keyArn],
        conditions: {
          Null: { 'kms:EncryptionContext:workspace': 'false' },
          StringEquals: { 'kms:EncryptionContext:purpose': 'alert' },
        },
      }),
    );
    if (alertSender !== '') this.addSender(alertSender);
    new ScheduledRun(this, 'EveryMinute', {
      fn,
      alarms: data.alarms,
      cron: 'cron(* * * * ? *)',
      impact: IMPACT,
      runbook: 'send-alerts-dead-letters',
    });
  }

  /** Lets a function say that there is something to send, and ask for a test. */
  grantInvoke(to: LambdaFunction): void {
    to.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.fn.functionArn] }));
  }

  private addSender(sender: string): void {
    const isDomain = !sender.includes('@');
    const identity = new EmailIdentity(this, 'Sender', {
      identity: isDomain ? Identity.domain(sender) : Identity.email(sender),
    });
    if (isDomain) {
      for (const [index, { name, value }] of identity.dkimRecords.entries()) {
        new CfnOutput(this, `SenderDns${index + 1}`, {
          value: `${name} CNAME ${value}`,
          description: 'DNS entry by which Amazon SES knows that the domain of alertSender is yours',
        });
      }
    }
    this.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        // In the sandbox SES asks for the identities of recipients, too; whose name a mail has is bound below.
        resources: [Stack.of(this).formatArn({ service: 'ses', resource: 'identity', resourceName: '*' })],
        conditions: { StringEquals: { 'ses:FromAddress': isDomain ? `alerts@${sender}` : sender } },
      }),
    );
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]',
      reason: 'Any recipient, in the name of one sender: the condition on ses:FromAddress says which.',
    });
  }
}
