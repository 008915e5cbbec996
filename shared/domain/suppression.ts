import * as z from 'zod';
import type { AuditEntry } from './audit.ts';
import { RegulationId, WorkspaceId } from './ids.ts';
import { type JsonObject, own } from './json.ts';
import { Timestamp } from './timestamp.ts';

/** userIds that one regulation may name (J14). */
export const USERS_PER_REGULATION_MAX = 5_000;
/** The userIds of one regulation as JSON text: it is saved in one transaction, and DynamoDB takes 4 MB in one. */
export const REGULATION_BYTES_MAX = 3_000_000;
/** Users of one workspace that may be suppressed at once. route and deliver hold them in memory: 77 MB at UUID length (docs/suppression.md). */
export const SUPPRESSED_USERS_MAX = 1_000_000;
/** Entries of one page of a list (the Public API's bound). */
export const SUPPRESSION_PAGE_MAX = 200;

/** Code of a send that ended because its user is suppressed. */
export const SUPPRESSED_CODE = 'suppressed';

/** The regulations that are in force as soon as they are saved. Those that delete come with governance. */
export const SUPPRESSION_TYPES = ['SUPPRESS_ONLY', 'UNSUPPRESS'] as const;
export type SuppressionType = (typeof SUPPRESSION_TYPES)[number];

/** Longer than any event can carry (E05: 32 KB). */
export const USER_ID_CHARS_MAX = 32_768;
/** As an event carries it, compared character by character. */
const SuppressedUserId = z.string().min(1).max(USER_ID_CHARS_MAX);

/** Says that the events of some users are taken no more (SUPPRESS_ONLY), or are taken again (UNSUPPRESS). Workspace-wide; kept for ever. */
export const Regulation = z.object({
  id: RegulationId,
  workspaceId: WorkspaceId,
  type: z.enum(SUPPRESSION_TYPES),
  userIds: z.array(SuppressedUserId).min(1).max(USERS_PER_REGULATION_MAX),
  createdAt: Timestamp,
  /** Who asked for it, in words for people. */
  by: z.string().min(1).max(128),
});
export type Regulation = z.infer<typeof Regulation>;

/** What the audit trail says of a regulation, beside who asked for it. Who its people are stands in the regulation alone. */
export const regulationEntry = ({
  id,
  workspaceId,
  type,
  userIds,
  createdAt,
}: Regulation): Omit<AuditEntry, 'id' | 'actor'> => ({
  workspaceId,
  at: createdAt,
  event: 'Regulation Created',
  resource: { type: 'REGULATION', id },
  after: { regulationType: type, subjectType: 'USER_ID', subjects: userIds.length },
});

/**
 * Whether an event is of somebody who is suppressed: its userId is (J16), or the id that an alias moves away from, which would else go out to
 * every tool under the new name. Events without a userId are of nobody.
 */
export function isOfSuppressed(event: JsonObject, suppressed: ReadonlySet<string> | undefined): boolean {
  if (suppressed === undefined || suppressed.size === 0) return false;
  if (isIn(suppressed, own(event, 'userId'))) return true;
  return own(event, 'type') === 'alias' && isIn(suppressed, own(event, 'previousId'));
}

/** Nothing says that a previousId is a text. */
const isIn = (users: ReadonlySet<string>, id: unknown): boolean =>
  (typeof id === 'string' || typeof id === 'number') && users.has(String(id));

/** One page of those who are suppressed, in the order of their ids. `after`: the last id of the page before. */
export function pageOfSuppressed(
  suppressed: ReadonlySet<string>,
  { after, limit }: { after?: string | undefined; limit: number },
): { userIds: string[]; hasMore: boolean } {
  const rest = [...suppressed].filter((id) => after === undefined || id > after).toSorted(byCodeUnits);
  return { userIds: rest.slice(0, limit), hasMore: rest.length > limit };
}

/** One order for all machines, whatever their language. */
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : 1);
