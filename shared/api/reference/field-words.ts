/**
 * What fields mean, for the reference page: by `Shape.field` where it matters whose it is, else by the field's name. Only what the name does not say.
 */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  // Pages of lists.
  'PaginationInput.cursor':
    'Where the page begins: `next`, `previous` or `current` of an earlier answer. Left out: the first page.',
  'PaginationInput.count': 'Entries of a page. 200 where it is left out.',
  'PaginationOutput.current': 'Cursor of this page.',
  'PaginationOutput.next': 'Cursor of the next page. Absent on the last.',
  'PaginationOutput.previous': 'Cursor of the page before. Absent on the first.',
  'PaginationOutput.totalEntries': 'Entries of all pages.',
  pagination: 'Which page of the list.',

  // Sources.
  'SourceV1.slug': 'Unique in the workspace.',
  'SourceV1.name': 'For people.',
  'SourceV1.writeKeys': 'Clients send with any of these. Empty for callers who may not see them.',
  'SourceV1.labels': 'Set by the calls for labels.',
  'SourceV1.settings': 'Settings of its kind; `options` of the metadata lists them.',
  slug: 'Lower-case letters, digits, hyphens and underscores; unique in the workspace.',
  metadataId: 'Which kind: an id of the catalog.',
  metadata: 'What the catalog says of its kind.',
  workspaceId: 'Id of the workspace.',
  disconnectAllWarehouses: 'Taken for compatibility: there are no warehouses.',
  trackingPlanId: 'The plan that the source is connected to.',
  writeKey: 'The key to revoke.',
  allowUnplannedEvents: 'False: events whose name the schema does not know are blocked.',
  allowUnplannedEventProperties: 'False: properties that the schema does not know are taken out.',
  forwardingViolationsTo: 'A source that gets an event for each violation.',
  forwardingBlockedEventsTo: 'A source that gets what was blocked.',
  commonEventOnViolations: 'What to do with events that break the plan’s common rule.',

  // Destinations.
  sourceId: 'Id of the source.',
  destinationId: 'Id of the destination.',
  'DestinationV1.settings': 'Settings of its kind. Secrets are masked.',
  settings: 'Settings by name.',
  actionId: 'An action of the destination’s kind, by its id in the catalog.',
  actionSlug: 'The action’s short name.',
  trigger: 'Which events: a condition in FQL, such as `type = "track" and event = "Order Completed"`.',
  'DestinationSubscription.settings': 'The mapping: a value or a directive for each field of the action.',
  'DestinationSubscriptionUpdateInput.settings':
    'The mapping, whole: a value or a directive for each field of the action.',
  modelId: 'For Reverse ETL, which is not offered.',
  reverseETLModelId: 'For Reverse ETL, which is not offered.',
  reverseETLSchedule: 'For Reverse ETL, which is not offered.',

  // Filters.
  if: 'A condition in FQL. `all` is true of every event.',
  actions: 'What to do with events that fit. They are done in turn.',
  'DestinationFilterActionV1.type':
    '`DROP` the event; keep a share of events (`SAMPLE`); keep only some properties (`ALLOW_PROPERTIES`) or take some out (`DROP_PROPERTIES`).',
  'DestinationFilterActionV1.fields':
    'For properties: lists of names by the dotted path of the object that holds them. `""` is the event itself.',
  'DestinationFilterActionV1.percent': 'For `SAMPLE`: the share that passes, 0 to 1.',
  'DestinationFilterActionV1.path':
    'For `SAMPLE`: a field whose value decides, so that all events with the same value meet the same fate. Left out: the event’s messageId.',
  title: 'For people.',
  payload: 'An event as a client sends it.',
  inputPayload: 'The event that was sent.',
  result: 'What would be left of it; null where it would be dropped.',

  // People.
  email: 'E-mail address.',
  emails: 'E-mail addresses.',
  userIds: 'Ids of people.',
  roleId: 'A role, by its id in `GET /roles`.',
  roleName: 'The role’s name.',
  resources:
    'Where the role holds: the whole workspace, or some sources; with labels only sources that bear all of them.',
  'PermissionResourceV1.id': 'Id of the workspace or source.',
  permissions: 'Roles, and where they hold.',
  memberCount: 'People in the group.',

  // Labels.
  'LabelV1.key': 'A letter, then letters, digits and hyphens.',
  'LabelV1.value': 'A letter, then letters, digits and hyphens.',
  labels: 'Labels by key and value.',

  // Audit.
  startTime: 'Not before: a time in ISO 8601.',
  endTime: 'Before: a time in ISO 8601.',
  resourceId: 'Id of what was changed.',
  resourceType: 'What kind of thing was changed.',
  actor: 'Id of the person or token.',
  actorEmail: 'Address of the person.',

  // Suppression.
  regulationType: '`SUPPRESS_ONLY` and `UNSUPPRESS` work; what deletes is not offered yet.',
  subjectType: 'What the ids are.',
  subjectIds: 'Ids of people.',
  regulateId: 'Id of the request.',
  streamStatus: 'How far it is, by source and destination.',
  overallStatus: 'How far it is.',

  // Tracking plans.
  jsonSchema: 'JSON Schema of draft 7 that events must fit.',
  version: 'Version of the rule. Several may be kept beside each other.',
  newKey: 'The key that the rule gets.',
  key: 'Name of the event, for rules of `TRACK`.',

  // Common.
  id: 'Its id.',
  enabled: 'Whether it is at work.',
  status: 'Always `SUCCESS`.',
  createdAt: 'A time in ISO 8601.',
  updatedAt: 'A time in ISO 8601.',
  message: 'Any text.',
  delay: 'Milliseconds to wait before the answer, at most 10,000.',
  statusCode: 'The status to answer.',
  triggerError: 'Fail with one error.',
  triggerMultipleErrors: 'Fail with several errors.',
  triggerUnexpectedError: 'Fail as an error of ours would.',
  period: 'First day of a month, such as 2026-11-01.',
  granularity: 'Width of a step.',
  from: 'First hour in UTC, such as 2026-11-24T00.',
  to: 'Last hour in UTC, included.',
};

/** Words for a field of a shape; `undefined` where its name says it all. */
export const wordsFor = (shape: string | undefined, field: string): string | undefined =>
  FIELD_WORDS[`${shape ?? ''}.${field}`] ?? FIELD_WORDS[field];
