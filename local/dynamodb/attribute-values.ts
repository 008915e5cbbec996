import { AwsError } from '../types.ts';

type AttributeValue = Record<string, unknown>;
export type Item = Record<string, AttributeValue>;

/** DynamoDB: an item has at most 400 KB, attribute names included. */
export const ITEM_BYTES_MAX = 400 * 1_024;
/** DynamoDB: nesting of lists and maps. */
const NESTING_MAX = 32;

const TYPES = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M']);

const serialization = (message: string) => new AwsError('SerializationException', message);
export const validation = (message: string) => new AwsError('ValidationException', message);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isBase64 = (value: string) => value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);

function parseValue(input: unknown, depth: number): AttributeValue {
  if (!isObject(input)) throw serialization('Unexpected value type in payload');
  if (depth > NESTING_MAX) throw validation('Nesting Levels have exceeded supported limits');
  const types = Object.keys(input).filter((type) => input[type] !== undefined && input[type] !== null);
  if (types.length > 1)
    throw validation(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  const type = types[0];
  if (type === undefined || !TYPES.has(type))
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  const value = input[type];
  switch (type) {
    case 'S':
    case 'N':
      if (typeof value !== 'string') throw serialization(`${type} must be a string`);
      return { [type]: value };
    case 'B':
      if (typeof value !== 'string' || !isBase64(value)) throw serialization('B must be a base64 string');
      return { B: value };
    case 'BOOL':
    case 'NULL':
      if (typeof value !== 'boolean') throw serialization(`${type} must be a boolean`);
      return { [type]: value };
    case 'L':
      if (!Array.isArray(value)) throw serialization('L must be a list');
      return { L: value.map((member) => parseValue(member, depth + 1)) };
    case 'M':
      return { M: parseItem(value, depth + 1) };
    default: {
      const isMember = (member: unknown) => typeof member === 'string' && (type !== 'BS' || isBase64(member));
      if (!Array.isArray(value) || !value.every(isMember)) throw serialization(`${type} must be a list of strings`);
      return { [type]: [...value] };
    }
  }
}

/** A copy of a map of attribute values as it came over the wire, without a prototype, so that no attribute's name is special. */
export function parseItem(input: unknown, depth = 0): Item {
  if (!isObject(input)) throw serialization('Start of structure or map expected');
  const item: Item = Object.create(null);
  for (const name of Object.keys(input)) {
    if (name === '') throw validation('One or more parameter values were invalid: Empty attribute name');
    item[name] = parseValue(input[name], depth);
  }
  return item;
}

const numberBytes = (digits: string) => {
  const significant = digits
    .replace(/[eE].*$/, '')
    .replaceAll(/[-+.]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  return Math.ceil(significant.length / 2) + 1 + (digits.startsWith('-') ? 1 : 0);
};
const base64Bytes = (text: string) => Buffer.byteLength(text, 'base64');

function valueBytes(value: AttributeValue): number {
  for (const [type, content] of Object.entries(value)) {
    if (type === 'S') return Buffer.byteLength(content as string);
    if (type === 'N') return numberBytes(content as string);
    if (type === 'B') return base64Bytes(content as string);
    if (type === 'BOOL' || type === 'NULL') return 1;
    if (type === 'M') return 3 + itemBytes(content as Item) + Object.keys(content as Item).length;
    const members = content as unknown[];
    if (type === 'L') return members.reduce((sum: number, member) => sum + 1 + valueBytes(member as AttributeValue), 3);
    const of = type.slice(0, 1);
    return members.reduce((sum: number, member) => sum + valueBytes({ [of]: member }), 0);
  }
  return 0;
}

/** The size that DynamoDB bills and bounds: UTF-8 of names and strings, numbers by pairs of digits, 3 bytes a list or map and 1 an entry. */
export function itemBytes(item: Item): number {
  let sum = 0;
  for (const name of Object.keys(item)) sum += Buffer.byteLength(name) + valueBytes(item[name] ?? {});
  return sum;
}
