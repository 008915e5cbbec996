import * as z from 'zod';
import { IntakeId, SourceId, WorkspaceId } from './ids.ts';
import { REFUSAL_REASONS } from './outcomes.ts';
import { HookRules } from './source-hook.ts';
import { Timestamp } from './timestamp.ts';

/**
 * The endpoint that took the request. It gives the type of a single event; `batch` and `import` bodies carry `batch: [...]`; the body of a `hook` is a
 * HookBody.
 */
export const INTAKE_KINDS = [
  'identify',
  'track',
  'page',
  'screen',
  'group',
  'alias',
  'batch',
  'import',
  'hook',
] as const;
export type IntakeKind = (typeof INTAKE_KINDS)[number];

/**
 * One accepted request, whole, as it lies on the intake queue. `body` is the client's JSON, embedded raw by ingest, so that nothing is
 * serialised twice. On the queue the text is either this JSON or `gz:` followed by its gzip in base64 (see `intake-codec`).
 */
export const IntakeMessage = z.object({
  v: z.literal(1),
  intakeId: IntakeId,
  workspaceId: WorkspaceId,
  sourceId: SourceId,
  kind: z.enum(INTAKE_KINDS),
  receivedAt: Timestamp,
  /** The caller's address and user agent, for `context.ip` where the spec fills it. */
  ip: z.string().max(45).optional(),
  /** The largest X-Tributary-Hop seen on the request, for loop detection; absent = 0. */
  hop: z.int().nonnegative().optional(),
  /** Sent by the app to try things out, and always kept in the debugger. No client can set it: ingest makes the head. */
  test: z.literal(true).optional(),
  /** The write key that it came with, as its tag (see `key-tags`), once a minute and environment of ingest. */
  key: z.string().max(16).optional(),
  body: z.unknown(),
});
export type IntakeMessage = z.infer<typeof IntakeMessage>;

/**
 * The `body` of a message of kind `hook`: what was posted to a webhook source, with the rules that were in force when it was accepted. What is decided
 * of a message must come out the same whenever it is decided again, and people change their mappings.
 */
export const HookBody = z.object({
  rules: HookRules,
  headers: z.record(z.string(), z.string()),
  /** The JSON that was posted, or what stands for a form or text. */
  body: z.unknown(),
});

/** What one ingest environment refused in the last seconds, at most one message every 10 s: outside the books, so that people see it. */
export const RefusalNotice = z.object({
  v: z.literal(1),
  notice: z.literal('refusals'),
  /** Derived from nothing: random, so that a redelivered notice overwrites its own row. */
  noticeId: z.string().max(64),
  at: Timestamp,
  refusals: z
    .array(
      z.object({
        sourceId: SourceId.optional(),
        /** An unknown key as it was sent, cut to 64 characters. */
        writeKey: z.string().max(64).optional(),
        reason: z.enum(REFUSAL_REASONS),
        count: z.int().positive(),
      }),
    )
    .max(40),
});
export type RefusalNotice = z.infer<typeof RefusalNotice>;
