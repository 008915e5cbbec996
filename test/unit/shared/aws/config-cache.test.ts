import { configCache, STALE_WHILE_ERROR_MS } from '../../../../shared/aws/config-cache.ts';
import { CONFIG_CHECK_MS } from '../../../../shared/config/limits.ts';

const setUp = (entriesMax = 10) => {
  const state = { nowMs: 1_000, value: 'one' as string | undefined, fails: false, lookups: [] as string[] };
  const cache = configCache<string, string>({
    entriesMax,
    nowMs: () => state.nowMs,
    lookUp: async (key, known) => {
      state.lookups.push(known === undefined ? key : `${key} knowing ${known}`);
      if (state.fails) throw new Error('the table is away');
      return state.value;
    },
  });
  return { state, cache };
};

test('a value is looked up once while it is fresh, and anew with what is known when it is not', async () => {
  const { state, cache } = setUp();
  await cache.get('a');
  state.nowMs += CONFIG_CHECK_MS - 1;
  expect(await cache.get('a')).toBe('one');
  expect(state.lookups).toEqual(['a']);
  state.nowMs += 1;
  state.value = 'two';
  expect(await cache.get('a')).toBe('two');
  expect(state.lookups).toEqual(['a', 'a knowing one']);
});

test('many who ask at one moment share one lookup', async () => {
  const { state, cache } = setUp();
  expect(await Promise.all([cache.get('a'), cache.get('a'), cache.get('a')])).toEqual(['one', 'one', 'one']);
  expect(state.lookups).toEqual(['a']);
});

test('while the table fails what is known is served for a minute after the last success, then the failure is thrown', async () => {
  const { state, cache } = setUp();
  await cache.get('a');
  state.fails = true;
  state.nowMs += CONFIG_CHECK_MS;
  expect(await cache.get('a')).toBe('one');
  // The failing table is left alone for a while.
  expect(await cache.get('a')).toBe('one');
  expect(state.lookups).toHaveLength(2);
  state.nowMs = 1_000 + STALE_WHILE_ERROR_MS;
  expect(await cache.get('a')).toBe('one');
  state.nowMs += 1;
  await expect(cache.get('a')).rejects.toThrow('the table is away');
  state.fails = false;
  expect(await cache.get('a')).toBe('one');
});

test('a failure with nothing known is thrown and not remembered', async () => {
  const { state, cache } = setUp();
  state.fails = true;
  await expect(cache.get('a')).rejects.toThrow('the table is away');
  state.fails = false;
  expect(await cache.get('a')).toBe('one');
});

test('that a key is absent is remembered for the check time only', async () => {
  const { state, cache } = setUp();
  state.value = undefined;
  expect(await cache.get('a')).toBeUndefined();
  state.value = 'made since';
  state.nowMs += CONFIG_CHECK_MS - 1;
  expect(await cache.get('a')).toBeUndefined();
  state.nowMs += 1;
  expect(await cache.get('a')).toBe('made since');
});

test('what is gone at a check is gone at once', async () => {
  const { state, cache } = setUp();
  await cache.get('a');
  state.value = undefined;
  state.nowMs += CONFIG_CHECK_MS;
  expect(await cache.get('a')).toBeUndefined();
});

test('made-up keys push out no real ones, and the real one used longest ago makes room', async () => {
  const { state, cache } = setUp(2);
  await cache.get('a');
  await cache.get('b');
  state.value = undefined;
  for (let n = 0; n < 100; n += 1) await cache.get(`made-up-${n}`);
  state.value = 'one';
  state.lookups.length = 0;
  await cache.get('a');
  await cache.get('c');
  await cache.get('a');
  await cache.get('b');
  expect(state.lookups).toEqual(['c', 'b']);
});

test('what was looked up before the moment that is asked for does not do, be it there or absent', async () => {
  const { state, cache } = setUp();
  await cache.get('a');
  state.value = 'two';
  expect(await cache.get('a', 1_000)).toBe('one');
  state.nowMs += 1;
  expect(await cache.get('a', 1_001)).toBe('two');

  state.value = undefined;
  await cache.get('b');
  state.value = 'made since';
  expect(await cache.get('b')).toBeUndefined();
  state.nowMs += 1;
  expect(await cache.get('b', 1_002)).toBe('made since');
});

test('a lookup that began before the moment that is asked for is not shared, one that began after it is', async () => {
  const { state, cache } = setUp();
  const early = cache.get('a');
  state.nowMs += 1;
  state.value = 'two';
  const late = [cache.get('a', 1_001), cache.get('a', 1_001)];
  await early;
  expect(await Promise.all(late)).toEqual(['two', 'two']);
  expect(state.lookups).toEqual(['a', 'a knowing one']);
});

test('where the table fails, what is older than the moment that is asked for is not served', async () => {
  const { state, cache } = setUp();
  await cache.get('a');
  state.fails = true;
  await expect(cache.get('a', 1_001)).rejects.toThrow('the table is away');
  expect(await cache.get('a')).toBe('one');
});
