import * as z from 'zod';
import type { ResourceProvider } from '../types.ts';
import type { Tables } from './tables.ts';

const KeySchema = z
  .array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1)
  .max(2);

const Index = z.strictObject({
  IndexName: z.string(),
  KeySchema,
  Projection: z.strictObject({
    ProjectionType: z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY']),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
  // How much an index may cost, and who watches it: no effect here.
  WriteOnDemandThroughputSettings: z.unknown().optional(),
  WarmThroughput: z.unknown().optional(),
});

const Properties = z.object({
  TableName: z.string().optional(),
  KeySchema,
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z.array(Index).max(20).optional(),
  Replicas: z.array(z.looseObject({ DeletionProtectionEnabled: z.boolean().optional() })).optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string().optional(), Enabled: z.boolean() }).optional(),
});

/** `AWS::DynamoDB::GlobalTable`, which is what CDK's TableV2 becomes. On demand only; no streams, no local indexes. */
export const globalTableProvider = (tables: Tables): ResourceProvider => ({
  type: 'AWS::DynamoDB::GlobalTable',
  honoured: [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'BillingMode',
    'TimeToLiveSpecification',
    'GlobalSecondaryIndexes',
  ],
  // Of Replicas only the protection has an effect: copies, backups, tags and encryption are of AWS. So are bounds on what on-demand capacity may cost.
  ignored: ['Replicas', 'SSESpecification', 'WriteOnDemandThroughputSettings', 'WarmThroughput'],
  create: async ({ stackName, logicalId, physicalName, properties }) => {
    const parsed = Properties.safeParse(properties);
    if (!parsed.success)
      throw new Error(`${stackName}/${logicalId} (AWS::DynamoDB::GlobalTable): ${z.prettifyError(parsed.error)}`);
    const { TableName = physicalName, TimeToLiveSpecification: ttl } = parsed.data;
    const table = await tables.ensure({
      TableName,
      KeySchema: parsed.data.KeySchema,
      AttributeDefinitions: parsed.data.AttributeDefinitions,
      DeletionProtectionEnabled: parsed.data.Replicas?.some((replica) => replica.DeletionProtectionEnabled === true),
      GlobalSecondaryIndexes: (parsed.data.GlobalSecondaryIndexes ?? []).map(
        ({ IndexName, KeySchema, Projection: { ProjectionType, NonKeyAttributes } }) => ({
          IndexName,
          KeySchema,
          Projection: NonKeyAttributes ? { ProjectionType, NonKeyAttributes } : { ProjectionType },
        }),
      ),
    });
    await tables.setTtl(TableName, ttl?.Enabled ? ttl.AttributeName : undefined);
    return { ref: TableName, attributes: { Arn: table['TableArn'], TableId: table['TableId'] } };
  },
  remove: async ({ ref }) => {
    if (tables.names().includes(ref)) await tables.delete(ref);
  },
});
