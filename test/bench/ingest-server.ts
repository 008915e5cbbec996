// One HTTP server in a process of its own, so that its CPU time can be read apart from the client's: either the floor (body, JSON.parse,
// JSON.stringify of each event) or the whole of ingest with its queue stubbed. `GET /cpu` answers the CPU microseconds so far.
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { refusalCounter } from '../../functions/ingest/refusals.ts';
import { requestLimiter } from '../../shared/pipeline/request-limiter.ts';
import { track } from '../../functions/ingest/track.ts';
import { encodeIntake } from '../../shared/aws/intake-codec.ts';
import type { IntakeId } from '../../shared/domain/ids.ts';
import { Source } from '../../shared/domain/workspace.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { keyNotes } from '../../functions/ingest/key-notes.ts';

const isFloor = process.argv[2] === 'floor';
const at = new Date().toISOString();
const source = Source.parse({
  id: 'src_bench',
  workspaceId: 'ws_bench',
  slug: 'bench',
  name: 'Bench',
  kind: 'server',
  enabled: true,
  version: 1,
  createdAt: at,
  updatedAt: at,
});
let queuedBytes = 0;
const newIntakeId = () => `in_${randomBytes(16).toString('base64url')}` as IntakeId;
const now = () => new Date();
const ingest = httpHandler(
  track({
    sources: { findByWriteKey: async () => source },
    grants: { find: async () => undefined },
    secrets: { open: async () => '' },
    intake: {
      send: async (head, bodyText) => {
        queuedBytes += encodeIntake(head, bodyText).length;
      },
      sendNotice: async () => undefined,
    },
    // The source's limit is never reached here; the calls that leases take are counted by the bench of the whole.
    limiter: requestLimiter({
      clocks: {
        set: async (_id, toMs) => ({ outcome: 'moved', atMs: toMs }),
        advance: async () => ({ outcome: 'moved', atMs: Date.now() }),
      },
      nowMs: Date.now,
      random: Math.random,
      warn: () => undefined,
    }),
    refusals: refusalCounter({ now, newNoticeId: newIntakeId, warn: () => undefined }),
    now,
    keyNotes: keyNotes(),
    newIntakeId,
  }),
);
const context = { getRemainingTimeInMillis: () => 10_000, awsRequestId: 'bench' };

const floor = (body: string): number => {
  const { batch } = JSON.parse(body) as { batch: unknown[] };
  for (const event of batch) queuedBytes += JSON.stringify(event).length;
  return 200;
};

const whole = async (body: string, headers: Record<string, string>): Promise<number> => {
  const answer = await ingest(
    {
      rawPath: '/v1/batch',
      headers,
      body,
      isBase64Encoded: false,
      requestContext: { requestId: 'r', http: { method: 'POST', path: '/v1/batch', sourceIp: '127.0.0.1' } },
    } as never,
    context as never,
  );
  return answer.statusCode ?? 500;
};

const server = createServer((request, response) => {
  if (request.url === '/cpu') {
    const { user, system } = process.cpuUsage();
    response.end(JSON.stringify({ cpuUs: user + system, queuedBytes }));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8');
    const done = (status: number) => {
      response.statusCode = status;
      response.end('{"success":true}');
    };
    if (isFloor) done(floor(body));
    else void whole(body, { 'content-type': 'application/json' }).then(done);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
