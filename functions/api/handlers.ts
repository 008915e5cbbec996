import { invariant } from '../../shared/domain/app-error.ts';
import { SEEING } from '../../shared/api/operations.ts';
import type { Handler, HandlersOf } from './http/request.ts';
import { appInvitesHandlers } from './routes/app-invites.ts';
import { appWorkspacesHandlers } from './routes/app-workspaces.ts';
import { auditTrailHandlers } from './routes/audit-trail.ts';
import { catalogHandlers } from './routes/catalog.ts';
import { destinationFiltersHandlers } from './routes/destination-filters.ts';
import { destinationSecretsHandlers } from './routes/destination-secrets.ts';
import { destinationsHandlers } from './routes/destinations.ts';
import { invitesHandlers } from './routes/invites.ts';
import { labelsHandlers } from './routes/labels.ts';
import { logosHandlers } from './routes/logos.ts';
import { meHandlers } from './routes/me.ts';
import { membersHandlers } from './routes/members.ts';
import { referenceHandlers } from './routes/reference.ts';
import { sourceHooksHandlers } from './routes/source-hooks.ts';
import { sourceKeysHandlers } from './routes/source-keys.ts';
import { sourcesHandlers } from './routes/sources.ts';
import { statusHandlers } from './routes/status.ts';
import { subscriptionsHandlers } from './routes/subscriptions.ts';
import { suppressionHandlers } from './routes/suppression.ts';
import { tokensHandlers } from './routes/tokens.ts';
import { trackingPlanRulesHandlers } from './routes/tracking-plan-rules.ts';
import { trackingPlansHandlers } from './routes/tracking-plans.ts';
import { transformationsHandlers } from './routes/transformations.ts';
import { userGroupsHandlers } from './routes/user-groups.ts';
import { usersHandlers } from './routes/users.ts';
import { workspacesHandlers } from './routes/workspaces.ts';
import { writeKeysHandlers } from './routes/write-keys.ts';

type Seeing = HandlersOf<keyof typeof SEEING>;
/** Handlers of SEEING, loaded when one of them is asked for first: a cold start for anything else reads none of their rules. */
const seeing = Object.fromEntries(
  Object.keys(SEEING).map((id): [string, Handler] => [
    id,
    async (request, input) => {
      const { SEEING_HANDLERS } = await import('./seeing-handlers.ts');
      const handler = (SEEING_HANDLERS as Readonly<Record<string, Handler>>)[id];
      invariant(handler !== undefined, 'every operation of SEEING has its handler');
      return await handler(request, input);
    },
  ]),
) as unknown as Seeing;

/** One for each operation that is not of the kind `later`. */
const HANDLERS: HandlersOf = {
  ...seeing,
  ...appInvitesHandlers,
  ...appWorkspacesHandlers,
  ...auditTrailHandlers,
  ...catalogHandlers,
  ...destinationFiltersHandlers,
  ...destinationSecretsHandlers,
  ...destinationsHandlers,
  ...invitesHandlers,
  ...labelsHandlers,
  ...logosHandlers,
  ...meHandlers,
  ...membersHandlers,
  ...referenceHandlers,
  ...sourceHooksHandlers,
  ...sourceKeysHandlers,
  ...sourcesHandlers,
  ...statusHandlers,
  ...subscriptionsHandlers,
  ...suppressionHandlers,
  ...tokensHandlers,
  ...trackingPlanRulesHandlers,
  ...trackingPlansHandlers,
  ...transformationsHandlers,
  ...userGroupsHandlers,
  ...usersHandlers,
  ...workspacesHandlers,
  ...writeKeysHandlers,
};

export const handlerOf = (id: string): Handler | undefined =>
  Object.hasOwn(HANDLERS, id) ? (HANDLERS as Readonly<Record<string, Handler>>)[id] : undefined;
