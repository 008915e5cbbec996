/** Of an entry of the audit trail: what it is about, and its members before and after. */
export type Audited = {
  event: string;
  resource: { type: string; id: string };
  before?: Readonly<Record<string, unknown>> | undefined;
  after?: Readonly<Record<string, unknown>> | undefined;
};

/** A page below its workspace. */
export type AuditPath = { path: string; search?: Readonly<Record<string, string>> };

/** Where in the app what an entry is about can be seen; undefined of what is gone or has no page. */
export function auditPath({ event, resource: { type, id }, before, after }: Audited): AuditPath | undefined {
  // A key that is gone was a source's, and that is there.
  const isGone = event === 'Source Deleted' || (/ (?:Deleted|Removed)$/.test(event) && type !== 'SOURCE');
  if (isGone) return undefined;
  const key = encodeURIComponent(id);
  const destinationId = after?.['destinationId'] ?? before?.['destinationId'];
  const ofDestination = (part: string): AuditPath | undefined =>
    typeof destinationId === 'string'
      ? { path: `/destinations/${encodeURIComponent(destinationId)}/${part}/${key}` }
      : undefined;
  switch (type) {
    case 'DESTINATION_SUBSCRIPTION':
      return ofDestination('mappings');
    case 'DESTINATION_FILTER':
      return ofDestination('filters');
    case 'SOURCE':
      return { path: `/sources/${key}/overview` };
    case 'DESTINATION':
      return { path: `/destinations/${key}/delivery` };
    case 'USER':
      return { path: '/settings/team', search: { person: id } };
    case 'USER_GROUP':
      return { path: '/settings/groups', search: { group: id } };
    case 'INVITE':
      return { path: '/settings/team' };
    case 'ALERT':
      return { path: '/settings/alerts' };
    case 'TOKEN':
      return { path: '/settings/tokens' };
    case 'LABEL':
      return { path: '/settings/labels' };
    case 'REPLAY':
      return { path: '/settings/replays', search: { replay: id } };
    case 'WORKSPACE':
      return { path: '/settings/general' };
    case 'REGULATION':
      return { path: '/privacy/suppressions' };
    default:
      return undefined;
  }
}
