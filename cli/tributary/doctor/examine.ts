import * as z from 'zod';
import { ApiError } from '../../../shared/api/api-error.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import { inParallel } from '../../../shared/aws/in-parallel.ts';
import type { Io } from '../command.ts';
import { rightsOf } from '../workspace/rights-of.ts';
import type { Examined } from './findings.ts';

const READS_AT_ONCE = 6;
/** Each carries the metadata of its type, some 30 KB. */
const DESTINATION_PAGE = 25;
const REACH_MS_MAX = 20_000;

const Counts = z.record(z.string(), z.number());
/** What of the status is looked at. */
const StatusAnswer = z.object({
  mismatches: z.object({ found: z.array(z.unknown()) }).optional(),
  metrics: z
    .object({ lanes: z.array(z.object({ name: z.string(), oldestSeconds: z.number().optional() })) })
    .optional(),
  sources: z.array(z.object({ id: z.string(), received: z.number() })),
  destinations: z.array(
    z.object({
      id: z.string(),
      sends: z.number(),
      delivered: z.number(),
      discarded: Counts,
      deadLettered: Counts,
      breaker: z.object({ openedAt: z.string(), message: z.string().optional() }).optional(),
      errors: z.array(z.object({ message: z.string().optional(), code: z.string().optional(), count: z.number() })),
    }),
  ),
});
type StatusAnswer = z.infer<typeof StatusAnswer>;

/** Looks at a workspace by reads alone. What the token may not see is left out. Throws where the API does not answer, or not to this token. */
export async function examine(client: ApiClient, profile: { url: string; token: string }, io: Io): Promise<Examined> {
  const reach = await reached(profile, io);
  const { workspace } = await client.call('getWorkspace');
  const rights = await rightsOf(client);
  const status = await orAbsent(async () => StatusAnswer.parse(await client.call('getStatus')));
  const tokens = await orAbsent(async () => (await client.call('listTokens')).tokens);
  const sources = (await orAbsent(async () => await client.all('listSources', 'sources'))) ?? [];
  const names = new Map(sources.map(({ id, slug }) => [id, slug]));
  const listed =
    (await orAbsent(async () => await client.all('listDestinations', 'destinations', {}, DESTINATION_PAGE))) ?? [];
  const destinations = await inParallel(listed, READS_AT_ONCE, async ({ id, sourceId, enabled, name = '' }) => {
    const path = { destinationId: id };
    const { destination } = await client.call('getAppDestination', { path });
    const mappings = await client.all('listSubscriptionsFromDestination', 'subscriptions', { path });
    const health = healthOf(status, id);
    return {
      name: `${names.get(sourceId) ?? sourceId}/${name}`,
      enabled,
      hasLane: destination.lane !== undefined,
      ...(destination.paused !== undefined && { paused: destination.paused }),
      missingSettings: destination.missingSettings,
      mappings: mappings.length,
      mappingsEnabled: mappings.filter((mapping) => mapping.enabled).length,
      ...(health !== undefined && { health }),
    };
  });
  return {
    workspace,
    url: profile.url,
    ...reach,
    rights,
    sources: sources.map(({ id, slug, enabled, writeKeys }) => {
      const received = status?.sources.find((one) => one.id === id)?.received;
      return { name: slug, enabled, writeKeys: writeKeys.length, ...(received !== undefined && { received }) };
    }),
    destinations,
    ...(tokens !== undefined && { tokens }),
    ...(status?.mismatches !== undefined && { mismatches: status.mismatches.found.length }),
    oldestSeconds: (status?.metrics?.lanes ?? []).flatMap(({ name, oldestSeconds: seconds }) =>
      seconds === undefined ? [] : [{ name, seconds }],
    ),
  };
}

function healthOf(status: StatusAnswer | undefined, id: string): Examined['destinations'][number]['health'] {
  const found = status?.destinations.find((one) => one.id === id);
  if (found === undefined) return undefined;
  const { sends, delivered, discarded, deadLettered, breaker, errors } = found;
  const lost = [discarded, deadLettered].flatMap((counts) => Object.values(counts)).reduce((sum, one) => sum + one, 0);
  const [worst] = errors.toSorted((a, b) => b.count - a.count);
  const error = worst?.message ?? worst?.code;
  return { sends, delivered, lost, ...(error !== undefined && { error }), ...(breaker !== undefined && { breaker }) };
}

/** One request of its own: the client shows no headers. */
async function reached(
  { url, token }: { url: string; token: string },
  io: Io,
): Promise<Pick<Examined, 'roundTripMs' | 'clockAheadMs'>> {
  const before = io.now().getTime();
  const response = await (io.fetch ?? fetch)(`${url}/`, {
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(REACH_MS_MAX),
  }).catch(() => undefined);
  await response?.text();
  const after = io.now().getTime();
  const date = Date.parse(response?.headers.get('date') ?? '');
  const roundTripMs = after - before;
  return { roundTripMs, ...(!Number.isNaN(date) && { clockAheadMs: date + 500 - (before + after) / 2 }) };
}

/** What the caller may not read, or this deployment does not have, is no reason to look at nothing. */
async function orAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const isRefused = error instanceof ApiError && error.entries[0]?.type === 'insufficient-permission';
    if (isRefused || (error instanceof ApiError && error.status === 501) || error instanceof z.ZodError)
      return undefined;
    throw error;
  }
}
