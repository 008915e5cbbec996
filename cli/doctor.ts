import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SQSClient } from '@aws-sdk/client-sqs';
import { documentClient } from '../shared/aws/document-client.ts';
import { dynamoBreakerStore } from '../shared/aws/dynamo-breaker-store.ts';
import { dynamoControlStore } from '../shared/aws/dynamo-control-store.ts';
import { diagnose, diagnosisLines } from './deployed/diagnose.ts';
import { queueCounts, queuesOf } from './deployed/queues.ts';
import { deploymentName, readDeployment } from './deployed/stacks.ts';
import { helpText, readFlags } from './flags.ts';
import { runCommand } from './run-command.ts';

const FLAGS = {
  stack: { value: 'NAME', help: 'the deployment, such as Tributary-prod' },
  help: { help: 'print this' },
} as const;

const USAGE = 'npm run doctor -- --stack NAME';
const ABOUT =
  'Says how a deployment is: what waits in its queues, who holds which lane and how far the pool may shrink, open breakers, dead letters. Changes nothing.';

async function main(argv: string[]): Promise<number> {
  const { flags } = readFlags(FLAGS, argv);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const deployment = await readDeployment(new CloudFormationClient(), deploymentName(flags.stack));
  const doc = documentClient();
  const sqs = new SQSClient();
  const diagnosis = await diagnose(
    {
      control: dynamoControlStore(doc, deployment.output('ControlTableName')),
      breakers: dynamoBreakerStore(doc, deployment.output('LedgerTableName')),
      countsOf: (queueUrl) => queueCounts(sqs, queueUrl),
    },
    queuesOf(deployment),
  );
  for (const line of diagnosisLines(diagnosis)) console.log(line);
  return 0;
}

await runCommand(main);
