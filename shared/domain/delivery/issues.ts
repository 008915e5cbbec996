import * as z from 'zod';
import { addCounts, type ErrorLine, mergeErrors, total } from '../books.ts';
import type { DeliveryLine, DestinationDetail, Step } from '../detail.ts';
import { DestinationId } from '../ids.ts';
import type { Counts } from '../ledger-rows.ts';
import { adviceFor } from './advice.ts';

/** What an issue is named by. Its message is the one of books, without what differs from event to event. */
export const IssueName = z.tuple([DestinationId, z.string().max(64), z.string().max(256)]);
export type IssueName = z.infer<typeof IssueName>;

export type Issue = {
  name: IssueName;
  code: string;
  message: string;
  count: number;
  ended: number;
  retried: boolean;
  subscriptions: { subscriptionId: string; ended: number }[];
  firstSeenAt: string;
  lastSeenAt: string;
  advice: string;
};

/**
 * The error table of one destination: what tools said at each try, by code and message; beside it what our own side ended, for which no tool said
 * anything. With `subscriptionId`, codes with which sends of that one have ended: what was said at tries is kept by destination.
 */
export function issuesOf(
  destinationId: DestinationId,
  steps: readonly Step<DestinationDetail>[],
  subscriptionId?: string,
): Issue[] {
  const said = mergeErrors(steps.flatMap(({ detail }) => detail.errors));
  const lines = steps.flatMap(({ detail }) => detail.lines);
  const bySubscription = endsBySubscription(lines);
  const ended = [...bySubscription.values()].reduce(addCounts, {});
  const own = endedSilently(steps, ended, new Set(said.map(({ code }) => code)));
  return [...said, ...own].flatMap(({ code, message, count, firstSeen, lastSeen }) => {
    const subscriptions = [...bySubscription]
      .map(([id, counts]) => ({ subscriptionId: id, ended: countOf(counts, code) }))
      .filter((one) => one.ended > 0);
    if (subscriptionId !== undefined && !subscriptions.some((one) => one.subscriptionId === subscriptionId)) return [];
    const ofCode = said.filter((line) => line.code === code).reduce((sum, line) => sum + line.count, 0);
    return [
      {
        name: [destinationId, code, message] satisfies IssueName,
        code,
        message,
        count,
        ended: countOf(ended, code),
        // More tries came to it than sends ended with it: the others went on.
        retried: ofCode > countOf(ended, code),
        subscriptions,
        firstSeenAt: firstSeen,
        lastSeenAt: lastSeen,
        advice: adviceFor(code),
      },
    ];
  });
}

function endsBySubscription(lines: readonly DeliveryLine[]): Map<string, Counts> {
  const ends = new Map<string, Counts>();
  for (const { mappingId, discarded, deadLettered } of lines) {
    const counts = addCounts(discarded, deadLettered);
    if (total(counts) > 0) ends.set(mappingId, addCounts(ends.get(mappingId) ?? {}, counts));
  }
  return ends;
}

/** Codes that no tool said at a try: what gave a send up. When, is known to the step. */
function endedSilently(
  steps: readonly Step<DestinationDetail>[],
  ended: Counts,
  said: ReadonlySet<string>,
): ErrorLine[] {
  return Object.entries(ended)
    .filter(([code, count]) => count > 0 && !said.has(code))
    .map(([code, count]) => {
      const having = steps.filter(({ detail }) =>
        detail.lines.some(({ discarded, deadLettered }) => countOf(discarded, code) + countOf(deadLettered, code) > 0),
      );
      return { code, message: '', count, firstSeen: having[0]?.from ?? '', lastSeen: having.at(-1)?.to ?? '' };
    });
}

/** Codes are text of others: none of them is a member that objects have by nature. */
const countOf = (counts: Counts, code: string): number => (Object.hasOwn(counts, code) ? (counts[code] ?? 0) : 0);
