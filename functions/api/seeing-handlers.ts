import type { SEEING } from '../../shared/api/operations.ts';
import type { HandlersOf } from './http/request.ts';
import { alertsHandlers } from './routes/alerts.ts';
import { appDeliveryHandlers } from './routes/app-delivery.ts';
import { appHealthHandlers } from './routes/app-health.ts';
import { appIssuesHandlers } from './routes/app-issues.ts';
import { appUsageHandlers } from './routes/app-usage.ts';
import { deliveryOverviewHandlers } from './routes/delivery-overview.ts';
import { estimatesHandlers } from './routes/estimates.ts';
import { eventsVolumeHandlers } from './routes/events-volume.ts';
import { exportsHandlers } from './routes/exports.ts';
import { notificationsHandlers } from './routes/notifications.ts';
import { overviewHandlers } from './routes/overview.ts';
import { rehearsalsHandlers } from './routes/rehearsals.ts';
import { replaysHandlers } from './routes/replays.ts';
import { schemaHandlers } from './routes/schema.ts';
import { searchHandlers } from './routes/search.ts';
import { sourceEventsHandlers } from './routes/source-events.ts';
import { testerHandlers } from './routes/tester.ts';
import { usageHandlers } from './routes/usage.ts';

/** One for each operation of SEEING. */
export const SEEING_HANDLERS: HandlersOf<keyof typeof SEEING> = {
  ...alertsHandlers,
  ...appDeliveryHandlers,
  ...appHealthHandlers,
  ...appIssuesHandlers,
  ...appUsageHandlers,
  ...deliveryOverviewHandlers,
  ...estimatesHandlers,
  ...eventsVolumeHandlers,
  ...exportsHandlers,
  ...notificationsHandlers,
  ...overviewHandlers,
  ...rehearsalsHandlers,
  ...replaysHandlers,
  ...schemaHandlers,
  ...searchHandlers,
  ...sourceEventsHandlers,
  ...testerHandlers,
  ...usageHandlers,
};
