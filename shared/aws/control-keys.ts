import { OPEN_REPLAYS_PK, REPLAY_ORDER_PREFIX } from '../config/key-prefixes.ts';
import type {
  AlertId,
  ApiTokenId,
  DestinationId,
  FilterId,
  GroupId,
  MappingId,
  OAuthAppId,
  PersonId,
  RegulationId,
  ReplayId,
  SourceId,
  TrackingPlanId,
  TransformationId,
  WorkspaceId,
  WriteKey,
} from '../domain/ids.ts';

/**
 * Access patterns of the control table.
 *
 * | question | pk | sk |
 * | --- | --- | --- |
 * | all workspaces, one workspace | `WORKSPACES` | `<workspace>` |
 * | has anything of a workspace changed | `WS#<workspace>` | `CFG#!version` |
 * | all that route and deliver need, in one query | `WS#<workspace>` | begins with `CFG#` |
 * | one source, all sources | `WS#<workspace>` | `CFG#SRC#<source>`, begins with `CFG#SRC#` |
 * | one destination, all destinations | `WS#<workspace>` | `CFG#DST#<destination>`, begins with `CFG#DST#` |
 * | one mapping, all mappings of a destination | `WS#<workspace>` | `CFG#MAP#<destination>#<mapping>`, begins with `CFG#MAP#<destination>#` |
 * | one filter, all filters of a destination | `WS#<workspace>` | `CFG#FLT#<destination>#<filter>`, begins with `CFG#FLT#<destination>#` |
 * | what people switched off of a source's events | `WS#<workspace>` | `CFG#SCH#<source>` |
 * | one OAuth app, all OAuth apps | `WS#<workspace>` | `OAP#<app>`, begins with `OAP#` |
 * | the workspace of an OAuth app | `OAP#<app>` | `OAP` |
 * | the write keys of a source, of all sources | `WS#<workspace>` | begins with `WK#<source>#`, `WK#` |
 * | the source behind a write key | `KEY#<write key>` | `KEY` |
 * | an API token by its id | `WS#<workspace>` | `TOK#<token>` |
 * | an API token by the hash of its text | `TOKEN#<sha256>` | `TOKEN` |
 * | a member, all members | `WS#<workspace>` | `MEM#<person>`, begins with `MEM#` |
 * | the workspaces of a person | `PER#<person>` | begins with `WS#` |
 * | a person | `PER#<person>` | `PER` |
 * | the person behind a token's issuer and subject | `SUB#<sha256 of both>` | `SUB` |
 * | a group, all groups | `WS#<workspace>` | `GRP#<group>`, begins with `GRP#` |
 * | an invite, all invites | `WS#<workspace>` | `INV#<e-mail>`, begins with `INV#` |
 * | an invite by the hash of its link | `INVITE#<sha256>` | `INVITE` |
 * | invites to an address, over all workspaces | `MAIL#<e-mail>` | begins with `INV#` |
 * | which workspace's invite made the account of an address, over all workspaces | `ACCT#<e-mail>` | `ACCT` |
 * | requests for access, of one person or all | `WS#<workspace>` | begins with `REQ#<person>#`, with `REQ#` |
 * | who has a slug, over all workspaces | `SLUG#<slug>` | `SLUG` |
 * | a label, all labels | `WS#<workspace>` | `LAB#<key>#<value>`, begins with `LAB#` |
 * | a tracking plan, all of them | `WS#<workspace>` | `TPL#<plan>`, begins with `TPL#` |
 * | rules of a tracking plan | `WS#<workspace>` | begins with `RUL#<plan>#` |
 * | a transformation, all of them | `WS#<workspace>` | `TRN#<transformation>`, begins with `TRN#` |
 * | an alert, all alerts that were made or changed | `WS#<workspace>` | `ALR#<alert>`, begins with `ALR#` |
 * | what `notify`, `check-alerts` and `send-alerts` noted for their next run | `NOTE#<workspace>` | `<name of the note>` |
 * | what is known of an alert, for people; of all of them | `NOTE#<workspace>` | `MARK#<alert>`, begins with `MARK#` |
 * | notifications, newest first | `NTF#<workspace>` | `<time>#<notification>` |
 * | what somebody has read of them | `NTF#<workspace>` | `~READ#<person or token>` |
 * | notifications that are to be sent, over all workspaces, by when they are tried next | `SENDS` | `<time>#<workspace>#<place>` |
 * | the audit trail of a time | `AUD#<workspace>` | `<time>#<entry>` |
 * | regulations of suppression from one to another, in their order | `SUP#<workspace>` | `LOG#<number, 12 digits>#<piece, 2 digits>` |
 * | the number of a regulation by its id | `SUP#<workspace>` | `ID#<regulation>` |
 * | the suppression list as it was after a regulation | `SUP#<workspace>` | `SNAP#<number, 12 digits>#<write>#<piece, 4 digits>` |
 * | an order to replay, all of a workspace by their ids, which begin with their times | `RPL#<workspace>` | `<order>` |
 * | the order that runs for a destination, those that count for it, all that are open | `RPLS` | `<destination>`, `<destination>#<order>` |
 * | the day on which an API token was last used | `WS#<workspace>` | `USE#<token>` |
 * | the key that signs cursors, sealed | `KEYS` | `cursors` |
 * | who holds which lane, over all workspaces | `LANES` | `<lane, two digits>` |
 *
 * A write key and a token are two items each, written in one transaction, so that both ways to them are strongly consistent reads of the
 * base table (D6): no index lags behind. `!` sorts before letters: a query meets the version first, so what it reads after it is at least
 * as new as that version.
 */
export const controlKeys = {
  workspaces: () => ({ pk: 'WORKSPACES' }),
  workspace: (id: WorkspaceId) => ({ pk: 'WORKSPACES', sk: id }),
  config: (id: WorkspaceId) => ({ pk: `WS#${id}`, prefix: 'CFG#' }),
  configVersion: (id: WorkspaceId) => ({ pk: `WS#${id}`, sk: CONFIG_VERSION_SK }),
  source: (workspaceId: WorkspaceId, id: SourceId) => ({ pk: `WS#${workspaceId}`, sk: `${SOURCE_PREFIX}${id}` }),
  sources: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: SOURCE_PREFIX }),
  destination: (workspaceId: WorkspaceId, id: DestinationId) => ({
    pk: `WS#${workspaceId}`,
    sk: `${DESTINATION_PREFIX}${id}`,
  }),
  destinations: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: DESTINATION_PREFIX }),
  mapping: (workspaceId: WorkspaceId, destinationId: DestinationId, id: MappingId) => ({
    pk: `WS#${workspaceId}`,
    sk: `${MAPPING_PREFIX}${destinationId}#${id}`,
  }),
  mappings: (workspaceId: WorkspaceId, destinationId: DestinationId) => ({
    pk: `WS#${workspaceId}`,
    prefix: `${MAPPING_PREFIX}${destinationId}#`,
  }),
  filter: (workspaceId: WorkspaceId, destinationId: DestinationId, id: FilterId) => ({
    pk: `WS#${workspaceId}`,
    sk: `${FILTER_PREFIX}${destinationId}#${id}`,
  }),
  filters: (workspaceId: WorkspaceId, destinationId: DestinationId) => ({
    pk: `WS#${workspaceId}`,
    prefix: `${FILTER_PREFIX}${destinationId}#`,
  }),
  sourceSchema: (workspaceId: WorkspaceId, sourceId: SourceId) => ({
    pk: `WS#${workspaceId}`,
    sk: `${SCHEMA_PREFIX}${sourceId}`,
  }),
  oauthApps: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: 'OAP#' }),
  oauthApp: (workspaceId: WorkspaceId, id: OAuthAppId) => ({ pk: `WS#${workspaceId}`, sk: `OAP#${id}` }),
  oauthAppOwner: (id: OAuthAppId) => ({ pk: `OAP#${id}`, sk: 'OAP' }),
  writeKey: (writeKey: WriteKey) => ({ pk: `KEY#${writeKey}`, sk: 'KEY' }),
  sourceWriteKey: (workspaceId: WorkspaceId, sourceId: SourceId, writeKey: WriteKey) => ({
    pk: `WS#${workspaceId}`,
    sk: `WK#${sourceId}#${writeKey}`,
  }),
  /** Of one source, or of all. */
  sourceWriteKeys: (workspaceId: WorkspaceId, sourceId?: SourceId) => ({
    pk: `WS#${workspaceId}`,
    prefix: sourceId === undefined ? 'WK#' : `WK#${sourceId}#`,
  }),
  regulation: (workspaceId: WorkspaceId, number: number, piece: number) => ({
    pk: suppressionOf(workspaceId),
    sk: `${logOf(number)}${String(piece).padStart(2, '0')}`,
  }),
  /** Regulations `first` to `last`, both included. `$` comes right after `#`. */
  regulations: (workspaceId: WorkspaceId, first: number, last: number) => ({
    pk: suppressionOf(workspaceId),
    between: [logOf(first), logOf(last).replace(/#$/, '$')] as const,
  }),
  /** The number of a regulation by its id. */
  regulationNumber: (workspaceId: WorkspaceId, id: RegulationId) => ({
    pk: suppressionOf(workspaceId),
    sk: `ID#${id}`,
  }),
  /** All snapshots, or those of one regulation. */
  suppressionSnapshots: (workspaceId: WorkspaceId, number?: number) => ({
    pk: suppressionOf(workspaceId),
    prefix: number === undefined ? 'SNAP#' : `SNAP#${twelve(number)}#`,
  }),
  suppressionSnapshot: (workspaceId: WorkspaceId, number: number, id: string) => ({
    pk: suppressionOf(workspaceId),
    prefix: `SNAP#${twelve(number)}#${id}#`,
  }),
  suppressionPiece: (workspaceId: WorkspaceId, number: number, id: string, piece: number) => ({
    pk: suppressionOf(workspaceId),
    sk: `SNAP#${twelve(number)}#${id}#${String(piece).padStart(4, '0')}`,
  }),
  member: (workspaceId: WorkspaceId, id: PersonId) => ({ pk: `WS#${workspaceId}`, sk: `MEM#${id}` }),
  members: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: 'MEM#' }),
  membership: (id: PersonId, workspaceId: WorkspaceId) => ({ pk: `PER#${id}`, sk: `WS#${workspaceId}` }),
  memberships: (id: PersonId) => ({ pk: `PER#${id}`, prefix: 'WS#' }),
  person: (id: PersonId) => ({ pk: `PER#${id}`, sk: 'PER' }),
  subject: (sha256: string) => ({ pk: `SUB#${sha256}`, sk: 'SUB' }),
  group: (workspaceId: WorkspaceId, id: GroupId) => ({ pk: `WS#${workspaceId}`, sk: `GRP#${id}` }),
  groups: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: 'GRP#' }),
  invite: (workspaceId: WorkspaceId, email: string) => ({ pk: `WS#${workspaceId}`, sk: `INV#${email}` }),
  invites: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: 'INV#' }),
  inviteLink: (sha256: string) => ({ pk: `INVITE#${sha256}`, sk: 'INVITE' }),
  inviteTo: (email: string, workspaceId: WorkspaceId) => ({ pk: `MAIL#${email}`, sk: `INV#${workspaceId}` }),
  invitesTo: (email: string) => ({ pk: `MAIL#${email}`, prefix: 'INV#' }),
  accountOrigin: (email: string) => ({ pk: `ACCT#${email}`, sk: 'ACCT' }),
  /** `about`: the right and, where there is one, the source. */
  accessRequest: (workspaceId: WorkspaceId, personId: PersonId, about: string) => ({
    pk: `WS#${workspaceId}`,
    sk: `REQ#${personId}#${about}`,
  }),
  accessRequests: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: 'REQ#' }),
  slug: (slug: string) => ({ pk: `SLUG#${slug}`, sk: 'SLUG' }),
  label: (workspaceId: WorkspaceId, key: string, value: string) => ({
    pk: `WS#${workspaceId}`,
    sk: `LAB#${key}#${value}`,
  }),
  labels: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: 'LAB#' }),
  trackingPlan: (workspaceId: WorkspaceId, id: TrackingPlanId) => ({ pk: `WS#${workspaceId}`, sk: `TPL#${id}` }),
  trackingPlans: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: 'TPL#' }),
  /** `name`: a hash of what a rule is known by, which may be longer than a key. */
  rule: (workspaceId: WorkspaceId, plan: TrackingPlanId, name: string) => ({
    pk: `WS#${workspaceId}`,
    sk: `RUL#${plan}#${name}`,
  }),
  rules: (workspaceId: WorkspaceId, plan: TrackingPlanId) => ({ pk: `WS#${workspaceId}`, prefix: `RUL#${plan}#` }),
  transformation: (workspaceId: WorkspaceId, id: TransformationId) => ({ pk: `WS#${workspaceId}`, sk: `TRN#${id}` }),
  transformations: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: 'TRN#' }),
  apiTokens: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: 'TOK#' }),
  alert: (workspaceId: WorkspaceId, id: AlertId) => ({ pk: `WS#${workspaceId}`, sk: `ALR#${id}` }),
  alerts: (workspaceId: WorkspaceId) => ({ pk: `WS#${workspaceId}`, prefix: 'ALR#' }),
  notification: (workspaceId: WorkspaceId, place: string) => ({ pk: `NTF#${workspaceId}`, sk: place }),
  /** Between two places, both included; up to the newest where no last one is said. Times begin with digits, marks of readers with `~`. */
  notifications: (workspaceId: WorkspaceId, first: string, last = '9~') => ({
    pk: `NTF#${workspaceId}`,
    between: [first, last] as const,
  }),
  readMark: (workspaceId: WorkspaceId, readerId: string) => ({ pk: `NTF#${workspaceId}`, sk: `~READ#${readerId}` }),
  waitingSend: (workspaceId: WorkspaceId, place: string, nextAt: string) => ({
    pk: 'SENDS',
    sk: `${nextAt}#${workspaceId}#${place}`,
  }),
  /** Those that are due by a moment, it included. `$` comes right after `#`. */
  waitingSends: (now: string) => ({ pk: 'SENDS', between: ['0', `${now}$`] as const }),
  alertMark: (workspaceId: WorkspaceId, id: AlertId) => ({
    pk: `NOTE#${workspaceId}`,
    sk: `${ALERT_MARK_PREFIX}${id}`,
  }),
  alertMarks: (workspaceId: WorkspaceId) => ({ pk: `NOTE#${workspaceId}`, prefix: ALERT_MARK_PREFIX }),
  note: (workspaceId: WorkspaceId, name: string) => ({ pk: `NOTE#${workspaceId}`, sk: name }),
  auditEntry: (workspaceId: WorkspaceId, at: string, id: string) => ({ pk: `AUD#${workspaceId}`, sk: `${at}#${id}` }),
  /** Of moments from one to another, both included. `$` comes right after `#`. */
  auditEntries: (workspaceId: WorkspaceId, from: string, to: string) => ({
    pk: `AUD#${workspaceId}`,
    between: [from, `${to}$`] as const,
  }),
  replayOrder: (workspaceId: WorkspaceId, id: ReplayId) => ({ pk: `${REPLAY_ORDER_PREFIX}${workspaceId}`, sk: id }),
  /** All, or those up to one. */
  replayOrders: (workspaceId: WorkspaceId, to = 'rp`') => ({
    pk: `${REPLAY_ORDER_PREFIX}${workspaceId}`,
    between: ['rp_', to] as const,
  }),
  /** Of one that only counts, with its id. */
  openReplay: (destinationId: DestinationId, id?: ReplayId) => ({
    pk: OPEN_REPLAYS_PK,
    sk: id === undefined ? destinationId : `${destinationId}#${id}`,
  }),
  openReplays: (destinationId?: DestinationId) => ({
    pk: OPEN_REPLAYS_PK,
    ...(destinationId !== undefined && { between: [destinationId, `${destinationId}$`] as const }),
  }),
  tokenUse: (workspaceId: WorkspaceId, id: string) => ({ pk: `WS#${workspaceId}`, sk: `USE#${id}` }),
  cursorKey: () => ({ pk: 'KEYS', sk: 'cursors' }),
  lanes: () => ({ pk: 'LANES' }),
  lane: (lane: number) => ({ pk: 'LANES', sk: String(lane).padStart(2, '0') }),
  token: (sha256: string) => ({ pk: `TOKEN#${sha256}`, sk: 'TOKEN' }),
  workspaceToken: (workspaceId: WorkspaceId, id: ApiTokenId) => ({ pk: `WS#${workspaceId}`, sk: `TOK#${id}` }),
};

const suppressionOf = (id: WorkspaceId): string => `SUP#${id}`;
const twelve = (number: number): string => String(number).padStart(12, '0');
const logOf = (number: number): string => `LOG#${twelve(number)}#`;

export const CONFIG_VERSION_SK = 'CFG#!version';
const ALERT_MARK_PREFIX = 'MARK#';
export const SOURCE_PREFIX = 'CFG#SRC#';
export const DESTINATION_PREFIX = 'CFG#DST#';
export const MAPPING_PREFIX = 'CFG#MAP#';
export const FILTER_PREFIX = 'CFG#FLT#';
export const SCHEMA_PREFIX = 'CFG#SCH#';
