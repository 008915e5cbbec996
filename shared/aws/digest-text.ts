import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import { type DestinationPart, type DigestParts, noLatency, type SourcePart } from '../domain/digest-sums.ts';
import { UNTOLD_KEY } from '../domain/key-tags.ts';

/** Texts longer than this are kept deflated: DynamoDB bills writes by started KB, and what is summed up repeats the same names. */
const PLAIN_BYTES_MAX = 900;
/** What a text may hold once it is inflated: 2,000 sources and destinations with all their reasons. */
const INFLATED_BYTES_MAX = 16_000_000;

const count = z.int().nonnegative().default(0);
const Counts = z.record(z.string(), z.int().nonnegative()).default({});
const Planned = z.object({ filtered: Counts, queued: count, sends: count });
const Source = z.object({
  received: count,
  invalid: Counts,
  duplicate: count,
  suppressed: count,
  blocked: Counts,
  routed: count,
  lastAt: z.string(),
  keys: z.record(z.string(), z.string()).optional(),
  planned: z.record(z.string(), Planned).default({}),
  shards: z.int(),
});
const Destination = z.object({
  delivered: count,
  discarded: Counts,
  deadLettered: Counts,
  retry: count,
  retried: count,
  failedTries: Counts,
  /** Buckets that hold something, by number. */
  latency: Counts,
  lastDeliveredAt: z.string().optional(),
  lastFailedAt: z.string().optional(),
  shards: z.int(),
});
const Parts = z.object({
  sources: z.record(z.string(), Source).default({}),
  destinations: z.record(z.string(), Destination).default({}),
});

/** Parts as text, without zeros and what is empty; deflated and in base64 where that is long. */
export function digestText(parts: DigestParts): string {
  const text = JSON.stringify({
    sources: mapped(parts.sources, leanSource),
    destinations: mapped(parts.destinations, leanDestination),
  });
  return Buffer.byteLength(text) <= PLAIN_BYTES_MAX ? text : deflateRawSync(text).toString('base64');
}

/** Throws AppError('malformed-item') where it is no such text: nothing is summed from half of one. */
export function digestOfText(text: string, name: string): DigestParts {
  try {
    const json = text.startsWith('{')
      ? text
      : inflateRawSync(Buffer.from(text, 'base64'), { maxOutputLength: INFLATED_BYTES_MAX }).toString();
    const { sources, destinations } = Parts.parse(JSON.parse(json));
    return {
      // What was summed before keys were told tells none of them.
      sources: mapped(sources, ({ keys, ...source }) => ({ ...source, keys: keys ?? { [UNTOLD_KEY]: source.lastAt } })),
      destinations: mapped(destinations, ({ latency, lastDeliveredAt, lastFailedAt, ...counts }) => ({
        ...counts,
        latency: noLatency().map((_, bucket) => latency[String(bucket)] ?? 0),
        ...(lastDeliveredAt !== undefined && { lastDeliveredAt }),
        ...(lastFailedAt !== undefined && { lastFailedAt }),
      })),
    };
  } catch (cause) {
    throw new AppError('malformed-item', `Item ${name} is malformed`, { cause, retry: false });
  }
}

const leanSource = (part: SourcePart): object => lean({ ...part, planned: mapped(part.planned, lean) });

const leanDestination = (part: DestinationPart): object =>
  lean({
    ...part,
    latency: Object.fromEntries([...part.latency.entries()].filter(([, deliveries]) => deliveries > 0)),
  });

const lean = (part: object): object =>
  Object.fromEntries(
    Object.entries(part).filter(
      ([, value]) => value !== 0 && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0),
    ),
  );

const mapped = <T, U>(all: Readonly<Record<string, T>>, map: (one: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(all).map(([id, one]) => [id, map(one)]));
