import { isMuted, MUTES_MAX, mutesIn, withMute, withoutMute } from '../../../../../web/src/features/health/mutes.ts';

const NOW = Date.parse('2026-11-27T10:00:00Z');
const LATER = '2026-11-28T10:00:00.000Z';

test('a muted line is muted until its time, and no longer when it is unmuted', () => {
  const mutes = withMute({}, 'dst_1|REPEATED|500', LATER);
  expect(isMuted(mutesIn(mutes, NOW), 'dst_1|REPEATED|500')).toBe(true);
  expect(isMuted(mutesIn(mutes, Date.parse(LATER)), 'dst_1|REPEATED|500')).toBe(false);
  expect(isMuted(withoutMute(mutes, 'dst_1|REPEATED|500'), 'dst_1|REPEATED|500')).toBe(false);
});

test('what preferences hold is bounded, and what is no mute is none', () => {
  let mutes = {};
  for (let index = 0; index < MUTES_MAX + 5; index++) mutes = withMute(mutes, `line ${index}`, LATER);
  expect(Object.keys(mutes)).toHaveLength(MUTES_MAX);
  for (const odd of [null, 'x', 7, { a: 1, b: 'no time' }]) expect(mutesIn(odd, NOW)).toEqual({});
});
