import { type JsonSchema, refName, resolved } from '../../../shared/api/reference/json-schemas.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** Shapes within shapes that an example shows; deeper ones are left empty. */
const DEPTH_MAX = 7;

/** What a field of that name may well hold: by `Shape.field`, else by the name. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  'WorkspaceV1.id': 'ws_8Rk2Qd1x',
  'WorkspaceV1.slug': 'shop',
  'WorkspaceV1.name': 'Shop',
  'SourceV1.id': 'src_4hT9zPq2',
  'SourceV1.slug': 'web',
  'SourceV1.name': 'Web shop',
  'SourceAlpha.id': 'src_4hT9zPq2',
  'SourceAlpha.slug': 'web',
  'SourceAlpha.name': 'Web shop',
  'SourceMetadataV1.id': 'website',
  'SourceMetadataV1.name': 'Website',
  'SourceMetadataV1.slug': 'website',
  'SourceMetadataV1.categories': ['Website'],
  'SourceMetadataV1.status': 'PUBLIC',
  'DestinationV1.id': 'dst_Jm3vW8nL',
  'DestinationV1.name': 'Orders to our server',
  'DestinationV1.settings': { sharedSecret: '••••••••' },
  'DestinationMetadataV1.id': 'webhook',
  'DestinationMetadataV1.name': 'Webhook',
  'DestinationMetadataV1.slug': 'webhook',
  'DestinationMetadataV1.status': 'PUBLIC',
  'DestinationMetadataV1.categories': ['Raw Data'],
  'DestinationMetadataV1.previousNames': ['Webhook'],
  'DestinationMetadataActionV1.id': 'webhook.send',
  'DestinationMetadataActionV1.slug': 'send',
  'DestinationMetadataActionV1.name': 'Send',
  'DestinationMetadataActionV1.platform': 'CLOUD',
  'DestinationMetadataActionFieldV1.fieldKey': 'url',
  'DestinationMetadataActionFieldV1.label': 'URL',
  'DestinationMetadataActionFieldV1.type': 'STRING',
  'DestinationSubscription.id': 'sub_x7Yc5FzA',
  'DestinationSubscription.name': 'Orders',
  'DestinationSubscription.settings': { url: 'https://example.com/orders', data: { '@path': '$.' } },
  'DestinationFilterV1.id': 'flt_Nw6bR2sK',
  'UserV1.id': 'usr_D5gE0uMi',
  'UserV1.name': 'Ada Example',
  'MinimalUserV1.id': 'usr_D5gE0uMi',
  'MinimalUserV1.name': 'Ada Example',
  'UserGroupV1.id': 'grp_tB8kXo3v',
  'UserGroupV1.name': 'Analysts',
  'MinimalUserGroupV1.id': 'grp_tB8kXo3v',
  'MinimalUserGroupV1.name': 'Analysts',
  'RoleV1.id': 'source-read-only',
  'RoleV1.name': 'Source Read-only',
  'RoleV1.description': 'Sees sources and their destinations, without write keys.',
  'PermissionResourceV1.id': 'ws_8Rk2Qd1x',
  'PermissionResourceV1.type': 'WORKSPACE',
  'ResourceV1.type': 'WORKSPACE',
  'AuditEventV1.id': 'aud_1pZr9QwT',
  'AuditEventV1.type': 'Source Created',
  'AuditEventV1.resourceType': 'source',
  'AuditEventV1.resourceId': 'src_4hT9zPq2',
  'AuditEventV1.resourceName': 'web',
  'AuditEventV1.actor': 'usr_D5gE0uMi',
  'LabelV1.key': 'environment',
  'LabelV1.value': 'production',
  'LabelV1.description': 'What customers use.',
  'AllowedLabelBeta.key': 'environment',
  'AllowedLabelBeta.value': 'production',
  'TrackingPlanV1.id': 'tp_2sKvJ9aH',
  'TrackingPlanV1.type': 'LIVE',
  'TransformationV1.id': 'trf_9cLm4TyE',
  'RuleV1.key': 'Order Completed',
  'RuleInputV1.key': 'Order Completed',
  'UpsertRuleV1.key': 'Order Completed',
  'RemoveRuleV1.key': 'Order Completed',
  'RuleV1.type': 'TRACK',
  'RuleInputV1.type': 'TRACK',
  'UpsertRuleV1.type': 'TRACK',
  'RemoveRuleV1.type': 'TRACK',
  'LogosBeta.default': '/logos/webhook.svg',
  'LogosBeta.mark': '/logos/webhook.svg',
  'LogosBeta.alt': null,
  'PaginationOutput.current': 'MA==',
  'PaginationOutput.next': 'c3JjXzVr.pX2mQ0vT9sLdYcNb1aWzRg',
  'PaginationOutput.previous': null,
  'PaginationOutput.totalEntries': 214,
  'SuppressedInner.subjectIds': ['user-1042'],
  'SuppressedInner.subjectType': 'USER_ID',
  'Regulation.id': 'reg_6yQe8UwP',
  'Regulation.overallStatus': 'FINISHED',
  'StreamStatusV1.id': 'src_4hT9zPq2',
  'DestinationStatusV1.status': 'FINISHED',
  'DestinationStatusV1.id': 'dst_Jm3vW8nL',
  'DestinationStatusV1.name': 'webhook',
  'DestinationStatusV1.errString': '',
  'RegulationListEntryV1.id': 'reg_6yQe8UwP',
  'RegulationListEntryV1.status': 'FINISHED',
  id: 'id_5vB1nXc7',
  slug: 'web',
  name: 'Web shop',
  metadataId: 'website',
  workspaceId: 'ws_8Rk2Qd1x',
  sourceId: 'src_4hT9zPq2',
  destinationId: 'dst_Jm3vW8nL',
  subscriptionId: 'sub_x7Yc5FzA',
  trackingPlanId: 'tp_2sKvJ9aH',
  userGroupId: 'grp_tB8kXo3v',
  userId: 'usr_D5gE0uMi',
  filterId: 'flt_Nw6bR2sK',
  transformationId: 'trf_9cLm4TyE',
  regulateId: 'reg_6yQe8UwP',
  destinationMetadataId: 'webhook',
  sourceMetadataId: 'website',
  warehouseMetadataId: 'snowflake',
  key: 'environment',
  value: 'production',
  writeKey: 'wk_Zk3T8cVq0LbN5xJr',
  writeKeys: ['wk_Zk3T8cVq0LbN5xJr'],
  actionId: 'webhook.send',
  actionSlug: 'send',
  trigger: 'type = "track" and event = "Order Completed"',
  defaultTrigger: 'type = "track"',
  if: 'event = "Order Completed" and properties.total < 10',
  title: 'No personal data in orders',
  description: 'Whom it may concern.',
  roleId: 'source-read-only',
  roleName: 'Source Read-only',
  email: 'ada@example.com',
  actorEmail: 'ada@example.com',
  emails: ['ada@example.com'],
  userIds: ['usr_D5gE0uMi'],
  invites: ['ada@example.com'],
  subjectIds: ['user-1042'],
  subjects: ['user-1042'],
  subjectType: 'USER_ID',
  regulationType: 'SUPPRESS_ONLY',
  type: 'LIVE',
  version: 1,
  jsonSchema: { type: 'object', properties: { properties: { type: 'object', required: ['total'] } } },
  payload: {
    type: 'track',
    event: 'Order Completed',
    userId: 'user-1042',
    properties: { total: 25, email: 'ada@example.com' },
  },
  inputPayload: {
    type: 'track',
    event: 'Order Completed',
    userId: 'user-1042',
    properties: { total: 25, email: 'ada@example.com' },
  },
  result: { type: 'track', event: 'Order Completed', userId: 'user-1042', properties: { total: 25 } },
  settings: {},
  headers: { accept: 'application/json' },
  message: 'hello',
  enabled: true,
  memberCount: 3,
  website: 'https://example.com',
  createdAt: '2026-11-24T09:30:00.000Z',
  updatedAt: '2026-11-24T09:30:00.000Z',
  timestamp: '2026-11-24T09:30:00.000Z',
  finishedAt: '2026-11-24T09:30:04.000Z',
  startTime: '2026-11-23T00:00:00.000Z',
  endTime: '2026-11-24T00:00:00.000Z',
};

/** Whole shapes whose fields depend on each other. */
const WHOLE: Readonly<Record<string, unknown>> = {
  DestinationFilterActionV1: { type: 'DROP_PROPERTIES', fields: { properties: ['email', 'phone'] } },
  HashPropertiesConfiguration: { algorithm: 'SHA256', encoding: 'HEX', paths: ['properties.email'] },
};

/** A value that fits the schema and looks like life; `name` is the field that holds it, `shape` the shape that the field is of. */
export function exampleOf(schema: JsonSchema, schemas: Schemas, name = '', shape = '', depth = 0): unknown {
  const own = WHOLE[refName(schema) ?? ''] ?? SAMPLES[`${shape}.${name}`];
  if (own !== undefined) return own;
  const target = resolved(schema, schemas);
  const type = target['type'];
  const isPlain = type !== 'object' && type !== 'array' && refName(schema) === undefined;
  const common = SAMPLES[name];
  const choices = target['enum'] as unknown[] | undefined;
  if (choices !== undefined) return choices.includes(common) ? common : choices[0];
  if ('const' in target) return target['const'];
  if (common !== undefined && (isPlain || target['properties'] === undefined) && fits(common, target, schemas))
    return common;
  const either = (target['anyOf'] ?? target['oneOf']) as JsonSchema[] | undefined;
  if (either !== undefined) return exampleOf(either[0] ?? {}, schemas, name, shape, depth);
  if (type === 'array') {
    return depth >= DEPTH_MAX
      ? []
      : [exampleOf((target['items'] ?? {}) as JsonSchema, schemas, singular(name), shape, depth + 1)];
  }
  if (type === 'object')
    return depth >= DEPTH_MAX ? {} : exampleObject(target, schemas, refName(schema) ?? shape, depth);
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') return 1;
  return type === 'string' ? (target['format'] === 'date-time' ? '2026-11-24T09:30:00.000Z' : 'text') : null;
}

function exampleObject(target: JsonSchema, schemas: Schemas, shape: string, depth: number): Record<string, unknown> {
  const properties = (target['properties'] ?? {}) as Record<string, JsonSchema>;
  return Object.fromEntries(
    Object.entries(properties).map(([field, one]) => [field, exampleOf(one, schemas, field, shape, depth + 1)]),
  );
}

/** Whether a sample by name is of the field's type: names repeat, types do not. */
function fits(sample: unknown, target: JsonSchema, schemas: Schemas): boolean {
  const either = target['anyOf'] as JsonSchema[] | undefined;
  if (either !== undefined) return either.some((one) => fits(sample, resolved(one, schemas), schemas));
  const kind = Array.isArray(sample) ? 'array' : typeof sample;
  if (kind === 'array') {
    const items = resolved((target['items'] ?? {}) as JsonSchema, schemas);
    return target['type'] === 'array' && (items['type'] === undefined || items['type'] === 'string');
  }
  const type = target['type'] === 'integer' ? 'number' : target['type'];
  return type === undefined || type === kind;
}

const singular = (name: string): string => name.replace(/ies$/, 'y').replace(/s$/, '');
