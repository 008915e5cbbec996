import * as z from 'zod';
import { IntakeId } from './ids.ts';
import { isJsonObject, type Json, own } from './json.ts';
import { Timestamp } from './timestamp.ts';

/** What became of an event at its source, as the debugger shows it. Events of suppressed users are in no debugger (features 3.1). */
export const DEBUG_VERDICTS = ['ALLOWED', 'BLOCKED', 'INVALID', 'DUPLICATE'] as const;
export type DebugVerdict = (typeof DEBUG_VERDICTS)[number];

/** What one destination was meant to get of an event: nothing, and why not, or a send for each of these mappings. */
const DebugTarget = z.object({
  id: z.string().max(64),
  reason: z.string().max(128).optional(),
  mappings: z.array(z.string().max(64)).optional(),
});
export type DebugTarget = z.infer<typeof DebugTarget>;

/** One event in the debugger: what came, what route made of it, and who was meant to get it. */
export const DebugEntry = z.object({
  intakeId: IntakeId,
  /** Its place in the intake message. */
  index: z.int().nonnegative(),
  receivedAt: Timestamp,
  verdict: z.enum(DEBUG_VERDICTS),
  /** Of an event that is not allowed: the reason of the books. */
  reason: z.string().max(128).optional(),
  /** As the client sent it, its batch's context and integrations in it, without the write key. Any JSON: what is invalid need be no object. */
  raw: z.unknown(),
  /** As every later stage sees it; absent where it is no event. */
  event: z.record(z.string(), z.unknown()).optional(),
  /** Texts, lists or objects of it are cut. */
  isShortened: z.literal(true).optional(),
  /** Sent from the app to try things out. */
  isTest: z.literal(true).optional(),
  /** Of an allowed event. */
  destinations: z.array(DebugTarget).optional(),
});
export type DebugEntry = z.infer<typeof DebugEntry>;

const textIn = (value: unknown, key: string): string | undefined => {
  const found = isJsonObject(value) ? own(value, key) : undefined;
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

/** What lists show of an entry, read from what route made of it, else from what came. */
export function headOfEntry({ raw, event }: Pick<DebugEntry, 'raw' | 'event'>) {
  const seen = event ?? (raw as Json);
  const type = textIn(seen, 'type');
  return {
    messageId: textIn(seen, 'messageId'),
    type,
    name: textIn(seen, type === 'page' || type === 'screen' ? 'name' : 'event'),
    userId: textIn(seen, 'userId'),
    anonymousId: textIn(seen, 'anonymousId'),
  };
}
