import { Agent, request as httpRequest } from 'node:http';
import { AwsError, LOCAL_REGION, type RawService } from '../types.ts';
import type { Origin } from './distribution-config.ts';
import type { OriginAnswer } from './edge-cache.ts';

export type OriginsDeps = {
  s3: RawService;
  /** Base URLs of the HTTP APIs: an origin's domain name is one of their hosts. */
  apiUrls: () => readonly string[];
  /** Throws AwsError where the bucket's policy does not let this distribution read the object. */
  authorize: (action: string, resource: string) => void;
};

/** CloudFront caches and serves 50 GB objects; a machine's memory does not, and none of ours is near this. */
const ANSWER_BYTES_MAX = 20 * 1024 * 1024;
const MS_PER_SECOND = 1_000;
const BUCKET_DOMAIN = new RegExp(`^(.+)\\.s3\\.${LOCAL_REGION}\\.amazonaws\\.com$`);

/** An origin as a function of method and path. An origin that does not answer, or not in time, is CloudFront's own 502 or 504. */
export function originOf(origin: Origin, deps: OriginsDeps): (method: string, path: string) => Promise<OriginAnswer> {
  const bucket = BUCKET_DOMAIN.exec(origin.DomainName)?.[1];
  if (bucket !== undefined) {
    if (origin.OriginAccessControlId === undefined) {
      throw new Error(`The origin ${origin.Id} is a bucket without origin access control, which nobody could read.`);
    }
    return async (method, path) => await fromBucket(bucket, method, path, deps);
  }
  const { OriginReadTimeout } = origin.CustomOriginConfig ?? {};
  if (OriginReadTimeout === undefined) throw new Error(`The origin ${origin.Id} is neither a bucket nor a host.`);
  const agent = new Agent({ keepAlive: true });
  return async (method, path) => {
    const url = deps.apiUrls().find((each) => new URL(each).host === origin.DomainName);
    if (url === undefined) return failed(502, `The local cloud reaches no host ${origin.DomainName}.`);
    return await fromHost(agent, new URL(`${new URL(url).origin}${path}`), method, OriginReadTimeout * MS_PER_SECOND);
  };
}

async function fromBucket(bucket: string, method: string, path: string, deps: OriginsDeps): Promise<OriginAnswer> {
  const arn = `arn:aws:s3:::${bucket}`;
  // No object is named ''; what stands for the bucket itself asks for its list.
  if (path === '/') return denied();
  let key: string;
  try {
    key = decodeURIComponent(path);
  } catch {
    return failed(400, 'The path is not valid percent-encoding.');
  }
  try {
    deps.authorize('s3:GetObject', `${arn}${key}`);
  } catch (error) {
    if (error instanceof AwsError) return denied();
    throw error;
  }
  const isHead = method === 'HEAD';
  const request = { method, target: `/${bucket}${path}`, headers: {}, body: Buffer.alloc(0) };
  const context = { principal: { kind: 'operator' } as const, requestId: '' };
  const answer = await deps.s3.call(isHead ? 'HeadObject' : 'GetObject', request, context);
  // S3 tells only those who may list a bucket that a key is not there.
  if (answer.status === 404 && !mayList(deps, arn)) return denied();
  return { status: answer.status, headers: answer.headers, body: Buffer.from(answer.body) };
}

function mayList({ authorize }: OriginsDeps, arn: string): boolean {
  try {
    authorize('s3:ListBucket', arn);
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

const denied = (): OriginAnswer => ({
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
  ),
});

const failed = (status: number, why: string): OriginAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from(`<html><body><h1>${status} ERROR</h1><p>${why}</p></body></html>`),
});

function fromHost(agent: Agent, url: URL, method: string, timeoutMs: number): Promise<OriginAnswer> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (): void => resolve(failed(signal.aborted ? 504 : 502, 'The origin did not answer.'));
    const request = httpRequest(
      url,
      { agent, method, signal, headers: { 'user-agent': 'Amazon CloudFront' } },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) response.destroy(new Error('too large'));
          else chunks.push(chunk);
        });
        response.on('error', fail);
        response.on('end', () => {
          const headers = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
          );
          resolve({ status: response.statusCode ?? 502, headers, body: Buffer.concat(chunks) });
        });
      },
    );
    request.on('error', fail);
    request.end();
  });
}
