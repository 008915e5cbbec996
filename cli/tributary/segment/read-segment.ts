import * as z from 'zod';
import { ApiError } from '../../../shared/api/api-error.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import { inParallel } from '../../../shared/aws/in-parallel.ts';
import {
  SegmentDestination,
  SegmentFilter,
  SegmentLabel,
  SegmentPlan,
  SegmentRule,
  SegmentSource,
  SegmentSubscription,
  SegmentTransformation,
  type SegmentWorkspace,
  SegmentWorkspaceIn,
} from './segment-shapes.ts';

/** Segment lets a token ask 60 to 600 times a minute; what is over is answered 429 and waited for. */
const READS_AT_ONCE = 4;
/** Each destination carries the metadata of its type. */
const DESTINATION_PAGE = 50;

/** What there is no counterpart for: path, name of its list, what it is. */
const OTHERS = [
  { path: '/warehouses', list: 'warehouses', what: 'warehouses' },
  { path: '/functions', list: 'functions', what: 'source functions', query: { resourceType: 'SOURCE' } },
  { path: '/functions', list: 'functions', what: 'destination functions', query: { resourceType: 'DESTINATION' } },
  { path: '/functions', list: 'functions', what: 'insert functions', query: { resourceType: 'INSERT_DESTINATION' } },
  { path: '/reverse-etl-models', list: 'models', what: 'Reverse ETL models' },
  { path: '/spaces', list: 'spaces', what: 'spaces (profiles and audiences)' },
  { path: '/groups', list: 'userGroups', what: 'user groups' },
  { path: '/users', list: 'users', what: 'people' },
] as const;
const Named = z.looseObject({
  name: z.string().nullish(),
  displayName: z.string().nullish(),
  email: z.string().nullish(),
  slug: z.string().nullish(),
  id: z.string().nullish(),
});

const Suppressed = z.object({ subjectIds: z.array(z.string()).default([]) });

/** Reads a workspace by Segment's Public API. What the token may not see, or what is not there, is told in `unread`; throws where nothing can be read. */
export async function readSegment(client: ApiClient): Promise<SegmentWorkspace> {
  const unread: { what: string; why: string }[] = [];
  const orTold = async <T>(what: string, read: () => Promise<T[]>): Promise<T[]> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status === 401 && error.entries[0]?.type === 'unauthenticated')) {
        throw error;
      }
      unread.push({ what, why: `${error.message} (${error.asked}, status ${error.status})` });
      return [];
    }
  };
  const listOf = async <T>(path: string, list: string, item: z.ZodType<T>, query: object = {}): Promise<T[]> => {
    const items: T[] = [];
    for await (const page of client.pages(
      { method: 'GET', path, query },
      list === 'destinations' ? DESTINATION_PAGE : undefined,
    )) {
      const Page = z.looseObject({ [list]: z.array(item).nullish() });
      items.push(...(Page.parse(page)[list] ?? []));
    }
    return items;
  };

  const { workspace } = z
    .looseObject({ workspace: SegmentWorkspaceIn })
    .parse(await client.send({ method: 'GET', path: '/' }));
  const labels = await orTold('labels', async () => {
    const answer = await client.send({ method: 'GET', path: '/labels' });
    return z.looseObject({ labels: z.array(SegmentLabel) }).parse(answer).labels;
  });
  const sources = await listOf('/sources', 'sources', SegmentSource);
  const destinations = await inParallel(
    await listOf('/destinations', 'destinations', SegmentDestination),
    READS_AT_ONCE,
    async (destination) => {
      const at = `destination ${destination.name ?? destination.metadata.name}`;
      const id = encodeURIComponent(destination.id);
      // A destination of the older kind has no mappings.
      const hasActions = (destination.metadata.actions ?? []).length > 0;
      const subscriptions = hasActions
        ? await orTold(
            `mappings of ${at}`,
            async () => await listOf(`/destinations/${id}/subscriptions`, 'subscriptions', SegmentSubscription),
          )
        : [];
      const filters = await orTold(
        `filters of ${at}`,
        async () => await listOf(`/destination/${id}/filters`, 'filters', SegmentFilter),
      );
      return { ...destination, subscriptions, filters };
    },
  );
  const plans = await inParallel(
    await orTold('tracking plans', async () => await listOf('/tracking-plans', 'trackingPlans', SegmentPlan)),
    READS_AT_ONCE,
    async (plan) => {
      const path = `/tracking-plans/${encodeURIComponent(plan.id)}`;
      const at = `tracking plan ${plan.name ?? plan.id}`;
      const rules = await orTold(`rules of ${at}`, async () => await listOf(`${path}/rules`, 'rules', SegmentRule));
      const connected = await orTold(
        `sources of ${at}`,
        async () => await listOf(`${path}/sources`, 'sources', z.object({ id: z.string() })),
      );
      return { ...plan, rules, sourceIds: connected.map(({ id }) => id) };
    },
  );
  const transformations = await orTold(
    'transformations',
    async () => await listOf('/transformations', 'transformations', SegmentTransformation),
  );
  const others = [];
  for (const one of OTHERS) {
    const query = 'query' in one ? one.query : {};
    const found = await orTold(one.what, async () => await listOf(one.path, one.list, Named, query));
    const names = found.map(
      ({ email, displayName, name, slug, id }) => email ?? displayName ?? name ?? slug ?? id ?? '?',
    );
    if (names.length > 0) others.push({ what: one.what, names });
  }
  const suppressed = await orTold(
    'suppressed users',
    async () => await listOf('/suppressions', 'suppressed', Suppressed),
  );
  const count = suppressed.reduce((sum, { subjectIds }) => sum + subjectIds.length, 0);
  // Who they are is nothing for a file.
  if (count > 0) others.push({ what: `${count} suppressed users`, names: ['suppress them here by POST /regulations'] });
  return { workspace, labels, sources, destinations, plans, transformations, others, unread };
}
