import type { CatalogReader } from '../../shared/catalog/catalog-reader.ts';
import type { LogoReader } from '../../shared/catalog/logo-reader.ts';
import type { CatalogPlaces } from '../../shared/catalog/destination-metadata.ts';
import type { WriteKey } from '../../shared/domain/ids.ts';
import type { Accounts } from '../../shared/ports/accounts.ts';
import type { AlertMarkStore } from '../../shared/ports/alert-marks.ts';
import type { AlertSender } from '../../shared/ports/alert-sender.ts';
import type { NotificationStore } from '../../shared/ports/notification-store.ts';
import type { ControlStore, Author } from '../../shared/ports/control-store.ts';
import type { ArchivedEvents } from '../../shared/ports/archived-events.ts';
import type { AuditLog } from '../../shared/ports/audit-log.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { DeliverAsks } from '../../shared/ports/deliver-asks.ts';
import type { HookSamples } from '../../shared/ports/hook-samples.ts';
import type { Hints } from '../../shared/ports/hints.ts';
import type { ExportStore } from '../../shared/ports/export-store.ts';
import type { PeopleStore } from '../../shared/ports/people-store.ts';
import type { PersonTokens } from '../../shared/ports/person-tokens.ts';
import type { Sealer } from '../../shared/ports/sealer.ts';
import type { SuppressionStore } from '../../shared/ports/suppression-store.ts';
import type { LiveNumbers } from './live-numbers.ts';
import type { EventsWork } from './events-work.ts';
import type { HealthWork } from './resources/health-work.ts';
import type { DeliveryWork } from './resources/delivery-work.ts';
import type { ReplayDesk } from './routes/replays.ts';
import type { UsageMonths } from '../../shared/ports/usage-store.ts';
import type { SchemaWork } from './resources/schema-list.ts';
import type { StatusWork } from './routes/status.ts';

/** What the API works with. What is slow to load is behind a function that loads it once. */
export type ApiDeps = {
  /** A store whose changes carry that author. */
  control: (author: Author) => ControlStore;
  configs: ConfigReader;
  people: PeopleStore;
  /** Checks what people sign in with. */
  personTokens: PersonTokens;
  /** Accounts of the user pool: whoever is invited gets one. */
  accounts: () => Promise<Accounts>;
  auditLog: AuditLog;
  hints: Hints;
  /** Types of destinations; those of sources are a constant. */
  catalog: CatalogReader;
  places: CatalogPlaces;
  /** Pictures of the catalog, for deployments whose CDN has no name of its own. */
  logos: LogoReader;
  sealer: () => Promise<Sealer>;
  /** What was posted to webhook sources last. */
  hookSamples: () => Promise<Pick<HookSamples, 'get'>>;
  /** What only the function that delivers may do. */
  deliver: () => Promise<DeliverAsks>;
  /** What only the function that sends alerts may do. */
  alertSender: AlertSender;
  /** What is known of alerts: when they told of something last, and what their channels answered. */
  alertMarks: Pick<AlertMarkStore, 'list'>;
  notifications: NotificationStore;
  /** Events as they were routed, for who asks what a rule would do. */
  archive: () => Promise<ArchivedEvents>;
  suppression: () => Promise<SuppressionStore>;
  status: () => Promise<StatusWork>;
  /** The newest numbers of all sources and destinations. */
  live: LiveNumbers;
  /** The debugger, traces, and the queue that test events go to. */
  events: () => Promise<EventsWork>;
  /** Books by kind of event, samples and digests. */
  delivery: () => Promise<DeliveryWork>;
  health: () => Promise<HealthWork>;
  replays: () => Promise<ReplayDesk>;
  /** What sources were sent, by name. */
  schemas: () => Promise<SchemaWork>;
  exports: () => Promise<ExportStore>;
  /** What the hourly run has counted. */
  usageMonths: () => Promise<Pick<UsageMonths, 'between'>>;
  /** Signs cursors; the same for all environments. */
  signingKey: () => Promise<Buffer>;
  /** E-mail of who owns the deployment: may make the first workspace. */
  ownerEmail: string;
  now: () => Date;
  wait: (ms: number) => Promise<void>;
  newId: (prefix: string) => string;
  newWriteKey: () => WriteKey;
};
