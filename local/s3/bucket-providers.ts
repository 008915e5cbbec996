import * as z from 'zod';
import type { ResourceProvider, ResourceToCreate } from '../types.ts';

/** After so many days, objects with the prefix are deleted. */
export type ExpirationRule = { prefix: string; days: number };

const Rule = z.strictObject({
  Id: z.string().optional(),
  Status: z.enum(['Enabled', 'Disabled']),
  Prefix: z.string().optional(),
  Filter: z.strictObject({ Prefix: z.string().optional() }).optional(),
  ExpirationInDays: z.number().int().positive().optional(),
  // There are no uploads in parts and no older versions here, so these two are always done.
  AbortIncompleteMultipartUpload: z.unknown().optional(),
  NoncurrentVersionExpiration: z.unknown().optional(),
  // Concerns delete markers, which need versions.
  ExpiredObjectDeleteMarker: z.boolean().optional(),
});

const Properties = z.object({
  BucketName: z.string().optional(),
  LifecycleConfiguration: z.strictObject({ Rules: z.array(Rule) }).optional(),
});

export type BucketToCreate = { name: string; rules: ExpirationRule[] };

function parseBucket({ stackName, logicalId, physicalName, properties }: ResourceToCreate): BucketToCreate {
  const parsed = Properties.safeParse(properties);
  if (!parsed.success) throw new Error(`${stackName}/${logicalId} (AWS::S3::Bucket): ${z.prettifyError(parsed.error)}`);
  const rules = (parsed.data.LifecycleConfiguration?.Rules ?? []).flatMap((rule) =>
    rule.Status === 'Enabled' && rule.ExpirationInDays !== undefined
      ? [{ prefix: rule.Filter?.Prefix ?? rule.Prefix ?? '', days: rule.ExpirationInDays }]
      : [],
  );
  return { name: parsed.data.BucketName ?? physicalName, rules };
}

/** `AWS::S3::Bucket`, and `AWS::S3::BucketPolicy`, whose one statement in our stacks refuses calls without TLS: no TLS is spoken here. */
export const bucketProviders = (
  buckets: { create(bucket: BucketToCreate): Promise<void>; remove(name: string): Promise<void> },
  region: string,
): ResourceProvider[] => [
  {
    type: 'AWS::S3::Bucket',
    honoured: ['BucketName', 'LifecycleConfiguration'],
    ignored: [
      'BucketEncryption',
      'PublicAccessBlockConfiguration',
      'OwnershipControls',
      'Tags',
      // Older versions protect against operators' mistakes; nothing of the product reads them. Deleting the data directory is final.
      'VersioningConfiguration',
    ],
    create: async (resource) => {
      const bucket = parseBucket(resource);
      await buckets.create(bucket);
      return {
        ref: bucket.name,
        attributes: {
          Arn: `arn:aws:s3:::${bucket.name}`,
          DomainName: `${bucket.name}.s3.amazonaws.com`,
          RegionalDomainName: `${bucket.name}.s3.${region}.amazonaws.com`,
        },
      };
    },
    remove: ({ ref }) => buckets.remove(ref),
  },
  {
    type: 'AWS::S3::BucketPolicy',
    honoured: [],
    ignored: ['Bucket', 'PolicyDocument'],
    create: (resource) => Promise.resolve({ ref: resource.physicalName, attributes: {} }),
  },
];
