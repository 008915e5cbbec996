/* oxlint-disable no-new -- a construct enters the tree by being made */
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';

export type DeployedFilesProps = {
  directory: string;
  bucket: IBucket;
  /** How long caches may keep them. No name is used again for other content. */
  fresh: Duration;
};

/**
 * Files that a deployment puts into a bucket. Those of earlier deployments stay: pages that were loaded before it ask for them. They go with the stack.
 * The one custom resource of the product: its function is the CDK's own, and runs only when a deployment changes files.
 */
export class DeployedFiles extends Construct {
  constructor(scope: Construct, id: string, { directory, bucket, fresh }: DeployedFilesProps) {
    super(scope, id);
    new BucketDeployment(this, 'Deployment', {
      sources: [Source.asset(directory)],
      destinationBucket: bucket,
      prune: false,
      retainOnDelete: false,
      cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(fresh), CacheControl.immutable()],
      logGroup: new LogGroup(this, 'Log', {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
  }
}
