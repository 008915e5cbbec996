import { setTimeout as wait } from 'node:timers/promises';
import {
  type CloudFormationClient,
  ListStackResourcesCommand,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import {
  type CognitoIdentityProviderClient,
  DeleteUserPoolCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DeleteTableCommand, type DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { type KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import { DeleteQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { CliError } from '../cli-error.ts';

/** KMS deletes a key no sooner than this; until then the deletion can be cancelled. */
export const KEY_DELETION_DAYS = 7;
/** A table whose protection was switched off a moment ago is being updated, and refuses deletion meanwhile. */
const TABLE_TRIES_MAX = 60;
const TABLE_WAIT_MS = 2_000;
/** S3 lists and deletes 1,000 at a time: 50 million objects. */
const BUCKET_PAGES_MAX = 50_000;
const RESOURCE_PAGES_MAX = 20;

export type DataClients = {
  cloudFormation: CloudFormationClient;
  dynamodb: DynamoDBClient;
  s3: S3Client;
  sqs: SQSClient;
  kms: KMSClient;
  cognito: CognitoIdentityProviderClient;
};
export type KeptResource = { type: string; id: string };

/** Types that hold data and outlive their stack. */
const KEPT_TYPES = new Set([
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::KMS::Key',
  'AWS::Cognito::UserPool',
]);

/** What of a stack stays when it is deleted. */
export async function keptResources(cloudFormation: CloudFormationClient, stack: string): Promise<KeptResource[]> {
  const found: StackResourceSummary[] = [];
  let next: string | undefined;
  for (let page = 0; page < RESOURCE_PAGES_MAX; page += 1) {
    const answer = await cloudFormation.send(new ListStackResourcesCommand({ StackName: stack, NextToken: next }));
    found.push(...(answer.StackResourceSummaries ?? []));
    next = answer.NextToken;
    if (next === undefined) break;
  }
  return found.flatMap(({ ResourceType: type, PhysicalResourceId: id }) =>
    type !== undefined && id !== undefined && KEPT_TYPES.has(type) ? [{ type, id }] : [],
  );
}

/** Deletes one kept resource with all it holds. What is gone already is fine. Answers what a person should read about it. */
export async function removeKept(clients: DataClients, { type, id }: KeptResource): Promise<string> {
  if (type === 'AWS::S3::Bucket') return await removeBucket(clients.s3, id);
  if (type === 'AWS::SQS::Queue') {
    await unlessGone(clients.sqs.send(new DeleteQueueCommand({ QueueUrl: id })));
    return `queue ${id.split('/').at(-1)}: deleted`;
  }
  if (type === 'AWS::KMS::Key') {
    await unlessGone(
      clients.kms.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: KEY_DELETION_DAYS })),
    );
    return `key ${id}: is deleted by KMS in ${KEY_DELETION_DAYS} days; its use ends now`;
  }
  if (type === 'AWS::Cognito::UserPool') {
    // What the call does not name goes back to its default, which is all the same to a pool that is deleted next.
    await unlessGone(
      clients.cognito.send(new UpdateUserPoolCommand({ UserPoolId: id, DeletionProtection: 'INACTIVE' })),
    );
    await unlessGone(clients.cognito.send(new DeleteUserPoolCommand({ UserPoolId: id })));
    return `user pool ${id}: deleted with its accounts`;
  }
  return await removeTable(clients.dynamodb, id);
}

async function removeTable(dynamodb: DynamoDBClient, name: string): Promise<string> {
  await unlessGone(dynamodb.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false })));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await unlessGone(dynamodb.send(new DeleteTableCommand({ TableName: name })));
      return `table ${name}: deleted`;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ResourceInUseException' || attempt >= TABLE_TRIES_MAX)
        throw error;
      await wait(TABLE_WAIT_MS);
    }
  }
}

async function removeBucket(s3: S3Client, bucket: string): Promise<string> {
  let removed = 0;
  for (let page = 0; page < BUCKET_PAGES_MAX; page += 1) {
    const found = await unlessGone(s3.send(new ListObjectVersionsCommand({ Bucket: bucket })));
    if (found === undefined) return `bucket ${bucket}: was gone already`;
    const objects = [...(found.Versions ?? []), ...(found.DeleteMarkers ?? [])].flatMap(
      ({ Key, VersionId }): ObjectIdentifier[] => (Key === undefined ? [] : [{ Key, VersionId }]),
    );
    if (objects.length === 0) {
      await unlessGone(s3.send(new DeleteBucketCommand({ Bucket: bucket })));
      return `bucket ${bucket}: deleted with ${removed} objects`;
    }
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
    );
    const [error] = Errors;
    if (error !== undefined) {
      throw new CliError(`Bucket ${bucket} cannot be emptied: ${error.Key} is refused with ${error.Code}.`);
    }
    removed += objects.length;
  }
  throw new CliError(`Bucket ${bucket} holds too many objects to be emptied from here: run the command again.`);
}

/** Errors that mean: there is no such thing any more. */
const GONE =
  /^(ResourceNotFoundException|NoSuchBucket|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue|NotFoundException|KMSInvalidStateException)$/;

async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && GONE.test(error.name)) return undefined;
    throw error;
  }
}
