import type { Documents, TransactItem } from '../ports/documents.ts';
import type { WorkspaceEraser } from '../ports/workspace-eraser.ts';
import { type ControlKey, queryPages } from './control-items.ts';
import { controlKeys } from './control-keys.ts';
import { transact } from './transact.ts';

/** DynamoDB's items of a transaction. */
const DELETES_MAX = 100;
/** Transactions of one call: 20,000 items. */
export const TRANSACTIONS_MAX = 200;

/** Erases by key, whatever an item holds: see the port. */
export const dynamoWorkspaceEraser = (documents: Documents, tableName: string): WorkspaceEraser => {
  const erase = async (keys: readonly ControlKey[]): Promise<void> => {
    await transact(
      documents,
      keys.map((Key): TransactItem => ({ Delete: { TableName: tableName, Key } })),
    );
  };
  return {
    eraseContents: async (id) => {
      const version = controlKeys.configVersion(id);
      let transactions = 0;
      for (const pk of [
        version.pk,
        controlKeys.suppressionSnapshots(id).pk,
        controlKeys.note(id, '').pk,
        controlKeys.readMark(id, '').pk,
        controlKeys.replayOrders(id).pk,
      ]) {
        // Pages of DynamoDB's own size: an item is read once, and 20,000 are on fewer pages than a query may take.
        for await (const page of queryPages(documents, tableName, { pk })) {
          const keys = page
            .map(({ sk }) => ({ pk, sk: String(sk) }))
            .filter(({ sk }) => pk !== version.pk || sk !== version.sk);
          for (let from = 0; from < keys.length; from += DELETES_MAX) {
            if (transactions >= TRANSACTIONS_MAX) return 'more';
            transactions += 1;
            await erase(keys.slice(from, from + DELETES_MAX));
          }
        }
      }
      return 'done';
    },
    eraseVersion: (id) => erase([controlKeys.configVersion(id)]),
  };
};
