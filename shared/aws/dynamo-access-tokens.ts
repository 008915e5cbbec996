import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { accessTokenKey } from './light-access-tokens.ts';

/** Deletes an access token, by the SHA-256 of its text in hex. False: there was none. Ingest knows it within CONFIG_CHECK_MS. */
export async function revokeAccessToken(
  doc: DynamoDBDocumentClient,
  usageTableName: string,
  sha256: string,
): Promise<boolean> {
  const { Attributes } = await doc.send(
    new DeleteCommand({ TableName: usageTableName, Key: accessTokenKey(sha256), ReturnValues: 'ALL_OLD' }),
  );
  return Attributes !== undefined;
}
