import { oneByOne } from '../../../../web/src/ui/one-by-one.ts';

test('things are changed one after the other, and one that fails holds up none behind it', async () => {
  let running = 0;
  let most = 0;
  const changed = await oneByOne(['a', 'b', 'c'], async (thing) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
    if (thing === 'b') throw new Error('it is somebody else’s');
  });
  expect(changed).toEqual({ done: ['a', 'c'], failed: [{ thing: 'b', why: 'it is somebody else’s' }] });
  expect(most).toBe(1);
});
