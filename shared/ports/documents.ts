/** An item as plain values: texts, numbers, booleans, lists, objects. */
export type DocumentItem = Record<string, unknown>;
export type DocumentKey = { pk: string; sk: string };

export type DocumentQuery = {
  tableName: string;
  /** A key condition such as `pk = :pk AND begins_with(sk, :prefix)`. */
  condition: string;
  values: Record<string, string>;
  newestFirst: boolean;
  limit?: number | undefined;
  /** What an earlier page said comes next. */
  from?: DocumentItem | undefined;
  /** Read eventually, for half the price: for who reads again, or may miss what was written a moment ago. */
  eventually?: true | undefined;
};

type Conditioned = {
  TableName: string;
  ConditionExpression?: string;
  ExpressionAttributeValues?: Record<string, unknown>;
};
/** One write of a transaction, in DynamoDB's own words with plain values. */
export type TransactItem =
  | { Put: Conditioned & { Item: DocumentItem }; Delete?: never; Update?: never }
  | { Delete: Conditioned & { Key: DocumentKey }; Put?: never; Update?: never }
  | { Update: Conditioned & { Key: DocumentKey; UpdateExpression: string }; Put?: never; Delete?: never };

/**
 * What stores of the control table ask of DynamoDB, so that a function whose cold start people wait for needs no SDK for it. Reads are strong unless a
 * query says otherwise. All throw when the table does not answer.
 */
export type Documents = {
  get(tableName: string, key: DocumentKey): Promise<DocumentItem | undefined>;
  query(query: DocumentQuery): Promise<{ items: DocumentItem[]; next?: DocumentItem | undefined }>;
  /** `codes`, one for each item in their order: why the transaction was cancelled, `None` for those that were fine. */
  transact(
    items: TransactItem[],
  ): Promise<{ outcome: 'saved' } | { outcome: 'cancelled'; codes: string[]; cause: unknown }>;
};
