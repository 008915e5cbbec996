// The least that deliver could do: read a lane message and post each of its events, so many at once, by Node's own client.
import { Agent, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

const inFlightMax = Number(process.env.BENCH_IN_FLIGHT);
const target = new URL(process.env.BENCH_SINK_URL);
const agent = new Agent({ keepAlive: true, maxSockets: inFlightMax });

const post = (body) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(target, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    sent.on('error', reject);
    sent.end(body);
  });

const textOf = (body) =>
  body.startsWith('gz:') ? gunzipSync(Buffer.from(body.slice('gz:'.length), 'base64')).toString() : body;

export const handler = async ({ Records }) => {
  const events = Records.flatMap(({ body }) => JSON.parse(textOf(body)).parts.flatMap((part) => part.events));
  const sender = async () => {
    for (let event = events.shift(); event !== undefined; event = events.shift()) await post(JSON.stringify(event));
  };
  await Promise.all(Array.from({ length: inFlightMax }, sender));
  return { batchItemFailures: [] };
};
