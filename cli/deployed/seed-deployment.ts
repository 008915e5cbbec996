import { KMSClient } from '@aws-sdk/client-kms';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { kmsSealer } from '../../shared/aws/kms-sealer.ts';
import { findDefinition } from '../../shared/destinations/catalog.ts';
import { newSeedId, type SeedDeps } from '../seed/apply-seed.ts';
import type { Deployment } from './stacks.ts';

/** What a seed works with, in AWS and on the local cloud alike: the SDK's own environment says which. */
export const seedDepsOf = (deployment: Deployment): SeedDeps => ({
  control: dynamoControlStore(documentClient(), deployment.output('ControlTableName'), {
    lanes: Number(deployment.output('LaneCount')),
  }),
  sealer: kmsSealer({ kms: new KMSClient(), keyArn: deployment.output('SecretsKeyArn') }),
  findDefinition,
  now: () => new Date(),
  newId: newSeedId,
});
