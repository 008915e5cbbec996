import * as z from 'zod';
import { AlertState } from './alert-states.ts';
import { Notification } from './notification.ts';
import { Timestamp } from './timestamp.ts';

/** Codes of errors that are remembered for one destination. */
export const CODES_KNOWN_MAX = 100;
/** Over all destinations of a workspace: some 60 bytes each and the code, and so 130 KB at most. */
export const CODES_KNOWN_IN_ALL_MAX = 1_000;
/** Of all that one run tells; what is beyond it the next one tells. Of an item's 400 KB, beside states and codes. */
export const OUTBOX_BYTES_MAX = 90_000;

/** What the evaluation of a workspace's alerts notes for its next run, some second of a minute later. */
export const WatchState = z.object({
  states: z.record(z.string(), AlertState),
  /** Told of already, and perhaps not kept yet: the next run keeps them before it does anything else. */
  outbox: z.array(Notification).max(200),
  /** By destination and code the minute in which a code was seen first and the hour in which it was seen last. */
  codes: z.record(z.string(), z.record(z.string(), z.object({ first: z.string(), last: z.string() }))).optional(),
});
export type WatchState = z.infer<typeof WatchState>;

/** What is known of each alert by its id, for people: when it told of something last, and what its channels answered. */
export const AlertMark = z.object({
  triggeredAt: Timestamp.optional(),
  /** When its channels were written to last, for what is told at most once a minute. */
  sentAt: Timestamp.optional(),
  testedAt: Timestamp.optional(),
  channels: z.array(
    z.object({
      type: z.enum(['EMAIL', 'SLACK', 'WEBHOOK']),
      channel: z.int().nonnegative(),
      sent: z.boolean(),
      message: z.string().max(500),
      at: Timestamp,
    }),
  ),
});
export type AlertMark = z.infer<typeof AlertMark>;
/** By alert. */
export type AlertMarks = Readonly<Record<string, AlertMark>>;
/** How long what is known of an alert is kept after it was sent, or tested, last. */
export const MARK_DAYS = 90;

/** Tests of alerts that one maker had sent on a day. */
export const TestCount = z.object({ day: z.string(), tests: z.int().nonnegative() });
export type TestCount = z.infer<typeof TestCount>;

/** Positions that one note of activity holds: entries of AUDIT_SETTLED_MS. */
export const ACTIVITY_PLACES_MAX = 2_000;
/** How far `notify` has told of a workspace's audit trail: all before a moment, and some after it. */
export const ActivityNote = z.object({ toldUntil: Timestamp, told: z.array(z.string()).max(ACTIVITY_PLACES_MAX) });
export type ActivityNote = z.infer<typeof ActivityNote>;
