import { BATCH_EVENTS_MAX, EVENT_BYTES_MAX } from '../../shared/config/limits.ts';
import type { AuditEntry } from '../../shared/domain/audit.ts';
import type { JsonObject } from '../../shared/domain/json.ts';

/** The events of one request: below what ingest takes, with room for what the envelope adds. */
export const REQUEST_BYTES_MAX = 400_000;
export const REQUEST_EVENTS_MAX = 200;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * An entry of the audit trail as an event of the spec (H15). Its messageId is the entry's id: an entry that is sent twice is one event and a
 * duplicate. Secrets are masked in the entry already. What would be too large for an event goes without `before` and `after`, and says so.
 */
export function auditEvent(entry: AuditEntry): JsonObject {
  const { id, at, event, actor, resource, before, after, requestId, workspaceId, ip } = entry;
  const properties = {
    id,
    type: event,
    workspaceId,
    actor: { ...actor },
    resource: { ...resource },
    ...(requestId !== undefined && { requestId }),
  };
  const whole = {
    type: 'track',
    messageId: id,
    event,
    userId: actor.id === '' ? actor.type : actor.id,
    timestamp: at,
    context: { library: { name: 'tributary-audit', version: '1' }, ...(ip !== undefined && { ip }) },
    properties: { ...properties, ...(before !== undefined && { before }), ...(after !== undefined && { after }) },
  };
  const bytes = bytesOf(whole);
  if (bytes <= EVENT_BYTES_MAX) return whole;
  return {
    ...whole,
    properties: { ...properties, leftOut: `before and after: ${bytes} bytes are too many for an event` },
  };
}

export type EventRequest = { entries: AuditEntry[]; bodyText: string };

/** Entries in the bodies of batch requests, in their order. */
export function packRequests(entries: readonly AuditEntry[]): EventRequest[] {
  const requests: EventRequest[] = [];
  let open: { entries: AuditEntry[]; events: string[]; bytes: number } = { entries: [], events: [], bytes: 0 };
  const close = (): void => {
    if (open.entries.length > 0) {
      requests.push({ entries: open.entries, bodyText: `{"batch":[${open.events.join(',')}]}` });
    }
    open = { entries: [], events: [], bytes: 0 };
  };
  for (const entry of entries) {
    const text = JSON.stringify(auditEvent(entry));
    const bytes = Buffer.byteLength(text) + 1;
    if (
      open.bytes + bytes > REQUEST_BYTES_MAX ||
      open.entries.length >= Math.min(REQUEST_EVENTS_MAX, BATCH_EVENTS_MAX)
    ) {
      close();
    }
    open.entries.push(entry);
    open.events.push(text);
    open.bytes += bytes;
  }
  close();
  return requests;
}
