import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ControlStore } from '../ports/control-store.ts';
import { controlStore, type ControlStoreOptions } from './control-store.ts';
import { sdkDocuments } from './documents.ts';

/** The control store for who has the SDK's client at hand: commands, and functions without people who wait. */
export const dynamoControlStore = (
  doc: DynamoDBDocumentClient,
  tableName: string,
  options: ControlStoreOptions = {},
): ControlStore => controlStore(sdkDocuments(doc), tableName, options);
