import type { Handler, HandlersOf } from './http/request.ts';
import { appInvitesHandlers } from './routes/app-invites.ts';
import { appWorkspacesHandlers } from './routes/app-workspaces.ts';
import { auditTrailHandlers } from './routes/audit-trail.ts';
import { invitesHandlers } from './routes/invites.ts';
import { meHandlers } from './routes/me.ts';
import { membersHandlers } from './routes/members.ts';
import { referenceHandlers } from './routes/reference.ts';
import { statusHandlers } from './routes/status.ts';
import { tokensHandlers } from './routes/tokens.ts';
import { userGroupsHandlers } from './routes/user-groups.ts';
import { usersHandlers } from './routes/users.ts';
import { workspacesHandlers } from './routes/workspaces.ts';

/** One for each operation that is not of the kind `later`. */
const HANDLERS: Partial<HandlersOf> = {
  ...appInvitesHandlers,
  ...appWorkspacesHandlers,
  ...auditTrailHandlers,
  ...invitesHandlers,
  ...meHandlers,
  ...membersHandlers,
  ...referenceHandlers,
  ...statusHandlers,
  ...tokensHandlers,
  ...userGroupsHandlers,
  ...usersHandlers,
  ...workspacesHandlers,
};

export const handlerOf = (id: string): Handler | undefined =>
  Object.hasOwn(HANDLERS, id) ? (HANDLERS as Readonly<Record<string, Handler>>)[id] : undefined;
