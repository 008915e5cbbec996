/**
 * Object keys as file paths: readable where a key is made of lower-case letters, digits and `-_=.`, so that other tools can read the
 * files of a bucket; everything else is percent-encoded, upper case too (some file systems cannot tell it from lower case).
 *
 * A directory's name never has a dot and a file's always has one, so the keys `a` and `a/b` do not collide, and no name is `.` or `..`.
 */

/** Longest part of a path: file systems take 255 bytes, and ours add a suffix. */
const PART_CHARS_MAX = 180;
/** Ends a directory whose name goes on in the next part, and a file whose name has no dot. Neither can come from encoding. */
const GOES_ON = '%+';
const FILE = '.%';

const encode = (text: string) =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[a-z0-9_.=-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');

const withoutDots = (encoded: string) => encoded.replaceAll('.', '%2e');

/** Cuts an encoded name that is too long for one part, never inside a `%xx`. All parts but the last end in GOES_ON. */
function cut(encoded: string): string[] {
  const parts: string[] = [];
  let rest = encoded;
  while (rest.length >= PART_CHARS_MAX) {
    const escape = rest.lastIndexOf('%', PART_CHARS_MAX - 1);
    const at = escape > PART_CHARS_MAX - 3 ? escape : PART_CHARS_MAX;
    parts.push(`${rest.slice(0, at)}${GOES_ON}`);
    rest = rest.slice(at);
  }
  return [...parts, rest];
}

/** The path of a key below its bucket's directory, as parts. */
export function keyToPath(key: string): string[] {
  const segments = key.split('/').map(encode);
  const name = segments.pop() ?? '';
  const directories = segments.flatMap((segment) => cut(withoutDots(segment)).map((part) => part || '%'));
  const isPlain = name.length < PART_CHARS_MAX && name.includes('.') && !/^\.+$/.test(name);
  if (isPlain) return [...directories, name];
  const parts = cut(withoutDots(name));
  return [...directories, ...parts.slice(0, -1), `${parts.at(-1)}${FILE}`];
}

const decode = (encoded: string) =>
  Buffer.from(
    encoded.replaceAll(/%([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** What a directory stands for at its place in a key: bytes, since a cut may fall inside a character. */
export const directoryToKey = (name: string): Buffer => {
  if (name.endsWith(GOES_ON)) return decode(name.slice(0, -GOES_ON.length));
  return name === '%' ? Buffer.from('/') : Buffer.concat([decode(name), Buffer.from('/')]);
};
export const fileToKey = (name: string): Buffer => decode(name.endsWith(FILE) ? name.slice(0, -FILE.length) : name);
