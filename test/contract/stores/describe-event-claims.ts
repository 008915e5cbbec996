import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoClaimStore } from '../../../shared/aws/dynamo-claim-store.ts';
import { aClaim, CLAIMED_AT, hoursLater, ownerOf } from '../../builders/claims.ts';
import { countedCommands } from '../../builders/counted-commands.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aStateTable } from '../../builders/state-table.ts';

/** Claims by an item for each messageId: what the item is, and what it costs. */
export function describeEventClaims(backend: () => DynamodbBackend): void {
  const setUp = async () => {
    const doc = DynamoDBDocumentClient.from(backend().client);
    return { doc, tableName: await aStateTable(backend().client) };
  };

  test('the item says whose it is and goes 15 days after its window', async () => {
    const { doc, tableName } = await setUp();
    await dynamoClaimStore(doc, tableName).claim(aClaim(1, ['a']));
    const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key: { pk: 'src_1#a', sk: 'seen' } }));
    expect(Item).toEqual({
      pk: 'src_1#a',
      sk: 'seen',
      owner: ownerOf(1),
      receivedAt: CLAIMED_AT,
      expiresAtSeconds: Date.parse(hoursLater(24 + 15 * 24)) / 1_000,
    });
  });

  test('claims of one tick share calls: ten requests of five are two', async () => {
    const { doc, tableName } = await setUp();
    const calls = countedCommands(doc);
    const shared = dynamoClaimStore(doc, tableName);
    const found = await Promise.all(
      Array.from({ length: 10 }, (_, owner) =>
        shared.claim(
          aClaim(
            owner,
            Array.from({ length: 5 }, (__, number) => `${owner}-${number}`),
          ),
        ),
      ),
    );
    expect(found).toEqual(Array.from({ length: 10 }, () => new Set()));
    expect(calls).toEqual(['BatchExecuteStatementCommand', 'BatchExecuteStatementCommand']);
  });

  test('an item that goes between the insert and the read is claimed anew', async () => {
    const { doc, tableName } = await setUp();
    await dynamoClaimStore(doc, tableName).claim(aClaim(1, ['a']));
    let isGone = false;
    const vanishing = DynamoDBDocumentClient.from(backend().client);
    vanishing.middlewareStack.add(
      (next, context) => async (args) => {
        if (context['commandName'] === BatchGetItemCommand.name && !isGone) {
          isGone = true;
          await doc.send(new DeleteCommand({ TableName: tableName, Key: { pk: 'src_1#a', sk: 'seen' } }));
        }
        return await next(args);
      },
      { step: 'initialize', name: 'vanish' },
    );
    await expect(dynamoClaimStore(vanishing, tableName).claim(aClaim(2, ['a']))).resolves.toEqual(new Set());
    expect(isGone).toBe(true);
  });
}
