import { execFile, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openTracking, startTributary } from '../../cli/testing/index.ts';
import type { Started, Tracking } from '../../cli/testing/types.ts';
import { findChromium } from '../builders/browser.ts';
import { aDirectory } from '../builders/running-tributary.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

let started: Started;
let project: string;

beforeAll(async () => {
  project = aDirectory();
  started = await startTributary({ home: ROOT });
}, 180_000);
afterAll(async () => {
  await started?.stop();
  rmSync(project, { recursive: true, force: true });
}, 60_000);

const send = async (tracking: Tracking, event: object, writeKey = tracking.writeKey): Promise<void> => {
  const body = JSON.stringify({ writeKey, type: 'track', ...event });
  const answer = await fetch(`${tracking.trackingUrl}/v1/track`, { method: 'POST', body });
  await answer.text();
};
/** What the failing expectation says. */
const said = async (failing: Promise<unknown>): Promise<string> => {
  const error: unknown = await failing.then(
    () => new Error('It did not fail'),
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.message : String(error);
};

test('an event is found, those of others are not, and what never comes is missed with the nearest that did', async () => {
  const [mine, other] = await Promise.all([openTracking({ sink: true }), openTracking()]);
  await send(mine, { event: 'Order Complete', userId: 'u-1', properties: { total: 12.5 } });
  await expect(mine.expectEvent({ userId: 'u-1' }, { within: 15_000 })).resolves.toMatchObject({
    name: 'Order Complete',
    verdict: 'ALLOWED',
  });
  await mine.expectDelivered('Sink', { userId: 'u-1' }, { within: 20_000 });
  const message = await said(mine.expectEvent({ event: 'Order Completed', userId: 'u-1' }, { within: 500 }));
  expect(message).toContain('No event came within 0.5 s');
  expect(message).toContain('The nearest of 1 event: track "Order Complete"');
  expect(message).toContain('event: expected "Order Completed", got "Order Complete"');

  await other.expectNoEvent({ userId: 'u-1' }, { within: 1_000 });
  expect(await said(other.expectEvent({ userId: 'u-1' }, { within: 100 }))).toContain('No event came at all.');
  expect(await said(mine.expectNoEvent({ userId: 'u-1' }))).toContain('An event came that was not to come');
  expect(await said(mine.expectDelivered('Slack', { userId: 'u-1' }, { within: 500 }))).toContain(
    'those of the event: Sink',
  );
  await Promise.all([mine.close(), other.close()]);
}, 120_000);

test('what was refused is told: a key that nobody owns, and an event that is none, with the reason', async () => {
  const tracking = await openTracking();
  await send(tracking, { event: 'Order Completed', userId: 'u-1' }, 'wk_of_nobody_at_all_0000');
  await send(tracking, { event: 'Order Completed' });
  const message = await said(tracking.expectEvent({ event: 'Order Completed', userId: 'u-1' }, { within: 8_000 }));
  expect(message).toContain('These came and went no further');
  expect(message).toMatch(/INVALID, \S+/);
  expect(message).toContain('unknown-write-key, sent with the write key "wk_of_nobody_at_all_0000"');
  await tracking.close();
}, 120_000);

test('the example of the documentation passes in jest and in a browser, with the package as it is published', async () => {
  cpSync(join(ROOT, 'docs', 'examples', 'tracking-tests'), project, { recursive: true });
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, '@tributary'), { recursive: true });
  const built = spawnSync(process.execPath, ['cli/build-testing.ts', '--out', join(modules, '@tributary', 'testing')], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(built).toMatchObject({ status: 0, stderr: '' });
  // All that it needs is in it, and its types stand alone.
  const use = join(project, 'use.mts');
  writeFileSync(
    use,
    `import { expectEvent } from '@tributary/testing';\nexport const name: string | null = (await expectEvent({ event: 'X' })).name;\n`,
  );
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--types',
    '',
  ];
  expect(spawnSync(process.execPath, [tsc, ...options, use], { cwd: project, encoding: 'utf8' }).stdout).toBe('');
  const required = `console.log(typeof require('@tributary/testing').expectEvent)`;
  expect(spawnSync(process.execPath, ['-e', required], { cwd: project, encoding: 'utf8' }).stdout).toBe('function\n');

  for (const name of ['jest', 'playwright-core']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  const { executablePath, libraryPath } = findChromium();
  const outputFile = join(project, 'result.json');
  const jest = [
    '--experimental-vm-modules',
    join(modules, 'jest', 'bin', 'jest.js'),
    '--json',
    '--outputFile',
    outputFile,
  ];
  const { stderr } = await run(process.execPath, jest, {
    cwd: project,
    timeout: 200_000,
    // The one that runs is joined: the files of a run share it, each with a source of its own.
    env: { ...process.env, CHROMIUM: executablePath, LD_LIBRARY_PATH: libraryPath, NODE_NO_WARNINGS: '1' },
  }).catch((error: unknown) => error as { stderr: string });
  if (!existsSync(outputFile)) throw new Error(stderr);
  expect(stderr).toContain('Tests:       2 passed, 2 total');
}, 240_000);
