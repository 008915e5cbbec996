/**
 * Who may do what, written down by hand and apart from the code that decides it: what the role matrix is judged by. An operation that is not here fails
 * the test. Each line of ROWS: who, about what, and the operations.
 */
export const ROLE_IDS = [
  'workspace-owner',
  'workspace-member',
  'minimal-workspace-access',
  'source-admin',
  'source-editor',
  'source-read-only',
  'tracking-plan-admin',
  'tracking-plan-read-only',
  'end-user-privacy-admin',
  'function-admin',
  'function-read-only',
  'warehouse-destination-admin',
  'warehouse-destination-read-only',
  'unify-and-engage-admin',
  'unify-and-engage-read-only',
  'unify-read-only-engage-user',
  'identity-admin',
  'entities-admin',
  'entities-read-only',
] as const;
export type RoleId = (typeof ROLE_IDS)[number];

const OWNER = 'workspace-owner';
const SPACES: readonly RoleId[] = [
  'unify-and-engage-admin',
  'unify-and-engage-read-only',
  'unify-read-only-engage-user',
  'identity-admin',
  'entities-admin',
  'entities-read-only',
];

const WHO = {
  members: ROLE_IDS,
  owners: [OWNER],
  'source readers': [OWNER, 'source-admin', 'source-editor', 'source-read-only'],
  'source editors': [OWNER, 'source-admin', 'source-editor'],
  'source admins': [OWNER, 'source-admin'],
  'plan readers': [OWNER, 'tracking-plan-admin', 'tracking-plan-read-only'],
  'plan admins': [OWNER, 'tracking-plan-admin'],
  'privacy admins': [OWNER, 'end-user-privacy-admin'],
  'function readers': [OWNER, 'function-admin', 'function-read-only'],
  'function admins': [OWNER, 'function-admin'],
  'warehouse readers': [OWNER, 'warehouse-destination-admin', 'warehouse-destination-read-only'],
  'warehouse admins': [OWNER, 'warehouse-destination-admin'],
  'space readers': [OWNER, ...SPACES],
  'space admins': [OWNER, 'unify-and-engage-admin'],
} as const satisfies Record<string, readonly RoleId[]>;

/** `source`: the source, or that of the destination or transformation, that the request names. `any source`: a list, or what is like one. */
type About = 'the workspace' | 'the source' | 'any source' | 'the workspace and the source';
type Row = { who: keyof typeof WHO; about: About } | { who: 'anybody' | 'people'; about?: never };

const rows = new Map<string, Row>();
const row = (value: Row, ids: string): void => {
  for (const id of ids.trim().split(/\s+/)) rows.set(id, value);
};

row({ who: 'anybody' }, 'lookUpInvite createInvitedAccount getReferencePage getOpenApi getLogo');
row(
  { who: 'people' },
  'getMe updateMyPreferences endMySessions signIn listWorkspaces createWorkspace acceptInvite vouchForAddress',
);
row(
  { who: 'members', about: 'the workspace' },
  `getWorkspace echo listRoles listLabels getDestinationsCatalog getDestinationMetadata getSourcesCatalog getSourceMetadata getWarehousesCatalog
  getWarehouseMetadata getOwnWorkspace getAccess createAccessRequest listEnvironments listCatalog getCatalogDestination getCatalogSource`,
);
row(
  { who: 'owners', about: 'the workspace' },
  `listUsers getUser deleteUsers listUserGroupsFromUser addPermissionsToUser replacePermissionsForUser listInvites createInvites deleteInvites
  listUserGroups createUserGroup getUserGroup updateUserGroup deleteUserGroup listUsersFromUserGroup listInvitesFromUserGroup addUsersToUserGroup
  replaceUsersInUserGroup removeUsersFromUserGroup addPermissionsToUserGroup replacePermissionsForUserGroup listMembers updateMember listAppGroups
  updateAppGroup listAccessRequests listAppInvites createAppInvite listTokens createToken getToken deleteToken listAuditEvents listAppAuditEvents
  exportAuditEvents updateWorkspace deleteWorkspace restoreWorkspace createLabel deleteLabel createEnvironment deleteEnvironment
  getDailyWorkspaceAPICallsUsage getDailyPerSourceAPICallsUsage getEventsVolumeFromWorkspace getDailyWorkspaceMTUUsage getDailyPerSourceMTUUsage getUsage getUsageCost`,
);
row({ who: 'source readers', about: 'the workspace' }, 'getStatus getBalance');
row({ who: 'source admins', about: 'the workspace' }, 'createSource');
row(
  { who: 'source readers', about: 'any source' },
  `listSources listDestinations listTransformations previewDestinationFilter getHealth listDeliveryIssues
  listDeliveryIssueSamples`,
);
row({ who: 'source editors', about: 'any source' }, 'findSourceByWriteKey');
row(
  { who: 'source readers', about: 'the source' },
  `getSource listConnectedDestinationsFromSource listConnectedWarehousesFromSource listSchemaSettingsInSource getDestination
  listSubscriptionsFromDestination getSubscriptionFromDestination listFiltersFromDestination getFilterInDestination getTransformation getAppSource getSourceHook
  getAppDestination listDeliveryMetricsSummaryFromDestination getEgressFailedMetricsFromDeliveryOverview getIngressFailedMetricsFromDeliveryOverview
  getFilteredAtDestinationMetricsFromDeliveryOverview getFilteredAtSourceMetricsFromDeliveryOverview getEgressSuccessMetricsFromDeliveryOverview
  getIngressSuccessMetricsFromDeliveryOverview getDestinationDelivery getSourceDelivery listReasonSamples`,
);
row(
  { who: 'source editors', about: 'the source' },
  `updateSource updateSchemaSettingsInSource createWriteKeyForSource removeWriteKeyFromSource listWriteKeyStats updateDestination createDestinationSubscription
  removeSubscriptionFromDestination updateSubscriptionForDestination createFilterForDestination removeFilterFromDestination updateFilterForDestination
  updateAppSource addWriteKeyToSource updateAppDestination createMappingsFromPresets duplicateSubscription copyDestinationSettings checkDestination
  replaceSourceHook removeSourceHook previewSourceHook`,
);
row(
  { who: 'source admins', about: 'the source' },
  `deleteSource addLabelsToSource replaceLabelsInSource createDestination deleteDestination createTransformation updateTransformation
  deleteTransformation`,
);
row(
  { who: 'plan readers', about: 'the workspace' },
  'listTrackingPlans getTrackingPlan listRulesFromTrackingPlan listSourcesFromTrackingPlan',
);
row(
  { who: 'plan admins', about: 'the workspace' },
  `createTrackingPlan updateTrackingPlan deleteTrackingPlan updateRulesInTrackingPlan replaceRulesInTrackingPlan removeRulesFromTrackingPlan`,
);
row(
  { who: 'plan admins', about: 'the workspace and the source' },
  'addSourceToTrackingPlan removeSourceFromTrackingPlan',
);
row(
  { who: 'privacy admins', about: 'the workspace' },
  `listWorkspaceRegulations createWorkspaceRegulation deleteRegulation getRegulation listSuppressions createSourceRegulation
  createCloudSourceRegulation listRegulationsFromSource`,
);

// Agreed, and built by other issues: who may is checked from then on where it is about sources.
row(
  { who: 'members', about: 'the workspace' },
  'search listAlerts createAlert getAlert updateAlert deleteAlert testAlert listNotifications markNotificationsRead',
);
row(
  { who: 'owners', about: 'the workspace' },
  `getUsageForecast listPrivacyInbox createPrivacyClassifications listPrivacyInventory getPrivacyInventoryField getPrivacyInventoryCsv
  listPrivacyMatchers createPrivacyMatcher updatePrivacyMatcher deletePrivacyMatcher testPrivacyMatcher getPrivacyControls replacePrivacyControls`,
);
row({ who: 'source readers', about: 'any source' }, 'listReplays getReplay');
row({ who: 'source editors', about: 'the source' }, 'createReplay');
row({ who: 'source editors', about: 'any source' }, 'cancelReplay');
row(
  { who: 'source readers', about: 'any source' },
  `getOverview listSourceStats getEventTrace createExport listExports getExport getExportFile listDestinationStats`,
);
row(
  { who: 'source readers', about: 'the source' },
  'listSourceEvents getSourceSchema createEstimate testDestination dryRunCatalogDestination getSampleEvent',
);
row(
  { who: 'source editors', about: 'the source' },
  'createTestEvent keepAllSourceEvents updateSourceSchemaKey addSourceSchemaEvent clearSourceSchema startRehearsal endRehearsal',
);
row(
  { who: 'plan readers', about: 'the workspace' },
  'listTrackingPlanViolations getTrackingPlanViolation validateWithTrackingPlan listTrackingPlanVersions',
);
row({ who: 'plan admins', about: 'the workspace' }, 'clearTrackingPlanViolations inferTrackingPlanRules');
row(
  { who: 'space readers', about: 'the workspace' },
  'listProfiles listProfileTraits listProfileEvents listProfileExternalIds listProfileLinks getSpaceCounts',
);

/** What is not offered, by the beginning of its path: readers for GET, admins for the rest. */
const LATER: readonly (readonly [RegExp, keyof typeof WHO, keyof typeof WHO])[] = [
  [/^\/functions|^\/insert-function-instances|edge-functions|live-plugin/, 'function readers', 'function admins'],
  [/^\/spaces|^\/filters|^\/profiles-warehouses|^\/customer-insights/, 'space readers', 'space admins'],
  [/^\/warehouses|^\/reverse-etl|^\/credentials|^\/dbt|selective-sync/, 'warehouse readers', 'warehouse admins'],
];

/** The row of an operation; `undefined`: nobody has said who may do it. */
export function rowOf(
  id: string,
  { method, path, effect }: { method: string; path: string; effect: string },
): Row | undefined {
  const known = rows.get(id);
  if (known !== undefined || effect !== 'later') return known;
  const found = LATER.find(([pattern]) => pattern.test(path));
  return found && { who: method === 'GET' ? found[1] : found[2], about: 'the workspace' };
}

/** Where the role holds, seen from what is asked for. `none`: in another workspace alone. */
export type Reach = 'whole' | 'covers the source' | 'misses the source' | 'none' | 'whole, but the source is foreign';
export type Verdict = 'allowed' | 'refused' | 'hidden';

export function verdictOf(one: Row, role: RoleId, reach: Reach, isLater: boolean): Verdict {
  if (one.about === undefined) return 'allowed';
  if (reach === 'none') return 'hidden';
  const holds = (who: keyof typeof WHO) => (WHO[who] as readonly RoleId[]).includes(role);
  const isWhole = reach === 'whole' || reach === 'whole, but the source is foreign';
  // Nothing answers for a source yet: 501 for every member.
  if (isLater && one.about !== 'the workspace') return 'allowed';
  if (one.about === 'any source') return holds(one.who) ? 'allowed' : 'refused';
  if (one.who === 'members') return 'allowed';
  if (one.about !== 'the source' && !(isWhole && holds(one.who))) return 'refused';
  if (one.about === 'the workspace') return 'allowed';
  const sees = (reach === 'whole' || reach === 'covers the source') && holds('source readers');
  if (!sees) return 'hidden';
  return holds(one.about === 'the source' ? one.who : 'source editors') ? 'allowed' : 'refused';
}
