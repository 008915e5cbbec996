import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { refusalCounter } from '../../functions/ingest/refusals.ts';
import type { RequestLimiter } from '../../shared/pipeline/request-limiter.ts';
import { track } from '../../functions/ingest/track.ts';
import type { Source } from '../../shared/domain/workspace.ts';
import type { AccessGrants } from '../../shared/ports/access-tokens.ts';
import type { SourceStore } from '../../shared/ports/config-store.ts';
import type { IntakeQueue } from '../../shared/ports/queues.ts';
import type { Sealer } from '../../shared/ports/sealer.ts';
import { fakeIntakeQueue } from './fake-queues.ts';
import { anIntakeMessage } from './intake-message.ts';
import { aSource } from './workspace-things.ts';
import { keyNotes } from '../../functions/ingest/key-notes.ts';

export const KEY = 'wk_0123456789abcdef';
export const NOW = '2026-11-24T10:15:00.000Z';
export const { intakeId } = anIntakeMessage();

export type FaceOver = Partial<IntakeQueue> & {
  source?: Source;
  queueFault?: Error;
  findByWriteKey?: SourceStore['findByWriteKey'];
  limiter?: RequestLimiter;
  findGrant?: AccessGrants['find'];
  openSecret?: Sealer['open'];
};

/** The HTTP face of ingest on fakes: one source behind KEY, a queue that takes everything, a clock that stands until it is moved. */
export function anIngestFace(over: FaceOver = {}) {
  let nowMs = Date.parse(NOW);
  const warned: string[] = [];
  const fake = fakeIntakeQueue(over.queueFault);
  const { send, sendNotice } = over;
  const intake = { ...fake, ...(send && { send }), ...(sendNotice && { sendNotice }) };
  const now = () => new Date(nowMs);
  const source = over.source ?? aSource();
  const findByWriteKey = over.findByWriteKey ?? (async (key: string) => (key === KEY ? source : undefined));
  const refusals = refusalCounter({ now, newNoticeId: () => 'notice', warn: (key) => warned.push(key) });
  const limiter = over.limiter ?? { admit: async () => ({ outcome: 'admitted' }) };
  const grants = { find: over.findGrant ?? (async () => undefined) };
  const handle = track({
    sources: { findByWriteKey },
    grants,
    // Sealed by whoever builds the source: `sealed:` and the secret.
    secrets: { open: over.openSecret ?? (async ({ sealed }) => sealed.replace(/^sealed:/, '')) },
    intake,
    limiter,
    refusals,
    now,
    keyNotes: keyNotes(),
    newIntakeId: () => intakeId,
  });
  return { intake, warned, handle, refusals, pass: (ms: number) => (nowMs += ms) };
}

export const basic = (key: string) => `Basic ${Buffer.from(key).toString('base64')}`;

/** A request as the gateway hands it over. */
export const aRequest = (over: {
  path?: string;
  method?: string;
  query?: string;
  body?: string | undefined;
  isBase64?: boolean;
  ip?: string;
  headers?: Record<string, string>;
}): APIGatewayProxyEventV2 =>
  ({
    rawPath: over.path ?? '/v1/track',
    rawQueryString: over.query ?? '',
    headers: { 'content-type': 'text/plain', ...(over.headers ?? { authorization: basic(`${KEY}:`) }) },
    body: 'body' in over ? over.body : '{"userId":"u1","event":"E"}',
    isBase64Encoded: over.isBase64 ?? false,
    requestContext: {
      requestId: 'r',
      http: { method: over.method ?? 'POST', sourceIp: over.ip ?? '203.0.113.7' },
    },
  }) as unknown as APIGatewayProxyEventV2;
