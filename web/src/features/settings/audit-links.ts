/** Of an entry: what it is about, and its members before and after. */
export type Audited = {
  resource: { type: string; id: string };
  before?: Readonly<Record<string, unknown>> | undefined;
  after?: Readonly<Record<string, unknown>> | undefined;
};

/** Where in the app what an entry of the audit trail is about can be seen; undefined where it cannot. */
export function auditPath(slug: string, { resource: { type, id }, before, after }: Audited): string | undefined {
  const key = encodeURIComponent(id);
  const destinationId = after?.['destinationId'] ?? before?.['destinationId'];
  const ofDestination = (part: string): string | undefined =>
    typeof destinationId === 'string'
      ? `/${slug}/destinations/${encodeURIComponent(destinationId)}/${part}/${key}`
      : undefined;
  switch (type) {
    case 'DESTINATION_SUBSCRIPTION':
      return ofDestination('mappings');
    case 'DESTINATION_FILTER':
      return ofDestination('filters');
    case 'SOURCE':
      return `/${slug}/sources/${key}/overview`;
    case 'DESTINATION':
      return `/${slug}/destinations/${key}/delivery`;
    case 'USER':
      return `/${slug}/settings/team?person=${key}`;
    case 'USER_GROUP':
      return `/${slug}/settings/groups?group=${key}`;
    case 'INVITE':
      return `/${slug}/settings/team`;
    case 'ALERT':
      return `/${slug}/settings/alerts`;
    case 'TOKEN':
      return `/${slug}/settings/tokens`;
    case 'LABEL':
      return `/${slug}/settings/labels`;
    case 'REPLAY':
      return `/${slug}/settings/replays?replay=${key}`;
    case 'WORKSPACE':
      return `/${slug}/settings/general`;
    case 'REGULATION':
      return `/${slug}/privacy/suppressions`;
    default:
      return undefined;
  }
}

/** Names of events that can be chosen as a filter: in the order of what is changed. */
export const AUDIT_EVENTS: readonly { group: string; items: readonly string[] }[] = [
  {
    group: 'Sources',
    items: [
      'Source Created',
      'Source Modified',
      'Source Enabled',
      'Source Disabled',
      'Source Deleted',
      'Source Settings Modified',
      'Write Key Created',
      'Write Key Deleted',
      'Schema Event Archived',
      'Schema Event Unarchived',
      'Schema History Cleared',
    ],
  },
  {
    group: 'Destinations',
    items: [
      'Integration Created',
      'Integration Modified',
      'Integration Enabled',
      'Integration Disabled',
      'Integration Deleted',
      'Destination Subscription Created',
      'Destination Subscription Deleted',
      'Destination Filter Created',
      'Destination Filter Modified',
      'Destination Filter Enabled',
      'Destination Filter Disabled',
      'Destination Filter Deleted',
      'Event Tester Used',
      'Replay Started',
      'Replay Cancelled',
      'Outage Rehearsal Started',
      'Outage Rehearsal Ended',
      'Transformation Created',
      'Transformation Updated',
      'Transformation Deleted',
    ],
  },
  {
    group: 'People and access',
    items: [
      'User Invited',
      'User Invited Again',
      'User Invite Removed',
      'User Added',
      'User Modified',
      'User Permissions Modified',
      'User Removed',
      'User Group Created',
      'User Group Modified',
      'User Group Deleted',
      'Access Requested',
      'Access Request Closed',
      'API Token Created',
      'API Token Deleted',
    ],
  },
  {
    group: 'Workspace',
    items: [
      'Workspace Created',
      'Workspace Modified',
      'Label Created',
      'Label Deleted',
      'Regulation Created',
      'Tracking Plan Created',
      'Tracking Plan Modified',
      'Tracking Plan Deleted',
      'Tracking Plan Rule Created',
      'Tracking Plan Rule Modified',
      'Tracking Plan Rule Deleted',
    ],
  },
];
