import { BATCH_BYTES_MAX, HOPS_THROUGH_US_MAX } from '../../shared/config/limits.ts';
import type { IntakeId } from '../../shared/domain/ids.ts';
import type { RefusalReason } from '../../shared/domain/outcomes.ts';
import { hookRulesOf, SIGNATURE_SECRET_FIELD, signatureHeaderOf } from '../../shared/domain/source-hook.ts';
import type { Source } from '../../shared/domain/workspace.ts';
import type { Sealer } from '../../shared/ports/sealer.ts';
import {
  type AcceptDeps,
  admit,
  doorOf,
  headOf,
  type Refused,
  sourceOf,
  type TrackingRequest,
} from './accept-request.ts';
import { isSigned } from './check-signature.ts';
import { hookJson } from './hook-body.ts';
import { bodyChallenge } from './hook-challenge.ts';
import { keptHeaders } from './hook-headers.ts';
import { bodyText } from './request-body.ts';

export type HookDeps = AcceptDeps & { secrets: Pick<Sealer, 'open'> };

export type PostedHook = Omit<TrackingRequest, 'kind'> & {
  /** Of the path. */
  sourceId: string;
  /** Of the query; it goes before the Authorization header's. */
  queryKey: string | undefined;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
};

type RefusedHook = Refused<RefusalReason>;
export type AcceptedHook =
  | { outcome: 'accepted'; intakeId: IntakeId }
  /** To be answered, and nothing else: the tool asks whether anybody is there. */
  | { outcome: 'challenge'; challenge: string }
  | RefusedHook;

/**
 * Takes what was posted to a webhook source to the intake queue, with the rules that are in force, or says why not. Decides nothing about its content.
 * Throws only when a store, the queue or the key of its secrets fails.
 */
export async function acceptHook(deps: HookDeps, request: PostedHook): Promise<AcceptedHook> {
  const found = await hookSource(deps, request);
  if (found.outcome === 'refused') return found;
  const { source, writeKey } = found;
  const sourceId = source.id;

  const { body } = request;
  const read = body.text === undefined ? ({ outcome: 'text', text: '' } as const) : bodyText(body, BATCH_BYTES_MAX);
  if (read.outcome === 'refused') return { ...read, sourceId };
  const posted = hookJson(read.text, request.headers['content-type']);
  if (posted.outcome === 'refused') return { ...posted, sourceId };

  const refused = await admit(deps, source, request);
  if (refused !== undefined) return refused;
  if (!(await isFromSender(deps, source, request, read.text))) {
    return { outcome: 'refused', reason: 'bad-signature', sourceId };
  }
  const challenge = bodyChallenge(posted.body);
  if (challenge !== undefined) return { outcome: 'challenge', challenge };

  const intakeId = deps.newIntakeId();
  const rules = rulesOf(source);
  const signature = source.hook?.signature;
  const named = { id: rules.eventIdHeader, signature: signature && signatureHeaderOf(signature) };
  const headers = JSON.stringify(keptHeaders(request.headers, named));
  const head = headOf(deps, { source, writeKey }, intakeId, { ...request, kind: 'hook' });
  await deps.intake.send(head, `{"rules":${rules.text},"headers":${headers},"body":${posted.text}}`);
  return { outcome: 'accepted', intakeId };
}

/** The webhook source of a key and a path, where it takes anything from this caller. */
export async function hookSource(
  deps: Pick<HookDeps, 'sources'>,
  request: PostedHook,
): Promise<{ outcome: 'found'; source: Source; writeKey: string } | RefusedHook> {
  if (request.hop > HOPS_THROUGH_US_MAX) return { outcome: 'refused', reason: 'loop' };
  const writeKey = request.queryKey ?? request.basicKey;
  if (writeKey === undefined) return { outcome: 'refused', reason: 'missing-write-key' };
  const source = await sourceOf(deps, writeKey);
  if (source === undefined) return { outcome: 'refused', reason: 'unknown-write-key', writeKey };
  if (source.id !== request.sourceId || source.kind !== 'webhook') {
    return { outcome: 'refused', reason: 'wrong-source', sourceId: source.id };
  }
  return doorOf(source, request) ?? { outcome: 'found', source, writeKey };
}

/** A source without a signature asks for none. */
async function isFromSender(deps: HookDeps, source: Source, { headers }: PostedHook, text: string): Promise<boolean> {
  const signature = source.hook?.signature;
  if (signature === undefined) return true;
  const context = { workspaceId: source.workspaceId, sourceId: source.id, field: SIGNATURE_SECRET_FIELD };
  const secrets = await Promise.all(signature.secrets.map((secret) => deps.secrets.open(secret, context)));
  return isSigned(signature, secrets, { headers, text, nowMs: deps.now().getTime() });
}

type RulesText = { text: string; eventIdHeader: string | undefined };
/** The rules of a source as JSON, for as long as the source is in memory. */
const texts = new WeakMap<Source, RulesText>();

function rulesOf(source: Source): RulesText {
  const known = texts.get(source);
  if (known !== undefined) return known;
  const inForce = hookRulesOf(source.hook);
  const rules = { text: JSON.stringify(inForce), eventIdHeader: inForce.eventIdHeader };
  texts.set(source, rules);
  return rules;
}
