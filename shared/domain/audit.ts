import * as z from 'zod';
import { utf8Length } from './fql/utf8-length.ts';
import { AuditId, WorkspaceId } from './ids.ts';
import { Timestamp } from './timestamp.ts';

/** H14: how far back people see. */
export const AUDIT_DAYS = 90;
/** Before and after, as JSON text, each; what is larger is left out and said to be. DynamoDB takes 400 KB in an item. */
export const AUDIT_SIDE_BYTES_MAX = 60_000;

/** Who did it. `operator`: somebody with rights on the AWS account, by a command; `system`: Tributary itself. */
export const Actor = z.object({
  type: z.enum(['user', 'token', 'system', 'operator']),
  id: z.string().max(128),
  /** A person's name or e-mail, a token's name. */
  name: z.string().max(320).optional(),
  email: z.string().max(320).optional(),
});
export type Actor = z.infer<typeof Actor>;

/**
 * One change, saved in the transaction that made it, never changed or deleted by anybody but the table's time to live. Two of one moment are in the
 * order of their ids; clocks of machines differ, so that one may be saved a few seconds after another with a later `at`.
 */
export const AuditEntry = z.object({
  id: AuditId,
  workspaceId: WorkspaceId,
  at: Timestamp,
  /** In the original's words where it has some: `Source Created`, `Integration Disabled`. */
  event: z.string().max(128),
  actor: Actor,
  resource: z.object({ type: z.string().max(64), id: z.string().max(512), name: z.string().max(512).optional() }),
  /** Members that differ, secrets masked. Absent where there was, or is, nothing. */
  before: z.record(z.string(), z.json()).optional(),
  after: z.record(z.string(), z.json()).optional(),
  /** Of the request that asked for it. */
  requestId: z.string().max(128).optional(),
  ip: z.string().max(64).optional(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** What stands in the place of a secret. */
export const MASKED = '••••••••';
/** Dots that are more, fewer or spaced: meant to stand for a secret, and no secret themselves. */
export const isNearlyMasked = (text: string): boolean => text !== MASKED && /^[\s•]+$/.test(text) && text.includes('•');

type Members = Record<string, unknown>;
/** Bookkeeping that every change changes. */
const NOT_TOLD = new Set(['version', 'updatedAt']);

/**
 * The members in which two states of a thing differ, as JSON. Both are masked already: what was masked and has changed is told by a note, since
 * both sides look alike.
 */
export function differences(
  before: Members | undefined,
  after: Members | undefined,
  secretsChanged: readonly string[] = [],
): Pick<AuditEntry, 'before' | 'after'> {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (key) => !NOT_TOLD.has(key) && JSON.stringify(before?.[key]) !== JSON.stringify(after?.[key]),
  );
  const sideOf = (members: Members | undefined) =>
    members === undefined ? undefined : bounded(Object.fromEntries(keys.map((key) => [key, members[key]])));
  const told = sideOf(after);
  const sides = {
    before: before === undefined ? undefined : sideOf(before),
    after: told !== undefined && secretsChanged.length > 0 ? { ...told, secretsChanged: [...secretsChanged] } : told,
  };
  return {
    ...(sides.before !== undefined && { before: sides.before }),
    ...(sides.after !== undefined && { after: sides.after }),
  };
}

function bounded(members: Members): Record<string, z.core.util.JSONType> {
  const text = JSON.stringify(members);
  if (utf8Length(text) <= AUDIT_SIDE_BYTES_MAX) {
    return JSON.parse(text) as Record<string, z.core.util.JSONType>;
  }
  return { tooLarge: `left out: ${utf8Length(text)} bytes in ${Object.keys(members).join(', ').slice(0, 512)}` };
}
