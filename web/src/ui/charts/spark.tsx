import styles from './charts.module.css';
import { type Tone, toneColor } from './palette.ts';
import { linearScale } from './scale.ts';

/** Size of a spark line in px: it fits a row of a table. */
const WIDTH_PX = 80;
const HEIGHT_PX = 24;
/** Room for the stroke above and below. */
const PAD_PX = 2;

/**
 * A line of values without axes, from zero up. `label` says what a reader would see: "1,204 events in 24 hours, falling". Without a value,
 * or with zeros only, a flat line at the bottom.
 */
export function Spark({
  values,
  label,
  tone = 'neutral',
  width = WIDTH_PX,
  height = HEIGHT_PX,
}: {
  values: readonly number[];
  label: string;
  tone?: Tone;
  width?: number;
  height?: number;
}) {
  const top = Math.max(0, ...values);
  const flat = top === 0;
  const x = linearScale([0, Math.max(1, values.length - 1)], [0, width]);
  const y = linearScale([0, flat ? 1 : top], [height - PAD_PX, PAD_PX]);
  const points = (values.length < 2 ? [values[0] ?? 0, values[0] ?? 0] : values).map(
    (value, at) => `${x(at).toFixed(1)},${y(Math.max(0, value)).toFixed(1)}`,
  );
  const line = `M${points.join('L')}`;
  const color = toneColor(flat ? 'idle' : tone);
  return (
    <svg className={styles['spark']} width={width} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      {!flat && <path d={`${line}V${height - PAD_PX}H0Z`} fill={color} fillOpacity={0.14} />}
      <path d={line} fill="none" stroke={color} strokeWidth={1.5} strokeLinejoin="round" />
    </svg>
  );
}
