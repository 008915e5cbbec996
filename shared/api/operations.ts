import type { Operation } from './operation.ts';
import { appAlertsOperations } from './operations/app-alerts.ts';
import { appEventsOperations } from './operations/app-events.ts';
import { appDeliveryOperations } from './operations/app-delivery.ts';
import { appIssuesOperations } from './operations/app-issues.ts';
import { appForecastOperations } from './operations/app-forecast.ts';
import { appHealthOperations } from './operations/app-health.ts';
import { appLaterOperations } from './operations/app-later.ts';
import { appSearchOperations } from './operations/app-lookup.ts';
import { appOverviewOperations } from './operations/app-overview.ts';
import { appPeopleOperations } from './operations/app-people.ts';
import { appReplaysOperations } from './operations/app-replays.ts';
import { appExportsOperations } from './operations/app-exports.ts';
import { appSchemaOperations } from './operations/app-schema.ts';
import { appSourcesOperations } from './operations/app-sources.ts';
import { appStatusOperations } from './operations/app-status.ts';
import { appTesterOperations } from './operations/app-tester.ts';
import { appWriteKeysOperations } from './operations/app-write-keys.ts';
import { auditTrailOperations } from './operations/audit-trail.ts';
import { catalogOperations } from './operations/catalog.ts';
import { deletionOperations } from './operations/deletion.ts';
import { deliveryOperations } from './operations/delivery.ts';
import { destinationFiltersOperations } from './operations/destination-filters.ts';
import { destinationsOperations } from './operations/destinations.ts';
import { eventsVolumeOperations } from './operations/events-volume.ts';
import { labelsOperations } from './operations/labels.ts';
import { notOfferedOperations } from './operations/not-offered.ts';
import { peopleOperations } from './operations/people.ts';
import { referenceOperations } from './operations/reference.ts';
import { sourcesOperations } from './operations/sources.ts';
import { suppressionOperations } from './operations/suppression.ts';
import { trackingPlansOperations } from './operations/tracking-plans.ts';
import { transformationsOperations } from './operations/transformations.ts';
import { usageOperations } from './operations/usage.ts';
import { workspacesOperations } from './operations/workspaces.ts';

/** What can be seen of events, their delivery, use and cost, and what is done about it: asked for seldom, beside what SDKs and pages ask all the time. */
export const SEEING = {
  ...appEventsOperations,
  ...appAlertsOperations,
  ...appForecastOperations,
  ...usageOperations,
  ...appOverviewOperations,
  ...appSearchOperations,
  ...appTesterOperations,
  ...deliveryOperations,
  ...eventsVolumeOperations,
  ...appDeliveryOperations,
  ...appIssuesOperations,
  ...appHealthOperations,
  ...appReplaysOperations,
  ...appSchemaOperations,
  ...appExportsOperations,
};

/** Those that have a handler each: without one for every operation here the function does not compile. */
export const HANDLED = {
  ...workspacesOperations,
  ...catalogOperations,
  ...sourcesOperations,
  ...destinationsOperations,
  ...destinationFiltersOperations,
  ...labelsOperations,
  ...peopleOperations,
  ...auditTrailOperations,
  ...suppressionOperations,
  ...trackingPlansOperations,
  ...transformationsOperations,
  ...appStatusOperations,
  ...appSourcesOperations,
  ...appPeopleOperations,
  ...referenceOperations,
  ...appWriteKeysOperations,
  ...SEEING,
};
export type Handled = typeof HANDLED;
export type HandledId = keyof Handled;

/** Every operation of the API by its id: the source of the router, of validation, of the OpenAPI document and of clients' types. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...HANDLED,
  ...deletionOperations,
  ...appLaterOperations,
  ...notOfferedOperations,
};
