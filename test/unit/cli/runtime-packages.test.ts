import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

/** What `npm start` runs: it installs `dependencies` alone. */
const FOLDERS = ['infra', 'functions', 'shared', 'local', 'web', 'cli'];
/** Only there for npm test, and for those who write destinations or benches. */
const NOT_STARTED = /^cli\/(?:test\b|bench|testing|build-testing|generate-|sim\b)/;
/** Code for others to copy, as text. */
const TEXTS = /^shared\/catalog\/install\//;
const IMPORT = /^(?:import|export)\s(?!type\b)[^;]*?from '([^'.][^']*)';|^import '([^'.][^']*)';/gm;

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

test('what npm start runs imports packages that it installs', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
  const missing = new Set<string>();
  let seen = 0;
  for (const folder of FOLDERS) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const file = join(folder, name);
      if (!/\.tsx?$/.test(file) || NOT_STARTED.test(file) || TEXTS.test(file)) continue;
      for (const [, from, bare] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
        const specifier = from ?? bare ?? '';
        if (isBuiltin(specifier) || specifier.startsWith('${')) continue;
        seen += 1;
        if (!(packageOf(specifier) in dependencies)) missing.add(`${file}: ${specifier}`);
      }
    }
  }
  expect([...missing]).toEqual([]);
  expect(seen).toBeGreaterThan(500);
});
