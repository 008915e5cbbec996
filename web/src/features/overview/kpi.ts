import { exact, percent, duration } from '../../ui/format.ts';
import { rateText } from '../../ui/graph/flow.ts';
import type { Tone } from '../../ui/charts/palette.ts';
import { minutesIn } from './rates.ts';
import type { Overview } from './overview.ts';

/** What the head of the page tells; each opens the list behind it. */
export const TILES = ['received', 'delivered', 'failing', 'latency', 'violations'] as const;
export type TileId = (typeof TILES)[number];

/** `better`: whether the change is for the better; undefined where more is neither good nor bad. */
export type Change = { text: string; isUp: boolean; better: boolean | undefined };
export type Tile = {
  id: TileId;
  label: string;
  value: string;
  /** The number exactly, where `value` is shortened. */
  exactly?: string;
  about: string;
  tone: Tone;
  values: readonly number[];
  change?: Change | undefined;
};

/** Changes below this are noise. */
const CHANGE_MIN = 0.005;
/** Above this a share says nothing any more. */
const CHANGE_MAX = 9.99;
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const short = (value: number): string => (value < 10_000 ? exact(value) : COMPACT.format(value));

/** The tiles of an answer. `createdAt`: of the workspace; nothing is compared with a time before it. */
export function tilesOf(overview: Overview, createdAt: string | undefined): Tile[] {
  const { totals, series, sources, destinations } = overview;
  const before = comparable(overview, createdAt);
  const minutes = minutesIn(overview, createdAt);
  const ended = totals.delivered + totals.failed;
  const degraded = [...sources, ...destinations].filter(({ state }) => state === 'DEGRADED').length;
  const over = stepsOver(overview);
  const tiles: Tile[] = [
    {
      id: 'received',
      label: 'Events received',
      value: short(totals.received),
      exactly: exact(totals.received),
      about: totals.received === 0 ? 'none in this range' : `${rateText(totals.received / minutes)} per minute`,
      tone: 'neutral',
      values: series.received.slice(0, over),
      change: before && shareChange(totals.received / minutes, before.received / before.minutes, undefined),
    },
    {
      id: 'delivered',
      label: 'Delivered',
      value: ended === 0 ? '–' : percent(totals.deliveryRate),
      about:
        ended === 0
          ? 'nothing was sent yet'
          : totals.failed === 0
            ? `all ${short(totals.delivered)} sends`
            : `${short(totals.failed)} lost of ${short(ended)} sends`,
      tone: 'good',
      values: series.delivered.slice(0, over),
      change: before && rateChange(totals, before),
    },
    {
      id: 'failing',
      label: 'Failing',
      value: String(totals.failing),
      about:
        totals.failing + degraded + totals.failed === 0
          ? 'everything works'
          : [
              degraded > 0 && `${degraded} ${totals.failing > 0 ? 'more ' : ''}degraded`,
              totals.failed > 0 && `${short(totals.failed)} ${totals.failed === 1 ? 'send' : 'sends'} lost`,
            ]
              .filter((part) => part !== false)
              .join(' · ') || 'see what and why',
      tone: totals.failing > 0 ? 'bad' : degraded > 0 ? 'warn' : 'good',
      values: series.failed.slice(0, over),
    },
    {
      id: 'latency',
      label: 'P95 to delivery',
      value: totals.p95Ms === null ? '–' : duration(totals.p95Ms),
      about: totals.p95Ms === null ? 'nothing was delivered' : 'receipt to the tool’s answer',
      tone: 'neutral',
      values: series.p95Ms.slice(0, over).map((ms) => ms ?? 0),
      change:
        before && totals.p95Ms !== null && before.p95Ms !== null
          ? shareChange(totals.p95Ms, before.p95Ms, false)
          : undefined,
    },
  ];
  if (totals.violations > 0)
    tiles.push({
      id: 'violations',
      label: 'Violations',
      value: short(totals.violations),
      exactly: exact(totals.violations),
      about: 'events that a plan objects to',
      tone: 'warn',
      values: [],
    });
  return tiles;
}

/** Steps that are over, and counted: one that has just begun would look like a fall. */
function stepsOver({ series, from, asOf }: Overview): number {
  const over = Math.floor((Date.parse(asOf) - Date.parse(from)) / (series.stepSeconds * 1_000));
  return over < 2 ? series.received.length : over;
}

/** The time before, where all of it can have numbers. */
function comparable({ before }: Overview, createdAt: string | undefined) {
  if (before === null || (createdAt !== undefined && createdAt > before.from)) return undefined;
  return { ...before, minutes: minutesIn(before, undefined) };
}

/** `moreIsBetter` undefined: neither. */
function shareChange(now: number, before: number, moreIsBetter: boolean | undefined): Change | undefined {
  if (before === 0) return undefined;
  const change = now / before - 1;
  if (Math.abs(change) < CHANGE_MIN) return undefined;
  const text = Math.abs(change) > CHANGE_MAX ? 'more than tenfold' : percent(Math.abs(change));
  return { text, isUp: change > 0, better: moreIsBetter === undefined ? undefined : change > 0 === moreIsBetter };
}

type Ended = { delivered: number; failed: number };

/** In percentage points. */
function rateChange(now: Ended, before: Ended): Change | undefined {
  const rate = ({ delivered, failed }: Ended): number | undefined =>
    delivered + failed === 0 ? undefined : delivered / (delivered + failed);
  const [present, past] = [rate(now), rate(before)];
  if (present === undefined || past === undefined) return undefined;
  const points = (present - past) * 100;
  if (Math.abs(points) < CHANGE_MIN * 10) return undefined;
  return { text: `${Math.abs(points).toFixed(1)} points`, isUp: points > 0, better: points > 0 };
}
