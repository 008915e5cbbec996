import * as z from 'zod';
import { DEAD_LETTER_DAYS, LEDGER_ROW_DAYS, SAMPLE_DAYS } from './limits.ts';

/**
 * What each function reads from its environment. Infra hands over exactly these keys (see HandlerFunction: one left out or one too many
 * does not compile), `handler.ts` parses them at cold start. Names of resources only: never a secret.
 */
const name = z.string().min(1);
const url = z.url();
/** Names of the lanes' queues in their order, comma-separated; empty where there is only the shared lane. */
const names = z.string().transform((text) => text.split(',').filter((each) => each !== ''));
/** A retention that people set at deployment: a whole number of days, in digits. */
const days = (byDefault: number) => z.string().regex(/^\d+$/).transform(Number).default(byDefault);

export const ingestEnv = z.object({ CONTROL_TABLE_NAME: name, USAGE_TABLE_NAME: name, INTAKE_QUEUE_URL: url });

export const cdnEnv = z.object({
  CONTROL_TABLE_NAME: name,
  /** Origins as clients see them. */
  TRACKING_URL: url,
  CDN_URL: url,
  /** The path of each device-mode type's script: `<slug>=<path>`, comma-separated. */
  DEVICE_SCRIPTS: z.string().transform((text) =>
    Object.fromEntries(
      text.split(',').flatMap((entry): [string, string][] => {
        const at = entry.indexOf('=');
        return at < 0 ? [] : [[entry.slice(0, at), entry.slice(at + 1)]];
      }),
    ),
  ),
});

export const oauthEnv = z.object({ CONTROL_TABLE_NAME: name, USAGE_TABLE_NAME: name });

export const routeEnv = z.object({
  CONTROL_TABLE_NAME: name,
  SEEN_TABLE_NAME: name,
  LEDGER_TABLE_NAME: name,
  INTAKE_QUEUE_URL: url,
  SHARED_LANE_QUEUE_URL: url,
  /** Names, not URLs: the environment holds 4 KB. */
  LANE_QUEUE_NAMES: names,
  ARCHIVE_QUEUE_URL: url,
  DEAD_LETTER_BUCKET_NAME: name,
  SAMPLES_TABLE_NAME: name,
  /** How long the last request of a webhook source is kept (deployment setting `sampleRetentionDays`). */
  SAMPLE_DAYS: days(SAMPLE_DAYS),
  /** How long plan rows live (deployment setting `ledgerRowDays`). */
  LEDGER_ROW_DAYS: days(LEDGER_ROW_DAYS),
});

export const deliverEnv = z.object({
  CONTROL_TABLE_NAME: name,
  LEDGER_TABLE_NAME: name,
  SAMPLES_TABLE_NAME: name,
  DEAD_LETTER_BUCKET_NAME: name,
  SHARED_LANE_QUEUE_URL: url,
  /** Names, not URLs: the environment holds 4 KB. */
  LANE_QUEUE_NAMES: names,
  /** How long done rows live (deployment setting `ledgerRowDays`). */
  LEDGER_ROW_DAYS: days(LEDGER_ROW_DAYS),
  /** How long dead letters are kept, and so the rows that vouch for them (deployment setting `deadLetterRetentionDays`). */
  DEAD_LETTER_DAYS: days(DEAD_LETTER_DAYS),
  /** How long samples of failed sends live (deployment setting `sampleRetentionDays`). */
  SAMPLE_DAYS: days(SAMPLE_DAYS),
  /** `host:port` entries, comma-separated, that may be reached although private (deployment setting `privateTargetsAllowed`); `*` = all. */
  PRIVATE_TARGETS_ALLOWED: z.string(),
  /** Our own tracking and API hosts, comma-separated: refused as targets. May be empty. */
  OWN_HOSTS: z.string(),
  /** Where this deployment takes events: what a Repeater sends to unless it is told another address. */
  TRACKING_URL: url,
  METRIC_NAMESPACE: name,
});

export const emptyDeadLettersEnv = z.object({
  CONTROL_TABLE_NAME: name,
  LEDGER_TABLE_NAME: name,
  DEAD_LETTER_BUCKET_NAME: name,
  SAMPLES_TABLE_NAME: name,
  SAMPLE_DAYS: days(SAMPLE_DAYS),
  /** Tells records of the intake queue from those of the lanes: the other dead-letter queue is theirs. */
  INTAKE_DEAD_LETTER_QUEUE_ARN: name,
  SHARED_LANE_QUEUE_URL: url,
  LANE_QUEUE_NAMES: names,
  /** How long rows live (deployment setting `ledgerRowDays`). */
  LEDGER_ROW_DAYS: days(LEDGER_ROW_DAYS),
  /** How long dead letters are kept, and so the rows that vouch for them (deployment setting `deadLetterRetentionDays`). */
  DEAD_LETTER_DAYS: days(DEAD_LETTER_DAYS),
});

/** `replay`: carries out what people ordered to be sent again. */
export const replayEnv = z.object({
  CONTROL_TABLE_NAME: name,
  LEDGER_TABLE_NAME: name,
  DEAD_LETTER_BUCKET_NAME: name,
  ARCHIVE_BUCKET_NAME: name,
  SHARED_LANE_QUEUE_URL: url,
  LANE_QUEUE_NAMES: names,
});

export const archiveEnv = z.object({ ARCHIVE_BUCKET_NAME: name });

/** What CloudWatch is asked about. Names, not URLs: it knows queues by name. */
const watched = {
  SHARED_LANE_QUEUE_NAME: name,
  LANE_QUEUE_NAMES: names,
  INGEST_FUNCTION_NAME: name,
  ROUTE_FUNCTION_NAME: name,
  DELIVER_FUNCTION_NAME: name,
};

/**
 * With 40 lanes it fills the 4 KB that Lambda gives. So nothing stands in it twice: the pool's id is the end of its issuer, the intake queue's name
 * that of its URL (`lastOfPath`).
 */
export const apiEnv = z.object({
  CONTROL_TABLE_NAME: name,
  /** Seals secrets of destinations, and the key that signs cursors. */
  SEALING_KEY_ARN: name,
  LEDGER_TABLE_NAME: name,
  SAMPLES_TABLE_NAME: name,
  USAGE_TABLE_NAME: name,
  /** What traces are found by, and where payloads are kept. */
  SEEN_TABLE_NAME: name,
  ARCHIVE_BUCKET_NAME: name,
  DEAD_LETTER_BUCKET_NAME: name,
  /** Test events go there, as ingest puts events. */
  INTAKE_QUEUE_URL: url,
  /** Issuer of people's tokens, exactly as in their `iss`; its keys are at `/.well-known/jwks.json` below it. */
  USER_POOL_ISSUER: url,
  /** Whoever signs in with this address, verified, owns the deployment: sign-up is closed, somebody must be first. */
  OWNER_EMAIL: z.string().regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/),
  /** Where others are told of changes. Functions that are told of work are named after it (hint-names). */
  EVENT_BUS_NAME: name,
  /** Where logos lie, without a slash at its end; empty: where the app itself is served from. */
  CDN_URL: z.string(),
  ...watched,
});

/** `notify`: tells others what people changed. */
export const notifyEnv = z.object({
  CONTROL_TABLE_NAME: name,
  INTAKE_QUEUE_URL: url,
  /** Sends what it keeps for people outside. */
  SEND_ALERTS_FUNCTION_NAME: name,
});

export const sendAlertsEnv = z.object({
  CONTROL_TABLE_NAME: name,
  /** Address or domain that mails come from (deployment setting `alertSender`); empty: e-mail is not set up. */
  ALERT_SENDER: z.string(),
  /** As deliver's. */
  PRIVATE_TARGETS_ALLOWED: z.string(),
  OWN_HOSTS: z.string(),
  /** Where the app is, without a slash at its end, for links in messages; empty: messages have none. */
  APP_URL: z.string(),
});

/** `check-alerts`: sums up minutes, and looks at what they say. */
export const checkAlertsEnv = z.object({
  CONTROL_TABLE_NAME: name,
  LEDGER_TABLE_NAME: name,
  /** What a month's usage is, which alerts may look at. */
  USAGE_TABLE_NAME: name,
  SHARED_LANE_QUEUE_NAME: name,
  LANE_QUEUE_NAMES: names,
  SEND_ALERTS_FUNCTION_NAME: name,
});

export const aggregateUsageEnv = z.object({
  CONTROL_TABLE_NAME: name,
  LEDGER_TABLE_NAME: name,
  USAGE_TABLE_NAME: name,
  ARCHIVE_BUCKET_NAME: name,
  INTAKE_QUEUE_NAME: name,
  ...watched,
  METRIC_NAMESPACE: name,
});

/** The name that a URL ends with: of a queue's its name, of an issuer's the id of its user pool. */
export const lastOfPath = (address: string): string => new URL(address).pathname.split('/').at(-1) ?? '';

/** Parses the environment of a function. Throws at cold start, naming every key that is missing or malformed. */
export function readEnv<T extends z.ZodObject>(
  contract: T,
  environment: Record<string, string | undefined>,
): z.infer<T> {
  const parsed = contract.safeParse(environment);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new Error(`The function's environment does not fit its contract: ${faults}`);
}
