/**
 * What each operation does, for the reference page: a sentence or two beyond what its name says. By operation id. What the original does alike is said
 * here in our own words; what differs from it is said where it matters to a client.
 */
export const OPERATION_WORDS: Readonly<Record<string, string>> = {
  echo: 'Answers what it was sent, so that a client can be tried out. It can be told to wait, or to fail in any way that the API fails.',
  getWorkspace:
    'The workspace that the token belongs to. No path names a workspace: a token has one, and a person names theirs in a header.',

  getSourcesCatalog: 'Every kind of source that can be made here.',
  getSourceMetadata: 'One kind of source.',
  getDestinationsCatalog:
    'Every kind of destination that can be connected, with its settings, actions, their fields, and presets.',
  getDestinationMetadata: 'One kind of destination. Ids of actions and presets are taken from here.',
  getWarehousesCatalog: 'Kinds of warehouses. There are none yet, so the list is empty.',
  getWarehouseMetadata: 'One kind of warehouse. There are none yet, so the answer is 404.',

  listSources: 'Sources that the caller may see. Write keys are left out for callers who may not see them.',
  createSource: 'Makes a source with a first write key. Its name is its slug until an update gives it another.',
  getSource: 'One source, with the tracking plan that it is connected to, if any.',
  updateSource: 'Changes the fields that are sent, and no others. A source that is disabled accepts nothing.',
  deleteSource:
    'Deletes a source with its write keys, and disconnects its destinations. What it sent remains in the archive.',
  listConnectedDestinationsFromSource: 'Destinations that this source feeds.',
  listConnectedWarehousesFromSource: 'Warehouses that this source feeds. There are none yet, so the list is empty.',
  listSchemaSettingsInSource: 'What happens to events that the source’s schema or tracking plan does not know.',
  updateSchemaSettingsInSource: 'Changes the fields that are sent, and no others.',
  addLabelsToSource: 'Adds labels to those that the source has. Each label must be one of the workspace.',
  replaceLabelsInSource: 'Puts these labels in the place of those that the source has.',
  createWriteKeyForSource:
    'Adds a write key; those that are there remain good. To rotate, add one, move your clients, remove the old one.',
  removeWriteKeyFromSource: 'Revokes one write key. Events that name it are refused within a minute.',

  listDestinations: 'Destinations that the caller may see. Secrets in their settings are masked.',
  createDestination:
    'Connects a source to a tool. It is disabled unless `enabled` says otherwise, and it has no subscriptions: add them, or have those of its presets made by `POST /app-api/destinations/{destinationId}/presets`.',
  getDestination: 'One destination with its settings and the full description of its kind. Secrets are masked.',
  updateDestination:
    'Changes the fields that are sent. A masked secret that comes back as it was shown is left as it is.',
  deleteDestination: 'Deletes a destination with its subscriptions and filters. What waits in its lane is discarded.',
  listSubscriptionsFromDestination:
    'Which events go to which action of the destination, and how their fields are mapped.',
  createDestinationSubscription:
    'Adds a subscription: a trigger in FQL, an action of the destination’s kind, and a mapping for its fields.',
  getSubscriptionFromDestination: 'One subscription.',
  updateSubscriptionForDestination: 'Changes the fields that are sent. They lie under `input`, in this call alone.',
  removeSubscriptionFromDestination: 'Deletes a subscription. Events that only it wanted are no longer sent.',

  listFiltersFromDestination: 'Filters of one destination, in the order in which they were made.',
  createFilterForDestination:
    'Adds a filter: a condition in FQL, and what to do with events that fit. It is in force within seconds.',
  getFilterInDestination: 'One filter.',
  updateFilterForDestination: 'Changes the fields that are sent. `description: null` clears the description.',
  removeFilterFromDestination: 'Deletes a filter. Events that it held back pass within seconds.',
  previewDestinationFilter:
    'Says what a filter would leave of an event, without saving it. `result` is null where the event would be dropped.',

  listLabels: 'All labels of the workspace. This list has no pages.',
  createLabel: 'Adds a label that sources can bear and roles can be limited to.',
  deleteLabel:
    'Deletes a label that no source bears and no role is limited to. Key and value are percent-encoded in the path.',

  listUsers: 'People who belong to the workspace.',
  getUser: 'One person, with the roles that they have themselves; those of their groups are with the groups.',
  deleteUsers: 'Takes people out of the workspace. It can never take its last owner.',
  listUserGroupsFromUser: 'Groups that one person is in.',
  addPermissionsToUser: 'Gives roles to a person beside those that they have.',
  replacePermissionsForUser: 'Puts these roles in the place of those that the person has.',
  listInvites: 'E-mail addresses that are invited and have not come yet.',
  createInvites: 'Invites people by e-mail address. An invite is good for seven days, once, for that address.',
  deleteInvites: 'Takes invites back.',

  listUserGroups: 'Groups of people.',
  createUserGroup: 'Makes a group without members or roles.',
  getUserGroup: 'One group with its roles.',
  updateUserGroup: 'Renames a group.',
  deleteUserGroup: 'Deletes a group. Its members keep the roles that they have themselves.',
  listUsersFromUserGroup: 'Members of a group.',
  addUsersToUserGroup: 'Adds people to a group by e-mail address. Those who are only invited join it when they come.',
  replaceUsersInUserGroup: 'Puts these people in the place of those who are in the group.',
  removeUsersFromUserGroup: 'Takes people out of a group.',
  listInvitesFromUserGroup: 'Members of a group who are invited and have not come yet.',
  addPermissionsToUserGroup: 'Gives roles to a group beside those that it has.',
  replacePermissionsForUserGroup: 'Puts these roles in the place of those that the group has.',
  listRoles: 'Roles that people, groups and tokens can be given.',

  listAuditEvents: 'Who changed what, newest first, for 90 days. Each change writes its entry in its own transaction.',

  listWorkspaceRegulations: 'Requests to suppress people, or to take that back, newest first.',
  createWorkspaceRegulation:
    'Suppresses people by userId in the whole workspace, or takes that back. What would delete data is answered 501: that comes with governance.',
  getRegulation: 'One request, and how far it is.',
  deleteRegulation:
    'What is finished cannot be deleted, and here each request is finished at once: the answer is 409. A request for the opposite takes it back.',
  listSuppressions: 'Everybody whose events are refused, newest first.',
  createSourceRegulation: 'Suppresses or deletes people for one source.',
  createCloudSourceRegulation: 'Deletes objects of a cloud source.',
  listRegulationsFromSource: 'Requests for one source.',

  listTrackingPlans: 'Tracking plans of the workspace.',
  createTrackingPlan: 'Makes a plan without rules.',
  getTrackingPlan: 'One plan, without its rules.',
  updateTrackingPlan: 'Changes name or description.',
  deleteTrackingPlan: 'Deletes a plan with its rules, and disconnects its sources.',
  listRulesFromTrackingPlan: 'Rules of a plan. A rule is known by its type, key and version.',
  replaceRulesInTrackingPlan: 'Puts these rules in the place of all that the plan has.',
  updateRulesInTrackingPlan:
    'Adds rules, and replaces those with the same type, key and version. `newKey` renames one.',
  removeRulesFromTrackingPlan: 'Deletes rules, which the query names by type, key and version.',
  listSourcesFromTrackingPlan: 'Sources that the plan is connected to.',
  addSourceToTrackingPlan: 'Connects a source. It has one plan at most.',
  removeSourceFromTrackingPlan: 'Disconnects a source.',

  listTransformations: 'Transformations of the sources that the caller may see.',
  createTransformation:
    'Makes a transformation of events of one source, for all of its destinations or for those of one kind.',
  getTransformation: 'One transformation.',
  updateTransformation: 'Changes the fields that are sent.',
  deleteTransformation: 'Deletes a transformation.',

  getDailyWorkspaceAPICallsUsage:
    'API calls of the workspace by day, added up within the month. Counts are texts of digits.',
  getDailyPerSourceAPICallsUsage: 'API calls by source and day, added up within the month. Counts are texts of digits.',
  getDailyWorkspaceMTUUsage:
    'Tracked users of the workspace by day, added up within the month. Counts are texts of digits.',
  getDailyPerSourceMTUUsage: 'Tracked users by source and day, added up within the month. Counts are texts of digits.',
  getEventsVolumeFromWorkspace:
    'How many events came, by source, name and type, in steps of a minute, an hour or a day.',
  listDeliveryMetricsSummaryFromDestination: 'How delivery to one destination went, by kind of outcome.',
  getIngressSuccessMetricsFromDeliveryOverview: 'Events that a source sent and that were taken.',
  getIngressFailedMetricsFromDeliveryOverview: 'Events that a source sent and that were not valid, by reason.',
  getFilteredAtSourceMetricsFromDeliveryOverview: 'Events that were blocked at their source, by reason.',
  getFilteredAtDestinationMetricsFromDeliveryOverview:
    'Events that filters or triggers of a destination held back, by reason.',
  getEgressFailedMetricsFromDeliveryOverview: 'Sends that a destination did not take, by reason.',
  getEgressSuccessMetricsFromDeliveryOverview: 'Sends that a destination took.',
};

/** What a group of operations is about, and the order in which the page shows them. */
export const TAG_WORDS: Readonly<Record<string, string>> = {
  Workspaces: 'Everything belongs to a workspace. Tokens belong to exactly one.',
  Sources: 'A source is where events come from: a website, an app, a server. Its write keys let clients send.',
  Destinations:
    'A destination is a tool that one source feeds. Its subscriptions say which events go to which action, and how.',
  'Destination Filters':
    'Filters hold events back from one destination, or take properties out of them. The path is singular: `/destination/…`.',
  Catalog: 'What can be made and connected.',
  Labels: 'Labels mark sources. Roles can be limited to sources that bear them.',
  'IAM Users': 'People, and what they may do.',
  'IAM Groups': 'Groups of people who have roles in common.',
  'IAM Roles': 'A role is a set of rights. This API takes some right in every call, and says which.',
  'Audit Trail': 'Who changed what, and when.',
  'Deletion and Suppression': 'Events of suppressed people are refused, whatever sends them.',
  'Tracking Plans':
    'What events should look like. Plans are checked and kept; nothing obeys them until governance is built.',
  Transformations:
    'Changes to events on their way. They are checked and kept; nothing obeys them until governance is built.',
  Testing: 'For trying out clients.',
};
