import { isInSample } from '../../../../shared/domain/sample.ts';

const KEYS = Array.from({ length: 20_000 }, (_, number) => `ajs-next-1764170000000-${number}`);

test.each([0, 0.01, 0.1, 0.5, 0.9, 1])(
  'a share of %d lets so many of 20,000 keys in, the same ones each time',
  (share) => {
    const chosen = KEYS.filter((key) => isInSample(key, share));
    // Four standard deviations of a fair draw.
    const slack = 4 * Math.sqrt(KEYS.length * share * (1 - share));
    expect(Math.abs(chosen.length - KEYS.length * share)).toBeLessThanOrEqual(slack);
    expect(KEYS.filter((key) => isInSample(key, share))).toEqual(chosen);
  },
);

test('whoever is in a small share is in a larger one', () => {
  for (const key of KEYS.slice(0, 2_000)) {
    if (isInSample(key, 0.2)) expect(isInSample(key, 0.3)).toBe(true);
  }
});

test('two filters draw apart: of a half and a half a quarter is left', () => {
  const both = KEYS.filter((key) => isInSample(`flt_a ${key}`, 0.5) && isInSample(`flt_b ${key}`, 0.5));
  expect(both.length).toBeGreaterThan(KEYS.length * 0.23);
  expect(both.length).toBeLessThan(KEYS.length * 0.27);
});
