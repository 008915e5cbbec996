/** An element with text, or with elements. The order is kept. */
export type XmlElement = readonly [name: string, content: string | readonly XmlElement[]];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/** What XML 1.0 cannot carry in any spelling: control characters but tab and line ends, and two that are none. */
// oxlint-disable-next-line no-control-regex -- these are meant
const NEVER_IN_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
/** Safe as the name of an element, and as part of one. */
const ELEMENT_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Any text as the text of an element: characters that XML cannot carry are left out, half a surrogate pair becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(NEVER_IN_XML, '')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** Whether a text of somebody's can name an element. One that cannot must not become one: it could close another. */
export const isElementName = (name: string): boolean => ELEMENT_NAME.test(name);

/** Names are the caller's and are not escaped: those that come from outside go through `isElementName` first. */
export const xmlOf = ([name, content]: XmlElement): string =>
  `<${name}>${typeof content === 'string' ? escapeXml(content) : content.map(xmlOf).join('')}</${name}>`;

export const xmlDocument = (root: XmlElement): string => `<?xml version="1.0" encoding="UTF-8"?>${xmlOf(root)}`;

/** The longest beginning of a text that has at most so many bytes in UTF-8 and ends between two characters. */
export function cutBytes(text: string, bytesMax: number): string {
  const wellFormed = text.toWellFormed();
  const bytes = Buffer.from(wellFormed, 'utf8');
  if (bytes.length <= bytesMax) return wellFormed;
  let end = bytesMax;
  // Bytes 10xxxxxx go on with a character that began before.
  while (end > 0 && ((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1;
  return bytes.subarray(0, end).toString('utf8');
}
