import { SECRET_TTL_MS, secretCache } from '../../../../functions/deliver/secret-cache.ts';

const CONTEXT = { workspaceId: 'ws_1', destinationId: 'dst_1', field: 'apiKey' };

function setUp() {
  let nowMs = 0;
  const opened: string[] = [];
  const sealer = {
    open: async ({ sealed }: { sealed: string }) => {
      opened.push(sealed);
      if (sealed === 'damaged') throw new Error('damaged');
      return `plain ${sealed}`;
    },
  };
  return { cache: secretCache(sealer, () => nowMs), opened, pass: (ms: number) => (nowMs += ms) };
}

test('a secret is opened once in five minutes', async () => {
  const { cache, opened, pass } = setUp();
  await expect(cache.open({ sealed: 'a' }, CONTEXT)).resolves.toBe('plain a');
  pass(SECRET_TTL_MS - 1);
  await expect(cache.open({ sealed: 'a' }, CONTEXT)).resolves.toBe('plain a');
  expect(opened).toEqual(['a']);
  pass(1);
  await cache.open({ sealed: 'a' }, CONTEXT);
  expect(opened).toEqual(['a', 'a']);
});

test('a secret that was changed, or belongs elsewhere, is opened anew', async () => {
  const { cache, opened } = setUp();
  await cache.open({ sealed: 'a' }, CONTEXT);
  await expect(cache.open({ sealed: 'b' }, CONTEXT)).resolves.toBe('plain b');
  await cache.open({ sealed: 'a' }, { ...CONTEXT, destinationId: 'dst_2' });
  expect(opened).toEqual(['a', 'b', 'a']);
});

test('a failure is not remembered', async () => {
  const { cache, opened } = setUp();
  await expect(cache.open({ sealed: 'damaged' }, CONTEXT)).rejects.toThrow('damaged');
  await expect(cache.open({ sealed: 'damaged' }, CONTEXT)).rejects.toThrow('damaged');
  expect(opened).toHaveLength(2);
});
