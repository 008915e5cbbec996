import type { DataOf } from '../../api/calls.ts';
import type { Tone } from '../../ui/charts/palette.ts';

export type Delivery = DataOf<'getDestinationDelivery'>;
export type Step = Delivery['steps'][number];

export const STAGES = ['received', 'invalid', 'source', 'destination', 'delivered', 'failed', 'waiting'] as const;
export type StageId = (typeof STAGES)[number];

/** A card of the way from a source to a tool. */
export type Stage = {
  id: StageId;
  title: string;
  count: number;
  /** In per cent of everything that came. Null: there is nothing to have a share of, or it is no share. */
  share: number | null;
  /** Points against the period before. */
  change: number | null;
  /** Whether more of it is good. */
  isGood: boolean;
  tone: Tone;
  unit: 'events' | 'sends';
  note: string | undefined;
  series: readonly number[];
  /** Of what reasons, breakdown and chart are; the last card has none. */
  step: Step | undefined;
};

const FACES: readonly { id: StageId; step: Step['step']; title: string; isGood: boolean; tone: Tone }[] = [
  { id: 'received', step: 'SUCCESSFULLY_RECEIVED', title: 'Received', isGood: true, tone: 'neutral' },
  { id: 'invalid', step: 'FAILED_ON_INGEST', title: 'Not valid', isGood: false, tone: 'warn' },
  { id: 'source', step: 'FILTERED_AT_SOURCE', title: 'Kept at source', isGood: false, tone: 'idle' },
  { id: 'destination', step: 'FILTERED_AT_DESTINATION', title: 'Filtered here', isGood: false, tone: 'idle' },
  { id: 'delivered', step: 'SUCCESSFUL_DELIVERY', title: 'Delivered', isGood: true, tone: 'good' },
  { id: 'failed', step: 'FAILED_DELIVERY', title: 'Failed', isGood: false, tone: 'bad' },
];

/** The cards of a delivery page, in the order in which events go through them. */
export function stagesOf(data: Delivery): Stage[] {
  const stages = FACES.flatMap(({ id, step: name, title, isGood, tone }): Stage[] => {
    const step = data.steps.find((one) => one.step === name);
    if (step === undefined) return [];
    const { count, share, change, series } = step;
    const unit = step.unit === 'SENDS' ? 'sends' : 'events';
    return [{ id, title, count, share, change, isGood, tone, unit, note: noteOf(id, data), series, step }];
  });
  const { delivery } = data;
  if (delivery === undefined) return stages;
  const waiting: Stage = {
    id: 'waiting',
    title: 'Waiting',
    count: delivery.pendingRetries,
    share: null,
    change: null,
    isGood: false,
    tone: 'warn',
    unit: 'sends',
    note: 'for a next try',
    series: delivery.retrySeries,
    step: undefined,
  };
  return [...stages, waiting];
}

function noteOf(id: StageId, { delivery }: Delivery): string | undefined {
  if (delivery === undefined) return undefined;
  if (id === 'delivered' && delivery.onRetry > 0) return `${delivery.onRetry.toLocaleString('en')} on a retry`;
  return undefined;
}

/** How a share has changed, in words: "+7 points"; undefined where it did not. */
export function changeWords(change: number | null): string | undefined {
  if (change === null) return undefined;
  const points = Math.round(change * 10) / 10;
  if (points === 0) return undefined;
  return `${points > 0 ? '+' : '−'}${Math.abs(points)} ${Math.abs(points) === 1 ? 'point' : 'points'}`;
}

export const BREAKDOWNS = ['event', 'type', 'version'] as const;
export type BreakdownBy = (typeof BREAKDOWNS)[number];

const NO_NAME = '(no name)';
const NO_VERSION = '(no app version)';

/** Rows of a breakdown added up by one of their columns, most first. */
export function breakdownOf(rows: Step['breakdown'], by: BreakdownBy): { id: string; label: string; value: number }[] {
  const sums = new Map<string, { label: string; value: number }>();
  for (const { eventType, eventName, appVersion, count } of rows) {
    const id = by === 'event' ? `${eventType}:${eventName}` : by === 'type' ? eventType : appVersion;
    const name = eventName === '' ? NO_NAME : eventName;
    const event = eventType === 'track' ? name : eventName === '' ? eventType : `${eventType}: ${eventName}`;
    const label = by === 'event' ? event : by === 'type' ? eventType : appVersion === '' ? NO_VERSION : appVersion;
    const known = sums.get(id);
    sums.set(id, { label, value: (known?.value ?? 0) + count });
  }
  return [...sums].map(([id, sum]) => ({ id, ...sum })).toSorted((a, b) => b.value - a.value);
}
