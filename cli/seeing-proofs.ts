import type { ProofOf } from './operation-proofs.ts';

/** Tests of operations by which people see what became of events: delivery, health, alerts, debugger, trace, replays. */
export const SEEING_TESTS: readonly ProofOf[] = [
  {
    file: 'test/e2e/alerts.test.ts',
    title: 'a test of an alert goes through each channel and says what each answered, the mailbox has the mail (H08)',
    operations: 'createAlert testAlert',
  },
  {
    file: 'test/e2e/alerts.test.ts',
    title:
      'a destination that refuses all is told by mail, Slack, webhook and in the app within two minutes, once (H07)',
    operations: 'listAlerts listNotifications',
  },
  {
    file: 'test/unit/functions/api/routes/alerts.test.ts',
    title: 'default alerts are there without being made; owners switch them off, nobody deletes them (H10)',
    operations: 'getAlert',
  },
  {
    file: 'test/unit/functions/api/routes/alerts.test.ts',
    title: 'owners see, change and delete all alerts, others those that they have made (H09)',
    operations: 'updateAlert deleteAlert',
  },
  {
    file: 'test/unit/functions/api/routes/alerts.test.ts',
    title: 'notifications come in pages, are counted while unread, and are read one by one or all at once',
    operations: 'markNotificationsRead',
  },
  {
    file: 'test/unit/functions/api/routes/delivery-overview.test.ts',
    title: 'the official library reads every step of the pipeline to one, and the steps add up (G08)',
    operations:
      'getIngressSuccessMetricsFromDeliveryOverview getIngressFailedMetricsFromDeliveryOverview getFilteredAtSourceMetricsFromDeliveryOverview getFilteredAtDestinationMetricsFromDeliveryOverview getEgressFailedMetricsFromDeliveryOverview getEgressSuccessMetricsFromDeliveryOverview',
  },
  {
    file: 'test/unit/functions/api/routes/delivery-overview.test.ts',
    title: 'the summary of a destination names what became of sends, with codes, retries and P95 (G02, G05)',
    operations: 'listDeliveryMetricsSummaryFromDestination',
  },
  {
    file: 'test/unit/functions/api/routes/events-volume.test.ts',
    title: 'the official library reads the volume of a workspace, by source and by kind of event',
    operations: 'getEventsVolumeFromWorkspace',
  },
  {
    file: 'test/unit/functions/api/routes/app-delivery.test.ts',
    title:
      'one call shows each step with count, share of what came and change, and what was delivered in which way (G02, G08)',
    operations: 'getDestinationDelivery',
  },
  {
    file: 'test/unit/functions/api/routes/app-delivery.test.ts',
    title: 'the same for a source: its own three steps',
    operations: 'getSourceDelivery',
  },
  {
    file: 'test/unit/functions/api/routes/app-issues.test.ts',
    title:
      'the error table: by destination, code and message, with first and last seen, whether it is retried, and what to do (G03)',
    operations: 'listDeliveryIssues',
  },
  {
    file: 'test/unit/functions/api/routes/app-issues.test.ts',
    title: 'ten samples of an issue at most: what was sent to us, to the tool, and what it answered (G04, G15)',
    operations: 'listDeliveryIssueSamples',
  },
  {
    file: 'test/unit/functions/api/routes/app-issues.test.ts',
    title:
      'events that ended before anything was sent are shown by their reason, at the source or at a destination (G13, G15)',
    operations: 'listReasonSamples',
  },
  {
    file: 'test/unit/functions/api/routes/app-health.test.ts',
    title:
      'a destination whose every try fails is failing: kind, code, count, first and last seen, and the way to its delivery (H01 to H05)',
    operations: 'getHealth',
  },
  {
    file: 'test/e2e/debugger-and-trace.test.ts',
    title: 'each verdict is shown with its reason, and a search finds by text, field and exclusion (F03, F04, F05)',
    operations: 'listSourceEvents',
  },
  {
    file: 'test/e2e/debugger-and-trace.test.ts',
    title: 'the trace tells delivered, filtered, retried, refused and dead-lettered right, with request and answer',
    operations: 'getEventTrace',
  },
  {
    file: 'test/e2e/debugger-and-trace.test.ts',
    title: 'a test event goes the way of all events, is always found, and no client can mark its own (A7)',
    operations: 'createTestEvent',
  },
  {
    file: 'test/e2e/debugger-and-trace.test.ts',
    title: 'a source keeps every event while it is told to, whatever its bucket says',
    operations: 'keepAllSourceEvents',
  },
  {
    file: 'test/e2e/replay-orders.test.ts',
    title: 'what a tool refused is counted, sent again by code after its repair, and shown as recovered',
    operations: 'createReplay listReplays getReplay',
  },
  {
    file: 'test/e2e/replay-orders.test.ts',
    title:
      'a replay is cancelled midway: nothing more is queued, and the next takes the rest, so that each arrives once',
    operations: 'cancelReplay',
  },
];
