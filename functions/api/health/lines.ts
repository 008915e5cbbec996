import type { appHealthOperations, HEALTH_KINDS } from '../../../shared/api/operations/app-health.ts';
import { addCounts } from '../../../shared/domain/books.ts';
import { adviceFor } from '../../../shared/domain/delivery/advice.ts';
import {
  type Failure,
  failuresOf,
  HEALTH_HOURS,
  REPEATED_COUNT,
  REPEATED_MINUTES,
} from '../../../shared/domain/health/failures.ts';
import { maskedKey, nearKey } from '../../../shared/domain/health/near-key.ts';
import { silenceOf } from '../../../shared/domain/health/rhythm.ts';
import type { Counts } from '../../../shared/domain/ledger-rows.ts';
import type { Mismatch } from '../../../shared/domain/mismatch.ts';
import { hourOf, hourPlus } from '../../../shared/domain/timestamp.ts';
import type { Destination, Source } from '../../../shared/domain/workspace.ts';
import type { AnswerOf } from '../../../shared/api/operation.ts';
import type { OperationalMetrics } from '../../../shared/ports/metrics-reader.ts';
import type { Facts, Refused } from './read-facts.ts';

export type HealthAnswer = AnswerOf<(typeof appHealthOperations)['getHealth']>;
export type Thing = HealthAnswer['groups'][number]['things'][number];
export type Line = Omit<Thing['lines'][number], 'changes'>;
type Kind = (typeof HEALTH_KINDS)[number];

/** How old the oldest message of a lane may be: as its alarm. A retry waits 15 minutes in one message at most. */
const LANE_OLDEST_SECONDS = 1_800;
/** The sums of minutes are made each minute. */
const BEHIND_MS_MAX = 10 * 60_000;
/** Ends that are our own side's failure, not a tool's. */
const OUR_CODES: readonly string[] = ['crash_loop', 'hop_cap'];

const percent = (share: number): number => Math.round(share * 10_000) / 100;

const lineOf = (failure: Failure, link: string): Line => ({
  kinds: failure.kinds,
  code: failure.code,
  message: null,
  count: failure.count,
  share: percent(failure.share),
  usualShare: failure.usual === undefined ? null : percent(failure.usual),
  firstSeenAt: failure.firstAt,
  lastSeenAt: failure.lastAt,
  advice: adviceFor(failure.code),
  link,
});

/** Tries of a destination that fail; each line leads to its delivery page. */
export const destinationLines = (facts: Facts, { id }: Destination): Line[] =>
  failuresOf(facts.destination(id), facts.now).map((failure) =>
    lineOf(failure, `/destinations/${id}/delivery?code=${encodeURIComponent(failure.code)}`),
  );

/** Events of a source that are none, requests that ingest refused, and silence. */
export function sourceLines(facts: Facts, source: Source): Line[] {
  const { id } = source;
  const invalid = failuresOf(facts.source(id), facts.now).map((failure) =>
    lineOf(failure, `/sources/${id}/overview?reason=${encodeURIComponent(failure.code)}`),
  );
  const refused = facts.refused
    .filter((one) => one.sourceId === id && isRepeated(one))
    .map((one) =>
      alone('REFUSED', one.reason, {
        ...seen(one),
        message: `Requests were refused: ${one.reason}`,
        advice: REFUSED_ADVICE[one.reason] ?? 'See what the answer of the tracking API says to the sender.',
        link: `/sources/${id}/settings`,
      }),
    );
  const silence = isCounted(facts)
    ? silenceOf(facts.received(id), { now: facts.now, createdAt: source.createdAt })
    : undefined;
  const silent =
    silence === undefined
      ? []
      : [
          alone('SILENT', 'silent', {
            count: 0,
            firstSeenAt: silence.since,
            lastSeenAt: facts.now,
            message: `No event for ${silence.hours} h, in which ${silence.usual} come on other days`,
            advice: 'Look at the last release of the sender, its write key, and whether it can reach us.',
            link: `/sources/${id}/debugger`,
          }),
        ];
  return [...invalid, ...silent, ...refused];
}

/** Sums that are behind say nothing about silence. */
const isCounted = ({ countedTo, now }: Facts): boolean =>
  countedTo !== undefined && Date.parse(countedTo) > Date.parse(now) - BEHIND_MS_MAX;

const REFUSED_ADVICE: Readonly<Record<string, string>> = {
  'source-disabled':
    'The source is switched off and still gets events. Switch it on, or take its key out of the sender.',
  'rate-limited': 'More requests come than the source may send. Send batches, or raise its limit.',
  'not-allowed': "The page or address is not on the source's list. Add it there.",
  'bad-token': 'The source asks for an access token. Look at the OAuth app and the clock of the sender.',
  'bad-signature': 'The signature does not fit. Enter the secret of the tool that posts anew.',
  'too-large': 'Requests are larger than they may be. Send fewer events in one.',
  'invalid-json': 'What was sent is no JSON. Look at how the sender builds it.',
  'wrong-source': 'The key is one of another kind of source. Use the key of this source.',
};

/** Keys that are nobody's and are near to one of a source's, and keys that it had once. */
export function keyLines(
  facts: Facts,
  keys: {
    live: readonly { writeKey: string; sourceId: string }[];
    gone: readonly { writeKey: string; sourceId: string }[];
  },
): { sourceId: string; line: Line }[] {
  return facts.refused.flatMap((one) => {
    if (one.writeKey === undefined || one.reason !== 'unknown-write-key') return [];
    const { writeKey } = one;
    const revoked = keys.gone.find((key) => key.writeKey === writeKey);
    const near = revoked ?? nearKey(writeKey, keys.live);
    if (near === undefined) return [];
    const link = `/sources/${near.sourceId}/settings`;
    const line =
      revoked === undefined
        ? alone('UNKNOWN_KEY', 'unknown-write-key', {
            ...seen(one),
            message: `Requests come with the key ${maskedKey(writeKey)}, which is nobody's; the nearest is ${maskedKey(near.writeKey)}`,
            advice: 'Somebody copied a write key badly. Copy it anew from the settings of the source.',
            link,
          })
        : alone('REVOKED_KEY', 'revoked-write-key', {
            ...seen(one),
            message: `Requests come with the key ${maskedKey(writeKey)}, which was revoked`,
            advice: 'A sender still has the old key. Give it one that is live.',
            link,
          });
    return [{ sourceId: near.sourceId, line }];
  });
}

/** What is the platform's: lanes, functions, what it gave up, books that do not add up. */
export function platformLines(
  facts: Facts,
  {
    metrics,
    mismatches,
    destinations,
  }: {
    metrics: OperationalMetrics;
    mismatches: { checkedAt: string; found: readonly Mismatch[] } | undefined;
    destinations: readonly Destination[];
  },
): Line[] {
  const at = metrics.asOf;
  const old = metrics.lanes.filter(({ oldestSeconds = 0 }) => oldestSeconds > LANE_OLDEST_SECONDS);
  const failing = metrics.functions.filter(({ errorsPerMinute }) => errorsPerMinute > 0);
  const givenUp = givenUpIn(facts, destinations);
  return [
    ...old.map(({ name, waiting = 0, oldestSeconds = 0 }) =>
      alone('LANE_AGE', name, {
        count: waiting,
        firstSeenAt: new Date(Date.parse(at) - oldestSeconds * 1_000).toISOString(),
        lastSeenAt: at,
        message: `The oldest message of ${name} has waited for ${Math.round(oldestSeconds / 60)} minutes`,
        advice: 'Deliveries are late. Look at the functions below, and at the runbook for the age of lanes.',
        link: '/status',
      }),
    ),
    ...failing.map(({ name, errorsPerMinute }) =>
      alone('FUNCTION_ERRORS', name, {
        count: errorsPerMinute,
        firstSeenAt: at,
        lastSeenAt: at,
        message: `${name} fails ${errorsPerMinute} times a minute`,
        advice: 'Look into its log, and at the runbook for errors of functions. What failed comes again by itself.',
        link: '/status',
      }),
    ),
    ...Object.entries(givenUp).map(([code, { count, first, last }]) =>
      alone('GIVEN_UP', code, {
        count,
        firstSeenAt: `${first}:00:00.000Z`,
        lastSeenAt: last < hourOf(facts.now) ? `${hourPlus(last, 1)}:00:00.000Z` : facts.now,
        message: `${count} sends were put away`,
        advice: adviceFor(code),
        link: '/status',
      }),
    ),
    ...(mismatches === undefined || mismatches.found.length === 0
      ? []
      : [
          alone('MISMATCH', 'ledger-mismatch', {
            count: mismatches.found.length,
            firstSeenAt: mismatches.checkedAt,
            lastSeenAt: mismatches.checkedAt,
            message: 'The books of a source or destination do not add up',
            advice: 'Look at the balance, and at the runbook for a ledger mismatch.',
            link: '/status',
          }),
        ]),
  ];
}

function givenUpIn({ hours, now }: Facts, destinations: readonly Destination[]) {
  const found: Record<string, { count: number; first: string; last: string }> = {};
  const since = hourPlus(hourOf(now), -HEALTH_HOURS);
  for (const [hour, digest] of [...hours].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (hour <= since) continue;
    const ended = destinations.reduce<Counts>((sum, { id }) => {
      const one = Object.hasOwn(digest.destinations, id) ? digest.destinations[id] : undefined;
      return one === undefined ? sum : addCounts(sum, one.deadLettered);
    }, {});
    for (const code of OUR_CODES) {
      const count = ended[code] ?? 0;
      if (count > 0)
        found[code] = { count: (found[code]?.count ?? 0) + count, first: found[code]?.first ?? hour, last: hour };
    }
  }
  return found;
}

const isRepeated = ({ count, minutes }: Refused): boolean =>
  count >= REPEATED_COUNT && minutes.size >= REPEATED_MINUTES;
const seen = ({ count, firstAt, lastAt }: Refused) => ({ count, firstSeenAt: firstAt, lastSeenAt: lastAt });

const alone = (
  kind: Kind,
  code: string,
  told: Pick<Line, 'count' | 'firstSeenAt' | 'lastSeenAt' | 'message' | 'advice' | 'link'>,
): Line => ({ kinds: [kind], code, share: null, usualShare: null, ...told });

/** Kinds in the order of the page (H02), then most first. */
export const byKind =
  (kinds: readonly Kind[]) =>
  (a: Line, b: Line): number =>
    kinds.indexOf(a.kinds[0] ?? 'MISMATCH') - kinds.indexOf(b.kinds[0] ?? 'MISMATCH') || b.count - a.count;
