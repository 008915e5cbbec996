/** What the API takes as an address; it decides. */
const ADDRESS = /^[^\s@<>"(),:;[\]\\]{1,64}@[^\s@<>"(),:;[\]\\]{1,255}$/;

/** Addresses out of what people paste: lists by comma, semicolon, space or line, `Ada <ada@example.com>` too; each once, in small letters. */
export function addressesIn(pasted: string): { addresses: string[]; wrong: string[] } {
  const texts = pasted
    // A name in quotes may hold a comma.
    .replaceAll(/"[^"]*"/g, ' ')
    .split(/[\s,;]+/)
    .map((text) => text.replaceAll(/^[<(]+|[>)]+$/g, ''))
    .filter((text) => text !== '');
  const addresses = new Set<string>();
  const wrong = new Set<string>();
  const isList = pasted.includes('<');
  for (const text of texts) {
    if (ADDRESS.test(text)) addresses.add(text.toLowerCase());
    // Beside an address in angle brackets stands a name.
    else if (!isList || text.includes('@')) wrong.add(text);
  }
  return { addresses: [...addresses], wrong: [...wrong] };
}
