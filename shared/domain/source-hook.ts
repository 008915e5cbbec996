import * as z from 'zod';
import { isSecretHeader, isUnfitForSignature } from './hook-header-names.ts';
import type { Json } from './json.ts';
import { checkMapping, inside, type MappingFault } from './mapping/check-mapping.ts';
import { parsePath } from './mapping/mapping-path.ts';
import { SealedValue } from './sealed-value.ts';

/**
 * How senders sign what they post. `hmac-…`: the body alone. `standard-webhooks`: id, time and body, as the specification of that name has it.
 * `stripe`: `t=…,v1=…` over time and body. `slack`: `v0=…` over time and body. `token`: no signature, but the secret itself in a header.
 */
export const SIGNATURE_SCHEMES = ['hmac-sha256', 'hmac-sha1', 'standard-webhooks', 'stripe', 'slack', 'token'] as const;
export type SignatureScheme = (typeof SIGNATURE_SCHEMES)[number];

/** A time that is signed may lie so far from our clock. */
export const SIGNATURE_TOLERANCE_SECONDS = 300;
/** Old and new, while a secret is changed. */
export const SIGNATURE_SECRETS_MAX = 2;
/** Of one secret. A shorter one can be guessed. */
const SIGNATURE_SECRET_CHARS_MIN = 8;
const SIGNATURE_SECRET_CHARS_MAX = 512;
/** The `field` under which each of them is sealed: whatever its place in the list, so that an old one can be moved behind a new one unopened. */
export const SIGNATURE_SECRET_FIELD = 'hook.signature.secret';

const HeaderName = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'the name of a header: letters, digits and -');

export const HookSignature = z.object({
  scheme: z.enum(SIGNATURE_SCHEMES),
  /** Where the signature stands. Left out: what the scheme says (`webhook-signature`, `stripe-signature`, `x-slack-signature`). */
  header: HeaderName.optional(),
  /** Of `hmac-…`. */
  encoding: z.enum(['hex', 'base64']).default('hex'),
  /** Of `hmac-…`: what stands before the signature in the header, such as `sha256=`. */
  prefix: z.string().max(32).default(''),
  /** Of the schemes that sign a time. */
  toleranceSeconds: z.int().min(1).max(86_400).default(SIGNATURE_TOLERANCE_SECONDS),
  /** Any of them will do. Sealed under (workspace, source, SIGNATURE_SECRET_FIELD). */
  secrets: z.array(SealedValue).min(1).max(SIGNATURE_SECRETS_MAX),
});
export type HookSignature = z.infer<typeof HookSignature>;

/** Fields of an event that a mapping may fill; `type` is `track` where it says nothing. */
export const HOOK_FIELDS = [
  'type',
  'event',
  'name',
  'category',
  'userId',
  'anonymousId',
  'groupId',
  'previousId',
  'messageId',
  'timestamp',
  'properties',
  'traits',
  'context',
  'integrations',
] as const;
export type HookField = (typeof HOOK_FIELDS)[number];

/** A mapping travels with each request, so that what is decided of it never changes. */
export const HOOK_MAPPING_BYTES_MAX = 16_384;

/** What a request is turned into. It goes with each request to route. */
export const HookRules = z.object({
  /** Expressions of the mapping language by field of the event (`HOOK_FIELDS`). */
  mapping: z.record(z.string().max(64), z.json()),
  /** Path of a list in the body: each item becomes an event. Left out: the request is one event. */
  each: z.string().max(512).optional(),
  /** The header that names the delivery: where the mapping gives no messageId, it does, and a delivery that is repeated is one event. */
  eventIdHeader: HeaderName.optional(),
});
export type HookRules = z.infer<typeof HookRules>;

/** What a source of kind `webhook` does with what is posted to it. What is wrong with its mapping, `hookFaults` says, not this schema. */
export const HookSetting = HookRules.extend({ signature: HookSignature.optional() });
export type HookSetting = z.infer<typeof HookSetting>;

/** In force where nothing is set: nothing that is posted is lost before somebody has written a mapping. */
const DEFAULT_HOOK_RULES: HookRules = {
  mapping: {
    type: 'track',
    event: 'Webhook Received',
    properties: { body: { '@path': '$.body' }, headers: { '@path': '$.headers' } },
  },
};

/** The rules that are in force. Standard webhooks name their delivery in a header of their own. */
export function hookRulesOf(setting: HookSetting | undefined): HookRules {
  if (setting === undefined) return DEFAULT_HOOK_RULES;
  const { mapping, each, signature } = setting;
  const named =
    signature?.scheme === 'standard-webhooks'
      ? `${(signature.header ?? 'webhook-signature').replace(/-signature$/i, '')}-id`
      : undefined;
  const eventIdHeader = setting.eventIdHeader ?? named;
  return { mapping, ...(each !== undefined && { each }), ...(eventIdHeader !== undefined && { eventIdHeader }) };
}

/** A request as a mapping sees it: `$.body`, `$.headers`; with `each` also `$.item` and `$.index`. */
export type HookRequest = { headers: Record<string, string>; body: Json };

type Signed = { scheme: SignatureScheme; header?: string | undefined };

/** What the schema cannot say: fields that no event has, expressions that cannot be read, headers that are not to be had. Paths begin at the setting: `mapping.userId.@path`. */
export function hookFaults({
  mapping,
  each,
  eventIdHeader,
  signature,
}: HookRules & { signature?: Signed | undefined }): MappingFault[] {
  const faults = Object.entries(mapping).flatMap(([field, expression]) =>
    HOOK_FIELDS.some((known) => known === field)
      ? checkMapping(expression, inside('mapping', field))
      : [{ at: inside('mapping', field), message: `an event has no such field; it has ${HOOK_FIELDS.join(', ')}` }],
  );
  if (JSON.stringify(mapping).length > HOOK_MAPPING_BYTES_MAX) {
    faults.push({ at: 'mapping', message: `is larger than ${HOOK_MAPPING_BYTES_MAX} bytes` });
  }
  if (each !== undefined && parsePath(each) === undefined) {
    faults.push({ at: 'each', message: 'must be a path such as $.body.items' });
  }
  const signatureHeader = signature && signatureHeaderOf(signature)?.toLowerCase();
  if (signature !== undefined && signatureHeader === undefined) {
    faults.push({ at: 'signature.header', message: `is required with ${signature.scheme}` });
  }
  if (signatureHeader !== undefined && isUnfitForSignature(signatureHeader)) {
    const message = 'must be a header of the sender alone: this one belongs to the connection, or every request has it';
    faults.push({ at: 'signature.header', message });
  }
  const idHeader = eventIdHeader?.toLowerCase();
  if (idHeader !== undefined && (idHeader === signatureHeader || isSecretHeader(idHeader))) {
    faults.push({ at: 'eventIdHeader', message: 'must not be a header that holds a secret: no event is made with it' });
  }
  return faults;
}

const SIGNATURE_HEADERS: Partial<Record<SignatureScheme, string>> = {
  'standard-webhooks': 'webhook-signature',
  stripe: 'stripe-signature',
  slack: 'x-slack-signature',
};

/** Where the signature stands: as the source says, else as the scheme does; `undefined`: neither does. */
export const signatureHeaderOf = ({ scheme, header }: Signed): string | undefined =>
  header ?? SIGNATURE_HEADERS[scheme];

/** What is wrong with the text of a secret, before it is sealed; `undefined`: nothing. */
export const signatureSecretFault = (secret: string): string | undefined =>
  secret.length < SIGNATURE_SECRET_CHARS_MIN || secret.length > SIGNATURE_SECRET_CHARS_MAX
    ? `must have ${SIGNATURE_SECRET_CHARS_MIN} to ${SIGNATURE_SECRET_CHARS_MAX} characters`
    : undefined;
