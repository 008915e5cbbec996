import { type Band, bandsOf, type ChartModel, isWhole, topOf } from './model.ts';
import { linearScale, type Scale } from './scale.ts';
import { valueTicks } from './ticks.ts';
import { type TimeTick, timeTicks } from './time-ticks.ts';

/** How a chart is drawn. */
export type ChartKind = 'area' | 'bars' | 'line';

/** Room above the plot for half a tick label, below it for the time axis, to the right for half a label. */
export const MARGIN = { top: 10, bottom: 24, right: 12 } as const;
/** Least room for one label of the time axis, in px. */
const TIME_LABEL_PX = 66;
/** Least distance between two ticks of the value axis, in px. */
const VALUE_TICK_PX = 44;
/** Advance of a digit at the size of the axis, in px; labels are ASCII. */
const DIGIT_PX = 6.6;
const AXIS_GAP_PX = 10;
/** Share of a bucket that its bar fills, and the widest bar. */
const BAR_FILL = 0.76;
const BAR_MAX_PX = 40;

/** Everything that is needed to draw, in px. */
export type ChartLayout = {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  bands: readonly Band[];
  /** Where each time is marked and hovered: the middle of its bar, or its point. */
  centres: readonly number[];
  /** Left edges of bars. */
  barXs: readonly number[];
  barWidth: number;
  x: Scale;
  y: Scale;
  from: number;
  to: number;
  valueTicks: readonly { value: number; text: string }[];
  timeTicks: readonly TimeTick[];
};

/** What a layout is made of. */
export type LayoutInput = {
  model: ChartModel;
  shown: (id: string) => boolean;
  kind: ChartKind;
  stacked: boolean;
  width: number;
  height: number;
  timeZone: string;
  format: (value: number) => string;
};

/** Lays out a chart. The value axis begins at zero; it is as wide as its longest label. */
export function chartLayout({
  model,
  shown,
  kind,
  stacked,
  width,
  height,
  timeZone,
  format,
}: LayoutInput): ChartLayout {
  const { times, stepMs } = model;
  const bands = bandsOf(model, shown, stacked);
  const bottom = height - MARGIN.bottom;
  const ticks = valueTicks(
    topOf(bands),
    Math.max(1, Math.floor((bottom - MARGIN.top) / VALUE_TICK_PX)),
    isWhole(model),
  );
  const valueLabels = ticks.map((value) => ({ value, text: format(value) }));
  const left = Math.ceil(Math.max(...valueLabels.map(({ text }) => text.length)) * DIGIT_PX) + AXIS_GAP_PX;
  const right = Math.max(left + 1, width - MARGIN.right);
  const from = times[0] ?? 0;
  const to = (times.at(-1) ?? 0) + (kind === 'bars' ? stepMs : 0);
  const x = linearScale([from, to], [left, right]);
  const bucket = to > from ? x(from + stepMs) - x(from) : right - left;
  const centres = times.map((at) => x(at) + (kind === 'bars' && to > from ? bucket / 2 : 0));
  const barWidth = Math.min(BAR_MAX_PX, Math.max(1, bucket * BAR_FILL));
  return {
    width,
    height,
    left,
    right,
    top: MARGIN.top,
    bottom,
    bands,
    centres,
    barXs: centres.map((centre) => centre - barWidth / 2),
    barWidth,
    x,
    y: linearScale([0, ticks.at(-1) ?? 1], [bottom, MARGIN.top]),
    from,
    to,
    valueTicks: valueLabels,
    timeTicks:
      to > from
        ? timeTicks(from, to, Math.floor((right - left) / TIME_LABEL_PX), timeZone)
        : [{ at: from, startsDay: false }],
  };
}
