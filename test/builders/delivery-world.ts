import { everywhere, peopledWorld } from './api-people.ts';
import { fakeDelivery } from './fake-delivery.ts';
import { publicApiClient } from './public-api-client.ts';
import { served } from './served.ts';
import { aDestination, aMapping, aWorkspace } from './workspace-things.ts';

const HTTP_METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** The API with a webhook destination dst_1 of src_1 with two mappings, one of src_2, and one of the other workspace; books are put by the test. */
export async function deliveryWorld() {
  const books = fakeDelivery();
  const world = await peopledWorld(books.deps);
  const WS = aWorkspace().id;
  const hook = { type: 'webhook', name: 'Hook' };
  await world.commit(WS, [
    { kind: 'destination', verb: 'save', thing: aDestination(hook) },
    { kind: 'mapping', verb: 'save', thing: aMapping() },
    { kind: 'mapping', verb: 'save', thing: aMapping({ id: 'map_2', name: 'Pages' }) },
    { kind: 'destination', verb: 'save', thing: aDestination({ ...hook, id: 'dst_2', sourceId: 'src_2' }) },
  ]);
  const theirs = aDestination({ ...hook, id: 'dst_9', sourceId: 'src_9', workspaceId: 'ws_2' });
  await world.commit(theirs.workspaceId, [{ kind: 'destination', verb: 'save', thing: theirs }]);
  return { ...world, books, reader: () => world.token([everywhere('source-read-only')]) };
}

/** The official client library on that API, over HTTP. Close it. */
export async function deliverySdk(world: Awaited<ReturnType<typeof deliveryWorld>>) {
  const server = await served(async ({ method, path, query, headers, body }) => {
    const bearer = headers.authorization?.replace('Bearer ', '') ?? null;
    const text = HTTP_METHODS_WITH_BODY.has(method) ? body : undefined;
    const answer = await world.call(method, path, { bearer, query, ...(text !== undefined && { text }) });
    return { status: answer.status, body: answer.text };
  });
  return { ...publicApiClient(server.url, world.ownerToken), close: server.close };
}
