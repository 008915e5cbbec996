/** DynamoDB's own overhead of a list or map, and of each of its elements, in bytes (Developer Guide, "Item sizes and formats"). */
const DOCUMENT_BYTES = 3;
const ELEMENT_BYTES = 1;

/** Bytes of an item in DynamoDB's JSON (`{pk: {S: 'a'}}`) as DynamoDB counts them: names and values in UTF-8. */
export function itemBytes(item: unknown): number {
  if (typeof item !== 'object' || item === null) return 0;
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

/** Bytes of one attribute value, such as `{S: 'a'}`. */
export function valueBytes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const [entry] = Object.entries(value);
  if (entry === undefined) return 0;
  const [type, content] = entry as [string, unknown];
  switch (type) {
    case 'S':
      return typeof content === 'string' ? Buffer.byteLength(content) : 0;
    case 'N':
      return numberBytes(content);
    case 'B':
      return typeof content === 'string' ? Math.floor((content.length * 3) / 4) : 0;
    case 'SS':
      return sumOf(content, (text) => (typeof text === 'string' ? Buffer.byteLength(text) : 0));
    case 'NS':
      return sumOf(content, numberBytes);
    case 'BS':
      return sumOf(content, (text) => (typeof text === 'string' ? Math.floor((text.length * 3) / 4) : 0));
    case 'L':
      return DOCUMENT_BYTES + sumOf(content, (element) => ELEMENT_BYTES + valueBytes(element));
    case 'M':
      return (
        DOCUMENT_BYTES +
        (typeof content === 'object' && content !== null ? Object.keys(content).length * ELEMENT_BYTES : 0) +
        itemBytes(content)
      );
    default:
      // BOOL and NULL.
      return 1;
  }
}

/** About one byte for two significant digits, and one more. */
const numberBytes = (content: unknown): number =>
  typeof content === 'string' ? Math.ceil(content.replaceAll(/\D/g, '').length / 2) + 1 : 0;

const sumOf = (list: unknown, bytesOf: (element: unknown) => number): number =>
  Array.isArray(list) ? list.reduce((sum: number, element) => sum + bytesOf(element), 0) : 0;
