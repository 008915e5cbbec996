import * as z from 'zod';

/** Upper bound of every id of ours, in characters. Keys of DynamoDB items are made of them. */
const ID_CHARS_MAX = 64;

const prefixed = (prefix: string) =>
  z
    .string()
    .max(ID_CHARS_MAX)
    .regex(new RegExp(`^${prefix}_[A-Za-z0-9_-]+$`), `an id that begins with ${prefix}_`);

export const WorkspaceId = prefixed('ws').brand('WorkspaceId');
export type WorkspaceId = z.infer<typeof WorkspaceId>;

export const SourceId = prefixed('src').brand('SourceId');
export type SourceId = z.infer<typeof SourceId>;

export const DestinationId = prefixed('dst').brand('DestinationId');
export type DestinationId = z.infer<typeof DestinationId>;

export const MappingId = prefixed('map').brand('MappingId');
export type MappingId = z.infer<typeof MappingId>;

export const FilterId = prefixed('flt').brand('FilterId');
export type FilterId = z.infer<typeof FilterId>;

export const OAuthAppId = prefixed('oap').brand('OAuthAppId');
export type OAuthAppId = z.infer<typeof OAuthAppId>;

export const RegulationId = prefixed('reg').brand('RegulationId');
export type RegulationId = z.infer<typeof RegulationId>;

export const ApiTokenId = prefixed('tok').brand('ApiTokenId');
export type ApiTokenId = z.infer<typeof ApiTokenId>;

/** A person, over all workspaces of a deployment. */
export const PersonId = prefixed('usr').brand('PersonId');
export type PersonId = z.infer<typeof PersonId>;

export const GroupId = prefixed('grp').brand('GroupId');
export type GroupId = z.infer<typeof GroupId>;

export const TrackingPlanId = prefixed('tp').brand('TrackingPlanId');
export type TrackingPlanId = z.infer<typeof TrackingPlanId>;

export const TransformationId = prefixed('trn').brand('TransformationId');
export type TransformationId = z.infer<typeof TransformationId>;

export const AlertId = prefixed('alr').brand('AlertId');
export type AlertId = z.infer<typeof AlertId>;

/** Follows from what it tells of, so that what is told twice is one. */
export const NotificationId = prefixed('ntf').brand('NotificationId');
export type NotificationId = z.infer<typeof NotificationId>;

export const AuditId = prefixed('aud').brand('AuditId');
export type AuditId = z.infer<typeof AuditId>;

/** Names one replay run: 128 random bits. Its parts are named by it instead of an intake id (a subject of its own in the books). */
export const ReplayId = z
  .string()
  .regex(/^rp_[A-Za-z0-9_-]{22}$/, 'rp_ and 22 characters of base64url')
  .brand('ReplayId');
export type ReplayId = z.infer<typeof ReplayId>;

/** The public half of a source's credentials: clients send it as the Basic-auth user name, with an empty password. */
export const WriteKey = z
  .string()
  .min(16)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, _ and -')
  .brand('WriteKey');
export type WriteKey = z.infer<typeof WriteKey>;

/** Names one accepted request for ever. Made by ingest from 128 random bits; never an SQS MessageId, which a redelivery changes. */
export const IntakeId = z
  .string()
  .regex(/^in_[A-Za-z0-9_-]{22}$/, 'in_ and 22 characters of base64url')
  .brand('IntakeId');
export type IntakeId = z.infer<typeof IntakeId>;

/** What stands in the place of an intake id in the parts of a replay run. */
export const intakeIdOfReplay = (id: ReplayId): IntakeId => IntakeId.parse(`in_${id.slice('rp_'.length)}`);
