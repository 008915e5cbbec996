import { createHash } from 'node:crypto';

/** Characters of base64url of the hash: 132 bits. */
const NAME_CHARS = 22;

/** A name that derives from what it names: the same text has the same name wherever, and however often, it turns up. */
export const contentName = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, NAME_CHARS);
