import * as z from 'zod';
import { LABELS_PER_SOURCE_MAX, PERMISSIONS_MAX, RESOURCES_MAX } from '../domain/access.ts';
import { Email } from '../domain/people.ts';
import { FQL_BYTES_MAX } from '../domain/rule-bounds.ts';
import { nameText, triggerText } from './bounds.ts';
import { freeMap, queryList, queryNumber, shape } from './shape.ts';

export const PaginationInput = shape('PaginationInput', () =>
  z.strictObject({
    cursor: z.string().max(1_024).optional(),
    count: queryNumber().pipe(z.int().min(1).max(1_000)).optional(),
  }),
);
export const RemoveRuleV1 = shape('RemoveRuleV1', () =>
  z.strictObject({
    type: z.enum(['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK']),
    key: z.string().max(512).optional(),
    version: queryNumber(),
  }),
);
export const APICallSnapshotV1 = shape('APICallSnapshotV1', () =>
  z.strictObject({ apiCalls: z.string(), timestamp: z.string() }),
);
export const AllowedLabelBeta = shape('AllowedLabelBeta', () =>
  z.strictObject({
    key: z.string().max(64),
    value: z.string().max(64),
    description: z.string().max(1_024).optional(),
  }),
);
export const PermissionResourceV1 = shape('PermissionResourceV1', () =>
  z.strictObject({
    id: z.string().min(1).max(64),
    type: z.enum(['FUNCTION', 'SOURCE', 'SPACE', 'WAREHOUSE', 'WORKSPACE']),
    labels: z.array(AllowedLabelBeta()).max(LABELS_PER_SOURCE_MAX).optional(),
  }),
);
export const AccessPermissionV1 = shape('AccessPermissionV1', () =>
  z.strictObject({ roleId: z.string(), roleName: z.string(), resources: z.array(PermissionResourceV1()) }),
);
export const AuditEventV1 = shape('AuditEventV1', () =>
  z.strictObject({
    id: z.string(),
    timestamp: z.string(),
    type: z.string(),
    actor: z.string(),
    actorEmail: z.string().optional(),
    resourceId: z.string(),
    resourceType: z.string(),
    resourceName: z.string(),
  }),
);
export const BreakdownBeta = shape('BreakdownBeta', () =>
  z.strictObject({ metricName: z.string(), value: z.number() }),
);
export const Config1 = shape('Config1', () =>
  z.strictObject({
    interval: z.string(),
    days: z.array(z.number()),
    hours: z.array(z.number()),
    timezone: z.string(),
    spec: z.string(),
    jobId: z.string(),
    accountId: z.string(),
  }),
);
export const Contact = shape('Contact', () =>
  z.strictObject({
    name: z.string().optional(),
    email: z.string(),
    role: z.string().optional(),
    isPrimary: z.boolean().optional(),
  }),
);
export const MetricBeta = shape('MetricBeta', () =>
  z.strictObject({ metricName: z.string(), total: z.number(), breakdown: z.array(BreakdownBeta()).optional() }),
);
export const DeliveryMetricsSummaryBeta = shape('DeliveryMetricsSummaryBeta', () =>
  z.strictObject({ sourceId: z.string(), destinationMetadataId: z.string(), metrics: z.array(MetricBeta()) }),
);
export const DeliveryOverviewMetricsDatapoint = shape('DeliveryOverviewMetricsDatapoint', () =>
  z.strictObject({ time: z.string(), count: z.number(), retryCount: z.number().optional() }),
);
export const DeliveryOverviewMetricsDataset = shape('DeliveryOverviewMetricsDataset', () =>
  z.strictObject({
    eventName: z.string().optional(),
    appVersion: z.string().optional(),
    eventType: z.string().optional(),
    discardReason: z.string().optional(),
    /** Where it was grouped by; the original's shape has no room for it. */
    subscriptionId: z.string().optional(),
    total: z.number(),
    series: z.array(DeliveryOverviewMetricsDatapoint()),
    totalRetryCount: z.number().optional(),
  }),
);
export const DestinationFilterActionV1 = shape('DestinationFilterActionV1', () =>
  z.strictObject({
    type: z.enum(['ALLOW_PROPERTIES', 'DROP', 'DROP_PROPERTIES', 'SAMPLE']),
    fields: freeMap().optional(),
    percent: z.number().min(0).max(1).optional(),
    path: z.string().max(1_024).optional(),
  }),
);
export const DestinationFilterV1 = shape('DestinationFilterV1', () =>
  z.strictObject({
    id: z.string(),
    sourceId: z.string(),
    destinationId: z.string(),
    if: z.string(),
    actions: z.array(DestinationFilterActionV1()),
    title: z.string(),
    description: z.string().optional(),
    enabled: z.boolean(),
    createdAt: z.string(),
    updatedAt: z.string(),
  }),
);
export const DestinationMetadataActionFieldV1 = shape('DestinationMetadataActionFieldV1', () =>
  z.strictObject({
    id: z.string(),
    sortOrder: z.number(),
    fieldKey: z.string(),
    label: z.string(),
    type: z.enum(['BOOLEAN', 'DATETIME', 'HIDDEN', 'INTEGER', 'NUMBER', 'OBJECT', 'PASSWORD', 'STRING', 'TEXT']),
    description: z.string(),
    placeholder: z.string().optional(),
    defaultValue: z.unknown().nullable().optional(),
    required: z.boolean(),
    multiple: z.boolean(),
    choices: z.unknown().nullable().optional(),
    dynamic: z.boolean(),
    allowNull: z.boolean(),
    hidden: z.boolean().optional(),
  }),
);
export const DestinationMetadataActionV1 = shape('DestinationMetadataActionV1', () =>
  z.strictObject({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    platform: z.enum(['CLOUD', 'MOBILE', 'WEB']),
    hidden: z.boolean(),
    defaultTrigger: z.string().nullable(),
    fields: z.array(DestinationMetadataActionFieldV1()),
  }),
);
export const DestinationMetadataComponentV1 = shape('DestinationMetadataComponentV1', () =>
  z.strictObject({
    type: z.enum(['ANDROID', 'BROWSER', 'IOS', 'SERVER']),
    code: z.string(),
    owner: z.enum(['PARTNER', 'SEGMENT']).optional(),
  }),
);
export const DestinationMetadataFeaturesV1 = shape('DestinationMetadataFeaturesV1', () =>
  z.strictObject({
    cloudModeInstances: z.enum(['0', '1', 'MULTIPLE', 'NONE', 'SINGLE']).optional(),
    deviceModeInstances: z.enum(['0', '1', 'NONE', 'SINGLE']).optional(),
    replay: z.boolean().optional(),
    browserUnbundling: z.boolean().optional(),
    browserUnbundlingPublic: z.boolean().optional(),
  }),
);
export const DestinationMetadataMethodsV1 = shape('DestinationMetadataMethodsV1', () =>
  z.strictObject({
    pageview: z.boolean().optional(),
    identify: z.boolean().optional(),
    alias: z.boolean().optional(),
    track: z.boolean().optional(),
    group: z.boolean().optional(),
  }),
);
export const DestinationMetadataPlatformsV1 = shape('DestinationMetadataPlatformsV1', () =>
  z.strictObject({
    browser: z.boolean().optional(),
    server: z.boolean().optional(),
    mobile: z.boolean().optional(),
    warehouse: z.boolean().optional(),
    cloudAppObject: z.boolean().optional(),
    linkedAudiences: z.boolean().optional(),
  }),
);
export const DestinationMetadataSubscriptionPresetV1 = shape('DestinationMetadataSubscriptionPresetV1', () =>
  z.strictObject({ actionId: z.string(), name: z.string(), fields: freeMap(), trigger: z.string() }),
);
export const IntegrationOptionBeta = shape('IntegrationOptionBeta', () =>
  z.strictObject({
    name: z.string(),
    type: z.string(),
    required: z.boolean(),
    description: z.string().optional(),
    defaultValue: z.unknown().nullable().optional(),
    label: z.string().optional(),
  }),
);
export const LogosBeta = shape('LogosBeta', () =>
  z.strictObject({
    default: z.string(),
    mark: z.string().nullable().optional(),
    alt: z.string().nullable().optional(),
  }),
);
export const DestinationMetadataV1 = shape('DestinationMetadataV1', () =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    slug: z.string(),
    logos: LogosBeta(),
    options: z.array(IntegrationOptionBeta()),
    status: z.enum([
      'DEPRECATED',
      'PRIVATE_BETA',
      'PRIVATE_BUILDING',
      'PRIVATE_SUBMITTED',
      'PUBLIC',
      'PUBLIC_BETA',
      'UNAVAILABLE',
    ]),
    previousNames: z.array(z.string()),
    categories: z.array(z.string()),
    website: z.string(),
    components: z.array(DestinationMetadataComponentV1()),
    supportedFeatures: DestinationMetadataFeaturesV1(),
    supportedMethods: DestinationMetadataMethodsV1(),
    supportedPlatforms: DestinationMetadataPlatformsV1(),
    actions: z.array(DestinationMetadataActionV1()),
    presets: z.array(DestinationMetadataSubscriptionPresetV1()),
    contacts: z.array(Contact()).optional(),
    partnerOwned: z.boolean().optional(),
    supportedRegions: z.array(z.string()).optional(),
    regionEndpoints: z.array(z.string()).optional(),
    multiInstanceSupportedVersion: z.string().optional(),
  }),
);
export const DestinationStatusV1 = shape('DestinationStatusV1', () =>
  z.strictObject({
    name: z.string(),
    id: z.string(),
    status: z.enum(['FAILED', 'FINISHED', 'INITIALIZED', 'INVALID', 'NOT_SUPPORTED', 'PARTIAL_SUCCESS', 'RUNNING']),
    errString: z.string(),
    finishedAt: z.string(),
  }),
);
export const ReverseEtlScheduleDefinition = shape('ReverseEtlScheduleDefinition', () =>
  z.strictObject({
    strategy: z.enum(['CRON', 'DBT_CLOUD', 'MANUAL', 'PERIODIC', 'SPECIFIC_DAYS']),
    config: Config1().nullable().optional(),
  }),
);
export const DestinationSubscription = shape('DestinationSubscription', () =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    actionId: z.string(),
    actionSlug: z.string(),
    destinationId: z.string(),
    enabled: z.boolean(),
    settings: freeMap(),
    trigger: z.string(),
    modelId: z.string().optional(),
    reverseETLSchedule: ReverseEtlScheduleDefinition().optional(),
  }),
);
export const DestinationSubscriptionUpdateInput = shape('DestinationSubscriptionUpdateInput', () =>
  z.strictObject({
    name: nameText().optional(),
    trigger: triggerText().optional(),
    enabled: z.boolean().optional(),
    settings: freeMap().optional(),
    reverseETLModelId: z.string().optional(),
    reverseETLSchedule: ReverseEtlScheduleDefinition().optional(),
  }),
);
export const DestinationV1 = shape('DestinationV1', () =>
  z.strictObject({
    id: z.string(),
    name: z.string().optional(),
    enabled: z.boolean(),
    metadata: DestinationMetadataV1(),
    sourceId: z.string(),
    settings: freeMap(),
  }),
);
export const EventSourceV1 = shape('EventSourceV1', () =>
  z.strictObject({ id: z.string(), name: z.string().optional(), slug: z.string().optional() }),
);
export const FQLDefinedPropertyV1 = shape('FQLDefinedPropertyV1', () =>
  z.strictObject({ fql: z.string().min(1).max(FQL_BYTES_MAX), propertyName: z.string().min(1).max(512) }),
);
export const GetEventsVolumeFromWorkspaceV1Query = shape('GetEventsVolumeFromWorkspaceV1Query', () =>
  z.strictObject({
    workspaceId: z.string(),
    granularity: z.enum(['DAY', 'HOUR', 'MINUTE']),
    startTime: z.string(),
    endTime: z.string(),
    groupBy: z.array(z.string()).optional(),
    sourceId: z.array(z.string()).optional(),
    eventName: z.array(z.string()).optional(),
    eventType: z.array(z.string()).optional(),
    appVersion: z.array(z.string()).optional(),
    limit: z.number().optional(),
  }),
);
export const GroupSourceSettingsV1 = shape('GroupSourceSettingsV1', () =>
  z.strictObject({
    allowUnplannedTraits: z.boolean().optional(),
    allowTraitsOnViolations: z.boolean().optional(),
    commonEventOnViolations: z.enum(['ALLOW', 'BLOCK', 'OMIT_TRAITS']).optional(),
  }),
);
export const HashPropertiesConfiguration = shape('HashPropertiesConfiguration', () =>
  z.strictObject({
    algorithm: z.string().min(1).max(32),
    key: z.string().max(512).optional(),
    encoding: z.enum(['BASE16', 'BASE64', 'BASE64URL', 'HEX']).optional(),
    paths: z.array(z.string().min(1).max(512)).max(200),
  }),
);
export const IdentifySourceSettingsV1 = shape('IdentifySourceSettingsV1', () =>
  z.strictObject({
    allowUnplannedTraits: z.boolean().optional(),
    allowTraitsOnViolations: z.boolean().optional(),
    commonEventOnViolations: z.enum(['ALLOW', 'BLOCK', 'OMIT_TRAITS']).optional(),
  }),
);
export const ResourceV1 = shape('ResourceV1', () =>
  z.strictObject({
    id: z.string().min(1).max(64),
    type: z.enum(['FUNCTION', 'SOURCE', 'SPACE', 'WAREHOUSE', 'WORKSPACE']),
  }),
);
export const InvitePermissionV1 = shape('InvitePermissionV1', () =>
  z.strictObject({
    roleId: z.string().max(64),
    resources: z.array(ResourceV1()).min(1).max(RESOURCES_MAX).optional(),
    labels: z.array(AllowedLabelBeta()).max(LABELS_PER_SOURCE_MAX).optional(),
  }),
);
export const InviteV1 = shape('InviteV1', () =>
  z.strictObject({ email: Email, permissions: z.array(InvitePermissionV1()).max(PERMISSIONS_MAX).optional() }),
);
export const LabelV1 = shape('LabelV1', () =>
  z.strictObject({ key: z.string().max(64), value: z.string().max(64), description: z.string().max(1_024).optional() }),
);
export const MinimalUserGroupV1 = shape('MinimalUserGroupV1', () =>
  z.strictObject({ id: z.string(), name: z.string() }),
);
export const MinimalUserV1 = shape('MinimalUserV1', () =>
  z.strictObject({ id: z.string(), name: z.string(), email: z.string() }),
);
export const MtuSnapshotV1 = shape('MtuSnapshotV1', () =>
  z.strictObject({
    periodStart: z.number(),
    periodEnd: z.number(),
    anonymous: z.string(),
    anonymousIdentified: z.string(),
    identified: z.string(),
    neverIdentified: z.string(),
    timestamp: z.string(),
  }),
);
export const PaginationOutput = shape('PaginationOutput', () =>
  z.strictObject({
    current: z.string(),
    next: z.string().nullable().optional(),
    previous: z.string().nullable().optional(),
    totalEntries: z.number().optional(),
  }),
);
export const PermissionInputV1 = shape('PermissionInputV1', () =>
  z.strictObject({
    roleId: z.string().max(64),
    resources: z.array(PermissionResourceV1()).min(1).max(RESOURCES_MAX),
  }),
);
export const PermissionV1 = shape('PermissionV1', () =>
  z.strictObject({
    roleName: z.string(),
    roleId: z.string(),
    resources: z.array(PermissionResourceV1()),
    labels: z.array(AllowedLabelBeta()).optional(),
  }),
);
export const PreviewDestinationFilterV1 = shape('PreviewDestinationFilterV1', () =>
  z.strictObject({
    if: z.string().min(1).max(FQL_BYTES_MAX),
    actions: z.array(DestinationFilterActionV1()).min(1).max(4),
  }),
);
export const PropertyRenameV1 = shape('PropertyRenameV1', () =>
  z.strictObject({ oldName: z.string().min(1).max(512), newName: z.string().min(1).max(512) }),
);
export const PropertyValueTransformationV1 = shape('PropertyValueTransformationV1', () =>
  z.strictObject({
    propertyPaths: z.array(z.string().min(1).max(512)).min(1).max(10),
    propertyValue: z.string().max(2_048),
  }),
);
export const StreamStatusV1 = shape('StreamStatusV1', () =>
  z.strictObject({ id: z.string(), destinationStatus: z.array(DestinationStatusV1()) }),
);
export const Regulation = shape('Regulation', () =>
  z.strictObject({
    id: z.string(),
    workspaceId: z.string(),
    overallStatus: z.enum([
      'FAILED',
      'FINISHED',
      'INITIALIZED',
      'INVALID',
      'NOT_SUPPORTED',
      'PARTIAL_SUCCESS',
      'RUNNING',
    ]),
    finishedAt: z.string().optional(),
    createdAt: z.string(),
    streamStatus: z.array(StreamStatusV1()),
  }),
);
export const RegulationListEntryV1 = shape('RegulationListEntryV1', () =>
  z.strictObject({
    id: z.string(),
    subjectType: z.string(),
    subjects: z.array(z.string()),
    status: z.enum(['FAILED', 'FINISHED', 'INITIALIZED', 'INVALID', 'NOT_SUPPORTED', 'PARTIAL_SUCCESS', 'RUNNING']),
    createdAt: z.string(),
    regulationType: z.enum([
      'DELETE_ARCHIVE_ONLY',
      'DELETE_INTERNAL',
      'DELETE_ONLY',
      'SUPPRESS_ONLY',
      'SUPPRESS_WITH_DELETE',
      'SUPPRESS_WITH_DELETE_INTERNAL',
      'UNSUPPRESS',
    ]),
    finishedAt: z.string().optional(),
  }),
);
export const RoleV1 = shape('RoleV1', () =>
  z.strictObject({ id: z.string(), name: z.string(), description: z.string() }),
);
export const RuleInputV1 = shape('RuleInputV1', () =>
  z.strictObject({
    type: z.enum(['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK']),
    key: z.string().min(1).max(512).optional(),
    jsonSchema: z.unknown().nullable(),
    version: z.number().min(0).max(1_000_000),
  }),
);
export const RuleV1 = shape('RuleV1', () =>
  z.strictObject({
    type: z.enum(['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK']),
    key: z.string().optional(),
    jsonSchema: z.unknown().nullable(),
    version: z.number(),
    createdAt: z.string().optional(),
    updatedAt: z.string().optional(),
    deprecatedAt: z.string().optional(),
  }),
);
export const SourceAPICallSnapshotV1 = shape('SourceAPICallSnapshotV1', () =>
  z.strictObject({ sourceId: z.string(), apiCalls: z.string(), timestamp: z.string() }),
);
export const SourceMetadataV1 = shape('SourceMetadataV1', () =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    description: z.string(),
    logos: LogosBeta(),
    options: z.array(IntegrationOptionBeta()),
    categories: z.array(z.string()),
    isCloudEventSource: z.boolean(),
    status: z.enum([
      'DEPRECATED',
      'PRIVATE_BETA',
      'PRIVATE_BUILDING',
      'PRIVATE_SUBMITTED',
      'PUBLIC',
      'PUBLIC_BETA',
      'UNAVAILABLE',
    ]),
    partnerOwned: z.boolean().optional(),
  }),
);
/** Of two names in the document, one for each stability. */
const sourceShape = () =>
  z.strictObject({
    id: z.string(),
    slug: z.string(),
    name: z.string().optional(),
    metadata: SourceMetadataV1(),
    workspaceId: z.string(),
    enabled: z.boolean(),
    writeKeys: z.array(z.string()),
    settings: freeMap().optional(),
    labels: z.array(LabelV1()),
  });
export const SourceAlpha = shape('SourceAlpha', sourceShape);
export const SourceEventVolumeDatapointV1 = shape('SourceEventVolumeDatapointV1', () =>
  z.strictObject({ time: z.string(), count: z.number() }),
);
export const SourceEventVolumeV1 = shape('SourceEventVolumeV1', () =>
  z.strictObject({
    source: EventSourceV1().optional(),
    eventName: z.string().optional(),
    eventType: z.string().optional(),
    /** Where it was grouped by; the original's shape has no room for it. */
    appVersion: z.string().optional(),
    total: z.number(),
    series: z.array(SourceEventVolumeDatapointV1()),
  }),
);
export const TrackSourceSettingsV1 = shape('TrackSourceSettingsV1', () =>
  z.strictObject({
    allowUnplannedEvents: z.boolean().optional(),
    allowUnplannedEventProperties: z.boolean().optional(),
    allowEventOnViolations: z.boolean().optional(),
    allowPropertiesOnViolations: z.boolean().optional(),
    commonEventOnViolations: z.enum(['ALLOW', 'BLOCK', 'OMIT_PROPERTIES']).optional(),
  }),
);
export const SourceSettingsOutputV1 = shape('SourceSettingsOutputV1', () =>
  z.strictObject({
    track: TrackSourceSettingsV1().optional(),
    identify: IdentifySourceSettingsV1().optional(),
    group: GroupSourceSettingsV1().optional(),
    forwardingViolationsTo: z.string().optional(),
    forwardingBlockedEventsTo: z.string().optional(),
  }),
);
export const SourceV1 = shape('SourceV1', sourceShape);
export const SuppressedInner = shape('SuppressedInner', () =>
  z.strictObject({ subjectType: z.string(), subjectIds: z.array(z.string()) }),
);
export const TrackingPlanV1 = shape('TrackingPlanV1', () =>
  z.strictObject({
    id: z.string(),
    name: z.string().optional(),
    slug: z.string().optional(),
    description: z.string().optional(),
    type: z.enum(['ENGAGE', 'LIVE', 'PROPERTY_LIBRARY', 'RULE_LIBRARY', 'TEMPLATE']),
    updatedAt: z.string().optional(),
    createdAt: z.string().optional(),
  }),
);
export const TransformationV1 = shape('TransformationV1', () =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    sourceId: z.string(),
    destinationMetadataId: z.string().optional(),
    enabled: z.boolean(),
    if: z.string(),
    drop: z.boolean().optional(),
    newEventName: z.string().optional(),
    propertyRenames: z.array(PropertyRenameV1()).optional(),
    propertyValueTransformations: z.array(PropertyValueTransformationV1()).optional(),
    fqlDefinedProperties: z.array(FQLDefinedPropertyV1()).optional(),
    allowProperties: z.array(z.string()).optional(),
    hashPropertiesConfiguration: HashPropertiesConfiguration().optional(),
  }),
);
export const UpsertRuleV1 = shape('UpsertRuleV1', () =>
  z.strictObject({
    newKey: z.string().min(1).max(512).optional(),
    type: z.enum(['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK']),
    key: z.string().min(1).max(512).optional(),
    jsonSchema: z.unknown().nullable(),
    version: z.number().min(0).max(1_000_000),
  }),
);
export const UserGroupV1 = shape('UserGroupV1', () =>
  z.strictObject({
    memberCount: z.number(),
    permissions: z.array(PermissionV1()).optional(),
    id: z.string(),
    name: z.string(),
  }),
);
export const UserV1 = shape('UserV1', () =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    permissions: z.array(PermissionV1()).optional(),
  }),
);
export const UsersPerSourceSnapshotV1 = shape('UsersPerSourceSnapshotV1', () =>
  z.strictObject({
    sourceId: z.string(),
    periodStart: z.number(),
    periodEnd: z.number(),
    anonymous: z.string(),
    anonymousIdentified: z.string(),
    identified: z.string(),
    neverIdentified: z.string(),
    timestamp: z.string(),
  }),
);
export const WarehouseMetadataV1 = shape('WarehouseMetadataV1', () =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    description: z.string(),
    logos: LogosBeta(),
    options: z.array(IntegrationOptionBeta()),
  }),
);
export const WarehouseV1 = shape('WarehouseV1', () =>
  z.strictObject({
    id: z.string(),
    metadata: WarehouseMetadataV1(),
    workspaceId: z.string(),
    enabled: z.boolean(),
    settings: freeMap(),
  }),
);
export const WorkspaceV1 = shape('WorkspaceV1', () =>
  z.strictObject({ id: z.string(), slug: z.string(), name: z.string() }),
);

const textList = () => queryList(z.string().max(512));
const filterBy = (id: string) =>
  shape(id, () =>
    z.strictObject({
      discardReason: textList().optional(),
      eventName: textList().optional(),
      eventType: textList().optional(),
      appVersion: textList().optional(),
      subscriptionId: textList().optional(),
      activationId: textList().optional(),
      audienceId: textList().optional(),
      spaceId: textList().optional(),
    }),
  );
export const DeliveryOverviewSuccessfullyReceivedFilterBy = filterBy('DeliveryOverviewSuccessfullyReceivedFilterBy');
export const DeliveryOverviewSourceFilterBy = filterBy('DeliveryOverviewSourceFilterBy');
export const DeliveryOverviewDestinationFilterBy = filterBy('DeliveryOverviewDestinationFilterBy');
