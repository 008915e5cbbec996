import { compact, percent } from '../format.ts';

/** The two sides of the graph. */
export type Side = 'source' | 'destination';

/** A source or a destination. */
export type FlowNode = {
  id: string;
  name: string;
  /** Nodes of the same group are shown as one where there are many: the slug or id of the integration. */
  group: string;
  /** The name of the group, as the catalog has it. */
  groupName: string;
};

/** What flows from one source to one destination. */
export type FlowConnection = {
  sourceId: string;
  destinationId: string;
  perMinute: number;
  /** Share of tries that failed, 0 to 1. */
  failedShare: number;
  /** Switched off or paused: nothing is sent, whatever comes in. */
  paused?: boolean;
};

/** From this share of failed tries on, a connection is marked as failing. */
export const FAILING_SHARE = 0.05;

/** What a connection does; also a word of its own in lists. */
export type FlowState = 'flowing' | 'failing' | 'idle' | 'paused';

/** Paused before failing: what is off cannot fail. */
export function stateOf({
  perMinute,
  failedShare,
  paused,
}: Omit<FlowConnection, 'sourceId' | 'destinationId'>): FlowState {
  if (paused === true) return 'paused';
  if (failedShare > FAILING_SHARE) return 'failing';
  return perMinute > 0 ? 'flowing' : 'idle';
}

/** One text for each connection; ids have no spaces. */
export const connectionKey = ({
  sourceId,
  destinationId,
}: Pick<FlowConnection, 'sourceId' | 'destinationId'>): string => `${sourceId} ${destinationId}`;

/** Thinnest and thickest line in px, and how much a tenfold of volume adds. */
const LINE_MIN_PX = 1.5;
const LINE_MAX_PX = 5.5;
const LINE_PER_TENFOLD_PX = 1;

/** Width of a line by the logarithm of its volume. */
export const lineWidth = (perMinute: number): number =>
  Math.min(LINE_MAX_PX, LINE_MIN_PX + LINE_PER_TENFOLD_PX * Math.log10(1 + Math.max(0, perMinute)));

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });

/** A rate for a label: "0.4", "120", "12.5K". */
export function rateText(perMinute: number): string {
  if (perMinute < 10) return small.format(perMinute);
  return perMinute < 10_000 ? whole.format(perMinute) : compact(perMinute);
}

/** A connection in words, for lists and for those who cannot see lines. */
export function stateText(connection: Omit<FlowConnection, 'sourceId' | 'destinationId'>): string {
  const state = stateOf(connection);
  if (state === 'paused') return 'Paused';
  if (state === 'idle') return 'Idle';
  const rate = `${rateText(connection.perMinute)} per minute`;
  return state === 'failing' ? `${rate}, ${percent(connection.failedShare)} failed` : rate;
}
