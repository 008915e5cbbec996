/** States of what is connected; status.tsx has their words. */
export type State = 'receiving' | 'idle' | 'degraded' | 'failing' | 'disabled' | 'setting-up';

/** As the API says it of health: what works and saw events is receiving, and a destination is delivering. */
export const stateOf = (health: string): State => HEALTH[health] ?? 'idle';
const HEALTH: Readonly<Record<string, State>> = {
  HEALTHY: 'receiving',
  DEGRADED: 'degraded',
  FAILING: 'failing',
  DISABLED: 'disabled',
  IDLE: 'idle',
};

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'neutral';
