// Loads a bundle as Lambda does and lets it answer one request.
import { pathToFileURL } from 'node:url';

const { handler } = await import(pathToFileURL(process.argv[2]).href);
const answer = await handler(
  {
    rawPath: '/v1/track',
    headers: { 'content-type': 'application/json' },
    body: '{"userId":"u","event":"E","writeKey":"writekeyofthebench00000000000001"}',
    isBase64Encoded: false,
    requestContext: { requestId: 'r', http: { method: 'POST', path: '/v1/track', sourceIp: '127.0.0.1' } },
  },
  { getRemainingTimeInMillis: () => 10_000, awsRequestId: 'r' },
);
if (answer.statusCode !== 200 || answer.headers['Tributary-Rejected'] !== undefined) {
  throw new Error(`The first request was not accepted: ${JSON.stringify(answer)}`);
}
const { user, system } = process.cpuUsage();
process.stdout.write(`${user + system}\n`);
process.exit(0);
