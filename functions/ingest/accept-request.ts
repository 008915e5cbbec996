import { createHash } from 'node:crypto';
import {
  BATCH_BYTES_MAX,
  BATCH_EVENTS_MAX,
  EVENT_BYTES_MAX,
  HOPS_THROUGH_US_MAX,
  JSON_DEPTH_MAX,
  REQUEST_KEYS_MAX,
} from '../../shared/config/limits.ts';
import { mayTrack } from '../../shared/domain/access-token.ts';
import { type IntakeId, type SourceId, WriteKey } from '../../shared/domain/ids.ts';
import type { IntakeKind, IntakeMessage } from '../../shared/domain/intake-message.ts';
import { isJsonObject, type JsonObject, own } from '../../shared/domain/json.ts';
import { jsonOverrun } from '../../shared/domain/json-bounds.ts';
import type { HookRefusal, RefusalReason } from '../../shared/domain/outcomes.ts';
import type { Source } from '../../shared/domain/workspace.ts';
import type { RequestLimiter } from '../../shared/pipeline/request-limiter.ts';
import type { AccessGrants } from '../../shared/ports/access-tokens.ts';
import type { SourceStore } from '../../shared/ports/config-store.ts';
import type { IntakeQueue } from '../../shared/ports/queues.ts';
import { isAllowedCaller } from './allowed-callers.ts';
import type { KeyNotes } from './key-notes.ts';
import { bodyJson, type RawBody } from './request-body.ts';

export type AcceptDeps = {
  sources: SourceStore;
  grants: AccessGrants;
  intake: Pick<IntakeQueue, 'send'>;
  limiter: RequestLimiter;
  keyNotes: KeyNotes;
  now: () => Date;
  newIntakeId: () => IntakeId;
};

export type TrackingRequest = {
  kind: IntakeKind;
  body: RawBody;
  /** The key of the Authorization header; it goes before the body's. */
  basicKey: string | undefined;
  /** The access token of the Authorization header. */
  bearer: string | undefined;
  /** Of the page that sends, as browsers say. */
  origin: string | undefined;
  ip: string | undefined;
  /** How often the request has come through us. */
  hop: number;
};

/** What asks a source to take something: it must be let in, however it came. */
export type Caller = Pick<TrackingRequest, 'bearer' | 'origin' | 'ip'>;

/** Said no to, with what is known of the source. `writeKey`: as sent, where no source owns it. */
export type Refused<Reason extends RefusalReason = Exclude<RefusalReason, HookRefusal>> =
  | {
      outcome: 'refused';
      reason: Exclude<Reason, 'unavailable' | 'rate-limited'>;
      sourceId?: SourceId | undefined;
      writeKey?: string | undefined;
    }
  | { outcome: 'refused'; reason: 'rate-limited'; sourceId: SourceId; retryAfterSeconds: number };
export type Accepted = { outcome: 'accepted'; intakeId: IntakeId } | Refused;

type Readable = { outcome: 'readable'; text: string; body: JsonObject };
type Unreadable = {
  outcome: 'unreadable';
  reason: Exclude<RefusalReason, HookRefusal | 'unavailable' | 'rate-limited'>;
};

/** Takes one request to the intake queue whole, or says why not. Throws only when the store or the queue fails. */
export async function acceptRequest(deps: AcceptDeps, request: TrackingRequest): Promise<Accepted> {
  const read = readBody(request);
  if (read.outcome === 'unreadable') return await refusedUnread(deps, read.reason, request.basicKey);

  const writeKey = request.basicKey ?? writeKeyIn(read.body);
  if (writeKey === undefined) return { outcome: 'refused', reason: 'missing-write-key' };
  const source = await sourceOf(deps, writeKey);
  if (source === undefined) return { outcome: 'refused', reason: 'unknown-write-key', writeKey };
  const sourceId = source.id;
  // Its key stands in an address, and its signature, if any, is not looked at here.
  if (source.kind === 'webhook') return { outcome: 'refused', reason: 'wrong-source', sourceId };
  const closed = doorOf(source, request);
  if (closed !== undefined) return closed;
  if (eventsIn(read.body) > BATCH_EVENTS_MAX) return { outcome: 'refused', reason: 'too-many-events', sourceId };
  const refused = await admit(deps, source, request);
  if (refused !== undefined) return refused;

  const intakeId = deps.newIntakeId();
  await deps.intake.send(headOf(deps, { source, writeKey }, intakeId, request), read.text);
  return { outcome: 'accepted', intakeId };
}

/** Why a source takes nothing from this caller; looks nothing up. */
export function doorOf(source: Source, caller: Caller): Refused | undefined {
  const sourceId = source.id;
  if (!source.enabled) return { outcome: 'refused', reason: 'source-disabled', sourceId };
  return isAllowedCaller(source, caller) ? undefined : { outcome: 'refused', reason: 'not-allowed', sourceId };
}

/** What is refused anyway takes nothing from the source's limit; what must be looked up first does: anybody can make up tokens and signatures. */
export async function admit(deps: AcceptDeps, source: Source, caller: Caller): Promise<Refused | undefined> {
  const sourceId = source.id;
  const admission = await deps.limiter.admit(source);
  if (admission.outcome === 'refused') {
    return { outcome: 'refused', reason: 'rate-limited', sourceId, retryAfterSeconds: admission.retryAfterSeconds };
  }
  return source.requires === 'oauth' && !(await hasToken(deps, source, caller.bearer))
    ? { outcome: 'refused', reason: 'bad-token', sourceId }
    : undefined;
}

export function headOf(
  { keyNotes, now }: Pick<AcceptDeps, 'keyNotes' | 'now'>,
  { source, writeKey }: { source: Source; writeKey: string },
  intakeId: IntakeId,
  { kind, ip, hop }: Pick<TrackingRequest, 'kind' | 'ip' | 'hop'>,
): Omit<IntakeMessage, 'body'> {
  const receivedAt = now().toISOString();
  const key = keyNotes(writeKey, receivedAt);
  return {
    v: 1,
    intakeId,
    workspaceId: source.workspaceId,
    sourceId: source.id,
    kind,
    receivedAt,
    ip,
    ...(hop > 0 && { hop }),
    ...(key !== undefined && { key }),
  };
}

/** Everything that can be said of a request without knowing whose it is. Length first, then depth and keys, then the parser (T12). */
function readBody({ kind, body, hop }: TrackingRequest): Readable | Unreadable {
  if (hop > HOPS_THROUGH_US_MAX) return unreadable('loop');
  const found = bodyJson(body, isBatch(kind) ? BATCH_BYTES_MAX : EVENT_BYTES_MAX);
  if (found.outcome === 'refused') return unreadable(found.reason);
  const overrun = jsonOverrun(found.text, JSON_DEPTH_MAX, REQUEST_KEYS_MAX);
  if (overrun !== undefined) return unreadable(overrun === 'depth' ? 'too-deep' : 'too-many-keys');
  try {
    const value: unknown = JSON.parse(found.text);
    return isJsonObject(value) ? { outcome: 'readable', text: found.text, body: value } : unreadable('invalid-json');
  } catch {
    return unreadable('invalid-json');
  }
}

const unreadable = (reason: Unreadable['reason']): Unreadable => ({ outcome: 'unreadable', reason });

const isBatch = (kind: IntakeKind): boolean => kind === 'batch' || kind === 'import';

function writeKeyIn(body: JsonObject): string | undefined {
  const key = own(body, 'writeKey');
  return typeof key === 'string' && key !== '' ? key : undefined;
}

function eventsIn(body: JsonObject): number {
  const batch = own(body, 'batch');
  return Array.isArray(batch) ? batch.length : 1;
}

/** E04. A source that asks for no token looks at none. */
async function hasToken({ grants, now }: AcceptDeps, source: Source, bearer: string | undefined): Promise<boolean> {
  if (bearer === undefined) return false;
  const grant = await grants.find(createHash('sha256').update(bearer).digest('hex'));
  return grant !== undefined && mayTrack(grant, source, now());
}

export async function sourceOf(
  { sources }: Pick<AcceptDeps, 'sources'>,
  writeKey: string,
): Promise<Source | undefined> {
  const key = WriteKey.safeParse(writeKey);
  return key.success ? await sources.findByWriteKey(key.data) : undefined;
}

/** Files a refusal under its source where the header names one. The client's answer does not wait for a store that is down. */
async function refusedUnread(
  deps: AcceptDeps,
  reason: Unreadable['reason'],
  writeKey: string | undefined,
): Promise<Accepted> {
  if (writeKey === undefined) return { outcome: 'refused', reason };
  const source = await sourceOf(deps, writeKey).catch(() => undefined);
  return source === undefined
    ? { outcome: 'refused', reason, writeKey }
    : { outcome: 'refused', reason, sourceId: source.id };
}
