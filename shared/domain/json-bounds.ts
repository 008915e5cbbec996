const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const COLON = 0x3a;

/**
 * What of a JSON text is beyond its bounds, found in one pass before it is parsed (threat T12: a text of brackets parses, and then overflows
 * the stack of whatever walks it; one of keys takes a hundred times its length in memory). Keys are counted as often as they are written. The
 * text need not be valid: what is not JSON gets some answer, and no error.
 */
export function jsonOverrun(text: string, depthMax: number, keysMax: number): 'depth' | 'keys' | undefined {
  let depth = 0;
  let keys = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (char === QUOTE) {
      index = endOfString(text, index);
    } else if (char === COLON) {
      keys += 1;
      if (keys > keysMax) return 'keys';
    } else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      depth += 1;
      if (depth > depthMax) return 'depth';
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
  return undefined;
}

/** Index of the quote that closes the string opened at `start`; the last index of the text where none does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length - 1;
}
