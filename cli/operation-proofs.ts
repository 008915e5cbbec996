import { SEEING_TESTS } from './seeing-proofs.ts';

/** A test by its file and title. */
export type Proof = { file: string; title: string };
/** And the operations that it sees at work, parted by spaces. */
export type ProofOf = Proof & { operations: string };

/** Tests by file and title, each with the operations that it sees at work: in the pipeline, in rights, or in another route's answer. */
const TESTS: readonly ProofOf[] = [
  ...SEEING_TESTS,
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'the workspace of the token is answered, and echo fails in every way that it is asked to',
    operations: 'echo getWorkspace',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'the catalog lists what can be made, page by page, and one entry is what the list holds',
    operations:
      'getDestinationsCatalog getDestinationMetadata getSourcesCatalog getSourceMetadata getWarehousesCatalog getWarehouseMetadata',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'a source is made with a write key that works at once, and is found in lists',
    operations: 'listSources createSource getSource',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'a source that is disabled takes nothing within seconds, and takes events again when it is enabled',
    operations: 'updateSource',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'write keys are added and revoked one by one, and a revoked one is refused',
    operations: 'createWriteKeyForSource removeWriteKeyFromSource',
  },
  {
    file: 'test/contract/cli/tributary/move-workspace.test.ts',
    title: 'export, wipe, import, and it works again: the same files, the same keys, the secrets from the environment',
    operations: 'addWriteKeyToSource',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'a destination gets nothing until it is enabled, and what its subscription says from then on',
    operations:
      'createDestination createDestinationSubscription updateDestination listDestinations getDestination listConnectedDestinationsFromSource listConnectedWarehousesFromSource',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'subscriptions are listed, changed and removed, and the destination obeys',
    operations:
      'listSubscriptionsFromDestination getSubscriptionFromDestination updateSubscriptionForDestination removeSubscriptionFromDestination',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title:
      'a filter that the SDK makes drops an event of the Node SDK within seconds, and lets it pass when it is gone',
    operations:
      'listFiltersFromDestination createFilterForDestination getFilterInDestination updateFilterForDestination removeFilterFromDestination previewDestinationFilter',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'schema settings, tracking plans and transformations are kept as they were sent, and change nothing yet',
    operations:
      'listSchemaSettingsInSource updateSchemaSettingsInSource listTrackingPlans createTrackingPlan deleteTrackingPlan getTrackingPlan updateTrackingPlan removeRulesFromTrackingPlan listRulesFromTrackingPlan updateRulesInTrackingPlan replaceRulesInTrackingPlan removeSourceFromTrackingPlan listSourcesFromTrackingPlan addSourceToTrackingPlan listTransformations createTransformation deleteTransformation getTransformation updateTransformation',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'labels mark sources, a label in use is not deleted, and %2F in its path is part of its name',
    operations: 'listLabels createLabel deleteLabel addLabelsToSource replaceLabelsInSource',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'people, groups, roles and invites: what is given is what they may do',
    operations:
      'listRoles createInvites listInvites deleteInvites listUsers getUser deleteUsers listUserGroupsFromUser addPermissionsToUser replacePermissionsForUser listUserGroups createUserGroup updateUserGroup getUserGroup deleteUserGroup addPermissionsToUserGroup replacePermissionsForUserGroup addUsersToUserGroup replaceUsersInUserGroup removeUsersFromUserGroup listUsersFromUserGroup listInvitesFromUserGroup',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'suppressed people are kept out until that is taken back',
    operations: 'createWorkspaceRegulation listWorkspaceRegulations getRegulation deleteRegulation listSuppressions',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'the audit trail names who did all this, newest first, page by page',
    operations: 'listAuditEvents',
  },
  {
    file: 'test/e2e/public-api-sdk.test.ts',
    title: 'a deleted destination gets nothing, and the key of a deleted source is refused',
    operations: 'deleteDestination deleteSource',
  },
  {
    file: 'test/unit/functions/api/reference.test.ts',
    title: 'the reference page is served to anybody, with each operation that is offered, its right and an example',
    operations: 'getReferencePage',
  },
  {
    file: 'test/unit/functions/api/reference.test.ts',
    title: 'the document is served to anybody, packed for who can unpack it',
    operations: 'getOpenApi',
  },
  {
    file: 'test/unit/functions/api/routes/logos.test.ts',
    title: 'a logo is served to anybody as a picture that can do nothing, and may be kept for a day',
    operations: 'getLogo',
  },
  {
    file: 'test/unit/functions/api/api.test.ts',
    title: 'the status says what came, what was sent, what failed and why',
    operations: 'getStatus',
  },
  {
    file: 'test/unit/functions/api/api.test.ts',
    title: 'the balance is a line a source and a line a destination',
    operations: 'getBalance',
  },
  {
    file: 'test/unit/functions/api/routes/overview.test.ts',
    title: 'the overview says how each thing does, and what flows between them (A2)',
    operations: 'getOverview',
  },
  {
    file: 'test/unit/functions/api/routes/overview.test.ts',
    title:
      'a page of a table gets last seen, 24 hours and the share of failures of its things, and nothing of others (A4)',
    operations: 'listSourceStats listDestinationStats',
  },
  {
    file: 'test/unit/functions/api/routes/me.test.ts',
    title:
      'ending all sessions refuses tokens of every sign-in until then, of that person alone, and none of later ones',
    operations: 'endMySessions',
  },
  {
    file: 'test/unit/functions/api/routes/overview.test.ts',
    title: 'each write key of a source tells when it was last used, and from when on that is known (A4, A15)',
    operations: 'listWriteKeyStats',
  },
  {
    file: 'test/unit/functions/api/routes/overview.test.ts',
    title: 'search finds what the caller may see by parts of names and ids, the best match first (A3)',
    operations: 'search',
  },
  {
    file: 'test/e2e/schema.test.ts',
    title:
      'what a source sends is listed with its counts, properties and traits; what is blocked counts as blocked within seconds, and lists are files (F06 to F14)',
    operations:
      'getSourceSchema updateSourceSchemaKey addSourceSchemaEvent clearSourceSchema createExport listExports getExport getExportFile',
  },
  {
    file: 'test/e2e/usage.test.ts',
    title:
      'what was sent by two sources is told by the official SDK: API calls, tracked users, and what is none of either (I01, I02, I03, I05)',
    operations:
      'getDailyWorkspaceAPICallsUsage getDailyPerSourceAPICallsUsage getDailyWorkspaceMTUUsage getDailyPerSourceMTUUsage',
  },
  {
    file: 'test/e2e/usage.test.ts',
    title: 'what it cost is told by source and destination from what was counted, and where the month is heading',
    operations: 'getUsage getUsageCost getUsageForecast',
  },
  {
    file: 'test/unit/functions/api/routes/me.test.ts',
    title: 'me names each workspace with the rights there as the app asks for them (A1, A01)',
    operations: 'getMe signIn',
  },
  {
    file: 'test/unit/functions/api/routes/me.test.ts',
    title: 'preferences are merged, taken away by null, bounded, and no configuration of any workspace',
    operations: 'updateMyPreferences',
  },
  {
    file: 'test/unit/functions/api/routes/app-workspaces.test.ts',
    title: 'an owner makes another workspace, owns it, and finds its first environments there (A01, M11)',
    operations: 'listWorkspaces createWorkspace getOwnWorkspace',
  },
  {
    file: 'test/unit/functions/api/routes/app-workspaces.test.ts',
    title:
      'name, unused sources and the source of the audit trail are set (A25, A16, H15); a foreign source is not found',
    operations: 'updateWorkspace',
  },
  {
    file: 'test/unit/functions/api/routes/app-workspaces.test.ts',
    title: 'deletion takes the slug, is due in five days, is taken back until then and not after (A19)',
    operations: 'deleteWorkspace restoreWorkspace',
  },
  {
    file: 'test/unit/functions/api/routes/app-invites.test.ts',
    title: 'an invite answers its link once, is shown with who made it, and is accepted by its address alone, once',
    operations: 'listAppInvites createAppInvite lookUpInvite acceptInvite',
  },
  {
    file: 'test/unit/functions/api/routes/app-invites.test.ts',
    title: 'the link makes an account for its address; that there was one is not told, and its password stays (T20)',
    operations: 'createInvitedAccount',
  },
  {
    file: 'test/unit/functions/api/routes/vouch.test.ts',
    title:
      'who made the account of an address by a link of theirs gets into no other workspace by it, and is out once the owner vouches',
    operations: 'vouchForAddress',
  },
  {
    file: 'test/unit/functions/api/routes/tokens.test.ts',
    title:
      'a token is shown once, works at once with its rights alone, and stops at the request after its end (T5, M12)',
    operations: 'listTokens createToken getToken',
  },
  {
    file: 'test/unit/functions/api/routes/tokens.test.ts',
    title: 'a deleted token is refused at the next request (T5)',
    operations: 'deleteToken',
  },
  {
    file: 'test/unit/functions/api/routes/members.test.ts',
    title: 'personal data is a grant of its own, by person or by group, and owners have it (M03)',
    operations: 'listMembers updateMember listAppGroups updateAppGroup',
  },
  {
    file: 'test/unit/functions/api/routes/members.test.ts',
    title:
      'a member asks whether they have a right and who can give it (M06); a source that they do not see is not found (T7)',
    operations: 'getAccess',
  },
  {
    file: 'test/unit/functions/api/routes/members.test.ts',
    title: 'a request for access is in the trail, and owners see it until permissions change or 30 days are over (M06)',
    operations: 'createAccessRequest listAccessRequests',
  },
  {
    file: 'test/unit/functions/api/routes/audit-trail.test.ts',
    title: 'ours tells before and after, the request and the address, filtered by event and actor',
    operations: 'listAppAuditEvents',
  },
  {
    file: 'test/unit/functions/api/routes/audit-trail.test.ts',
    title: 'CSV reads back as what is shown, and no cell begins as a formula (T4)',
    operations: 'exportAuditEvents',
  },
  {
    file: 'test/unit/functions/api/routes/sources.test.ts',
    title: 'a new source takes events at once, has one write key and is called by its slug until it is named (A14)',
    operations: 'getAppSource',
  },
  {
    file: 'test/unit/functions/api/routes/sources.test.ts',
    title: 'a change carries only what is given, and a setting that is null goes back to its default',
    operations: 'updateAppSource',
  },
  {
    file: 'test/unit/functions/api/routes/sources.test.ts',
    title: 'several write keys of a source are live at once, the last may go, and the eleventh is refused (A15)',
    operations: 'findSourceByWriteKey',
  },
  {
    file: 'test/unit/functions/api/routes/destinations.test.ts',
    title: 'the app sees and changes retries, consent and pauses, and what is missing',
    operations: 'getAppDestination updateAppDestination',
  },
  {
    file: 'test/unit/functions/api/routes/destinations.test.ts',
    title: 'settings are copied with secrets from another instance of the type, by who may edit both (B24)',
    operations: 'copyDestinationSettings',
  },
  {
    file: 'test/unit/functions/api/routes/destinations.test.ts',
    title: 'a check asks nobody where settings are missing, or where browsers alone feed the tool',
    operations: 'checkDestination',
  },
  {
    file: 'test/unit/functions/api/routes/subscriptions.test.ts',
    title: 'presets of its type become mappings, disabled, each once (B12)',
    operations: 'createMappingsFromPresets',
  },
  {
    file: 'test/unit/functions/api/routes/subscriptions.test.ts',
    title: 'a copy of a mapping is disabled and says that it is one, within the bound of names (B19)',
    operations: 'duplicateSubscription',
  },
  {
    file: 'test/unit/functions/api/routes/labels.test.ts',
    title: 'environments are labels: five beside dev and prod, which stay (M11)',
    operations: 'listEnvironments createEnvironment deleteEnvironment',
  },
  {
    file: 'test/unit/functions/api/routes/catalog.test.ts',
    title: 'the app gets a light list, and of one type all: choices, credentials, install texts',
    operations: 'listCatalog getCatalogDestination getCatalogSource',
  },
  {
    file: 'test/unit/functions/api/routes/tester.test.ts',
    title: 'who may edit the destination sends real events, which the audit trail tells of without them (F16)',
    operations: 'testDestination',
  },
  {
    file: 'test/unit/functions/api/routes/tester.test.ts',
    title: 'a mapping is tried as it stands in the editor, with the secrets that are kept in the saved one',
    operations: 'testDestination',
  },
  {
    file: 'test/unit/functions/api/routes/tester.test.ts',
    title: 'a type of destination shows what it would send for an event of a source, before anybody makes one',
    operations: 'dryRunCatalogDestination',
  },
  {
    file: 'test/unit/functions/api/routes/tester.test.ts',
    title: 'a sample event is one that the mapping matches, always the same',
    operations: 'getSampleEvent',
  },
  {
    file: 'test/unit/functions/api/routes/estimates.test.ts',
    title: 'a trigger that is widened says how many events more, which, and what they are',
    operations: 'createEstimate',
  },
  {
    file: 'test/unit/functions/api/routes/rehearsals.test.ts',
    title: 'an outage is rehearsed for some minutes, is seen as long as it lasts, and ends by itself',
    operations: 'startRehearsal endRehearsal',
  },
  {
    file: 'test/unit/functions/api/routes/source-hooks.test.ts',
    title: 'mapping and signature are set as a whole, the secret sealed and masked everywhere',
    operations: 'getSourceHook replaceSourceHook removeSourceHook',
  },
  {
    file: 'test/unit/functions/api/routes/source-hooks.test.ts',
    title: 'a preview shows what the last real request becomes, by rules that are tried out',
    operations: 'previewSourceHook',
  },
];

/** The test that sees an operation at work, by operation id. */
export const OPERATION_PROOFS: Readonly<Record<string, Proof>> = Object.fromEntries(
  TESTS.flatMap(({ file, title, operations }) => operations.split(' ').map((id) => [id, { file, title }])),
);
