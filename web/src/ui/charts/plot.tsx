import { VisuallyHidden } from '@mantine/core';
import { useId, useMemo } from 'react';
import styles from './charts.module.css';
import type { TimeFormat } from './format.ts';
import { type ChartKind, chartLayout } from './layout.ts';
import type { Key } from './legend.tsx';
import { Axes, Marks } from './marks.tsx';
import type { ChartModel } from './model.ts';
import { spokenReadings, Tooltip } from './tooltip.tsx';
import { type Chosen, useCursor } from './use-cursor.ts';

/** Radius of the dots at the cursor. */
const DOT_PX = 4;

/** The drawn chart of a known width, with its cursor. */
export function Plot({
  model,
  keys,
  hidden,
  kind,
  stacked,
  width,
  height,
  label,
  timeZone,
  times,
  format,
  exact,
  lit,
  onChoose,
}: {
  model: ChartModel;
  keys: readonly Key[];
  hidden: ReadonlySet<string>;
  kind: ChartKind;
  stacked: boolean;
  width: number;
  height: number;
  label: string;
  timeZone: string;
  times: TimeFormat;
  format: (value: number) => string;
  exact: (value: number) => string;
  lit: string | undefined;
  onChoose: ((chosen: Chosen) => void) | undefined;
}) {
  const hintId = useId();
  const shown = (id: string) => !hidden.has(id);
  const layout = useMemo(
    () => chartLayout({ model, shown: (id) => !hidden.has(id), kind, stacked, width, height, timeZone, format }),
    [model, hidden, kind, stacked, width, height, timeZone, format],
  );
  const { at, chosen, handlers } = useCursor(layout, onChoose);
  const value = at ?? model.times.length - 1;
  const time = times.full(model.times[value] ?? 0);

  return (
    <>
      <div
        className={styles['plot']}
        style={{ height }}
        role="slider"
        tabIndex={0}
        aria-label={`${label}, point in time`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, model.times.length - 1)}
        aria-valuenow={value}
        aria-valuetext={chosen === undefined ? time : `${times.full(model.times[chosen.start] ?? 0)} to ${time}`}
        aria-describedby={hintId}
        {...handlers}
      >
        <svg className={styles['svg']} width={width} height={height} aria-hidden="true">
          <Axes layout={layout} times={times} />
          {chosen !== undefined && (
            <rect
              className={styles['selection']}
              x={Math.min(layout.centres[chosen.start] ?? 0, layout.centres[chosen.end] ?? 0)}
              width={Math.abs((layout.centres[chosen.start] ?? 0) - (layout.centres[chosen.end] ?? 0))}
              y={layout.top}
              height={layout.bottom - layout.top}
            />
          )}
          {at !== undefined && kind === 'bars' && (
            <rect
              className={styles['column']}
              x={(layout.barXs[at] ?? 0) - 1}
              width={layout.barWidth + 2}
              y={layout.top}
              height={layout.bottom - layout.top}
            />
          )}
          <Marks layout={layout} kind={kind} stacked={stacked} keys={keys} partialFrom={model.partialFrom} lit={lit} />
          {at !== undefined && kind !== 'bars' && (
            <g>
              <line
                className={styles['cursor']}
                x1={layout.centres[at]}
                x2={layout.centres[at]}
                y1={layout.top}
                y2={layout.bottom}
              />
              {layout.bands.map(({ index, high }) => {
                const top = high[at];
                if (top === undefined) return null;
                return (
                  <circle
                    key={index}
                    className={styles['dot']}
                    cx={layout.centres[at]}
                    cy={layout.y(top)}
                    r={DOT_PX}
                    fill={keys[index]?.color}
                  />
                );
              })}
            </g>
          )}
        </svg>
        {at !== undefined && (
          <Tooltip
            model={model}
            at={at}
            x={layout.centres[at] ?? 0}
            width={width}
            keys={keys}
            shown={shown}
            times={times}
            exact={exact}
            summed={stacked}
          />
        )}
      </div>
      <VisuallyHidden id={hintId}>
        {onChoose === undefined
          ? 'Arrow keys move through time.'
          : 'Arrow keys move through time. With Shift they choose a range, Enter takes it.'}
      </VisuallyHidden>
      <VisuallyHidden aria-live="polite">
        {at === undefined ? '' : spokenReadings(model, at, shown, exact, stacked)}
      </VisuallyHidden>
    </>
  );
}
