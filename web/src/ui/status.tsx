import { Badge, type BadgeProps } from '@mantine/core';
import type { State, Tone } from './state.ts';

/** The five words of things that are connected, each with a colour and a shape of its own. */
const LOOKS = {
  receiving: { word: 'Receiving', colour: 'teal', shape: 'M2 5.2 4.2 7.4 8.2 2.8' },
  idle: { word: 'Idle', colour: 'gray', shape: 'M2 5h6' },
  degraded: { word: 'Degraded', colour: 'yellow', shape: 'M5 1.6v4.2M5 8v.4' },
  failing: { word: 'Failing', colour: 'red', shape: 'M2.4 2.4l5.2 5.2M7.6 2.4 2.4 7.6' },
  disabled: { word: 'Disabled', colour: 'gray', shape: 'M3 2v6M7 2v6' },
  'setting-up': { word: 'Setting up', colour: 'blue', shape: 'M5 1.8V5l2 1.6' },
} as const satisfies Readonly<Record<State, { word: string; colour: string; shape: string }>>;

const TONES = { good: 'teal', bad: 'red', warn: 'yellow', info: 'blue', neutral: 'gray' } as const;

/** A state as colour, shape and word. `of` chooses the word of what works: sources receive, destinations deliver. */
export function StatusBadge({
  state,
  of = 'source',
  ...badge
}: { state: State; of?: 'source' | 'destination' } & BadgeProps) {
  const { word, colour, shape } = LOOKS[state];
  return (
    <Badge
      variant="light"
      color={colour}
      tt="none"
      fw={550}
      // A word cut off says nothing.
      style={{ flex: 'none', minWidth: 'max-content' }}
      leftSection={
        <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
          <path
            d={shape}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.8"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      }
      {...badge}
    >
      {state === 'receiving' && of === 'destination' ? 'Delivering' : word}
    </Badge>
  );
}

/** A word on a tint that says how good it is. */
export function Chip({ tone = 'neutral', children, ...badge }: { tone?: Tone; children: string } & BadgeProps) {
  return (
    <Badge variant="light" color={TONES[tone]} tt="none" fw={550} {...badge}>
      {children}
    </Badge>
  );
}
