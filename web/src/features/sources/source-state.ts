import { type State, stateOf } from '../../ui/state.ts';

/** The state of a source: one that has never been heard of is being set up. */
export function sourceState(isEnabled: boolean, stat: { state: string; lastSeenAt: string | null } | undefined): State {
  if (!isEnabled) return 'disabled';
  if (stat === undefined) return 'idle';
  return stat.lastSeenAt === null && stat.state === 'IDLE' ? 'setting-up' : stateOf(stat.state);
}
