import { AwsError, LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';

/** EventBridge quotas of one PutEvents call: entries, and bytes of all of them (1 MB since January 2026). */
const ENTRIES_MAX = 10;
const BYTES_MAX = 1_048_576;
/** What a given time counts for. */
const TIME_BYTES = 14;
const SOURCE_CHARS_MAX = 256;
const DETAIL_TYPE_CHARS_MAX = 128;
/** The year 9999: what has four digits. */
const TIME_MS_MAX = 253_402_300_799_999;
const ENTRY_MEMBERS = new Set(['Time', 'Source', 'Resources', 'DetailType', 'Detail', 'EventBusName', 'TraceHeader']);

/** The bus that an account has without making it. */
export const DEFAULT_BUS = 'default';

/** An event as rules and targets see it. */
export type BusEvent = {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
};

export type ReadEntry =
  | { outcome: 'event'; busName: string; event: BusEvent }
  | { outcome: 'refused'; code: string; message: string };

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const bytesOf = (value: unknown): number => (typeof value === 'string' ? Buffer.byteLength(value) : 0);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const invalid = (message: string): AwsError => new AwsError('ValidationException', message, 400);

/** The name in a bus's name or ARN. */
export const busNameOf = (nameOrArn: unknown): string =>
  typeof nameOrArn === 'string' && nameOrArn !== '' ? nameOrArn.replace(/^arn:[^/]*\//, '') : DEFAULT_BUS;

/** The size of an entry as EventBridge counts it (user guide, "Calculating PutEvents event entry size"), in bytes. */
export const entryBytes = (entry: Json): number =>
  (entry['Time'] === undefined ? 0 : TIME_BYTES) +
  bytesOf(entry['Source']) +
  bytesOf(entry['DetailType']) +
  bytesOf(entry['Detail']) +
  (Array.isArray(entry['Resources']) ? entry['Resources'].reduce((sum: number, one) => sum + bytesOf(one), 0) : 0);

/** The entries of a call, one answer for each in order. Throws AwsError ValidationException where EventBridge refuses the whole call. */
export function readEntries(input: Json, next: { id: () => string; nowMs: number }): ReadEntry[] {
  if (input['EndpointId'] !== undefined) throw invalid('The local cloud has no global endpoints (EndpointId).');
  const { Entries: entries } = input;
  if (!Array.isArray(entries) || !entries.every(isObject)) throw invalid('Entries must be a list of entries.');
  if (entries.length === 0 || entries.length > ENTRIES_MAX) {
    throw invalid(`Value at 'entries' failed to satisfy constraint: Member must have length from 1 to ${ENTRIES_MAX}`);
  }
  for (const entry of entries) {
    const unknown = Object.keys(entry).find((member) => !ENTRY_MEMBERS.has(member));
    if (unknown !== undefined) throw invalid(`The local cloud does not know the member ${unknown} of an entry.`);
  }
  if (entries.reduce((sum: number, entry) => sum + entryBytes(entry), 0) > BYTES_MAX) {
    throw invalid('Total size of the entries in the request is over the limit.');
  }
  if (entries.every((entry) => missingOf(entry) !== undefined)) {
    throw invalid('No entry has a Source, a DetailType and a Detail.');
  }
  return entries.map((entry) => readEntry(entry, next));
}

/** Without these there is no event. */
const required = (entry: Json) => ({
  Source: textOf(entry['Source']),
  DetailType: textOf(entry['DetailType']),
  Detail: textOf(entry['Detail']),
});
const missingOf = (entry: Json): string | undefined =>
  Object.entries(required(entry)).find(([, value]) => value === '')?.[0];

function readEntry(entry: Json, { id, nowMs }: { id: () => string; nowMs: number }): ReadEntry {
  const missing = missingOf(entry);
  if (missing !== undefined) return invalidMember(missing, `${missing} is a required argument.`);
  const { Source: source, DetailType: detailType, Detail: detailText } = required(entry);
  if (source.length > SOURCE_CHARS_MAX) return invalidMember('Source', 'too long.');
  if (detailType.length > DETAIL_TYPE_CHARS_MAX) return invalidMember('DetailType', 'too long.');
  if (source.startsWith('aws.')) {
    return refused('NotAuthorizedForSourceException', `Not authorized for the source ${source}.`);
  }
  const detail = objectIn(detailText);
  if (detail === undefined) return refused('MalformedDetail', 'Detail is malformed.');
  const timeMs = entry['Time'] === undefined ? nowMs : Number(entry['Time']) * 1_000;
  if (!(Math.abs(timeMs) <= TIME_MS_MAX)) return invalidMember('Time', 'it is no time.');
  const event: BusEvent = {
    version: '0',
    id: id(),
    'detail-type': detailType,
    source,
    account: LOCAL_ACCOUNT,
    time: `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
    region: LOCAL_REGION,
    resources: Array.isArray(entry['Resources']) ? entry['Resources'].map(String) : [],
    detail,
  };
  return { outcome: 'event', busName: busNameOf(entry['EventBusName']), event };
}

const invalidMember = (member: string, reason: string): ReadEntry =>
  refused('InvalidArgument', `Parameter ${member} is not valid. Reason: ${reason}`);

const refused = (code: string, message: string): ReadEntry => ({ outcome: 'refused', code, message });

function objectIn(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
