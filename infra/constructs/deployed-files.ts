/* oxlint-disable no-new -- a construct enters the tree by being made */
import { type CfnElement, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, type ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';

const CACHE_CONTROL = {
  forever: [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
  'a-day': [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(1))],
  checked: [CacheControl.noCache()],
} as const;

export type DeployedFilesProps = {
  directory: string;
  bucket: Bucket;
  /** Files beside those of the directory whose content is known at the deployment only. */
  more?: readonly ISource[];
  /** `forever`: no name is ever used again for other content. `checked`: whoever has one asks each time whether it is still the one. */
  kept: keyof typeof CACHE_CONTROL;
  /** Of another one in the stack: they share a function, which has one log. */
  log?: LogGroup;
};

/**
 * Files that a deployment puts into a bucket. Those of earlier deployments stay: pages that were loaded before it ask for them. They go with the stack.
 * The one custom resource of the product: its function is the CDK's own, and runs only when a deployment changes files.
 */
export class DeployedFiles extends Construct {
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, { directory, more = [], bucket, kept, log }: DeployedFilesProps) {
    super(scope, id);
    this.log =
      log ?? new LogGroup(this, 'Log', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    new BucketDeployment(this, 'Deployment', {
      sources: [Source.asset(directory), ...more],
      destinationBucket: bucket,
      prune: false,
      retainOnDelete: false,
      cacheControl: [...CACHE_CONTROL[kept]],
      logGroup: this.log,
    });
    const deployer = Stack.of(this).node.findChild(DEPLOYER);
    const bucketId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnElement);
    for (const id of [...IAM_FINDINGS, `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`]) {
      Validations.of(deployer).acknowledge({
        id,
        reason: 'The CDK’s own function, which copies an asset into the bucket. It runs at deployments only.',
      });
    }
    Validations.of(deployer).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'The runtime is the CDK’s choice for its own function; an update of the CDK brings a newer one.',
    });
  }
}

/** The CDK makes one function for all deployments of a stack, under this id. */
const DEPLOYER = 'Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C';
const IAM_FINDINGS = [
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
  'AwsSolutions-IAM5[Action::s3:GetBucket*]',
  'AwsSolutions-IAM5[Action::s3:GetObject*]',
  'AwsSolutions-IAM5[Action::s3:List*]',
  'AwsSolutions-IAM5[Action::s3:Abort*]',
  'AwsSolutions-IAM5[Action::s3:DeleteObject*]',
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]',
];
