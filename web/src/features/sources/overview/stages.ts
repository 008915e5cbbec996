import type { DataOf } from '../../../api/calls.ts';

export type Delivery = DataOf<'getSourceDelivery'>;
type Step = Delivery['steps'][number];
export type Discard = Step['discards'][number];
export type StageId = 'received' | 'failed' | 'filtered' | 'eligible';

export type Stage = {
  id: StageId;
  title: string;
  about: string;
  count: number;
  /** Of what came, 0 to 1; nothing where nothing came. */
  share: number | undefined;
  /** Of `received` the change of its number as a share; of others of their share, in points. */
  change: { value: number; unit: 'share' | 'points' } | undefined;
  series: readonly number[];
  discards: readonly Discard[];
  discardsLeftOut: number;
  breakdown: Step['breakdown'];
};

const stepOf = (delivery: Delivery, step: Step['step']): Step | undefined =>
  delivery.steps.find((one) => one.step === step);

const points = (value: number | null | undefined): Stage['change'] =>
  value === null || value === undefined ? undefined : { value, unit: 'points' };

/** The way of events at a source as four stages. `before`: what came in the period before, where it is known. */
export function stagesOf(delivery: Delivery, before: number | undefined): Stage[] {
  const taken = stepOf(delivery, 'SUCCESSFULLY_RECEIVED');
  const failed = stepOf(delivery, 'FAILED_ON_INGEST');
  const filtered = stepOf(delivery, 'FILTERED_AT_SOURCE');
  const { received } = delivery;
  const share = (count: number): number | undefined => (received === 0 ? undefined : count / received);
  const takenCount = taken?.count ?? 0;
  const filteredCount = filtered?.count ?? 0;
  const eligible = takenCount - filteredCount;
  const none = { discards: [], discardsLeftOut: 0 };
  const sumOf = (a: readonly number[] = [], b: readonly number[] = [], sign: 1 | -1 = 1): number[] =>
    delivery.starts.map((_, at) => Math.max(0, (a[at] ?? 0) + sign * (b[at] ?? 0)));
  const eligibleChange =
    failed?.change === null || failed === undefined ? undefined : -(failed.change + (filtered?.change ?? 0));
  return [
    {
      id: 'received',
      title: 'Received',
      about: 'Everything that was sent with a key of this source',
      count: received,
      share: undefined,
      change: before === undefined || before === 0 ? undefined : { value: (received - before) / before, unit: 'share' },
      series: sumOf(taken?.series, failed?.series),
      breakdown: taken?.breakdown ?? [],
      ...none,
    },
    {
      id: 'failed',
      title: 'Failed on ingest',
      about: 'Came, and was no event: counted, kept for a look, sent nowhere',
      count: failed?.count ?? 0,
      share: share(failed?.count ?? 0),
      change: points(failed?.change),
      series: failed?.series ?? [],
      breakdown: failed?.breakdown ?? [],
      discards: failed?.discards ?? [],
      discardsLeftOut: failed?.discardsLeftOut ?? 0,
    },
    {
      id: 'filtered',
      title: 'Filtered at source',
      about: 'Kept back by the schema, as a duplicate or for a suppressed user',
      count: filteredCount,
      share: share(filteredCount),
      change: points(filtered?.change),
      series: filtered?.series ?? [],
      breakdown: filtered?.breakdown ?? [],
      discards: filtered?.discards ?? [],
      discardsLeftOut: filtered?.discardsLeftOut ?? 0,
    },
    {
      id: 'eligible',
      title: 'Eligible',
      about: 'Goes on to the destinations, whose own filters and mappings decide from there',
      count: eligible,
      share: share(eligible),
      change: points(eligibleChange),
      series: sumOf(taken?.series, filtered?.series, -1),
      breakdown: taken?.breakdown ?? [],
      ...none,
    },
  ];
}

/** A change in words: "+12%" of a number, "+1.5 points" of a share. Undefined where there is none to tell. */
export function changeText(change: Stage['change']): string | undefined {
  if (change === undefined) return undefined;
  const value = change.unit === 'share' ? change.value * 100 : change.value;
  const rounded = Math.round(value * 10) / 10;
  if (rounded === 0) return 'no change';
  const number = `${rounded > 0 ? '+' : '−'}${Math.abs(rounded)}`;
  return change.unit === 'share' ? `${number}%` : `${number} ${Math.abs(rounded) === 1 ? 'point' : 'points'}`;
}
