/** What a request to an operation says beyond its path when all is well: what it is broken from. */
export type GoodInput = { path?: Readonly<Record<string, string>>; query?: unknown; body?: unknown };

/** Ids of things that the world of the fuzzing holds. */
export type FuzzIds = Readonly<
  Record<
    | 'member'
    | 'group'
    | 'plan'
    | 'transformation'
    | 'token'
    | 'alert'
    | 'regulation'
    | 'replay'
    | 'export'
    | 'otherDestination'
    | 'inviteToken'
    | 'idToken',
    string
  >
>;

const PERMISSION = {
  roleId: 'source-admin',
  resources: [{ id: 'ws_1', type: 'WORKSPACE', labels: [{ key: 'env', value: 'v1' }] }],
};
const RULE = { type: 'TRACK', key: 'Order Completed', version: 1, jsonSchema: { type: 'object' } };
const FILTER = {
  if: 'properties.total < 10',
  actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['email'] } }],
};
const HOOK_MAPPING = { type: 'track', event: { '@path': '$.body.kind' }, userId: { '@path': '$.body.user' } };
const EVENT = { type: 'track', event: 'Order Completed', userId: 'u-1', properties: { total: 3, email: 'a@b.test' } };

const ALERT = {
  name: 'Late',
  channels: [
    { type: 'SLACK', webhookUrl: 'https://hooks.slack.test/T0/B0/x', channel: '#ops' },
    { type: 'WEBHOOK', url: 'https://ops.test/alerts', secret: 'shh' },
    { type: 'EMAIL', address: 'ops@shop.test' },
    { type: 'IN_APP' },
  ],
  enabled: true,
};

/** A good request for each operation that takes more than the ids in its path. */
export function goodInputs(ids: FuzzIds): Readonly<Record<string, GoodInput>> {
  const page = { query: { pagination: { count: 3 } } };
  const group = { path: { userGroupId: ids.group } };
  const user = { path: { userId: ids.member } };
  const plan = { path: { trackingPlanId: ids.plan } };
  const transformation = { path: { transformationId: ids.transformation } };
  const alert = { path: { alertId: ids.alert } };
  const hook = { path: { sourceId: 'src_hook' } };
  const destination = { path: { destinationId: 'dst_1', filterId: 'flt_1', id: 'map_1' } };
  const range = { startTime: '2026-11-26T08:00:00Z', endTime: '2026-11-26T10:00:00Z', granularity: 'HOUR' };
  const ofSource = { ...range, sourceId: 'src_1', groupBy: ['eventName', 'eventType'] };
  const atDestination = { ...ofSource, destinationConfigId: 'dst_1', filter: { discardReason: ['400'] } };
  return {
    getIngressSuccessMetricsFromDeliveryOverview: { query: ofSource },
    getIngressFailedMetricsFromDeliveryOverview: { query: ofSource },
    getFilteredAtSourceMetricsFromDeliveryOverview: { query: ofSource },
    getFilteredAtDestinationMetricsFromDeliveryOverview: { query: atDestination },
    getEgressFailedMetricsFromDeliveryOverview: { query: { ...atDestination, subscriptionId: 'map_1' } },
    getEgressSuccessMetricsFromDeliveryOverview: { query: atDestination },
    listDeliveryMetricsSummaryFromDestination: { ...destination, query: { sourceId: 'src_1' } },
    getEventsVolumeFromWorkspace: { query: { ...range, groupBy: ['source', 'eventName'], sourceId: ['src_1'] } },
    getDestinationDelivery: { ...destination, query: { range: '24h', subscriptionId: 'map_1' } },
    getSourceDelivery: { path: { sourceId: 'src_1' }, query: { range: '1h' } },
    listDeliveryIssues: { query: { range: '7d', destinationId: 'dst_1', pagination: { count: 3 } } },
    // The name of an issue of dst_1, as the list would give it.
    listDeliveryIssueSamples: { path: { issueId: 'WyJkc3RfMSIsIjQwMCIsIm5vIl0' } },
    listWriteKeyStats: { query: { sourceId: 'src_1' } },
    listReasonSamples: { path: { sourceId: 'src_1' }, query: { reason: 'id_required', destinationId: 'dst_1' } },
    echo: { query: { message: 'hello', delay: 1 } },
    getBalance: { query: {} },
    getDestinationsCatalog: page,
    getSourcesCatalog: page,
    getDestinationMetadata: { path: { destinationMetadataId: 'tool' } },
    getSourceMetadata: { path: { sourceMetadataId: 'node-js' } },
    getCatalogDestination: { path: { idOrSlug: 'tool' } },
    getCatalogSource: { path: { idOrSlug: 'node-js' } },
    getLogo: { path: { file: 'tool.svg' } },
    listSources: page,
    createSource: { body: { slug: 'new-source', enabled: true, metadataId: 'node-js', settings: { dedupHours: 12 } } },
    updateSource: {
      body: { name: 'Renamed', enabled: true, slug: 'web-1', settings: { allowedOrigins: ['shop.test'] } },
    },
    updateAppSource: { body: { name: 'Renamed', settings: { requestsPerSecondMax: 50, batching: null } } },
    listSourceEvents: { query: { q: 'type:track -event:Test', status: 'ALLOWED', count: 10 } },
    getEventTrace: { path: { messageId: 'm-1' }, query: { at: '2026-11-26T09:00:00.000Z', anonymousId: 'a-1' } },
    createTestEvent: { body: { event: EVENT } },
    keepAllSourceEvents: { body: { on: true } },
    updateSchemaSettingsInSource: {
      body: {
        track: { allowUnplannedEvents: false, commonEventOnViolations: 'ALLOW' },
        identify: { allowUnplannedTraits: true },
        forwardingBlockedEventsTo: 'src_hook',
      },
    },
    addLabelsToSource: { body: { labels: [{ key: 'env', value: 'v1' }] } },
    replaceLabelsInSource: { body: { labels: [{ key: 'env', value: 'v1' }] } },
    addWriteKeyToSource: { body: { writeKey: 'akeythatcamefromelsewhere000001' } },
    getSourceHook: hook,
    removeSourceHook: hook,
    replaceSourceHook: {
      ...hook,
      body: {
        mapping: HOOK_MAPPING,
        signature: { scheme: 'hmac-sha256', header: 'X-Signature', secrets: ['a-shared-secret-0123456789'] },
      },
    },
    previewSourceHook: {
      ...hook,
      body: {
        hook: { mapping: HOOK_MAPPING },
        request: { headers: { 'x-a': 'b' }, body: { kind: 'Paid', user: 'u-1' } },
      },
    },
    createDestination: {
      body: {
        sourceId: 'src_1',
        metadataId: 'tool',
        enabled: true,
        name: 'Another',
        settings: { apiKey: 'secret', region: 'eu', limit: 3 },
      },
    },
    updateDestination: {
      ...destination,
      body: { name: 'Tool', enabled: true, settings: { apiKey: 'secret', region: 'us' } },
    },
    updateAppDestination: {
      ...destination,
      body: { name: 'Tool', retryWindowHours: 12, consentCategories: ['ads'], settings: { region: 'us' } },
    },
    createMappingsFromPresets: { ...destination, body: { names: ['Tracks'] } },
    copyDestinationSettings: { ...destination, body: { fromDestinationId: ids.otherDestination } },
    createDestinationSubscription: {
      ...destination,
      body: {
        name: 'More',
        actionId: 'bbbbbbbbbbbbbbbbbbbbbb02',
        trigger: 'type = "track"',
        enabled: true,
        settings: { id: { '@path': '$.userId' }, properties: { a: 1 } },
      },
    },
    updateSubscriptionForDestination: {
      ...destination,
      body: {
        input: {
          name: 'All',
          trigger: 'event = "x" or type = "page"',
          enabled: true,
          settings: { id: { '@template': '{{userId}}' } },
        },
      },
    },
    createFilterForDestination: {
      ...destination,
      body: { sourceId: 'src_1', title: 'New', description: 'Why', enabled: true, ...FILTER },
    },
    updateFilterForDestination: {
      ...destination,
      body: { title: 'Other', description: null, enabled: false, ...FILTER },
    },
    updateSourceSchemaKey: { path: { key: 'track.T3JkZXIgQ29tcGxldGVk' }, body: { allowed: true } },
    clearSourceSchema: { body: { type: 'TRACK', state: 'ALLOWED' } },
    createExport: { body: { what: 'SCHEMA', sourceId: 'src_1', range: '7d' } },
    getExport: { path: { exportId: ids.export } },
    getExportFile: { path: { exportId: ids.export } },
    testDestination: { ...destination, body: { event: EVENT, applyFilters: true, dryRun: true } },
    dryRunCatalogDestination: { path: { idOrSlug: 'tool' }, body: { sourceId: 'src_1', event: EVENT } },
    getSampleEvent: { ...destination, query: { subscriptionId: 'map_1' } },
    createEstimate: { body: { sourceId: 'src_1', trigger: 'type = "track"', range: '1h' } },
    startRehearsal: { ...destination, body: { status: 503, minutes: 5, confirm: true } },
    endRehearsal: destination,
    previewDestinationFilter: { body: { filter: FILTER, payload: EVENT } },
    createLabel: { body: { label: { key: 'team', value: 'checkout', description: 'Who owns it' } } },
    createEnvironment: { body: { value: 'qa', description: 'Before production' } },
    deleteEnvironment: { path: { value: 'staging' } },
    listUsers: page,
    getUser: user,
    deleteUsers: { query: { userIds: [ids.member] } },
    addPermissionsToUser: { ...user, body: { permissions: [PERMISSION] } },
    replacePermissionsForUser: { ...user, body: { permissions: [PERMISSION] } },
    createInvites: {
      body: {
        invites: [
          {
            email: 'new@shop.test',
            permissions: [{ roleId: 'source-admin', resources: [{ id: 'src_1', type: 'SOURCE' }] }],
          },
        ],
      },
    },
    deleteInvites: { query: { emails: ['invited@shop.test'] } },
    createUserGroup: { body: { name: 'Analysts' } },
    updateUserGroup: { ...group, body: { name: 'Readers' } },
    addUsersToUserGroup: { ...group, body: { emails: ['ada@shop.test'] } },
    replaceUsersInUserGroup: { ...group, body: { emails: ['ada@shop.test', 'invited@shop.test'] } },
    removeUsersFromUserGroup: { ...group, query: { emails: ['ada@shop.test'] } },
    addPermissionsToUserGroup: { ...group, body: { permissions: [PERMISSION] } },
    replacePermissionsForUserGroup: { ...group, body: { permissions: [PERMISSION] } },
    listAuditEvents: {
      query: { startTime: '2026-11-20T00:00:00.000Z', endTime: '2026-11-28T00:00:00.000Z', pagination: { count: 5 } },
    },
    createWorkspaceRegulation: {
      body: { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjectIds: ['u-1', 'u-2'] },
    },
    createReplay: {
      body: {
        destinationId: 'dst_1',
        filter: {
          of: 'ARCHIVE',
          from: '2026-11-24T00:00:00Z',
          to: '2026-11-25T00:00:00Z',
          types: ['track'],
          if: 'all',
        },
        rate: 10,
        dryRun: true,
      },
    },
    getReplay: { path: { replayId: ids.replay } },
    cancelReplay: { path: { replayId: ids.replay } },
    getRegulation: { path: { regulateId: ids.regulation } },
    deleteRegulation: { path: { regulateId: ids.regulation } },
    listWorkspaceRegulations: { query: { regulationTypes: ['SUPPRESS_ONLY'], pagination: { count: 2 } } },
    createTrackingPlan: { body: { name: 'Shop', description: 'All of it', type: 'LIVE' } },
    getTrackingPlan: plan,
    deleteTrackingPlan: plan,
    listRulesFromTrackingPlan: plan,
    listSourcesFromTrackingPlan: plan,
    updateTrackingPlan: { ...plan, body: { name: 'Shop 2', description: 'Less' } },
    replaceRulesInTrackingPlan: { ...plan, body: { rules: [RULE] } },
    updateRulesInTrackingPlan: { ...plan, body: { rules: [{ ...RULE, newKey: 'Order Done' }] } },
    removeRulesFromTrackingPlan: { ...plan, query: { rules: [{ type: 'TRACK', key: 'Order Completed', version: 1 }] } },
    addSourceToTrackingPlan: { ...plan, body: { sourceId: 'src_1' } },
    removeSourceFromTrackingPlan: { ...plan, query: { sourceId: 'src_1' } },
    createTransformation: {
      body: {
        name: 'Rename',
        sourceId: 'src_1',
        enabled: true,
        if: 'event = "Old"',
        newEventName: 'New',
        propertyRenames: [{ oldName: 'a', newName: 'b' }],
        propertyValueTransformations: [{ propertyPaths: ['properties.a'], propertyValue: 'x' }],
      },
    },
    getTransformation: transformation,
    deleteTransformation: transformation,
    updateTransformation: { ...transformation, body: { name: 'Other', newEventName: 'Newer', enabled: false } },
    createAlert: { body: { ...ALERT, kind: 'DELIVERY_RATE', percent: 95, destinationId: 'dst_1' } },
    getAlert: alert,
    updateAlert: { ...alert, body: { name: 'Other', count: 5, minutes: 30 } },
    deleteAlert: alert,
    testAlert: alert,
    listAlerts: page,
    listNotifications: { query: { unread: 'true', pagination: { count: 3 } } },
    markNotificationsRead: { body: { ids: ['ntf_1'] } },
    signIn: { body: { idToken: ids.idToken } },
    updateMyPreferences: { body: { preferences: { theme: 'dark', columns: ['a', 'b'], gone: null } } },
    updateMember: { ...user, body: { piiAccess: true } },
    updateAppGroup: { path: { groupId: ids.group }, body: { piiAccess: true } },
    getAccess: { query: { right: 'source.edit', sourceId: 'src_1' } },
    createAccessRequest: { body: { right: 'source.edit', sourceId: 'src_1', note: 'Please' } },
    createWorkspace: { body: { name: 'Second', slug: 'second' } },
    updateWorkspace: { body: { name: 'Shop', autoDisableSources: true } },
    deleteWorkspace: { query: { slug: 'shop' } },
    createAppInvite: { body: { email: 'newer@shop.test', permissions: [PERMISSION], groupIds: [ids.group] } },
    lookUpInvite: { body: { token: ids.inviteToken } },
    acceptInvite: { body: { token: ids.inviteToken } },
    createInvitedAccount: { body: { token: ids.inviteToken, password: 'a long password of nobody', name: 'Ada' } },
    vouchForAddress: { body: { email: 'invited@shop.test', password: 'a long password of nobody' } },
    createToken: { body: { name: 'CI', permissions: [PERMISSION], expiresAt: '2027-01-01T00:00:00.000Z' } },
    getToken: { path: { tokenId: ids.token } },
    deleteToken: { path: { tokenId: ids.token } },
  };
}
