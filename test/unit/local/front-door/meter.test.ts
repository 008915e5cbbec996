import { createServer } from 'node:http';
import { lambdaMeterSink, memoryMeter, meterListener } from '../../../../local/front-door/meter.ts';
import { listen } from '../../../../local/front-door/listen.ts';

test('the meter is read and reset over HTTP', async () => {
  const meter = memoryMeter();
  const entry = { operation: 'sqs:SendMessage', principal: 'route', calls: 1, units: 2, bytes: 10 };
  meter.count(entry);
  meter.count(entry);
  const listener = await meterListener(meter, '127.0.0.1', 0);
  try {
    const read = async () => await (await fetch(`${listener.url}/_meter`)).json();
    await expect(read()).resolves.toEqual({ entries: [{ ...entry, calls: 2, units: 4, bytes: 20 }] });
    await expect(fetch(`${listener.url}/_meter/reset`, { method: 'POST' })).resolves.toMatchObject({ status: 204 });
    await expect(read()).resolves.toEqual({ entries: [] });
    await expect(fetch(`${listener.url}/other`)).resolves.toMatchObject({ status: 404 });
    meter.count(entry);
    await expect(read()).resolves.toEqual({ entries: [entry] });
  } finally {
    await listener.close();
  }
});

test('Lambda is metered by invocations and GB-seconds, started milliseconds in full, and its metrics pass on', () => {
  const meter = memoryMeter();
  const passed: string[] = [];
  const sink = lambdaMeterSink(meter, (name) => (name === 'route' ? 512 : undefined), {
    put: ({ name }) => passed.push(name),
  });
  const about = { dimensions: { FunctionName: 'route' }, unit: 'None', atMs: 0 };
  sink.put({ ...about, namespace: 'AWS/Lambda', name: 'Invocations', value: 1 });
  sink.put({ ...about, namespace: 'AWS/Lambda', name: 'Duration', value: 1_999.2 });
  sink.put({ ...about, namespace: 'AWS/Lambda', name: 'Errors', value: 1 });
  sink.put({ ...about, namespace: 'Own', name: 'Invocations', value: 5 });
  expect(meter.snapshot()).toEqual([{ operation: 'lambda:Invoke', principal: 'route', calls: 1, units: 1, bytes: 0 }]);
  expect(passed).toEqual(['Invocations', 'Duration', 'Errors', 'Invocations']);
});

test('a taken port leads to the next free one', async () => {
  const [first, second] = [createServer(), createServer()];
  try {
    const port = await listen(first, '127.0.0.1', 0);
    const next = await listen(second, '127.0.0.1', port);
    expect(next).toBeGreaterThan(port);
    expect(next).toBeLessThan(port + 50);
  } finally {
    first.close();
    second.close();
  }
});
