import { sinkAnswer } from '../../../../cli/sink/sink-script.ts';

const NOW_MS = Date.UTC(2026, 0, 5, 12, 0, 0, 250);
const scriptOf = (tries = 0) => ({ random: () => 0.5, nowMs: () => NOW_MS, triesBefore: () => tries });
const TAKEN = { status: 200, manner: { how: 'plain' }, delayMs: 0, headers: {}, isTaken: true };
const failed = (status: number, more = {}) => ({ ...TAKEN, status, isTaken: false, ...more });
const broken = (how: string) => failed(0, { manner: { how } });

test.each([
  ['/', TAKEN],
  ['/website', TAKEN],
  ['/status/503', failed(503)],
  ['/status/204', { ...TAKEN, status: 204 }],
  ['/status/99999', TAKEN],
  ['/status/', TAKEN],
  ['/delay/2000/status/429', failed(429, { delayMs: 2_000 })],
  ['/delay/99999999', { ...TAKEN, delayMs: 60_000 }],
  ['/flaky/0.6', failed(500)],
  ['/flaky/0.4', TAKEN],
  ['/flaky/x', TAKEN],
  ['/flaky/0.6/503', failed(503)],
  ['/flaky/0.6/reset', broken('reset')],
  ['/flaky/0.4/reset', TAKEN],
  ['/hang', broken('hang')],
  ['/reset', broken('reset')],
  ['/close', broken('close')],
  ['/garbage', broken('garbage')],
  ['/drip/250', { ...TAKEN, manner: { how: 'drip', dripMs: 250 } }],
  ['/drip/250/status/500', failed(500, { manner: { how: 'drip', dripMs: 250 } })],
  ['/status/500/drip/250', failed(500, { manner: { how: 'drip', dripMs: 250 } })],
  ['/big/5', { ...TAKEN, manner: { how: 'big', mb: 5 } }],
  ['/big/5000', { ...TAKEN, manner: { how: 'big', mb: 100 } }],
  ['/bomb/status/500', failed(500, { manner: { how: 'bomb' } })],
  ['/redirect/307', failed(307, { headers: { Location: '/redirected' } })],
  ['/redirect', failed(302, { headers: { Location: '/redirected' } })],
  ['/commit-then/500', failed(500, { isTaken: true })],
  ['/commit-then/hang', { ...broken('hang'), isTaken: true }],
  ['/commit-then/status', TAKEN],
])('%s is scripted as %j', (path, scripted) => {
  expect(sinkAnswer(path, scriptOf())).toEqual(scripted);
});

test.each([
  ['/first/2/503', 0, failed(503)],
  ['/first/2/503', 1, failed(503)],
  ['/first/2/503', 2, TAKEN],
  ['/first/1/reset', 0, broken('reset')],
  ['/first/1/reset', 1, TAKEN],
  ['/first/1/nonsense', 0, TAKEN],
  ['/first/1/429/retry-after/3', 1, TAKEN],
  ['/flaky/0.6/first/1/429', 0, failed(429)],
  ['/flaky/0.6/first/1/429', 1, TAKEN],
  ['/flaky/0.4/first/1/429', 0, TAKEN],
])('%s, asked for an event that was tried %i times, is %j', (path, tries, scripted) => {
  expect(sinkAnswer(path, scriptOf(tries))).toEqual(scripted);
});

/** 12:00:00.250 and so many seconds, as a date of HTTP: whole seconds, never less than asked. */
const inTwo = Date.UTC(2026, 0, 5, 12, 0, 3);

test.each([
  ['/retry-after/2', failed(429, { headers: { 'Retry-After': '2' }, notBeforeMs: NOW_MS + 2_000 })],
  ['/status/503/retry-after/2', failed(503, { headers: { 'Retry-After': '2' }, notBeforeMs: NOW_MS + 2_000 })],
  ['/first/1/429/retry-after/2', failed(429, { headers: { 'Retry-After': '2' }, notBeforeMs: NOW_MS + 2_000 })],
  [
    '/retry-after-date/2',
    failed(429, { headers: { 'Retry-After': 'Mon, 05 Jan 2026 12:00:03 GMT' }, notBeforeMs: inTwo }),
  ],
  ['/retry-after/-5', failed(429, { headers: { 'Retry-After': '-5' } })],
  ['/retry-after/soon%2C%20please', failed(429, { headers: { 'Retry-After': 'soon, please' } })],
  [
    '/retry-after/31536000',
    failed(429, { headers: { 'Retry-After': '31536000' }, notBeforeMs: NOW_MS + 31_536_000_000 }),
  ],
  ['/flaky/0.4/retry-after/2', TAKEN],
])('%s asks to wait as %j', (path, scripted) => {
  expect(sinkAnswer(path, scriptOf())).toEqual(scripted);
});
