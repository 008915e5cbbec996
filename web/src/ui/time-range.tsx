import { SegmentedControl } from '@mantine/core';

/** Spans that end now. */
export const RANGES = ['10m', '1h', '24h', '7d', '14d'] as const;
export type Range = (typeof RANGES)[number];
const WORDS: Readonly<Record<Range, string>> = {
  '10m': '10 min',
  '1h': '1 hour',
  '24h': '24 hours',
  '7d': '7 days',
  '14d': '14 days',
};

/** `24h` as "24 hours". */
export const rangeText = (range: Range): string => WORDS[range];

/** A range of a query string, if it is one. */
export const rangeIn = (value: unknown): Range | undefined => RANGES.find((one) => one === value);

/** Until there is a day of data, the range that it fills (issue 7, part 3). */
export function rangeForAge(createdAt: string | undefined, nowMs = Date.now()): Range {
  if (createdAt === undefined) return '24h';
  const minutes = (nowMs - Date.parse(createdAt)) / 60_000;
  if (minutes <= 15) return '10m';
  return minutes <= 120 ? '1h' : '24h';
}

/** Chooses a span; the page keeps it in its address. */
export function TimeRange({
  value,
  onChange,
  ranges = RANGES,
}: {
  value: Range;
  onChange: (range: Range) => void;
  ranges?: readonly Range[];
}) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Time range"
      value={value}
      onChange={(chosen) => onChange(chosen)}
      data={ranges.map((one) => ({ value: one, label: WORDS[one] }))}
      transitionDuration={0}
    />
  );
}
