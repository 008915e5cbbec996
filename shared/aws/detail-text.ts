import * as z from 'zod';
import type { DestinationDetail, SourceDetail } from '../domain/detail.ts';
import { EventKind } from '../domain/event-kind.ts';

/** Details as text in the ledger table: kinds once, lines by their numbers. The same detail is the same text. */
export type DetailText<D> = { write(detail: D): string; read(text: string): D };

const Counts = z.record(z.string(), z.int());
const Kinds = z.array(EventKind);

const SourceItem = z.object({
  v: z.literal(1),
  requests: z.int(),
  bytes: z.int(),
  kinds: Kinds,
  /** [kind, received, routed, duplicate, suppressed, invalid, blocked] */
  lines: z.array(z.tuple([z.int(), z.int(), z.int(), z.int(), z.int(), Counts, Counts])),
  /** By destination: [kind, queued, filtered] */
  connections: z.record(z.string(), z.array(z.tuple([z.int(), z.int(), Counts]))),
});

const DestinationItem = z.object({
  v: z.literal(1),
  parts: z.int(),
  bytesOut: z.int(),
  kinds: Kinds,
  mappings: z.array(z.string()),
  /** [mapping, kind, firstTry, onRetry, retry, retried, discarded, deadLettered, untried], the last only where it is not 0 */
  lines: z.array(z.tuple([z.int(), z.int(), z.int(), z.int(), z.int(), z.int(), Counts, Counts, z.int().optional()])),
  latency: z.array(z.int()),
  errors: z.array(
    z.object({ code: z.string(), message: z.string(), count: z.int(), firstSeen: z.string(), lastSeen: z.string() }),
  ),
});

export const sourceDetailText: DetailText<SourceDetail> = {
  write: ({ requests, bytes, lines, connections }) => {
    const kinds = numbers<EventKind>((kind) => JSON.stringify(kind));
    const item: z.infer<typeof SourceItem> = {
      v: 1,
      requests,
      bytes,
      kinds: kinds.things,
      lines: lines.map(({ kind, received, routed, duplicate, suppressed, invalid, blocked }) => [
        kinds.of(kind),
        received,
        routed,
        duplicate,
        suppressed,
        invalid,
        blocked,
      ]),
      connections: Object.fromEntries(
        Object.entries(connections).map(([id, of]) => [
          id,
          of.map(({ kind, queued, filtered }) => [kinds.of(kind), queued, filtered] as const),
        ]),
      ) as z.infer<typeof SourceItem>['connections'],
    };
    return JSON.stringify(item);
  },
  read: (text) => {
    const { requests, bytes, kinds, lines, connections } = SourceItem.parse(JSON.parse(text));
    const kindOf = numbered(kinds);
    return {
      requests,
      bytes,
      lines: lines.map(([kind, received, routed, duplicate, suppressed, invalid, blocked]) => {
        return { kind: kindOf(kind), received, invalid, duplicate, suppressed, blocked, routed };
      }),
      connections: Object.fromEntries(
        Object.entries(connections).map(([id, of]) => [
          id,
          of.map(([kind, queued, filtered]) => ({ kind: kindOf(kind), filtered, queued })),
        ]),
      ),
    };
  },
};

export const destinationDetailText: DetailText<DestinationDetail> = {
  write: ({ parts, bytesOut, lines, latency, errors }) => {
    const kinds = numbers<EventKind>((kind) => JSON.stringify(kind));
    const mappings = numbers<string>((id) => id);
    const item: z.infer<typeof DestinationItem> = {
      v: 1,
      parts,
      bytesOut,
      kinds: kinds.things,
      mappings: mappings.things,
      lines: lines.map(
        ({ mappingId, kind, firstTry, onRetry, retry, retried, discarded, deadLettered, untried = 0 }) => [
          mappings.of(mappingId),
          kinds.of(kind),
          firstTry,
          onRetry,
          retry,
          retried,
          discarded,
          deadLettered,
          ...(untried === 0 ? ([] as const) : ([untried] as const)),
        ],
      ),
      latency,
      errors,
    };
    return JSON.stringify(item);
  },
  read: (text) => {
    const { parts, bytesOut, kinds, mappings, lines, latency, errors } = DestinationItem.parse(JSON.parse(text));
    const kindOf = numbered(kinds);
    const mappingOf = numbered(mappings);
    return {
      parts,
      bytesOut,
      lines: lines.map(([mapping, kind, firstTry, onRetry, retry, retried, discarded, deadLettered, untried]) => ({
        mappingId: mappingOf(mapping),
        kind: kindOf(kind),
        firstTry,
        onRetry,
        discarded,
        deadLettered,
        retry,
        retried,
        ...(untried !== undefined && { untried }),
      })),
      latency,
      errors,
    };
  },
};

function numbers<T>(nameOf: (thing: T) => string): { things: T[]; of(thing: T): number } {
  const known = new Map<string, number>();
  const things: T[] = [];
  return {
    things,
    of: (thing) => {
      const name = nameOf(thing);
      const number = known.get(name) ?? things.push(thing) - 1;
      known.set(name, number);
      return number;
    },
  };
}

/** A number that names nothing is a fault of the item. */
const numbered =
  <T>(things: readonly T[]) =>
  (number: number): T => {
    const thing = things[number];
    if (thing === undefined) throw new RangeError(`There is no thing ${number} in this detail`);
    return thing;
  };
