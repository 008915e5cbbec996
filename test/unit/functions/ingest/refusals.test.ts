import { NOTICE_EVERY_MS, refusalCounter } from '../../../../functions/ingest/refusals.ts';
import { RefusalNotice } from '../../../../shared/domain/intake-message.ts';
import { REFUSAL_REASONS } from '../../../../shared/domain/outcomes.ts';
import { aSource } from '../../../builders/workspace-things.ts';

function setUp() {
  let nowMs = Date.parse('2026-11-24T10:15:00.000Z');
  const warned: string[] = [];
  const counter = refusalCounter({
    now: () => new Date(nowMs),
    newNoticeId: () => 'n',
    warn: (key) => warned.push(key),
  });
  return { counter, warned, pass: (ms: number) => (nowMs += ms) };
}

test('an unknown key is logged once in 10 s, cut to 64 characters', () => {
  const { counter, warned, pass } = setUp();
  const refuse = () => counter.add({ reason: 'unknown-write-key', writeKey: 'k'.repeat(100) });
  refuse();
  refuse();
  expect(warned).toEqual(['k'.repeat(64)]);
  pass(NOTICE_EVERY_MS);
  refuse();
  expect(warned).toHaveLength(2);
});

test('made-up keys without end cost a bounded number of lines and logs, and none of the counts is lost', () => {
  const { counter, warned } = setUp();
  for (let number = 0; number < 5_000; number += 1) {
    counter.add({ reason: 'unknown-write-key', writeKey: `key-${number}` });
  }
  const notice = RefusalNotice.parse(counter.takeDue());
  expect(notice.refusals.filter(({ writeKey }) => writeKey !== undefined)).toHaveLength(20);
  expect(notice.refusals.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
  expect(warned).toHaveLength(100);
});

test('many sources refused for every reason still make a notice that parses', () => {
  const { counter } = setUp();
  for (let number = 0; number < 100; number += 1) {
    for (const reason of REFUSAL_REASONS) counter.add({ reason, sourceId: aSource({ id: `src_${number}` }).id });
  }
  const notice = RefusalNotice.parse(counter.takeDue());
  expect(notice.refusals.reduce((sum, { count }) => sum + count, 0)).toBe(100 * REFUSAL_REASONS.length);
});

test('nothing refused, nothing to tell', () => {
  expect(setUp().counter.takeDue()).toBeUndefined();
});
