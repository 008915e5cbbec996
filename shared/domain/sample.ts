/** FNV-1a, 32 bits, then MurmurHash3's finaliser: texts that differ in a digit only must fall anywhere. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const HASHES = 2 ** 32;

/** Whether a key falls into a share (0 to 1) of all keys: the same answer each time and everywhere, none at 0, all at 1. Not for secrets. */
export const isInSample = (key: string, share: number): boolean => hash32(key) < share * HASHES;
