/** Routes of one API (Amazon API Gateway quota: 300). */
const ROUTES_MAX = 300;

type Segment =
  | { kind: 'literal'; text: string }
  | { kind: 'variable'; name: string }
  | { kind: 'greedy'; name: string };

/** What a route leads to. */
export type RouteTarget = { routeKey: string; integrationId: string };
export type RouteMatch = RouteTarget & { pathParameters: Record<string, string> | undefined };

type Route = RouteTarget & { method: string; segments: readonly Segment[] };

/**
 * The routes of an API, matched as API Gateway does: a literal segment before a variable, a variable before `{name+}`, the named method
 * before ANY, and `$default` last. Method and path must both match.
 */
export class RouteTable {
  #routes: Route[] = [];
  #fallback: RouteTarget | undefined;

  /** Adds or replaces a route. Throws for a key that is not `METHOD /path` or `$default`. */
  add(routeKey: string, integrationId: string): void {
    if (routeKey === '$default') {
      this.#fallback = { routeKey, integrationId };
      return;
    }
    const parts = /^([A-Z]+) (\/.*)$/.exec(routeKey);
    if (parts === null) throw new Error(`The route key ${routeKey} is neither METHOD /path nor $default.`);
    const [, method = '', path = ''] = parts;
    const route = { routeKey, integrationId, method, segments: segmentsOf(path) };
    this.#routes = [...this.#routes.filter((other) => other.routeKey !== routeKey), route].toSorted(bySpecificity);
    if (this.#routes.length > ROUTES_MAX) throw new Error(`An HTTP API has at most ${ROUTES_MAX} routes.`);
  }

  /** What is not there is no error. */
  remove(routeKey: string): void {
    if (routeKey === '$default') this.#fallback = undefined;
    this.#routes = this.#routes.filter((other) => other.routeKey !== routeKey);
  }

  /** `path` is decoded and begins with a slash. */
  match(method: string, path: string): RouteMatch | undefined {
    const texts = path.split('/').slice(1);
    for (const route of this.#routes) {
      if (route.method !== method && route.method !== 'ANY') continue;
      const parameters = parametersOf(route.segments, texts);
      if (parameters === undefined) continue;
      return {
        routeKey: route.routeKey,
        integrationId: route.integrationId,
        pathParameters: Object.keys(parameters).length === 0 ? undefined : parameters,
      };
    }
    return this.#fallback && { ...this.#fallback, pathParameters: undefined };
  }
}

const segmentsOf = (path: string): Segment[] =>
  path
    .split('/')
    .slice(1)
    .map((text) => {
      const name = /^\{([A-Za-z0-9._-]+)(\+?)\}$/.exec(text);
      if (name === null) return { kind: 'literal', text };
      return { kind: name[2] === '+' ? 'greedy' : 'variable', name: name[1] ?? '' };
    });

const RANK = { literal: 0, variable: 1, greedy: 2 } as const;

function bySpecificity(a: Route, b: Route): number {
  const common = Math.min(a.segments.length, b.segments.length);
  for (let index = 0; index < common; index += 1) {
    const rankA = RANK[a.segments[index]?.kind ?? 'greedy'];
    const rankB = RANK[b.segments[index]?.kind ?? 'greedy'];
    if (rankA !== rankB) return rankA - rankB;
  }
  if (a.segments.length !== b.segments.length) return b.segments.length - a.segments.length;
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function parametersOf(segments: readonly Segment[], texts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const text = texts[index];
    if (text === undefined) return undefined;
    if (segment.kind === 'greedy') {
      const rest = texts.slice(index).join('/');
      return rest === '' ? undefined : { ...parameters, [segment.name]: rest };
    }
    if (segment.kind === 'literal' ? segment.text !== text : text === '') return undefined;
    if (segment.kind === 'variable') parameters[segment.name] = text;
  }
  return texts.length === segments.length ? parameters : undefined;
}
