import { isOwner } from '../../../shared/domain/access.ts';
import { conflict } from '../http/api-fault.ts';
import type { ApiRequest } from '../http/request.ts';

/**
 * Throws ApiFault 409 where the source is what the audit trail is forwarded to and the caller is no owner: whoever administers sources would else stop
 * the trail, or send it where owners do not know of. To be asked while a change is decided.
 */
export async function refuseForAuditTrail(request: ApiRequest, sourceId: string | undefined): Promise<void> {
  if (isOwner(request.caller.permissions)) return;
  const workspace = await request.control.getWorkspace(request.workspaceId);
  if (sourceId === undefined || workspace?.auditForwarding?.sourceId !== sourceId) return;
  throw conflict(
    'The audit trail of the workspace is forwarded to this source: its owners alone switch it off, delete it, and connect or change its destinations.',
  );
}
