import type { DataOf, InputOf } from '../../../api/calls.ts';

export type Hook = DataOf<'getSourceHook'>['hook'];
export type HookBody = NonNullable<InputOf<'replaceSourceHook'>['body']>;
type Signature = NonNullable<HookBody['signature']>;

/** What the form of a webhook source holds. */
export type HookDraft = {
  /** JSON, as it is typed. */
  mapping: string;
  each: string;
  eventIdHeader: string;
  /** Empty: nothing is checked. */
  scheme: Signature['scheme'] | '';
  header: string;
  prefix: string;
  encoding: 'hex' | 'base64';
  /** The newest first. Dots stand for one that is kept. */
  secrets: readonly string[];
  toleranceSeconds: number | undefined;
};

/** Dots in the place of a secret that stays. */
export const KEPT = '••••••••';

export const SCHEMES: readonly { value: Signature['scheme'] | ''; label: string; about: string }[] = [
  { value: '', label: 'None', about: 'Whoever knows the address may post: keep it secret.' },
  {
    value: 'hmac-sha256',
    label: 'HMAC SHA-256 in a header',
    about: 'GitHub, Shopify, Typeform, Segment and most others.',
  },
  { value: 'hmac-sha1', label: 'HMAC SHA-1 in a header', about: 'Older tools.' },
  {
    value: 'standard-webhooks',
    label: 'Standard Webhooks',
    about: 'Any tool that follows standardwebhooks.com, and Svix.',
  },
  { value: 'stripe', label: 'Stripe', about: 'Stripe and Calendly.' },
  { value: 'slack', label: 'Slack', about: 'Slack.' },
  { value: 'token', label: 'The secret itself in a header', about: 'GitLab and Telegram.' },
];

/** Schemes whose header the tool names, not a standard. */
export const takesHeader = (scheme: HookDraft['scheme']): boolean =>
  scheme === 'hmac-sha256' || scheme === 'hmac-sha1' || scheme === 'token';

/** The draft of what is in force. */
export function hookDraft({ mapping, each, eventIdHeader, signature, isDefault }: Hook): HookDraft {
  return {
    mapping: isDefault ? '' : JSON.stringify(mapping, null, 2),
    each: each ?? '',
    eventIdHeader: eventIdHeader ?? '',
    scheme: signature?.scheme ?? '',
    header: signature?.header ?? '',
    prefix: signature?.prefix ?? '',
    encoding: signature?.encoding ?? 'hex',
    secrets: signature?.secrets.map(() => KEPT) ?? [],
    toleranceSeconds: signature?.toleranceSeconds,
  };
}

/** The rules of a draft, or why they are none. An empty mapping takes all of a request. */
export function rulesOf(draft: HookDraft): { rules: Omit<HookBody, 'signature'> } | { fault: string } {
  let mapping: unknown = DEFAULT_MAPPING;
  if (draft.mapping.trim() !== '') {
    try {
      mapping = JSON.parse(draft.mapping);
    } catch (error) {
      return { fault: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping)) {
    return { fault: 'A mapping is an object: an expression for each field of the event.' };
  }
  return {
    rules: {
      mapping: mapping as HookBody['mapping'],
      ...(draft.each.trim() !== '' && { each: draft.each.trim() }),
      ...(draft.eventIdHeader.trim() !== '' && { eventIdHeader: draft.eventIdHeader.trim() }),
    },
  };
}

/** What every request becomes where no mapping is set. */
export const DEFAULT_MAPPING = {
  event: 'Webhook Received',
  properties: { body: { '@path': '$.body' }, headers: { '@path': '$.headers' } },
};

/** The signature of a draft; null where there is none. */
export function signatureOf(draft: HookDraft): Signature | null {
  if (draft.scheme === '') return null;
  const { scheme, header, prefix, encoding, secrets, toleranceSeconds } = draft;
  const isHmac = scheme === 'hmac-sha256' || scheme === 'hmac-sha1';
  return {
    scheme,
    ...(header.trim() !== '' && { header: header.trim() }),
    ...(isHmac && { encoding }),
    ...(prefix !== '' && takesHeader(scheme) && { prefix }),
    ...(toleranceSeconds !== undefined && !takesHeader(scheme) && { toleranceSeconds }),
    secrets: secrets.filter((secret) => secret !== ''),
  };
}

/** Ready mappings, as the manual has them. */
export const EXAMPLES: readonly { name: string; draft: Partial<HookDraft> & { mapping: string } }[] = [
  {
    name: 'GitHub: commits of a push',
    draft: {
      each: '$.body.commits',
      eventIdHeader: 'X-GitHub-Delivery',
      scheme: 'hmac-sha256',
      header: 'X-Hub-Signature-256',
      prefix: 'sha256=',
      encoding: 'hex',
      mapping: JSON.stringify(
        {
          event: { '@template': "GitHub {{headers['x-github-event']}}" },
          userId: { '@path': '$.item.author.email' },
          timestamp: { '@path': '$.item.timestamp' },
          properties: {
            repository: { '@path': '$.body.repository.full_name' },
            commit: { '@path': '$.item.id' },
          },
        },
        null,
        2,
      ),
    },
  },
  {
    name: 'Stripe: payments',
    draft: {
      each: '',
      eventIdHeader: '',
      scheme: 'stripe',
      header: '',
      prefix: '',
      mapping: JSON.stringify(
        {
          event: { '@template': 'Stripe {{body.type}}' },
          userId: { '@path': '$.body.data.object.customer' },
          messageId: { '@path': '$.body.id' },
          timestamp: { '@path': '$.body.created' },
          properties: {
            amount: { '@path': '$.body.data.object.amount' },
            currency: { '@case': { operator: 'upper', value: { '@path': '$.body.data.object.currency' } } },
          },
        },
        null,
        2,
      ),
    },
  },
  {
    name: 'Any tool: one event of each post',
    draft: {
      each: '',
      mapping: JSON.stringify(
        {
          event: { '@path': '$.body.type' },
          userId: { '@path': '$.body.customer' },
          properties: { '@path': '$.body' },
        },
        null,
        2,
      ),
    },
  },
];
