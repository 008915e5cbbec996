import { memo, useMemo } from 'react';
import styles from './charts.module.css';
import type { TimeFormat } from './format.ts';
import type { ChartKind, ChartLayout } from './layout.ts';
import type { Key } from './legend.tsx';
import { areaPath, barsPath, linePath } from './paths.ts';

/** How much of a band is filled: more where bands lie on each other, so that each can be told. */
const FILL = { stacked: 0.3, alone: 0.14 } as const;
/** How far the others step back while one is pointed at in the legend. */
const BACK = 0.18;
/** Half the width of a label of the time axis: the first and the last keep that far from the edges. */
const HALF_LABEL_PX = 26;

/** The axes: lines across, numbers at the left, times below. */
export const Axes = memo(({ layout, times }: { layout: ChartLayout; times: TimeFormat }) => (
  <g>
    {layout.valueTicks.map(({ value, text }, index) => (
      <g key={value} transform={`translate(0 ${Math.round(layout.y(value))})`}>
        <line
          className={index === 0 ? `${styles['grid']} ${styles['base']}` : styles['grid']}
          x1={layout.left}
          x2={layout.right}
        />
        <text className={styles['tick']} x={layout.left - 8} dy="0.32em" textAnchor="end">
          {text}
        </text>
      </g>
    ))}
    {layout.timeTicks.map(({ at, startsDay }) => {
      const place = layout.to > layout.from ? layout.x(at) : (layout.left + layout.right) / 2;
      return (
        <text
          key={at}
          className={startsDay ? `${styles['tick']} ${styles['day']}` : styles['tick']}
          x={Math.min(layout.width - HALF_LABEL_PX, Math.max(HALF_LABEL_PX, place))}
          y={layout.bottom + 17}
          textAnchor="middle"
        >
          {times.axis(at, startsDay)}
        </text>
      );
    })}
  </g>
));
Axes.displayName = 'Axes';

/** All series. What is still counting is drawn dashed, or pale where it is a bar. */
export const Marks = memo(
  ({
    layout,
    kind,
    stacked,
    keys,
    partialFrom,
    lit,
  }: {
    layout: ChartLayout;
    kind: ChartKind;
    stacked: boolean;
    keys: readonly Key[];
    partialFrom: number;
    lit: string | undefined;
  }) => {
    const drawn = useMemo(() => pathsOf(layout, kind, partialFrom), [layout, kind, partialFrom]);
    return (
      <g className={styles['marks']}>
        {drawn.map(({ index, area, done, open }) => {
          const key = keys[index];
          if (key === undefined) return null;
          const opacity = lit === undefined || lit === key.id ? 1 : BACK;
          if (kind === 'bars') {
            return (
              <g key={key.id} opacity={opacity} fill={key.color}>
                <path d={done} />
                <path d={open} fillOpacity={0.35} stroke={key.color} strokeDasharray="2 2" />
              </g>
            );
          }
          return (
            <g key={key.id} opacity={opacity} fill="none" stroke={key.color} strokeWidth={1.75} strokeLinejoin="round">
              {kind === 'area' && (
                <path d={area} fill={key.color} fillOpacity={stacked ? FILL.stacked : FILL.alone} stroke="none" />
              )}
              <path d={done} strokeLinecap="round" />
              <path d={open} strokeDasharray="3 4" />
            </g>
          );
        })}
      </g>
    );
  },
);
Marks.displayName = 'Marks';

function pathsOf(layout: ChartLayout, kind: ChartKind, partialFrom: number) {
  const { bands, centres, barXs, barWidth, y } = layout;
  return bands.map((band) =>
    kind === 'bars'
      ? {
          index: band.index,
          area: '',
          done: barsPath(band, barXs, y, barWidth, 0, partialFrom),
          open: barsPath(band, barXs, y, barWidth, partialFrom),
        }
      : {
          index: band.index,
          area: kind === 'area' ? areaPath(band, centres, y) : '',
          done: linePath(band, centres, y, 0, partialFrom),
          open: partialFrom < centres.length ? linePath(band, centres, y, Math.max(0, partialFrom - 1)) : '',
        },
  );
}
