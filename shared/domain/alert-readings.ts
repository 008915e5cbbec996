import { type Alert, ALERT_MINUTES_MAX } from './alert.ts';
import type { WindowDigest } from './digest-window.ts';
import type { DestinationId, MappingId, SourceId } from './ids.ts';
import type { Counts } from './ledger-rows.ts';
import type { Mismatch } from './mismatch.ts';
import { minuteOf, minutePlus } from './timestamp.ts';
import type { Destination, Source } from './workspace.ts';

/** How far back a code must not have been seen to be new. */
export const NEW_ERROR_DAYS = 7;
/** An hour after its first sight a code is not news any more. */
export const NEW_ERROR_MINUTES = 60;
/** What DEAD_LETTERS looks back on where nothing is said. */
export const DEAD_LETTER_MINUTES_DEFAULT = 60;
/** What somebody ended on purpose, by switching a destination off, pausing or deleting it. */
export const ENDED_BY_HAND: ReadonlySet<string> = new Set([
  'destination_disabled',
  'destination_paused',
  'destination_deleted',
]);
const PERCENT = 100;
const DAY_MS = 86_400_000;
/** The span of SOURCE_VOLUME and DELIVERY_RATE. */
const DAY_MINUTES = 1_440;

/** What all alerts of a workspace are judged by. What is `undefined` is not known now: then an alert neither begins nor ends. */
export type AlertFacts = {
  now: string;
  /** The first minute that the sums have: of what was before it, nobody knows. */
  summedSince: string;
  sources: readonly Pick<Source, 'id' | 'name' | 'createdAt' | 'enabled'>[];
  destinations: readonly Pick<Destination, 'id' | 'name' | 'sourceId' | 'enabled' | 'createdAt'>[];
  /** Sums of the last minutes, up to now. */
  last: (minutes: number) => WindowDigest | undefined;
  /** Sums of the 24 hours before the last 24. */
  dayBefore: WindowDigest | undefined;
  /** Codes that were seen first in the last NEW_ERROR_MINUTES, by destination. */
  newErrors: Readonly<Record<string, readonly string[]>> | undefined;
  /** Sends of the last 24 hours by mapping. */
  mappings: ReadonlyMap<MappingId, { name: string; delivered: number; failed: number }> | undefined;
  /** Age of the oldest message of the lane that carries a destination, in seconds. */
  laneAges: ReadonlyMap<DestinationId, number> | undefined;
  mismatches: readonly Mismatch[] | undefined;
  /** Of this calendar month. */
  usage: { [Measure in NonNullable<Alert['measure']>]?: number };
};

/** One thing that an alert looks at, as it is now. `said`: in words, for whoever is told. */
export type Reading = {
  /** Names the thing within its alert. */
  object: string;
  is: 'bad' | 'good' | 'unknown';
  sourceId?: SourceId;
  destinationId?: DestinationId;
  said: string;
};

/** What an alert sees. Pure; an alert of the audit trail sees nothing here, its entries are told as they come. */
export function readingsOf(alert: Alert, facts: AlertFacts): Reading[] {
  switch (alert.kind) {
    case 'SOURCE_VOLUME':
      return sourcesOf(alert, facts).map((source) => volume(alert.percent ?? 0, source, facts));
    case 'DELIVERY_RATE':
      return destinationsOf(alert, facts).map((destination) => deliveryRate(alert, destination, facts));
    case 'SUBSCRIPTION_DELIVERY_RATE':
      return mappingRate(alert, facts);
    case 'NEW_ERROR':
      return destinationsOf(alert, facts).flatMap((destination) => newErrors(destination, facts));
    case 'LANE_AGE':
      return destinationsOf(alert, facts).map((destination) => laneAge(alert.seconds ?? 0, destination, facts));
    case 'DEAD_LETTERS':
      return destinationsOf(alert, facts).map((destination) => deadLetters(alert, destination, facts));
    case 'LEDGER_MISMATCH':
      return mismatches(alert, facts);
    case 'USAGE':
      return [usage(alert, facts)];
    case 'EVENT':
    default:
      return [];
  }
}

type SourceFact = AlertFacts['sources'][number];
type DestinationFact = AlertFacts['destinations'][number];

const sourcesOf = ({ sourceId }: Alert, { sources }: AlertFacts): SourceFact[] =>
  sources.filter(({ id, enabled }) => enabled && (sourceId === undefined || id === sourceId));
const destinationsOf = ({ destinationId }: Alert, { destinations }: AlertFacts): DestinationFact[] =>
  destinations.filter(({ id, enabled }) => enabled && (destinationId === undefined || id === destinationId));

const ofSource = ({ id }: Pick<SourceFact, 'id'>) => ({ object: id, sourceId: id });
const ofDestination = ({ id, sourceId }: DestinationFact) => ({ object: id, destinationId: id, sourceId });
const judged = (isBad: boolean): 'bad' | 'good' => (isBad ? 'bad' : 'good');

/** H06: the last 24 hours against the 24 before: strictly below 100 - p of a hundred, or strictly above 100 + p. */
function volume(percent: number, source: SourceFact, { now, last, dayBefore }: AlertFacts): Reading {
  const about = ofSource(source);
  const present = last(ALERT_MINUTES_MAX);
  // What a source took before it was there is nothing to compare with.
  const isYoung = Date.parse(now) - Date.parse(source.createdAt) < 2 * DAY_MS;
  const before = receivedBy(dayBefore, source.id);
  if (present === undefined || dayBefore === undefined || isYoung || before === 0) {
    return { ...about, is: 'unknown', said: `${source.name}: there is no day before to compare with` };
  }
  const received = receivedBy(present, source.id);
  // In whole numbers: 0.1 + 0.2 decides nothing.
  const isBad = received * PERCENT < (PERCENT - percent) * before || received * PERCENT > (PERCENT + percent) * before;
  const share = shareText(received, before);
  return {
    ...about,
    is: judged(isBad),
    said: `${source.name}: ${count(received)} events in the last 24 hours, ${share} of the ${count(before)} in the 24 hours before (allowed: ${count(Math.max(0, PERCENT - percent))} % to ${count(PERCENT + percent)} %)`,
  };
}

const receivedBy = (digest: WindowDigest | undefined, id: SourceId): number => own(digest?.sources, id)?.received ?? 0;

/** H07: strictly below. Base: tries that were delivered or failed; what was filtered before is in neither. */
function deliveryRate(alert: Alert, destination: DestinationFact, { last }: AlertFacts): Reading {
  const minutes = alert.minutes ?? ALERT_MINUTES_MAX;
  const digest = last(minutes);
  const found = own(digest?.destinations, destination.id);
  const delivered = found?.delivered ?? 0;
  return rated(ofDestination(destination), destination.name, digest !== undefined, minutes, alert, {
    delivered,
    failed: total(found?.failedTries),
  });
}

function mappingRate(alert: Alert, facts: AlertFacts): Reading[] {
  const { subscriptionId, destinationId } = alert;
  const destination = facts.destinations.find(({ id, enabled }) => enabled && id === destinationId);
  if (destination === undefined || subscriptionId === undefined) return [];
  const found = facts.mappings?.get(subscriptionId);
  const name = `${destination.name}, ${found?.name ?? 'subscription'}`;
  const about = { ...ofDestination(destination), object: subscriptionId };
  return [rated(about, name, facts.mappings !== undefined, ALERT_MINUTES_MAX, alert, found)];
}

function rated(
  about: Pick<Reading, 'object' | 'sourceId' | 'destinationId'>,
  name: string,
  isKnown: boolean,
  minutes: number,
  { percent = 0, count: least = 1 }: Alert,
  { delivered, failed }: { delivered: number; failed: number } = { delivered: 0, failed: 0 },
): Reading {
  const base = delivered + failed;
  if (!isKnown || base === 0)
    return { ...about, is: 'unknown', said: `${name}: nothing was tried in ${time(minutes)}` };
  if (base < least) {
    // Too few to begin an alert, and no reason to keep one up: what there is may all have been delivered.
    return {
      ...about,
      is: failed === 0 ? 'good' : 'unknown',
      said: `${name}: ${count(base)} tries in ${time(minutes)} are too few to tell`,
    };
  }
  return {
    ...about,
    is: judged(delivered * PERCENT < percent * base),
    said: `${name}: ${shareText(delivered, base)} of ${count(base)} tries in ${time(minutes)} were delivered (at least ${percent} % are expected)`,
  };
}

/** One reading for all new codes of a destination: one message, not one for each code. */
function newErrors(destination: DestinationFact, { newErrors: known, summedSince, now }: AlertFacts): Reading[] {
  const about = ofDestination(destination);
  // What it answered with before there were sums may be no news.
  const isLookedBackOn =
    minuteOf(destination.createdAt) >= summedSince || minutesBefore(now, NEW_ERROR_DAYS * DAY_MINUTES) >= summedSince;
  if (known === undefined || !isLookedBackOn)
    return [{ ...about, is: 'unknown', said: `${destination.name}: errors are not known now` }];
  const codes = own<readonly string[]>(known, destination.id) ?? [];
  return codes.map((code) => ({
    ...about,
    object: `${destination.id}#${code}`,
    is: 'bad' as const,
    said: `${destination.name}: ${code}, which was not seen there in ${NEW_ERROR_DAYS} days`,
  }));
}

function laneAge(seconds: number, destination: DestinationFact, { laneAges }: AlertFacts): Reading {
  const age = laneAges?.get(destination.id);
  return {
    ...ofDestination(destination),
    is: age === undefined ? 'unknown' : judged(age > seconds),
    said: `${destination.name}: the oldest message has waited ${count(age ?? 0)} s (allowed: ${count(seconds)} s)`,
  };
}

function deadLetters(alert: Alert, destination: DestinationFact, { last, summedSince, now }: AlertFacts): Reading {
  const minutes = alert.minutes ?? DEAD_LETTER_MINUTES_DEFAULT;
  const digest = last(minutes);
  const found = own(digest?.destinations, destination.id)?.deadLettered ?? {};
  const counted = Object.entries(found).filter(([reason]) => !ENDED_BY_HAND.has(reason));
  const sum = counted.reduce((all, [, each]) => all + each, 0);
  const isMany = digest !== undefined && sum >= (alert.count ?? 1);
  // Of a time that is not all summed up a few are not all.
  const isWhole = minutesBefore(now, minutes - 1) >= summedSince;
  const reasons = counted
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([reason]) => reason);
  return {
    ...ofDestination(destination),
    is: isMany ? 'bad' : digest === undefined || !isWhole ? 'unknown' : 'good',
    said: `${destination.name}: ${count(sum)} events went to the dead letters in ${time(minutes)}${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`,
  };
}

/** Books of all destinations, those that are switched off, too; without a destination in the alert also those of sources, and of what is gone. */
function mismatches(
  { destinationId: asked }: Alert,
  { mismatches: found, sources, destinations }: AlertFacts,
): Reading[] {
  const judge = (about: Omit<Reading, 'is' | 'said'>, name: string, own: readonly Mismatch[]): Reading => {
    const words = own.map(({ kind, count: difference }) => `${kind} ${count(difference)}`).join(', ');
    const is = found === undefined ? 'unknown' : judged(own.length > 0);
    return { ...about, is, said: `${name}: the books do not add up${words === '' ? '' : ` (${words})`}` };
  };
  const ofDestinations = destinations
    .filter(({ id }) => asked === undefined || id === asked)
    .map((one) =>
      judge(ofDestination(one), one.name, found?.filter(({ destinationId }) => destinationId === one.id) ?? []),
    );
  if (asked !== undefined) return ofDestinations;
  const known = new Set<string>(destinations.map(({ id }) => id));
  const rest = found?.filter(({ destinationId }) => destinationId === undefined || !known.has(destinationId)) ?? [];
  const sourceIds = new Set([...sources.map(({ id }) => id), ...rest.map(({ sourceId }) => sourceId)]);
  const ofSources = [...sourceIds].map((id) => {
    const name = sources.find((one) => one.id === id)?.name ?? id;
    return judge(
      ofSource({ id }),
      name,
      rest.filter(({ sourceId }) => sourceId === id),
    );
  });
  return [...ofDestinations, ...ofSources];
}

function usage({ measure = 'API_CALLS', count: most = 0 }: Alert, { usage: used, now }: AlertFacts): Reading {
  const value = used[measure];
  const what = measure === 'MTU' ? 'tracked users' : 'API calls';
  return {
    // A new month is a new thing: the old one is not over by being counted anew.
    object: `${measure}#${now.slice(0, 7)}`,
    is: value === undefined ? 'unknown' : judged(value >= most),
    said: `${count(value ?? 0)} ${what} in ${now.slice(0, 7)} (told at ${count(most)})`,
  };
}

const minutesBefore = (now: string, minutes: number): string => minutePlus(minuteOf(now), -minutes);

/** Ids come from our own rows, and are looked up as own members all the same. */
const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
const total = (counts: Counts = {}): number => Object.values(counts).reduce((sum, each) => sum + each, 0);
const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
const shareText = (part: number, whole: number): string => `${count((part / whole) * PERCENT)} %`;
function time(minutes: number): string {
  if (minutes === ALERT_MINUTES_MAX) return 'the last 24 hours';
  return minutes === 60 ? 'the last hour' : `the last ${minutes} minutes`;
}
