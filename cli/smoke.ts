import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { documentClient } from '../shared/aws/document-client.ts';
import { dynamoControlStore } from '../shared/aws/dynamo-control-store.ts';
import { dynamoInboxReader } from '../shared/aws/dynamo-inbox-store.ts';
import { dynamoLedgerReader } from '../shared/aws/dynamo-ledger.ts';
import { smokeTest } from './deployed/smoke-test.ts';
import { deploymentName, readDeployment } from './deployed/stacks.ts';
import { helpText, readFlags } from './flags.ts';
import { runCommand } from './run-command.ts';

const FLAGS = {
  stack: { value: 'NAME', help: 'the deployment, such as Tributary-prod' },
  'write-key': { value: 'KEY', help: 'key of a source with an Inbox; default: the first such source' },
  help: { help: 'print this' },
} as const;

const USAGE = 'npm run smoke -- --stack NAME [flags]';
const ABOUT =
  'Sends one event to a deployment and follows it: accepted, planned in the ledger, delivered to an Inbox, settled in the ledger. Waits a minute at most.';

async function main(argv: string[]): Promise<number> {
  const { flags } = readFlags(FLAGS, argv);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const deployment = await readDeployment(new CloudFormationClient(), deploymentName(flags.stack));
  const doc = documentClient();
  await smokeTest(
    {
      control: dynamoControlStore(doc, deployment.output('ControlTableName')),
      inbox: dynamoInboxReader(doc, deployment.output('SamplesTableName'), () => new Date()),
      ledger: dynamoLedgerReader(doc, deployment.output('LedgerTableName')),
      post: (url, init) => fetch(url, init),
      nowMs: Date.now,
      print: (line) => console.log(line),
    },
    { trackingUrl: deployment.output('TrackingUrl'), writeKey: flags['write-key'] },
  );
  return 0;
}

await runCommand(main);
