import fc from 'fast-check';
import { APP_PATHS_CODE } from '../../../../infra/constructs/app-paths.ts';
import { edgeFunction } from '../../../../local/cloudfront/edge-function.ts';

const run = edgeFunction(APP_PATHS_CODE);
const pathOf = async (path: string): Promise<string> => {
  const outcome = await run({ method: 'GET', path, query: '', headers: {} });
  if (!('path' in outcome)) throw new Error('It answers by itself');
  return outcome.path;
};

test.each([
  ['/', '/index.html'],
  ['', '/index.html'],
  ['//', '/index.html'],
  ['/callback', '/index.html'],
  ['/acme/sources/abc/debugger', '/index.html'],
  ['/acme/', '/index.html'],
  // Only the last part tells: a folder may have a dot.
  ['/acme/v1.2/events', '/index.html'],
  ['/index.html', '/index.html'],
  ['/config.json', '/config.json'],
  ['/assets/none.js', '/assets/none.js'],
  ['/.well-known/security.txt', '/.well-known/security.txt'],
  ['/acme/a.b', '/acme/a.b'],
])('%s is answered with %s', async (path, answered) => {
  expect(await pathOf(path)).toBe(answered);
});

const part = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '_', '~', '%', '.') });
const anyPath = fc.array(part).map((parts) => `/${parts.join('/')}`);

test('a path whose last part has a dot stays what it is; all others are the page', async () => {
  await fc.assert(
    fc.asyncProperty(anyPath, async (path) => {
      const isFile = (path.split('/').at(-1) ?? '').includes('.');
      expect(await pathOf(path)).toBe(isFile ? path : '/index.html');
    }),
  );
});

test('what comes out names an object and never the bucket, which would list it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (path) => {
      expect(await pathOf(`/${path}`)).toMatch(/^\/.*\.[^/]*$/s);
    }),
  );
});
