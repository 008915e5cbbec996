import { type Change, CHANGES_PER_COMMIT_MAX } from '../../../shared/ports/control-store.ts';

/** JSON text of the changes of one commit: a transaction takes 4 MB, and an audit entry tells of each. */
const COMMIT_BYTES_MAX = 1_000_000;
/** The same of people's things: an invite is three items, so that this is up to 2.1 MB of them and 1.4 MB of audit entries. */
export const PEOPLE_BYTES_MAX = 700_000;

/** The first of some changes that one commit takes: one at least, where there is any. */
export function firstThatFit(
  changes: readonly Change[],
  { bytesMax = COMMIT_BYTES_MAX, countMax = CHANGES_PER_COMMIT_MAX }: { bytesMax?: number; countMax?: number } = {},
): Change[] {
  let bytes = 0;
  const end = changes.findIndex((change, index) => {
    bytes += Buffer.byteLength(JSON.stringify(change.thing));
    return index > 0 && (index >= countMax || bytes > bytesMax);
  });
  return end === -1 ? [...changes] : changes.slice(0, end);
}
