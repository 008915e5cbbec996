import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Lists the calls of a document client from now on, by command. */
export function countedCommands(doc: DynamoDBDocumentClient): string[] {
  const calls: string[] = [];
  doc.middlewareStack.add(
    (next, context) => (args) => {
      calls.push(String(context['commandName']));
      return next(args);
    },
    { step: 'initialize', name: 'countCommands', override: true },
  );
  return calls;
}
