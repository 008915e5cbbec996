import { AUDIT_DAYS, AuditEntry } from '../domain/audit.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { Documents, TransactItem } from '../ports/documents.ts';
import { queryPages } from './control-items.ts';
import { controlKeys } from './control-keys.ts';
import { parseItem } from './read-items.ts';

/** Entries live a little longer than people see them, so that what is forwarded late is still there. */
const KEPT_DAYS = AUDIT_DAYS + 5;
const DAY_SECONDS = 86_400;

/** The write of an entry, for the transaction of the change that it tells of. */
export const auditItem = (tableName: string, entry: AuditEntry): TransactItem => ({
  Put: {
    TableName: tableName,
    Item: {
      ...controlKeys.auditEntry(entry.workspaceId, entry.at, entry.id),
      data: JSON.stringify(entry),
      expiresAtSeconds: Math.floor(Date.parse(entry.at) / 1_000) + KEPT_DAYS * DAY_SECONDS,
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

/** The audit trail as it is read: see the port. */
export const documentsAuditLog = (documents: Documents, tableName: string): AuditLog => ({
  list: async (workspaceId, { from, to, limit, newestFirst }) => {
    const entries: AuditEntry[] = [];
    const range = controlKeys.auditEntries(workspaceId, from, to);
    // One more than asked for tells whether there are more.
    for await (const page of queryPages(documents, tableName, range, { newestFirst, limit: limit + 1 })) {
      entries.push(...page.map((item) => parseItem(item, AuditEntry)));
      if (entries.length > limit) break;
    }
    return { entries: entries.slice(0, limit), hasMore: entries.length > limit };
  },
});
