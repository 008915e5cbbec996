import * as z from 'zod';
import type { DestinationTotals, SourceTotals } from '../domain/books.ts';
import { total } from '../domain/books.ts';

export const Counts = z.record(z.string(), z.int().nonnegative());

/** `routed` and `blocked` came later than the rest: roll-ups of before have them counted from what they hold. */
const PlannedItem = z
  .object({
    routed: z.int().optional(),
    blocked: Counts.default({}),
    filtered: Counts,
    queued: z.int(),
    sends: z.int(),
  })
  .transform((plan) => ({ ...plan, routed: plan.routed ?? total(plan.filtered) + plan.queued }));

/** Totals as they lie in roll-ups. */
export const SourceTotalsItem = z.object({
  received: z.int(),
  invalid: Counts,
  duplicate: z.int(),
  suppressed: z.int(),
  blocked: Counts,
  routed: z.int(),
  types: Counts,
  planned: z.record(z.string(), PlannedItem),
}) satisfies z.ZodType<SourceTotals>;

export const DestinationTotalsItem = z.object({
  delivered: z.int(),
  discarded: Counts,
  deadLettered: Counts,
  retry: z.int(),
  /** Before there were retries there was none. */
  retried: z.int().default(0),
  latency: z.array(z.int()),
  errors: z.array(
    z.object({ code: z.string(), message: z.string(), count: z.int(), firstSeen: z.string(), lastSeen: z.string() }),
  ),
}) satisfies z.ZodType<DestinationTotals>;
