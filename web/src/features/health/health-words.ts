import type { DataOf } from '../../api/calls.ts';
import { percent } from '../../ui/format.ts';
import type { Tone } from '../../ui/state.ts';
import { codeWords } from '../delivery/code-words.ts';

export type Health = DataOf<'getHealth'>;
export type Group = Health['groups'][number];
export type Thing = Group['things'][number];
export type Line = Thing['lines'][number];
type Kind = Line['kinds'][number];

export const GROUP_WORDS: Readonly<Record<Group['group'], string>> = {
  SOURCES: 'Sources',
  DESTINATIONS: 'Destinations',
  WAREHOUSES: 'Warehouses',
  PLATFORM: 'Platform',
};

/** What a kind is called, how grave it is, and what it means. */
export const KIND_WORDS: Readonly<Record<Kind, { word: string; tone: Tone; means: string }>> = {
  CONSISTENT: { word: 'Fails always', tone: 'bad', means: 'Every try of the last 24 hours failed.' },
  REPEATED: {
    word: 'Fails repeatedly',
    tone: 'bad',
    means: 'The same error in three minutes or more, ten times or more.',
  },
  DEGRADED: { word: 'Got worse', tone: 'warn', means: 'It fails at least twice as often as in the seven days before.' },
  SILENT: { word: 'Silent', tone: 'bad', means: 'Nothing came in hours in which it usually sends.' },
  REVOKED_KEY: {
    word: 'Old write key',
    tone: 'warn',
    means: 'Somebody still sends with a write key that was revoked.',
  },
  UNKNOWN_KEY: {
    word: 'Mistyped write key',
    tone: 'warn',
    means: 'Somebody sends with a key that is nearly one of its own.',
  },
  REFUSED: { word: 'Refused at the door', tone: 'bad', means: 'Requests of it are not taken in.' },
  GIVEN_UP: { word: 'Put away by us', tone: 'bad', means: 'Tributary itself could not go on with them.' },
  LANE_AGE: { word: 'Queue is old', tone: 'bad', means: 'The oldest message of a queue waits for over 30 minutes.' },
  FUNCTION_ERRORS: { word: 'Function fails', tone: 'bad', means: 'A function of Tributary failed in the last minute.' },
  MISMATCH: { word: 'Books do not add up', tone: 'bad', means: 'More or fewer events went out than came in.' },
};
/** What a kind is called on a line: nothing got worse where there is nothing to compare with. */
export const kindOf = (line: Line, kind: Kind): (typeof KIND_WORDS)[Kind] =>
  kind === 'DEGRADED' && line.usualShare === null
    ? { word: 'Fails in part', tone: 'warn', means: 'More than 1% fails; there is no week before to compare with.' }
    : KIND_WORDS[kind];
/** In the order in which lines of a group stand: by error type (H02). */
const KINDS = Object.keys(KIND_WORDS);

/** The cause of a line in words. */
export function causeOf(line: Line): string {
  if (line.message !== null && line.message !== '') return line.message;
  const [first] = line.kinds;
  if (first === 'SILENT' || first === 'REVOKED_KEY' || first === 'UNKNOWN_KEY' || first === 'MISMATCH') {
    return KIND_WORDS[first].means;
  }
  return codeWords(line.code);
}

/** How often, against what is usual: "32.7% of tries, usually 0.4%"; undefined where it has no share. */
export function shareWords({ share, usualShare }: Line): string | undefined {
  if (share === null) return undefined;
  const now = `${percent(share / 100)} of all`;
  return usualShare === null ? now : `${now}, usually ${percent(usualShare / 100)}`;
}

/** Things of a group by the gravest of their lines, those of one kind as they come. */
export const byKind = (things: readonly Thing[]): Thing[] => things.toSorted((a, b) => rankOf(a) - rankOf(b));

const rankOf = ({ lines }: Thing): number => Math.min(...lines.map(({ kinds }) => KINDS.indexOf(kinds[0] ?? '')));

/** Names a line for muting: the same error of the same thing. */
export const lineKey = (thingId: string, { code, kinds }: Pick<Line, 'code' | 'kinds'>): string =>
  `${thingId}|${kinds[0] ?? ''}|${code}`;
