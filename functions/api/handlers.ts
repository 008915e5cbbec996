import type { Handler, HandlersOf } from './http/request.ts';
import { alertsHandlers } from './routes/alerts.ts';
import { appDeliveryHandlers } from './routes/app-delivery.ts';
import { appHealthHandlers } from './routes/app-health.ts';
import { appInvitesHandlers } from './routes/app-invites.ts';
import { appIssuesHandlers } from './routes/app-issues.ts';
import { appUsageHandlers } from './routes/app-usage.ts';
import { appWorkspacesHandlers } from './routes/app-workspaces.ts';
import { auditTrailHandlers } from './routes/audit-trail.ts';
import { catalogHandlers } from './routes/catalog.ts';
import { deliveryOverviewHandlers } from './routes/delivery-overview.ts';
import { destinationFiltersHandlers } from './routes/destination-filters.ts';
import { destinationSecretsHandlers } from './routes/destination-secrets.ts';
import { estimatesHandlers } from './routes/estimates.ts';
import { destinationsHandlers } from './routes/destinations.ts';
import { eventsVolumeHandlers } from './routes/events-volume.ts';
import { exportsHandlers } from './routes/exports.ts';
import { invitesHandlers } from './routes/invites.ts';
import { labelsHandlers } from './routes/labels.ts';
import { logosHandlers } from './routes/logos.ts';
import { meHandlers } from './routes/me.ts';
import { membersHandlers } from './routes/members.ts';
import { notificationsHandlers } from './routes/notifications.ts';
import { overviewHandlers } from './routes/overview.ts';
import { referenceHandlers } from './routes/reference.ts';
import { replaysHandlers } from './routes/replays.ts';
import { searchHandlers } from './routes/search.ts';
import { sourceEventsHandlers } from './routes/source-events.ts';
import { rehearsalsHandlers } from './routes/rehearsals.ts';
import { schemaHandlers } from './routes/schema.ts';
import { sourceHooksHandlers } from './routes/source-hooks.ts';
import { sourceKeysHandlers } from './routes/source-keys.ts';
import { sourcesHandlers } from './routes/sources.ts';
import { statusHandlers } from './routes/status.ts';
import { subscriptionsHandlers } from './routes/subscriptions.ts';
import { suppressionHandlers } from './routes/suppression.ts';
import { testerHandlers } from './routes/tester.ts';
import { tokensHandlers } from './routes/tokens.ts';
import { trackingPlanRulesHandlers } from './routes/tracking-plan-rules.ts';
import { trackingPlansHandlers } from './routes/tracking-plans.ts';
import { transformationsHandlers } from './routes/transformations.ts';
import { usageHandlers } from './routes/usage.ts';
import { userGroupsHandlers } from './routes/user-groups.ts';
import { usersHandlers } from './routes/users.ts';
import { workspacesHandlers } from './routes/workspaces.ts';
import { writeKeysHandlers } from './routes/write-keys.ts';

/** One for each operation that is not of the kind `later`. */
const HANDLERS: HandlersOf = {
  ...alertsHandlers,
  ...appDeliveryHandlers,
  ...appHealthHandlers,
  ...appInvitesHandlers,
  ...appIssuesHandlers,
  ...appUsageHandlers,
  ...appWorkspacesHandlers,
  ...auditTrailHandlers,
  ...catalogHandlers,
  ...deliveryOverviewHandlers,
  ...destinationFiltersHandlers,
  ...destinationSecretsHandlers,
  ...destinationsHandlers,
  ...eventsVolumeHandlers,
  ...exportsHandlers,
  ...invitesHandlers,
  ...labelsHandlers,
  ...logosHandlers,
  ...meHandlers,
  ...membersHandlers,
  ...notificationsHandlers,
  ...overviewHandlers,
  ...referenceHandlers,
  ...replaysHandlers,
  ...searchHandlers,
  ...sourceEventsHandlers,
  ...schemaHandlers,
  ...sourceHooksHandlers,
  ...sourceKeysHandlers,
  ...sourcesHandlers,
  ...statusHandlers,
  ...subscriptionsHandlers,
  ...suppressionHandlers,
  ...testerHandlers,
  ...rehearsalsHandlers,
  ...estimatesHandlers,
  ...tokensHandlers,
  ...trackingPlanRulesHandlers,
  ...trackingPlansHandlers,
  ...transformationsHandlers,
  ...usageHandlers,
  ...userGroupsHandlers,
  ...usersHandlers,
  ...workspacesHandlers,
  ...writeKeysHandlers,
};

export const handlerOf = (id: string): Handler | undefined =>
  Object.hasOwn(HANDLERS, id) ? (HANDLERS as Readonly<Record<string, Handler>>)[id] : undefined;
