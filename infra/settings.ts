import * as z from 'zod';
import { LANES_MAX, LEDGER_ROW_DAYS, SAMPLE_DAYS } from '../shared/config/limits.ts';

/** SQS's windows for event source mappings: a batch of more than 10 needs at least 1 s, and 300 s is the most. */
const ARCHIVE_WINDOW_SECONDS_MAX = 300;

/** Destinations beyond it share a lane; each lane costs some 36 cents a month when idle (docs/deploy.md). */
const LANES_DEFAULT = 16;

/** Context comes as text from `--context key=value`, and as JSON values from cdk.json or CDK_CONTEXT_JSON. */
const wholeNumber = (min: number, max: number, byDefault: number) =>
  z.coerce
    .number(`must be a whole number from ${min} to ${max}`)
    .int(`must be a whole number from ${min} to ${max}`)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .default(byDefault);

const HOST_AND_PORT = /^(\*|\[[0-9a-fA-F:.]+\]:\d{1,5}|[A-Za-z0-9.-]+:\d{1,5})$/;

/** Cognito refuses them in the prefix of a host name. */
const RESERVED_WORD = /aws|amazon|cognito/;

const Settings = z
  .strictObject({
    /** Part of the stacks' names; several stages live side by side in one account. */
    stage: z
      .string()
      .regex(/^[a-z0-9-]{1,16}$/, 'must be 1 to 16 characters of a-z, 0-9 and -')
      .default('dev'),
    /** Host name of the tracking API, such as `t.example.com`; its DNS entry is yours to make. */
    domain: z.hostname('must be a host name such as t.example.com').optional(),
    /** ACM certificate for `domain`, in the Region of the stacks. */
    certificateArn: z
      .string()
      .regex(/^arn:[a-z-]+:acm:/, 'must be the ARN of an ACM certificate')
      .optional(),
    /** Host name of the CDN, such as `cdn.example.com`; its DNS entry is yours to make. */
    cdnDomain: z.hostname('must be a host name such as cdn.example.com').optional(),
    /** ACM certificate for `cdnDomain`, in us-east-1, where CloudFront looks for it. */
    cdnCertificateArn: z
      .string()
      .regex(/^arn:[a-z-]+:acm:us-east-1:/, 'must be the ARN of an ACM certificate in us-east-1')
      .optional(),
    /** Begins the host name of the sign-in page; without it `tributary-<stage>-<account>`. */
    signInPrefix: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1 to 63 characters of a-z, 0-9 and -')
      .refine((prefix) => !RESERVED_WORD.test(prefix), 'must not contain aws, amazon or cognito')
      .optional(),
    /** Whether everybody must set up an authenticator app. */
    mfa: z.enum(['optional', 'required'], 'must be optional or required').default('optional'),
    /** Whether the deployment makes an account for the owner's address; `false` where that address has one already. */
    ownerAccount: z
      .preprocess(
        (value) => (value === 'true' ? true : value === 'false' ? false : value),
        z.boolean('must be true or false'),
      )
      .default(true),
    /** Single sign-on by an OpenID Connect provider: its issuer, our client there, and the name of the secret in Secrets Manager. */
    ssoIssuer: z
      .url({ protocol: /^https$/, error: 'must be an https URL such as https://login.example.com' })
      .optional(),
    ssoClientId: z.string().min(1, 'must not be empty').optional(),
    ssoClientSecretName: z
      .string()
      .regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'must be the name of a secret in Secrets Manager')
      .optional(),
    /** What the button on the sign-in page says after "Continue with". Accounts carry it: a new one makes new accounts. */
    ssoName: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{2,31}$/, 'must be 3 to 32 characters of A-Z, a-z, 0-9 and -, a letter first')
      .default('SSO'),
    /** Mails of alerts come from there: an address, or a domain, whose `alerts@` then sends. Without it alerts send no mail. */
    alertSender: z
      .union([z.email(), z.hostname()], 'must be an e-mail address or a domain such as example.com')
      .optional(),
    /** Days that archived events are kept. One year, the middle of the retention plans that people know (J22). */
    archiveRetentionDays: wholeNumber(1, 3_650, 365),
    deadLetterRetentionDays: wholeNumber(1, 3_650, 30),
    sampleRetentionDays: wholeNumber(1, 30, SAMPLE_DAYS),
    /** Not below 15: a send may wait 13 days, and whoever settles it looks for the rows of before. */
    ledgerRowDays: wholeNumber(LEDGER_ROW_DAYS, 90, LEDGER_ROW_DAYS),
    /** How long events wait for company before they become an object of the archive. */
    archiveWindowSeconds: wholeNumber(1, ARCHIVE_WINDOW_SECONDS_MAX, ARCHIVE_WINDOW_SECONDS_MAX),
    /** `host:port` that deliver may reach although private; `*` for all. A list, or text with commas. */
    privateTargetsAllowed: z
      .preprocess(
        (value) => (typeof value === 'string' ? value.split(',').filter((entry) => entry !== '') : value),
        z.array(z.string().regex(HOST_AND_PORT, 'must list host:port entries, or be *')),
      )
      .default([]),
    /** After a restore: the control table to use instead of the one in the Data stack. */
    controlTableName: z
      .string()
      .regex(/^[a-zA-Z0-9_.-]{3,255}$/, 'must be the name of a DynamoDB table')
      .optional(),
    /** The account's quota "Concurrent executions" of Lambda in this Region. */
    accountConcurrency: wholeNumber(10, 100_000, 1_000),
    /** Lanes of their own that destinations may hold; those without one go by the shared lane. Fewer than before: see docs/deploy.md first. */
    lanes: wholeNumber(0, LANES_MAX, LANES_DEFAULT),
    /** The owner gets a mail at 80 % of it, and when the month is heading above it. */
    monthlyBudgetUsd: wholeNumber(1, 10_000_000, 50),
  })
  .refine((settings) => (settings.domain === undefined) === (settings.certificateArn === undefined), {
    path: ['domain'],
    message: 'and certificateArn belong together: give both or none',
  })
  .refine((settings) => (settings.cdnDomain === undefined) === (settings.cdnCertificateArn === undefined), {
    path: ['cdnDomain'],
    message: 'and cdnCertificateArn belong together: give both or none',
  })
  .refine(
    ({ ssoIssuer, ssoClientId, ssoClientSecretName }) =>
      new Set([ssoIssuer, ssoClientId, ssoClientSecretName].map((each) => each === undefined)).size === 1,
    { path: ['ssoIssuer'], message: 'ssoClientId and ssoClientSecretName belong together: give all or none' },
  )
  .refine(({ stage, signInPrefix }) => signInPrefix !== undefined || !RESERVED_WORD.test(stage), {
    path: ['signInPrefix'],
    message: 'is needed for a stage whose name contains aws, amazon or cognito',
  });
export type Settings = z.infer<typeof Settings>;

/** Somebody's setting is faulty; the message is for them, a stack trace is not. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * The deployment's settings from the CDK context. Names with `:`, `/` or `@` belong to the CDK and are passed over; any other name must be a
 * setting, so that a misspelt one is not silently without effect. Throws with every faulty key named.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const ours = Object.fromEntries(Object.entries(context).filter(([key]) => !/[:/@]/.test(key)));
  const parsed = Settings.safeParse(ours);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `there is no setting named ${issue.keys.map((key) => `"${key}"`).join(', ')}`
      : `"${issue.path.join('.')}" ${issue.message}`,
  );
  throw new SettingsError(`CDK context: ${faults.join('; ')}. docs/deploy.md lists all settings.`);
}
