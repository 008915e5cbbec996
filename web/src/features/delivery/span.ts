const DAY_MS = 86_400_000;
/** The longest span that the API takes, and how far back. */
const CUSTOM_MS_MAX = 14 * DAY_MS;
const BACK_MS_MAX = 60 * DAY_MS;

/** A range of the reader's own. */
export type Span = { from: string; to: string };

/** Why the API would refuse a span, in words; undefined for one that it takes. */
export function spanFault({ from, to }: Span, nowMs: number): string | undefined {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(start) || Number.isNaN(end)) return 'Say when it begins and when it ends.';
  if (end <= start) return 'It must end after it begins.';
  if (end - start > CUSTOM_MS_MAX) return 'Choose 14 days at most.';
  if (start < nowMs - BACK_MS_MAX) return 'Counts of more than 60 days ago are not kept by the hour.';
  return start > nowMs ? 'It has not begun yet.' : undefined;
}
