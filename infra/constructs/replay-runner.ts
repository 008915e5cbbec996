/* oxlint-disable no-new -- a construct enters the tree by being made */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { replayEnv } from '../../shared/config/env.ts';
import { hintBusName, replayRunnerName } from '../../shared/config/hint-names.ts';
import { OPEN_REPLAYS_PK, REPLAY_ORDER_PREFIX } from '../../shared/config/key-prefixes.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import { type CodeOf, HandlerFunction } from './handler-function.ts';
import { ScheduledRun } from './scheduled-run.ts';

const IMPACT =
  'Events that people ordered to be sent again go out late; they are kept where they lie, and nothing is lost.';

/**
 * The function that carries out replays. The API tells it of each; every minute it looks for those that nobody works on. There is no queue: orders are
 * in the control table, and how far each is in the ledger, so that what is not heard costs a minute.
 */
export class ReplayRunner extends Construct {
  readonly fn: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    { settings, data, code }: { settings: Settings; data: DataStack; code: CodeOf },
  ) {
    super(scope, id);
    const runner = new HandlerFunction(this, 'Runner', {
      name: 'replay',
      functionName: replayRunnerName(hintBusName(settings.stage)),
      code,
      alarms: data.alarms,
      contract: replayEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        LEDGER_TABLE_NAME: data.ledger.tableName,
        DEAD_LETTER_BUCKET_NAME: data.deadLetterBucket.bucketName,
        ARCHIVE_BUCKET_NAME: data.archiveBucket.bucketName,
        SHARED_LANE_QUEUE_URL: data.sharedLane.queue.queueUrl,
        LANE_QUEUE_NAMES: data.lanes.map(({ queueName }) => queueName).join(','),
      },
      errorImpact: IMPACT,
    });
    const { fn } = runner;
    this.fn = fn;
    data.control.grant(fn, 'dynamodb:GetItem', 'dynamodb:Query');
    // Orders and which of them are open; of what people configure nothing.
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:PutItem', 'dynamodb:DeleteItem'],
        resources: [data.control.tableArn],
        conditions: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${REPLAY_ORDER_PREFIX}*`, OPEN_REPLAYS_PK] },
        },
      }),
    );
    data.ledger.grant(fn, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem');
    data.deadLetterBucket.grantReadOnly(fn, 'replays/');
    data.archiveBucket.grantReadOnly(fn);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [data.sharedLane.queue, ...data.lanes].map(({ queueArn }) => queueArn),
      }),
    );
    new ScheduledRun(this, 'EveryMinute', {
      fn,
      alarms: data.alarms,
      cron: 'cron(* * * * ? *)',
      impact: IMPACT,
      runbook: 'replay-dead-letters',
    });
  }
}
