// Runs a function's bundle, or a floor of the same shape, in a process of its own: an event in, the CPU time that it took out.
// Events come as text, as Lambda's runtime gets them, so that reading them is part of the work.
import { pathToFileURL } from 'node:url';

const microseconds = ({ user, system }) => user + system;
const { handler } = await import(pathToFileURL(process.argv[2]).href);
let number = 0;

process.on('message', async ({ event, timeoutMs }) => {
  const before = process.cpuUsage();
  const deadlineMs = performance.now() + timeoutMs;
  number += 1;
  try {
    const answer = await handler(JSON.parse(event), {
      awsRequestId: `bench-${number}`,
      getRemainingTimeInMillis: () => deadlineMs - performance.now(),
    });
    process.send({
      answer,
      cpuUs: microseconds(process.cpuUsage(before)),
      sinceStartUs: microseconds(process.cpuUsage()),
      rssBytes: process.memoryUsage.rss(),
    });
  } catch (error) {
    process.send({ failure: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
