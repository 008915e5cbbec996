import { hash } from 'node:crypto';
import { AwsError } from '../types.ts';

/** AWS quota: a message, and all messages of a batch together, 1 MiB (since August 2025). */
export const MESSAGE_BYTES_MAX = 1_048_576;
export const BATCH_ENTRIES_MAX = 10;
export const DELAY_SECONDS_MAX = 900;
export const VISIBILITY_SECONDS_MAX = 43_200;
export const WAIT_SECONDS_MAX = 20;
const ATTRIBUTES_MAX = 10;
const ENTRY_ID_CHARS_MAX = 80;
const GROUP_ID_CHARS_MAX = 128;

/** A message attribute as the JSON protocol has it; BinaryValue is base64. */
export type MessageAttribute = { DataType: string; StringValue?: string; BinaryValue?: string };
export type MessageAttributes = Record<string, MessageAttribute>;

/** What a sender asks for, checked. `bytes` is what SQS counts: the body in UTF-8 with names, types and values of the attributes. */
export type Outgoing = {
  body: string;
  bytes: number;
  attributes: MessageAttributes | undefined;
  group: string | undefined;
  delaySeconds: number | undefined;
};

// SQS takes what XML 1.0 takes: tab, LF, CR, and from U+0020 on all but surrogates, U+FFFE and U+FFFF ("SendMessage", MessageBody).
const REFUSED_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const ENTRY_ID = /^[A-Za-z0-9_-]+$/;
const GROUP_ID = /^[\u0021-\u007E]+$/;
const ATTRIBUTE_NAME = /^(?!aws\.|amazon\.)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/i;
const DATA_TYPE = /^(?:String|Number|Binary)(?:\..+)?$/;

export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterValue', message);
export const missingParameter = (name: string): AwsError =>
  new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);

/** One message of SendMessage or one entry of SendMessageBatch. Throws AwsError as SQS would, before anything is stored. */
export function outgoing(input: Record<string, unknown>, messageBytesMax: number): Outgoing {
  const body = input['MessageBody'];
  if (typeof body !== 'string' || body === '') throw missingParameter('MessageBody');
  if (input['MessageDeduplicationId'] !== undefined) {
    throw invalidParameter(
      `The parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.`,
    );
  }
  const system = input['MessageSystemAttributes'];
  if (system !== undefined && Object.keys(system ?? {}).length > 0) {
    throw invalidParameter('The local cloud does not keep MessageSystemAttributes such as AWSTraceHeader.');
  }
  const attributes = messageAttributes(input['MessageAttributes']);
  const bytes = Buffer.byteLength(body) + attributeBytes(attributes);
  if (bytes > messageBytesMax) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${messageBytesMax} bytes.`,
    );
  }
  if (REFUSED_CHARACTER.test(body)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  return {
    body,
    bytes,
    attributes,
    group: groupId(input['MessageGroupId']),
    delaySeconds: optionalInteger(input, 'DelaySeconds', 0, DELAY_SECONDS_MAX),
  };
}

/** The bytes that SQS counts of an entry that may be malformed: for the limit of a batch. */
export function entryBytes(input: Record<string, unknown>): number {
  const body = input['MessageBody'];
  const attributes = input['MessageAttributes'];
  const size = typeof body === 'string' ? Buffer.byteLength(body) : 0;
  return size + (isObject(attributes) ? attributeBytes(attributes as MessageAttributes) : 0);
}

/** The entries of a batch request: 1 to 10, with ids that are distinct and well-formed. */
export function batchEntries(input: Record<string, unknown>): (Record<string, unknown> & { Id: string })[] {
  const entries = input['Entries'];
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > BATCH_ENTRIES_MAX) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${BATCH_ENTRIES_MAX}. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<string>();
  for (const entry of entries) {
    const id: unknown = isObject(entry) ? entry['Id'] : undefined;
    if (typeof id !== 'string' || id.length > ENTRY_ID_CHARS_MAX || !ENTRY_ID.test(id)) {
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries;
}

export function optionalInteger(
  input: Record<string, unknown>,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidParameter(
    `Value ${JSON.stringify(value)} for parameter ${name} is invalid. Reason: Must be between ${min} and ${max}, if provided.`,
  );
}

export const md5Of = (text: string): string => hash('md5', text);

/** The digest of message attributes: name, type, kind of value and value of each, sorted by name, each with its length before it. */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const pieces: Buffer[] = [];
  const put = (value: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value.length);
    pieces.push(length, value);
  };
  for (const [name, attribute] of Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    put(Buffer.from(name));
    put(Buffer.from(attribute.DataType));
    const isBinary = attribute.BinaryValue !== undefined;
    pieces.push(Buffer.from([isBinary ? 2 : 1]));
    put(isBinary ? Buffer.from(attribute.BinaryValue ?? '', 'base64') : Buffer.from(attribute.StringValue ?? ''));
  }
  return hash('md5', Buffer.concat(pieces));
}

/** Those attributes that a receiver asked for: by name, `prefix.*`, `.*` or `All`. */
export function chosenAttributes(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  if (wanted.includes('All') || wanted.includes('.*')) return attributes;
  const prefixes = wanted.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -1));
  const isWanted = (name: string) => wanted.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

function messageAttributes(value: unknown): MessageAttributes | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalidParameter('MessageAttributes must be a map.');
  const names = Object.keys(value);
  if (names.length === 0) return undefined;
  if (names.length > ATTRIBUTES_MAX) {
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${ATTRIBUTES_MAX}].`,
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, attribute]) => [name, messageAttribute(name, attribute)]),
  );
}

function messageAttribute(name: string, attribute: unknown): MessageAttribute {
  if (name.length > 256 || !ATTRIBUTE_NAME.test(name)) {
    throw invalidParameter(`Message (user) attribute name '${name}' is invalid.`);
  }
  const { DataType, StringValue, BinaryValue } = isObject(attribute) ? attribute : {};
  if (typeof DataType !== 'string' || !DATA_TYPE.test(DataType)) {
    throw invalidParameter(`The type of message (user) attribute '${name}' is invalid.`);
  }
  const value = DataType.startsWith('Binary') ? BinaryValue : StringValue;
  if (typeof value !== 'string' || value === '') {
    throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type ${DataType}.`);
  }
  if (!DataType.startsWith('Binary') && REFUSED_CHARACTER.test(value)) {
    throw invalidParameter(`Message (user) attribute '${name}' contains invalid characters.`);
  }
  return DataType.startsWith('Binary') ? { DataType, BinaryValue: value } : { DataType, StringValue: value };
}

function attributeBytes(attributes: MessageAttributes | undefined): number {
  let bytes = 0;
  for (const [name, attribute] of Object.entries(attributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType ?? '');
    bytes += Buffer.byteLength(attribute.StringValue ?? '') + Buffer.byteLength(attribute.BinaryValue ?? '', 'base64');
  }
  return bytes;
}

function groupId(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length <= GROUP_ID_CHARS_MAX && GROUP_ID.test(value)) return value;
  throw invalidParameter(
    `Value ${JSON.stringify(value)} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
