import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { type AwsCredentials, signedAuthorization } from './signature.ts';

export type Posted = {
  status: number;
  /** Of the answer, in small letters. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
};
export type SignedPost = (request: {
  path: string;
  /** In small letters, beside those that every request has. */
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
}) => Promise<Posted>;

/** To one service. */
const SOCKETS_MAX = 50;
/** Below the 60 s after which SQS and DynamoDB close an idle connection; a frozen environment finds a dead socket all the same (L4). */
const IDLE_SOCKET_MS = 20_000;

/** One signed POST to an AWS service, on sockets that are kept. Rejects where no whole answer comes in time, or one of more than `answerBytesMax`. */
export function signedPost(
  service: string,
  url: URL,
  { region, credentials }: { region: string; credentials: AwsCredentials },
  answerBytesMax: number,
): SignedPost {
  const agentOptions = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: IDLE_SOCKET_MS };
  const isTls = url.protocol === 'https:';
  const agent = isTls ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const send = isTls ? httpsRequest : httpRequest;
  return ({ path, headers: own, body, timeoutMs }) => {
    const headers: Record<string, string> = {
      host: url.host,
      'x-amz-date': new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, ''),
      ...own,
      ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
    };
    const authorization = signedAuthorization({ service, region, credentials }, { path, headers, body });
    return new Promise((resolve, reject) => {
      const request = send(
        {
          agent,
          method: 'POST',
          hostname: url.hostname,
          port: url.port,
          path,
          headers: { ...headers, authorization, 'content-length': Buffer.byteLength(body) },
          signal: AbortSignal.timeout(timeoutMs),
        },
        (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > answerBytesMax) response.destroy(new Error('The answer is too large'));
            else chunks.push(chunk);
          });
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  };
}
