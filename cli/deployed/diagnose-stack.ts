import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SQSClient } from '@aws-sdk/client-sqs';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoBreakerStore } from '../../shared/aws/dynamo-breaker-store.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { diagnose, diagnosisLines } from './diagnose.ts';
import { firingAlarms } from './firing-alarms.ts';
import { queueCounts, queuesOf } from './queues.ts';
import { deploymentName, readDeployment } from './stacks.ts';

/** How a deployment is, from the AWS account itself: what waits in its queues, who holds which lane, open breakers, dead letters, alarms that are on. Changes nothing. */
export async function diagnoseStack(stack: string | undefined): Promise<string[]> {
  const deployment = await readDeployment(new CloudFormationClient(), deploymentName(stack));
  const doc = documentClient();
  const sqs = new SQSClient();
  const diagnosis = await diagnose(
    {
      control: dynamoControlStore(doc, deployment.output('ControlTableName')),
      breakers: dynamoBreakerStore(doc, deployment.output('LedgerTableName')),
      firing: () => firingAlarms(new CloudWatchClient(), deployment.name),
      countsOf: (queueUrl) => queueCounts(sqs, queueUrl),
    },
    queuesOf(deployment),
  );
  return diagnosisLines(diagnosis);
}
