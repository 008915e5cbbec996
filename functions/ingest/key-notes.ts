import { writeKeyTag } from '../../shared/aws/secret-texts.ts';
import { minuteOf } from '../../shared/domain/timestamp.ts';

/** Keys of which an environment knows when it noted them last. */
const KEYS_MAX = 5_000;

/** The tag of a key, where it is to be noted; receivedAt tells the minute. */
export type KeyNotes = (writeKey: string, receivedAt: string) => string | undefined;

/**
 * Notes each key once a minute and environment: with every request it would make a plan row longer, and many of those are as long as one write unit has
 * room for. Sums are by minute, so that nothing is known less of.
 */
export function keyNotes(): KeyNotes {
  const notedIn = new Map<string, string>();
  return (writeKey, receivedAt) => {
    const minute = minuteOf(receivedAt);
    if (notedIn.get(writeKey) === minute) return undefined;
    if (notedIn.size >= KEYS_MAX) notedIn.clear();
    notedIn.set(writeKey, minute);
    return writeKeyTag(writeKey);
  };
}
