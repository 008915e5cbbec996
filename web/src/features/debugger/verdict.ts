import type { Tone } from '../../ui/state.ts';
import { counted } from '../../ui/format.ts';
import { causeOf } from '../trace/causes.ts';
import type { DebuggedEvent } from './live-rows.ts';

const WORDS = { ALLOWED: 'Allowed', BLOCKED: 'Blocked', INVALID: 'Invalid', DUPLICATE: 'Duplicate' } as const;
const TONES = { ALLOWED: 'good', BLOCKED: 'warn', INVALID: 'bad', DUPLICATE: 'neutral' } as const;

export const verdictWord = (verdict: DebuggedEvent['verdict']): string => WORDS[verdict];
export const verdictTone = (verdict: DebuggedEvent['verdict']): Tone => TONES[verdict];

/** What a row says of where its event went: "to 3 destinations", "to 2 of 3 destinations", or why nowhere. */
export function whereTo({
  verdict,
  reason,
  destinations,
}: Pick<DebuggedEvent, 'verdict' | 'reason' | 'destinations'>): string {
  if (verdict === 'DUPLICATE') return 'came before';
  if (verdict !== 'ALLOWED') return causeOf(reason) ?? '';
  const sent = destinations.filter((one) => one.reason === null).length;
  if (destinations.length === 0) return 'no destination';
  return sent === destinations.length
    ? `to ${counted(sent, 'destination')}`
    : `to ${sent} of ${counted(destinations.length, 'destination')}`;
}
