import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FEATURES = join(import.meta.dirname, '..', '..', '..', 'web', 'src', 'features');
const ROUTE = /const (\w+) = createRoute\(\{\s*getParentRoute: \(\) => (\w+),\s*(?:path|id): '([^']+)',(.*?)\n\}\);/gs;
/** Where the tree of a workspace's pages, and that of a person's, are fixed. */
const ROOTS: Readonly<Record<string, string>> = { workspaceRoute: '/$workspace', signedInRoute: '' };

/** The paths of all pages, as the features' own `routes.ts` say: a new page is among them without a word here. Those that only lead elsewhere are not. */
export function pagesOfApp(): string[] {
  const routes = new Map<string, { parent: string; path: string; rest: string }>();
  for (const feature of readdirSync(FEATURES)) {
    const names = readdirSync(join(FEATURES, feature)).filter((name) => name === 'routes.ts');
    for (const name of names) {
      const text = readFileSync(join(FEATURES, feature, name), 'utf8');
      for (const [, own = '', parent = '', path = '', rest = ''] of text.matchAll(ROUTE))
        routes.set(own, { parent, path, rest });
    }
  }
  const parents = new Set([...routes.values()].map(({ parent }) => parent));
  const whole = (name: string): string => {
    const route = routes.get(name);
    if (route === undefined) return ROOTS[name] ?? '';
    return `${whole(route.parent)}${route.path === '/' ? '' : route.path}`;
  };
  return [...routes]
    .filter(([name, { rest }]) => !parents.has(name) && !rest.includes('redirect('))
    .map(([name]) => whole(name) || '/')
    .toSorted();
}
