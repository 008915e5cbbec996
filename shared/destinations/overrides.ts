import type { DestinationDefinition as LibraryDefinition, GlobalSetting } from '@segment/actions-core';
import { invariant } from '../domain/app-error.ts';
import type { JsonObject } from '../domain/json.ts';
import { currentSendContext } from './send-context.ts';
import { signatureHeaders, webhookId } from './webhook-signature.ts';

type Definition = LibraryDefinition<JsonObject>;
type RequestData = Parameters<NonNullable<Definition['extendRequest']>>[0];
type RequestOptions = ReturnType<NonNullable<Definition['extendRequest']>>;

/** Where a destination of the library does not do what we promise: a changed copy of its definition. */
export const OVERRIDES: Readonly<Record<string, (definition: Definition) => Definition>> = {
  webhook: (definition) => signed(definition, () => ({})),
  // Those two have more to say of their requests than a signature: a token of theirs.
  'webhook-audiences': (definition) => signed(definition, theirOptions(definition)),
  'webhook-extensible': (definition) => signed(definition, theirOptions(definition)),
};

const SHARED_SECRET: GlobalSetting = {
  type: 'password',
  label: 'Shared secret',
  description:
    'If set, requests are signed with it: by the headers of Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature), and over the body alone by X-Signature (HMAC-SHA1 in hex) and X-Signature-256. See docs/webhook-signatures.md.',
};
const PREVIOUS_SECRET: GlobalSetting = {
  type: 'password',
  label: 'Previous shared secret',
  description:
    'While receivers change over to a new secret: the one before it. webhook-signature then holds a signature by each.',
};

/**
 * The library signs the first event of a batch, which no receiver can check against what it got, and not always what it sends. Here every request
 * is signed over its body as sent (B21, B22), after all else that sets headers, so that a mapping cannot put its own in their place.
 */
function signed(definition: Definition, optionsOf: (data: RequestData) => RequestOptions): Definition {
  const { authentication } = definition;
  invariant(authentication !== undefined, `${definition.name} has settings`);
  const fields = {
    ...authentication.fields,
    sharedSecret: SHARED_SECRET,
    previousSharedSecret: PREVIOUS_SECRET,
  };
  return {
    ...definition,
    authentication: { ...authentication, fields },
    extendRequest: (data) => {
      const options = optionsOf(data);
      const [current, ...previous] = secretsOf(data.settings);
      if (current === undefined) return options;
      const sign = (request: { body?: unknown }) => ({
        headers: signatureHeaders({
          id: idOf(data),
          timestampSeconds: Math.floor(timeOfSend().getTime() / 1_000),
          body: bodyOf(request),
          secrets: [current, ...previous],
        }),
      });
      // Runs when the body is there. The library's type for these options leaves the hook out, its client calls it.
      return { ...options, beforeRequest: [sign] } as RequestOptions;
    },
  };
}

const theirOptions =
  ({ extendRequest }: Definition) =>
  (data: RequestData): RequestOptions =>
    extendRequest?.(data) ?? {};

function timeOfSend(): Date {
  const context = currentSendContext();
  invariant(context !== undefined, 'a webhook is sent within a send');
  return context.now();
}

const secretsOf = (settings: JsonObject): string[] =>
  [settings['sharedSecret'], settings['previousSharedSecret']].filter(
    (secret): secret is string => typeof secret === 'string' && secret !== '',
  );

/** The library hands a call's events and mapping over beside what it made of them, which its types do not say. */
function idOf(data: RequestData): string {
  const { rawData, rawMapping } = data as { rawData?: unknown; rawMapping?: unknown };
  const events = Array.isArray(rawData) ? rawData : [rawData];
  return webhookId(
    events.map((event) => (event as { messageId?: unknown } | undefined)?.messageId ?? null),
    rawMapping ?? null,
  );
}

function bodyOf({ body }: { body?: unknown }): Buffer {
  invariant(body === undefined || body === null || typeof body === 'string', 'a webhook sends text');
  return Buffer.from(body ?? '', 'utf8');
}
