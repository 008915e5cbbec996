import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

export type StateTableProps = {
  /** Whether items carry `expiresAtSeconds` and DynamoDB deletes them some time after it. */
  expires: boolean;
  /** Point-in-time recovery over 35 days; costs as much again as the storage. */
  recoverable: boolean;
};

/** The days that DynamoDB can go back at most. */
const RECOVERY_DAYS = 35;

/** A table with text keys `pk` and `sk`, billed by request, kept and protected. Its name is AWS's choice, so that no change can replace it (C1). */
export class StateTable extends TableV2 {
  constructor(scope: Construct, id: string, { expires, recoverable }: StateTableProps) {
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      timeToLiveAttribute: expires ? 'expiresAtSeconds' : undefined,
      pointInTimeRecoverySpecification: recoverable
        ? { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: RECOVERY_DAYS }
        : { pointInTimeRecoveryEnabled: false },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
