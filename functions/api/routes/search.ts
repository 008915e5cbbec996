import { SEARCH_RESULTS_MAX, type SEARCH_KINDS } from '../../../shared/api/operations/app-lookup.ts';
import type { Right } from '../../../shared/domain/access.ts';
import type { WorkspaceId } from '../../../shared/domain/ids.ts';
import type { Member } from '../../../shared/domain/people.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { targetOf, typeOf } from '../resources/source-views.ts';
import { sharedReads } from '../shared-reads.ts';

type Found = { kind: (typeof SEARCH_KINDS)[number]; id: string; name: string; detail: string; path: string };

/** Pages of the app, and what it takes to have any use for one. */
const PAGES: readonly { name: string; path: string; right: Right }[] = [
  { name: 'Overview', path: '/overview', right: 'source.read' },
  { name: 'Sources', path: '/sources', right: 'source.read' },
  { name: 'Add source', path: '/sources/new', right: 'source.create' },
  { name: 'Destinations', path: '/destinations', right: 'destination.read' },
  { name: 'Catalog', path: '/catalog', right: 'workspace.read' },
  { name: 'Health', path: '/health', right: 'source.read' },
  { name: 'Usage', path: '/usage', right: 'usage.read' },
  { name: 'Tracking plans', path: '/protocols/plans', right: 'tracking-plan.read' },
  { name: 'Suppressed users', path: '/privacy/suppressions', right: 'suppression.read' },
  { name: 'General settings', path: '/settings/general', right: 'workspace.edit' },
  { name: 'Team', path: '/settings/team', right: 'member.read' },
  { name: 'Labels', path: '/settings/labels', right: 'label.read' },
  { name: 'API tokens', path: '/settings/tokens', right: 'token.read' },
  { name: 'Audit trail', path: '/settings/audit', right: 'audit.read' },
  { name: 'Alerts', path: '/settings/alerts', right: 'source.read' },
  { name: 'Replays', path: '/settings/replays', right: 'destination.read' },
  { name: 'My profile', path: '/me', right: 'workspace.read' },
  { name: 'My notifications', path: '/me/notifications', right: 'workspace.read' },
];

/** Who types a word asks once a letter: plans and people, which are no part of the configuration, are read once for all of them. */
const SERVED_AGAIN_MS = 30_000;

const lists = new WeakMap<object, ReturnType<typeof listsOf>>();
const listsOf = (now: () => Date) => ({
  plans: sharedReads<readonly { id: string; name: string }[]>(SERVED_AGAIN_MS, now),
  members: sharedReads<readonly Member[]>(SERVED_AGAIN_MS, now),
});

export const searchHandlers: HandlersOf<'search'> = {
  search: async (request, { query }) => {
    const words = normal(query.q)
      .split(' ')
      .filter((word) => word !== '');
    if (words.length === 0) return { results: [] };
    const ranked = (await everything(request))
      .map((found) => ({ found, rank: rankOf(found, words) }))
      .filter((each): each is { found: Found; rank: number } => each.rank !== undefined)
      .toSorted((a, b) => a.rank - b.rank || compare(a.found.name, b.found.name) || compare(a.found.id, b.found.id));
    return { results: ranked.slice(0, SEARCH_RESULTS_MAX).map(({ found }) => found) };
  },
};

const normal = (text: string): string => text.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ');
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Things before pages, and what holds others before what is in it, where they match equally well. */
const KIND_RANKS: Readonly<Record<Found['kind'], number>> = {
  source: 0,
  destination: 1,
  'tracking-plan': 2,
  mapping: 3,
  filter: 4,
  person: 5,
  page: 6,
};

/** Smaller is better: the whole name or id, its beginning, the beginning of a word, any part of it, the detail. `undefined`: not every word is in it. */
function rankOf({ kind, id, name, detail }: Found, words: readonly string[]): number | undefined {
  const whole = words.join(' ');
  const called = normal(name);
  const beside = normal(detail);
  const small = id.toLowerCase();
  let rank: number;
  if (called === whole || small === whole) rank = 0;
  else if (called.startsWith(whole) || small.startsWith(whole)) rank = 1;
  else if (words.every((word) => called.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word)))) rank = 2;
  else if (words.every((word) => called.includes(word))) rank = 3;
  else if (small.includes(whole) || words.every((word) => called.includes(word) || beside.includes(word))) rank = 4;
  else return undefined;
  return rank * 10 + KIND_RANKS[kind];
}

/** All that the caller may see. */
async function everything(request: ApiRequest): Promise<Found[]> {
  const config = await request.config();
  const found: Found[] = [];
  for (const source of config.sources) {
    if (!request.may('source.read', targetOf(source))) continue;
    const { id, name } = source;
    found.push({ kind: 'source', id, name, detail: typeOf(source).name, path: `/sources/${id}/overview` });
  }
  for (const { destination, mappings, filters = [] } of config.destinations) {
    const source = config.sources.find(({ id }) => id === destination.sourceId);
    if (source === undefined || !request.may('destination.read', targetOf(source))) continue;
    const { id, name, type } = destination;
    const path = `/destinations/${id}`;
    found.push({ kind: 'destination', id, name, detail: `${type}, from ${source.name}`, path: `${path}/delivery` });
    for (const mapping of mappings) {
      const { id: mappingId, name: called } = mapping;
      found.push({ kind: 'mapping', id: mappingId, name: called, detail: name, path: `${path}/mappings/${mappingId}` });
    }
    for (const filter of filters) {
      const { id: filterId, title } = filter;
      found.push({ kind: 'filter', id: filterId, name: title, detail: name, path: `${path}/filters/${filterId}` });
    }
  }
  found.push(...(await ofLists(request, request.workspaceId)));
  const target = { kind: 'workspace' } as const;
  const isOfSources = (right: Right): boolean => right.startsWith('source.') || right.startsWith('destination.');
  for (const { name, path, right } of PAGES) {
    const may = isOfSources(right)
      ? request.may(right, target) || (await request.visibleSources(right)).length > 0
      : request.may(right, target);
    if (may) found.push({ kind: 'page', id: path, name, detail: 'Page', path });
  }
  return found;
}

async function ofLists(request: ApiRequest, workspaceId: WorkspaceId): Promise<Found[]> {
  const { deps, control } = request;
  const reads = lists.get(deps) ?? listsOf(deps.now);
  lists.set(deps, reads);
  const target = { kind: 'workspace' } as const;
  const [plans, members] = await Promise.all([
    request.may('tracking-plan.read', target)
      ? reads.plans(workspaceId, () => control.listTrackingPlans(workspaceId))
      : [],
    request.may('member.read', target) ? reads.members(workspaceId, () => control.listMembers(workspaceId)) : [],
  ]);
  return [
    ...plans.map(
      ({ id, name }): Found => ({
        kind: 'tracking-plan',
        id,
        name,
        detail: 'Tracking plan',
        path: `/protocols/plans/${id}`,
      }),
    ),
    ...members.map(
      ({ personId, name, email }): Found => ({
        kind: 'person',
        id: personId,
        name: name === '' ? email : name,
        detail: email,
        path: '/settings/team',
      }),
    ),
  ];
}
