import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { s3ErrorResponse } from '../../local/s3/s3-xml.ts';
import { AwsError, type CallContext, type JsonService, type RawService } from '../../local/types.ts';

const isRaw = (service: JsonService | RawService): service is RawService => 'identify' in service;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * One service of the local cloud behind HTTP, as an SDK v3 client reaches it: no signatures, no IAM, no faults (those are the front door's).
 * `clientConfig` is what a client's constructor takes.
 */
export async function awsEndpoint(service: JsonService | RawService) {
  const server = createServer((request, response) => {
    const answer = async () => {
      const context: CallContext = { principal: { kind: 'operator' }, requestId: randomUUID() };
      const body = await bodyOf(request);
      if (isRaw(service)) {
        const raw = { method: request.method ?? 'GET', target: request.url ?? '/', headers: request.headers, body };
        try {
          const { operation } = service.identify(raw);
          return await service.call(operation, raw, context);
        } catch (error) {
          if (error instanceof AwsError) return s3ErrorResponse(error, raw.method, context.requestId);
          throw error;
        }
      }
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      const headers = {
        'content-type': String(request.headers['content-type']),
        'x-amzn-requestid': context.requestId,
      };
      try {
        const output = await service.call(operation, JSON.parse(body.toString() || '{}'), context);
        return { status: 200, headers, body: JSON.stringify(output) };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const fault = { __type: error.code, message: error.message, ...error.fields };
        return { status: error.status, headers, body: JSON.stringify(fault) };
      }
    };
    answer().then(
      ({ status, headers, body }) => {
        response.writeHead(status, headers);
        response.end(body);
      },
      (error: unknown) => {
        response.writeHead(500);
        response.end(String(error));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    clientConfig: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
