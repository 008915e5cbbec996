import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// A process of its own: jest's is shared, and its `process.env` is a copy that sets no zone.
const script = `
  import { Worker } from 'node:worker_threads';
  import { useLambdaTimeZone } from ${JSON.stringify(pathToFileURL(resolve('cli/start/time-zone.ts')))};
  const source = 'require("node:worker_threads").parentPort.postMessage(new Date(0).getHours())';
  const options = { eval: true, execArgv: [], env: { TZ: ':UTC' } };
  const hours = () => new Promise((take) => new Worker(source, options).on('message', take));
  const before = await hours();
  useLambdaTimeZone();
  console.log(JSON.stringify({ before, after: await hours() }));
`;

test('on a machine in Tokyo, the threads of functions have the time of Lambda, which is UTC', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'Asia/Tokyo', NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' },
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '{"before":9,"after":0}\n', stderr: '' });
});
