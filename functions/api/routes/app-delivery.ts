import type { HandlersOf } from '../http/request.ts';
import { readWithin } from '../resources/asked-range.ts';
import { destinationIn, mappingIn, sourceIn } from '../resources/find-things.ts';
import { pageBuckets } from '../resources/page-range.ts';
import { readDestinationDelivery, readSourceDelivery } from '../resources/read-delivery.ts';

export const appDeliveryHandlers: HandlersOf<'getDestinationDelivery' | 'getSourceDelivery'> = {
  getDestinationDelivery: async (request, { path, query: { subscriptionId, ...range } }) => {
    const found = destinationIn(await request.config(), path['destinationId']);
    if (subscriptionId !== undefined) mappingIn(found, subscriptionId);
    const asOf = request.now();
    const ranges = pageBuckets(range, asOf.getTime());
    const work = await request.deps.delivery();
    const asked = { ranges, subscriptionId, asOf: asOf.toISOString() };
    return await readWithin('range', () => readDestinationDelivery(work, found, asked));
  },

  getSourceDelivery: async (request, { path, query }) => {
    const source = sourceIn(await request.config(), path['sourceId']);
    const asOf = request.now();
    const ranges = pageBuckets(query, asOf.getTime());
    const work = await request.deps.delivery();
    return await readWithin('range', () => readSourceDelivery(work, source, ranges, asOf.toISOString()));
  },
};
