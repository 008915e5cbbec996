import { guardedFetch } from '../../../../shared/destinations/guarded-fetch.ts';
import { dryRun, rehearsed } from '../../../../shared/destinations/stand-in.ts';
import { aSendContext, runInSendContext } from '../../../builders/send-context.ts';
import { toolServer } from '../../../builders/tool-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

test('a dry run is answered without resolving a name or opening a connection, and says so', async () => {
  const context = aSendContext({
    standIn: dryRun,
    resolve: () => Promise.reject(new Error('No name is looked up in a dry run')),
  });
  const answer = await runInSendContext(context, () =>
    guardedFetch('https://tool.example/a', { method: 'POST', body: 'x' }),
  );
  expect([answer.status, JSON.parse(await answer.text())]).toEqual([
    200,
    expect.objectContaining({ access_token: 'dry-run-token' }),
  ]);
  expect(context.exchanges).toMatchObject([
    { method: 'POST', url: 'https://tool.example/a', status: 200, answeredBy: 'dry-run' },
  ]);
  expect(context.hasSent).toBe(true);
});

test('what our rules refuse is refused in a dry run, too', async () => {
  const context = aSendContext({ standIn: dryRun });
  await expect(runInSendContext(context, () => guardedFetch('http://169.254.169.254/'))).rejects.toThrow('refused');
  expect(context.exchanges).toEqual([]);
});

test('a rehearsal that is over between two requests lets the second out', async () => {
  const tool = await toolServer();
  closing.push(tool.close);
  let isOn = true;
  const standIn = rehearsed(() => (isOn ? { status: 503, until: '2026-11-26T10:05:00.000Z' } : undefined));
  const context = aSendContext({ allowed: tool.host, standIn });
  const ask = () => runInSendContext(context, () => guardedFetch(tool.origin));
  const first = await ask();
  expect([first.status, first.statusText, tool.arrivals.length]).toEqual([503, 'Outage rehearsal', 0]);
  isOn = false;
  expect([(await ask()).status, tool.arrivals.length]).toEqual([200, 1]);
  expect(context.exchanges.map(({ answeredBy }) => answeredBy)).toEqual(['rehearsal', undefined]);
});

test('a stand-in answers nothing once the time of the send is over', async () => {
  const context = aSendContext({ standIn: dryRun, deadlineMs: performance.now() - 1 });
  await expect(runInSendContext(context, () => guardedFetch('https://tool.example/'))).rejects.toMatchObject({
    code: 'ETIMEDOUT',
  });
});
