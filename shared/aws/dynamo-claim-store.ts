import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ClaimStore } from '../ports/claim-store.ts';
import { backOff } from './back-off.ts';
import { claimTogether } from './claim-together.ts';
import { dynamoDeviceLedger } from './dynamo-device-ledger.ts';
import { claimEvents } from './dynamo-event-claims.ts';

/** Claims in the `seen` table, by device and by event. */
export const dynamoClaimStore = (doc: DynamoDBDocumentClient, tableName: string): ClaimStore =>
  claimTogether({
    ledger: dynamoDeviceLedger(doc, tableName),
    claimEvents: (claims) => claimEvents(doc, tableName, claims),
    pause: backOff,
  });
