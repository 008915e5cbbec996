/** A backlog and an even load of websites, and a backlog of servers, whose events are claimed one by one. */
export type RecordedLoad = 'full' | 'trickle' | 'fullByEvent';

/** Units billed for a thousand events, by function and operation. */
type Units = Readonly<Record<string, number>>;

/**
 * What a million events cost at 20 a request and 3 plain destinations when this was last written, and the units billed for 1,000 events. A
 * test counts again. Whoever makes it dearer by more than DEARER_MAX writes the new numbers here, with the reason in the commit; whoever
 * makes it cheaper writes them, too, so that it stays so.
 */
export const RECORDED: Readonly<Record<RecordedLoad, { usdPerMillion: number; units: Units }>> = {
  fullByEvent: {
    usdPerMillion: 1.481,
    units: {
      'ingest sqs:SendMessage': 50,
      'route sqs:ReceiveMessage': 20,
      'route sqs:SendMessageBatch': 20,
      'route sqs:DeleteMessage': 5,
      'route dynamodb:BatchExecuteStatement': 1_000,
      'route dynamodb:PutItem': 150,
      'deliver sqs:ReceiveMessage': 12,
      'deliver sqs:DeleteMessage': 12,
      'archive sqs:ReceiveMessage': 5,
      'archive sqs:DeleteMessage': 5,
    },
  },
  full: {
    usdPerMillion: 0.867,
    units: {
      'ingest sqs:SendMessage': 50,
      'route sqs:ReceiveMessage': 20,
      'route sqs:SendMessageBatch': 20,
      'route sqs:DeleteMessage': 5,
      'route dynamodb:BatchGetItem': 50,
      'route dynamodb:PutItem': 150,
      'deliver sqs:ReceiveMessage': 12,
      'deliver sqs:DeleteMessage': 12,
      'archive sqs:ReceiveMessage': 5,
      'archive sqs:DeleteMessage': 5,
    },
  },
  trickle: {
    usdPerMillion: 1.33,
    units: {
      'ingest sqs:SendMessage': 50,
      'route sqs:ReceiveMessage': 50,
      'route sqs:SendMessageBatch': 200,
      'route sqs:DeleteMessage': 50,
      'route dynamodb:BatchGetItem': 50,
      'route dynamodb:PutItem': 200,
      'deliver sqs:ReceiveMessage': 150,
      'deliver sqs:DeleteMessage': 150,
      'archive sqs:ReceiveMessage': 50,
      'archive sqs:DeleteMessage': 15,
    },
  },
};

export const DEARER_MAX = 0.05;
export const CHEAPER_MAX = 0.05;
