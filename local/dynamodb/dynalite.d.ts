/** The slice of dynalite 4 that the local DynamoDB stands on. The package has no types of its own. */

type DynaliteValue = Record<string, unknown>;
type DynaliteItem = Record<string, DynaliteValue>;
type DynaliteIndex = {
  IndexName: string;
  KeySchema: { AttributeName: string; KeyType: string }[];
  Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
};
type DynaliteTable = {
  TableName: string;
  TableStatus: string;
  KeySchema: { AttributeName: string; KeyType: string }[];
  AttributeDefinitions: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
  GlobalSecondaryIndexes?: DynaliteIndex[];
  LocalSecondaryIndexes?: DynaliteIndex[];
  [description: string]: unknown;
};
type DynaliteCallback = (error: unknown, result?: unknown) => void;
type DynaliteAction = (store: unknown, data: Record<string, unknown>, done: DynaliteCallback) => void;
type DynaliteRange = { gte?: string; gt?: string; lte?: string; lt?: string; reverse?: boolean; limit?: number };
type DynaliteLevel = {
  open(): Promise<void>;
  close(): Promise<void>;
  getSync(key: string): unknown;
  batch(operations: ({ type: 'put'; key: string; value: unknown } | { type: 'del'; key: string })[]): Promise<void>;
  values(range: DynaliteRange): { nextv(count: number): Promise<unknown[]>; close(): Promise<void> };
  iterator(range: DynaliteRange): { nextv(count: number): Promise<[string, unknown][]>; close(): Promise<void> };
};

declare module 'dynalite/db/index.js' {
  const db: {
    create(options: { path: string }): { db: DynaliteLevel };
    validateKey(key: DynaliteItem, table: DynaliteTable): Error | null | undefined;
    createKey(item: DynaliteItem, table: DynaliteTable): string;
    createIndexKey(item: DynaliteItem, table: DynaliteTable, keySchema: DynaliteIndex['KeySchema']): string;
    getIndexActions(
      indexes: DynaliteIndex[],
      existing: DynaliteItem | null,
      item: DynaliteItem | null,
      table: DynaliteTable,
    ): { puts: { index: string; key: string; item: DynaliteItem }[]; deletes: { index: string; key: string }[] };
    checkConditional(data: Record<string, unknown>, existing: DynaliteItem | undefined): Error | null | undefined;
  };
  export default db;
}
declare module 'dynalite/validations/index.js' {
  const validations: {
    checkTypes(data: Record<string, unknown>, types: Record<string, unknown>): Record<string, unknown>;
    checkValidations(
      data: Record<string, unknown>,
      types: Record<string, unknown>,
      custom: unknown,
      store: { options: { maxItemSize: number } },
    ): void;
    validateAttributeValue(value: DynaliteValue): string | undefined;
    validateExpressions(data: Record<string, unknown>): string | undefined;
  };
  export default validations;
}
declare module 'dynalite/validations/*' {
  const validation: { types: Record<string, unknown>; custom?: (data: Record<string, unknown>) => unknown };
  export default validation;
}
declare module 'dynalite/actions/*' {
  const action: DynaliteAction;
  export default action;
}
