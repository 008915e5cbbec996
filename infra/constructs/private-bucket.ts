import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

export type PrivateBucketProps = {
  retentionDays: number;
  /** Days by the prefix of objects, where not all are kept equally long: then each prefix that is written has a line. */
  apart?: Readonly<Record<string, number>>;
};

/**
 * A bucket of payloads: nothing public, TLS only, kept when the stack goes, objects deleted after `retentionDays`. Not versioned: an object's
 * name derives from what it holds, so a second write is the same object, and what must be erased for a person must not live on as an old
 * version.
 */
export class PrivateBucket extends Bucket {
  constructor(scope: Construct, id: string, { retentionDays, apart = {} }: PrivateBucketProps) {
    const prefixes = Object.entries(apart);
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules:
        prefixes.length === 0
          ? [{ expiration: Duration.days(retentionDays), abortIncompleteMultipartUploadAfter: Duration.days(1) }]
          : [
              ...prefixes.map(([prefix, days]) => ({ prefix, expiration: Duration.days(days) })),
              { abortIncompleteMultipartUploadAfter: Duration.days(1) },
            ],
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs bill a line per object request and need a bucket of their own. Two functions write here and the owner reads; ' +
        'CloudTrail data events can be switched on where an audit asks for them.',
    });
  }

  /** Lets a function put objects and do nothing else: no read, no delete, no tags. */
  grantPutOnly(fn: LambdaFunction): void {
    fn.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.arnForObjects('*')] }));
    const exported: { 'Fn::ImportValue': string } = this.stack.resolve(this.stack.exportValue(this.bucketArn));
    Validations.of(fn.role ?? fn).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${exported['Fn::ImportValue']}/*]`,
      reason: 'Names of objects derive from what they hold; the function may put them anywhere in this one bucket.',
    });
  }

  /** Lets a function list and read all objects, and put those under `putPrefix` where there is one. */
  grantReadOnly(fn: LambdaFunction, putPrefix?: string): void {
    const reads = [
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucketArn] }),
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.arnForObjects('*')] }),
    ];
    const puts =
      putPrefix === undefined
        ? []
        : [new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.arnForObjects(`${putPrefix}*`)] })];
    for (const statement of [...reads, ...puts]) fn.addToRolePolicy(statement);
    const exported: { 'Fn::ImportValue': string } = this.stack.resolve(this.stack.exportValue(this.bucketArn));
    for (const pattern of ['*', ...(putPrefix === undefined ? [] : [`${putPrefix}*`])]) {
      Validations.of(fn.role ?? fn).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${exported['Fn::ImportValue']}/${pattern}]`,
        reason:
          'Names of objects derive from what they hold; the function looks for them by destination or source and time.',
      });
    }
  }

  /**
   * Lets a function read digests, and read and put what is folded from them. To list, it needs the whole bucket: without that right S3 answers "denied"
   * for an object that is not there.
   */
  grantUsage(fn: LambdaFunction): void {
    const read = [this.arnForObjects('digests/*'), this.arnForObjects('usage/*')];
    fn.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucketArn] }));
    fn.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: read }));
    fn.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: read.slice(1) }));
    const exported: { 'Fn::ImportValue': string } = this.stack.resolve(this.stack.exportValue(this.bucketArn));
    for (const prefix of ['digests', 'usage']) {
      Validations.of(fn.role ?? fn).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${exported['Fn::ImportValue']}/${prefix}/*]`,
        reason:
          'Names of objects derive from what they hold; the function may use all of this kind in this one bucket.',
      });
    }
  }
}
