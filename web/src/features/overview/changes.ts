import type { DataOf } from '../../api/calls.ts';

export type AuditEvent = Pick<
  DataOf<'listAppAuditEvents'>['events'][number],
  'event' | 'actor' | 'resource' | 'before' | 'after'
>;

/** Things in the trail's words, and in ours. Longer names first: the first that fits is taken. */
const NOUNS: readonly (readonly [string, string])[] = [
  ['Destination Subscription', 'mapping'],
  ['Destination Filter', 'filter'],
  ['Tracking Plan Rule', 'a rule of the plan'],
  ['Tracking Plan', 'tracking plan'],
  ['User Permissions', 'permissions of'],
  ['User Group', 'group'],
  ['User Invite', 'invite of'],
  ['Source Settings', 'settings of'],
  ['Schema Event', 'an event in the schema of'],
  ['Schema History', 'schema history of'],
  ['Outage Rehearsal', 'a rehearsed outage of'],
  ['API Token', 'API token'],
  ['Write Key', 'a write key of'],
  ['Integration', 'destination'],
  ['Transformation', 'transformation'],
  ['Regulation', 'deletion request'],
  ['Workspace', 'workspace'],
  ['Replay', 'replay'],
  ['Source', 'source'],
  ['Label', 'label'],
  ['Alert', 'alert'],
  ['User', ''],
];
const VERBS: Readonly<Record<string, string>> = {
  Created: 'created',
  Modified: 'changed',
  Updated: 'changed',
  Deleted: 'deleted',
  Removed: 'removed',
  Enabled: 'enabled',
  Disabled: 'disabled',
  Added: 'added',
  Invited: 'invited',
  'Invited Again': 'invited again',
  Started: 'started',
  Cancelled: 'cancelled',
  Ended: 'ended',
  Cleared: 'cleared',
  Archived: 'archived',
  Unarchived: 'took back',
};
const WHOLE: Readonly<Record<string, string>> = {
  'Event Tester Used': 'sent a test event to',
  'Access Requested': 'asked for access to',
  'Access Request Closed': 'answered a request for access of',
};

/** "created the mapping" for `Destination Subscription Created`: what goes between the person and the thing. */
export function changeWords(event: string): string {
  const whole = WHOLE[event];
  if (whole !== undefined) return whole;
  for (const [name, noun] of NOUNS) {
    if (!event.startsWith(`${name} `)) continue;
    const verb = VERBS[event.slice(name.length + 1)];
    if (verb === undefined) break;
    const article = noun === '' || /^an? /.test(noun) ? '' : 'the ';
    return `${verb} ${article}${noun}`.trim();
  }
  return `${event}:`;
}

/** Who did it: by name, else by address. */
export function actorWords({ type, name, email, id }: AuditEvent['actor']): string {
  if (name !== undefined && name !== '') return type === 'token' ? `${name} (API token)` : name;
  return email ?? (type === 'token' ? 'An API token' : id);
}

/** What it is called; ids of people's invites are addresses, other ids say nothing. */
export const thingWords = ({ resource: { type, id, name } }: AuditEvent): string | undefined =>
  name !== undefined && name !== '' ? name : type === 'INVITE' || type === 'LABEL' ? id : undefined;
