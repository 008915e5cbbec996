import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CliError } from './cli-error.ts';
import { type DataClients, type KeptResource, keptResources, removeKept } from './deployed/remove-data.ts';
import { removeStack } from './deployed/remove-stacks.ts';
import { deploymentName, findStack, STACK_PARTS, stackName } from './deployed/stacks.ts';
import { helpText, readFlags } from './flags.ts';
import { runCommand } from './run-command.ts';

const FLAGS = {
  stack: { value: 'NAME', help: 'the deployment, such as Tributary-prod' },
  'delete-data': { help: 'delete the data, too: all tables, buckets, queues, accounts, and the key of secrets' },
  'yes-delete': { value: 'NAME', help: 'the same name again; needed with --delete-data' },
  help: { help: 'print this' },
} as const;

const USAGE = 'npm run destroy -- --stack NAME [--delete-data --yes-delete NAME]';
const ABOUT =
  'Removes a deployment. What runs goes; what holds data stays, unless --delete-data says otherwise. The last step cannot be taken back.';
const POLL_MS = 3_000;

async function main(argv: string[]): Promise<number> {
  const { flags } = readFlags(FLAGS, argv);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const name = deploymentName(flags.stack);
  if (flags['delete-data'] && flags['yes-delete'] !== name) {
    throw new CliError(`Deleting all data of ${name} needs its name again: --delete-data --yes-delete ${name}.`);
  }
  if (flags['yes-delete'] !== undefined && !flags['delete-data']) {
    throw new CliError('--yes-delete goes with --delete-data.');
  }
  // Path style: one endpoint for all buckets, as the local cloud has it; AWS takes it, too.
  const s3 = new S3Client({ forcePathStyle: true });
  const clients: DataClients = {
    cloudFormation: new CloudFormationClient(),
    dynamodb: new DynamoDBClient(),
    s3,
    sqs: new SQSClient(),
    kms: new KMSClient(),
    cognito: new CognitoIdentityProviderClient(),
  };
  const data = stackName(name, 'Data');
  const hasData = (await findStack(clients.cloudFormation, data)) !== undefined;
  const kept = hasData ? await keptResources(clients.cloudFormation, data) : [];

  let removed = 0;
  for (const part of STACK_PARTS.toReversed()) {
    if (part === 'Data') continue;
    const gone = await removeStack(clients.cloudFormation, stackName(name, part), {
      unprotect: false,
      pollMs: POLL_MS,
    });
    console.log(`${stackName(name, part)}: ${gone ? 'deleted' : 'was not there'}`);
    if (gone) removed += 1;
  }
  if (!hasData) {
    if (removed === 0) throw new CliError(`There is no deployment ${name} here: check --stack and AWS_REGION.`);
    console.log(`${data}: was not there`);
    return 0;
  }
  if (!flags['delete-data']) {
    console.log(`\n${data} is kept, with all that it holds; "cdk deploy" brings the rest back:`);
    for (const resource of kept) console.log(`  ${resource.type} ${resource.id}`);
    return 0;
  }
  return await deleteData(clients, data, kept);
}

async function deleteData(clients: DataClients, data: string, kept: readonly KeptResource[]): Promise<number> {
  await removeStack(clients.cloudFormation, data, { unprotect: true, pollMs: POLL_MS });
  console.log(`${data}: deleted`);
  const left: string[] = [];
  for (const resource of kept) {
    try {
      console.log(await removeKept(clients, resource));
    } catch (error) {
      left.push(`  ${resource.type} ${resource.id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (left.length === 0) {
    console.log('\nNothing is left but the key, which KMS deletes by itself.');
    return 0;
  }
  console.error(`\nThese are left; delete them by hand:\n${left.join('\n')}`);
  return 1;
}

await runCommand(main);
