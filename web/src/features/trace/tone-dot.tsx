import { IconAlertTriangle, IconCheck, IconClock, IconMinus, IconX } from '@tabler/icons-react';
import type { Tone } from '../../ui/state.ts';
import classes from './trace.module.css';

const ICONS = { good: IconCheck, bad: IconX, warn: IconAlertTriangle, info: IconClock, neutral: IconMinus };

/** How something ended, as a shape and a colour. The words stand beside it. */
export function ToneDot({ tone }: { tone: Tone | 'pending' }) {
  const Icon = tone === 'pending' ? IconClock : ICONS[tone];
  return (
    <span className={`${classes.toned} ${classes.dot}`} data-tone={tone} aria-hidden="true">
      <Icon size={13} stroke={2.4} />
    </span>
  );
}
