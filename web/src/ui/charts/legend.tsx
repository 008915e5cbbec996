import { useState } from 'react';
import styles from './charts.module.css';

/** Series that are named before "more" is asked for. */
const KEYS_SHOWN = 8;

/** A series as the legend and the tooltip know it. */
export type Key = { id: string; label: string; color: string };

/** Names the series; each name is a button that hides or shows its series. */
export function Legend({
  keys,
  hidden,
  onToggle,
  onLight,
}: {
  keys: readonly Key[];
  hidden: ReadonlySet<string>;
  onToggle: (id: string) => void;
  onLight: (id: string | undefined) => void;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? keys : keys.slice(0, KEYS_SHOWN);
  const rest = keys.length - KEYS_SHOWN;
  return (
    <div className={styles['legend']} role="group" aria-label="Shown series">
      {shown.map(({ id, label, color }) => (
        <button
          key={id}
          type="button"
          className={styles['key']}
          aria-pressed={!hidden.has(id)}
          title={label}
          onClick={() => onToggle(id)}
          onPointerEnter={() => onLight(id)}
          onPointerLeave={() => onLight(undefined)}
        >
          <span className={styles['swatch']} style={{ background: color }} />
          <span className={styles['name']}>{label}</span>
        </button>
      ))}
      {rest > 0 && (
        <button type="button" className={styles['more']} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `${rest} more`}
        </button>
      )}
    </div>
  );
}
