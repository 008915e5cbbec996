import { idHash } from '../../shared/aws/id-hash.ts';
import type { UserDigest } from '../../shared/domain/archive-digest.ts';
import { IDS_KEPT_MAX } from '../../shared/domain/id-days.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import {
  isCountedExactly,
  mergeSeen,
  noSeenUsers,
  type SeenUsers,
  seenOn,
  userCountsByDay,
  userDigestOf,
} from '../../shared/domain/tracked-users.ts';

const EVENTS = 1_000_000;
const DAYS = 30;
const EVENTS_A_DIGEST = 5_000;
const SOURCES = 3;

/** A small generator of numbers below `bound`, the same for the same seed. */
function numbers(seed: number) {
  let state = seed;
  return (bound: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

type Sent = { day: number; source: number; event: JsonObject };

/** Events of so many people, on one to three devices each, who log in on some of them, at times, and of visitors whom nobody knows. */
function* traffic(seed: number, people: number, visitors: number): Generator<Sent> {
  const below = numbers(seed);
  for (let index = 0; index < EVENTS; index += 1) {
    const day = Math.floor((index / EVENTS) * DAYS) + 1;
    const source = below(SOURCES);
    if (below(10) < 4) {
      yield { day, source, event: { type: 'page', anonymousId: `visitor ${below(visitors)}` } };
      continue;
    }
    const person = below(people);
    const anonymousId = `device ${person} ${below(3)}`;
    const kind = below(10);
    if (kind < 3) yield { day, source, event: { type: 'track', anonymousId } };
    else if (kind < 6) yield { day, source, event: { type: 'track', userId: `user ${person}`, anonymousId } };
    else if (kind < 9) yield { day, source, event: { type: 'identify', userId: `user ${person}` } };
    else yield { day, source, event: { type: 'alias', userId: `user ${person}`, previousId: anonymousId } };
  }
}

/** By the rule, word for word, with sets of the ids themselves. */
function byBruteForce(sent: Iterable<Sent>) {
  const users = new Set<unknown>();
  const anonymous = new Set<unknown>();
  const tied = new Set<unknown>();
  const days: { identified: number; anonymous: number; neverIdentified: number }[] = [];
  const close = () => {
    const never = [...anonymous].filter((id) => !tied.has(id)).length;
    days.push({ identified: users.size, anonymous: anonymous.size, neverIdentified: never });
  };
  let day = 1;
  for (const { day: on, event } of sent) {
    while (day < on) {
      close();
      day += 1;
    }
    if (event['userId'] !== undefined) users.add(event['userId']);
    if (event['anonymousId'] !== undefined) anonymous.add(event['anonymousId']);
    if (event['userId'] !== undefined) tied.add(event['type'] === 'alias' ? event['previousId'] : event['anonymousId']);
  }
  close();
  return days;
}

function digestsOf(sent: Iterable<Sent>): { day: number; users: UserDigest }[] {
  const open = new Map<string, Sent[]>();
  const digests: { day: number; users: UserDigest }[] = [];
  const hash = idHash('ws_1');
  const close = (name: string, events: Sent[]) => {
    open.delete(name);
    const users = userDigestOf(
      events.map(({ event }) => event),
      hash,
    );
    digests.push({ day: events[0]?.day ?? 0, users });
  };
  for (const one of sent) {
    const name = `${one.source} ${one.day}`;
    const events = open.get(name) ?? [];
    events.push(one);
    open.set(name, events);
    if (events.length === EVENTS_A_DIGEST) close(name, events);
  }
  for (const [name, events] of open) close(name, events);
  return digests;
}

/** Digests that a run of the test folds at once: what it has found is united with what is known, as a run of the aggregator does. */
const DIGESTS_A_RUN = 30;

/** In a random order, every seventh digest twice. */
function folded(digests: readonly { day: number; users: UserDigest }[], seed: number): SeenUsers {
  const below = numbers(seed);
  const shuffled = [...digests, ...digests.filter((_, index) => index % 7 === 0)]
    .map((digest) => ({ digest, at: below(2 ** 30) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ digest }) => digest);
  let known = noSeenUsers();
  for (let at = 0; at < shuffled.length; at += DIGESTS_A_RUN) {
    const found = shuffled
      .slice(at, at + DIGESTS_A_RUN)
      .reduce((sum, { day, users }) => mergeSeen(sum, seenOn(day, [users])), noSeenUsers());
    known = mergeSeen(known, found);
  }
  return known;
}

test('of 1,000,000 events tracked users are those of brute force on every day, in whatever order digests come, double ones too (I02)', () => {
  const digests = digestsOf(traffic(1, 60_000, 40_000));
  const seen = folded(digests, 5);
  expect(isCountedExactly(seen)).toBe(true);
  expect(userCountsByDay(seen, DAYS)).toEqual(byBruteForce(traffic(1, 60_000, 40_000)));
}, 120_000);

test('beyond what is kept, numbers of 1,000,000 events are within three standard errors of brute force', () => {
  const digests = digestsOf(traffic(2, 250_000, 250_000));
  const seen = folded(digests, 6);
  expect(isCountedExactly(seen)).toBe(false);
  const exact = byBruteForce(traffic(2, 250_000, 250_000)).at(-1);
  const counted = userCountsByDay(seen, DAYS).at(-1);
  const found = {
    identified: (counted?.identified ?? 0) / (exact?.identified ?? 1) - 1,
    anonymous: (counted?.anonymous ?? 0) / (exact?.anonymous ?? 1) - 1,
    neverIdentified: (counted?.neverIdentified ?? 0) / (exact?.neverIdentified ?? 1) - 1,
  };
  process.stderr.write(`tracked users: ${JSON.stringify({ exact, counted, found })}\n`);
  const error = 3 / Math.sqrt(IDS_KEPT_MAX);
  expect(Math.abs(found.identified)).toBeLessThan(error);
  expect(Math.abs(found.anonymous)).toBeLessThan(error);
  // A difference is counted among the kept of which it is a share.
  const share = (exact?.neverIdentified ?? 0) / (exact?.anonymous ?? 1);
  expect(Math.abs(found.neverIdentified)).toBeLessThan(error / Math.sqrt(share));
}, 120_000);
