/** Members by which a call of one of our services names what it is about. */
const NAMING_MEMBERS = ['QueueUrl', 'TableName', 'KeyId', 'StackName', 'QueueName', 'Namespace'] as const;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Names of the tables, queues, keys, buses or stacks that a call is about. Never a payload. */
export function resourceNames(input: Record<string, unknown>): string[] {
  const names: string[] = [];
  for (const member of NAMING_MEMBERS) {
    const value = input[member];
    if (typeof value === 'string') names.push(value);
  }
  if (isObject(input['RequestItems'])) names.push(...Object.keys(input['RequestItems']));
  if (Array.isArray(input['TransactItems'])) {
    for (const item of input['TransactItems']) {
      if (!isObject(item)) continue;
      for (const write of Object.values(item)) {
        if (isObject(write) && typeof write['TableName'] === 'string') names.push(write['TableName']);
      }
    }
  }
  if (Array.isArray(input['Entries'])) {
    for (const entry of input['Entries']) {
      if (isObject(entry) && typeof entry['EventBusName'] === 'string') names.push(entry['EventBusName']);
    }
  }
  if (Array.isArray(input['Statements'])) {
    for (const statement of input['Statements']) {
      if (isObject(statement) && typeof statement['Statement'] === 'string') names.push(statement['Statement']);
    }
  }
  return names;
}
