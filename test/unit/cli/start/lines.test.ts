import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Endpoints, readEndpoints } from '../../../../cli/start/endpoints.ts';
import { functionLog } from '../../../../cli/start/function-log.ts';
import { readyLines } from '../../../../cli/start/ready-lines.ts';
import { SAME_SIGNAL_MS, stopSignals } from '../../../../cli/start/stop-signals.ts';

const ENDPOINTS = {
  trackingUrl: 'http://127.0.0.1:4747',
  cdnUrl: 'http://127.0.0.1:4752',
  apiUrl: 'http://127.0.0.1:4748',
  webUrl: 'http://127.0.0.1:4752',
  signIn: {
    issuer: 'http://127.0.0.1:4753/us-east-1_x',
    clientId: 'c1',
    callbackUrl: 'http://127.0.0.1:4752/callback',
  },
  sinkUrl: 'http://127.0.0.1:4749',
  meterUrl: null,
  ledgerUrl: null,
  mailboxUrl: 'http://127.0.0.1:4754',
  writeKeys: { website: 'wk_website', 'demo-web': 'wk_demo' },
  apiToken: 'tby_token',
};

test('seven lines say that it is ready', () => {
  expect(readyLines(ENDPOINTS, 1)).toEqual([
    'App            http://127.0.0.1:4752 (sign in as the demo owner: one button)',
    `Send an event  curl -u wk_website: -H 'Content-Type: application/json' -d '{"userId":"me","event":"Hello","properties":{"from":"curl"}}' http://127.0.0.1:4747/v1/track`,
    'See it arrive  http://127.0.0.1:4749',
    'Status page    http://127.0.0.1:4748/#token=tby_token',
    'Mailbox        http://127.0.0.1:4754 (what alerts mail; docs/alerts.md)',
    'Demo           a shop plays on demo-web and demo-server, 1 event a second; --no-demo leaves it out',
    'Ctrl-C keeps your data',
  ]);
  expect(readyLines(ENDPOINTS, undefined)[5]).toBe('Demo           off; "npm run demo" plays a shop');
});

test('endpoints are read whole or not at all', () => {
  expect(readEndpoints(() => JSON.stringify(ENDPOINTS))).toEqual(ENDPOINTS);
  const { signIn: _new, ...ofBefore } = ENDPOINTS;
  expect(readEndpoints(() => JSON.stringify(ofBefore))).toEqual({ ...ENDPOINTS, signIn: null });
  expect(readEndpoints(() => '{"trackingUrl":')).toBeUndefined();
  expect(readEndpoints(() => JSON.stringify({ ...ENDPOINTS, trackingUrl: null }))).toBeUndefined();
  expect(
    readEndpoints(() => {
      throw new Error('no such file');
    }),
  ).toBeUndefined();
});

test('the documentation shows them as they are written: only a meter that was not asked for is null', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/local-cloud.md'), 'utf8');
  const shown = Endpoints.parse(JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''));
  expect(Object.entries(shown).flatMap(([key, value]) => (value === null ? [key] : []))).toEqual(['meterUrl']);
});

test('one Ctrl-C stops, however often it is handed on; a later one forces', () => {
  let nowMs = 0;
  const seen: string[] = [];
  const onSignal = stopSignals({
    nowMs: () => nowMs,
    onStop: () => seen.push('stop'),
    onForce: () => seen.push('force'),
  });
  onSignal();
  nowMs = SAME_SIGNAL_MS - 1;
  onSignal();
  expect(seen).toEqual(['stop']);
  nowMs = SAME_SIGNAL_MS;
  onSignal();
  expect(seen).toEqual(['stop', 'force']);
});

test('lines of functions are in the file when it is closed, and the file is bounded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-log-'));
  const file = join(folder, 'functions.log');
  const long = 'x'.repeat(400_000);
  for (let round = 0; round < 60; round += 1) {
    const log = functionLog(file);
    log.add({ functionName: 'route', atMs: 0, line: `${round} ${long}` });
    log.close();
  }
  const text = readFileSync(file, 'utf8');
  expect(text.startsWith('1970-01-01T00:00:00.000Z route ')).toBe(true);
  expect(text).toContain('route 59 ');
  expect(text.length).toBeLessThan(5_000_000);
  expect(statSync(`${file}.1`).size).toBeGreaterThan(19_000_000);
  rmSync(folder, { recursive: true });
});
