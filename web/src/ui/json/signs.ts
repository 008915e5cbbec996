import type { Mark } from './diff.ts';
import type { Sign } from './diff-rows.ts';

/** What stands before a line beside its colour. */
export const SIGN_TEXT: Readonly<Record<Sign, string>> = { same: '', added: '+', removed: '−', changed: '~' };

/** What a sign says to those who hear the line. */
export const SIGN_WORD: Readonly<Record<Sign, string>> = {
  same: '',
  added: 'Added: ',
  removed: 'Removed: ',
  changed: 'Changed: ',
};

/** "2 added, 1 changed"; nothing where there are none. */
export function countsText(counts: Readonly<Record<Mark['kind'], number>>): string {
  const parts = (['added', 'removed', 'changed'] as const).filter((kind) => counts[kind] > 0);
  return parts.map((kind) => `${counts[kind]} ${kind}`).join(', ');
}
