import fc from 'fast-check';
import { openApiOf } from '../../../../shared/api/openapi.ts';
import { goodInputs } from '../../../builders/api-fuzz/good-inputs.ts';
import { type FuzzOperation, operationsOf, requestsTo } from '../../../builders/api-fuzz/fuzz-requests.ts';
import { fuzzWorld, OTHERS_MARK } from '../../../builders/api-fuzz/fuzz-world.ts';

/** `FUZZ_SEED=random` tries what was not tried yet; fast-check prints the seed of a failure and the smallest request that shows it. */
const asked = process.env['FUZZ_SEED'];
const SEED = asked === 'random' ? Date.now() % 2 ** 31 : Number(asked ?? 20_261_126);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 30);
/** What is not offered is answered before anything of it is looked at. */
const RUNS_OF_LATER = 4;

const document = openApiOf();
const operations = operationsOf(document);
const requests = { count: 0, refused: 0 };
/** Operations that were answered well at least once: what lies behind their checks was reached. */
const reached = new Map<string, number>();
/** What fast-check says, and what the last, smallest request met. */
const textOf = (error: unknown): string =>
  error instanceof Error
    ? `${error.message}${error.cause === undefined ? '' : `\n${textOf(error.cause)}`}`
    : String(error);
/**
 * Of these no request can be answered well: there are no warehouses, what is suppressed is finished at once, and what an export says hangs together, so
 * that none that is broken somewhere is good; the world makes one itself.
 */
const NEVER_WELL = ['getWarehouseMetadata', 'deleteRegulation', 'createExport'];
type World = Awaited<ReturnType<typeof fuzzWorld>>;

/** What the table holds, as one text; times of use are not of the workspace's state. */
const stateOf = ({ documents }: Pick<World, 'documents'>): string => JSON.stringify([...documents.items.entries()]);

/** What every answer must be, whatever was asked. */
async function sendOne(
  world: World,
  { id, method, operation }: FuzzOperation,
  request: { path: string; query: string; text: string | undefined },
) {
  const before = stateOf(world);
  const { text, ...rest } = request;
  const bearer = world.bearerFor(id, operation['x-right']);
  const answer = await world.call(method, rest.path, {
    bearer,
    query: rest.query,
    ...(text !== undefined && { text }),
  });
  requests.count += 1;
  const { status } = answer;
  const isAskedFor = id === 'echo' && answer.errors[0]?.message !== undefined && status < 600;
  if (status >= 500 && status !== 501 && !isAskedFor) throw new Error(`${status}: ${answer.text}`);
  if (status === 501 && operation['x-effect'] !== 'later' && id !== 'createWorkspaceRegulation')
    throw new Error(`501: ${id} is not answered`);
  if (status >= 400) {
    requests.refused += 1;
    expect(answer.text.startsWith('{"errors":[{')).toBe(true);
    for (const error of answer.errors)
      expect(error).toMatchObject({ type: expect.any(String), message: expect.any(String), status });
    expect(stateOf(world) === before).toBe(true);
  } else {
    reached.set(id, (reached.get(id) ?? 0) + 1);
    const isBare =
      id === 'getBalance' ||
      id === 'getReferencePage' ||
      id === 'getOpenApi' ||
      id === 'getLogo' ||
      operation['x-effect'] === 'later';
    if (!isBare && answer.headers['Content-Type']?.startsWith('application/json') === true)
      expect(answer.text).toMatch(/^\{"data":/);
    if (method === 'GET') expect(stateOf(world) === before).toBe(true);
  }
  if (answer.text.includes(OTHERS_MARK) && !JSON.stringify(request).includes(OTHERS_MARK))
    throw new Error(`An answer of another workspace: ${answer.text}`);
  return answer;
}

/** Cursors of every kind: of other lists, other workspaces, tampered with, made up. */
async function cursorsOf(world: World): Promise<string[]> {
  const cursors: string[] = [
    'MA==',
    'Mw==',
    '',
    'x',
    'a.b',
    '.',
    '__proto__',
    Buffer.from('{"a":1}').toString('base64url'),
  ];
  for (const path of ['/labels', '/sources', '/destinations', '/roles', '/catalog/destinations']) {
    const { status, data } = await world.call('GET', path, path === '/labels' ? {} : { query: 'pagination[count]=1' });
    const next = status === 200 ? (data as { pagination?: { next?: string } }).pagination?.next : undefined;
    if (next !== undefined) cursors.push(next, `${next.slice(0, -1)}A`, next.toUpperCase(), `x${next}`);
  }
  return cursors;
}

test('whatever is sent to any operation is answered in the envelope, never with 5xx, and what is refused changes nothing', async () => {
  const idle = await fuzzWorld();
  for (const operation of operations) {
    // What is not offered changes nothing: one world does for all of it.
    const isLater = operation.operation['x-effect'] === 'later';
    const world = isLater ? idle : await fuzzWorld();
    const cursors = await cursorsOf(world);
    const good = goodInputs(world.ids);
    await world.prepare(operation.id);
    await fc
      .assert(
        fc.asyncProperty(
          requestsTo(operation, document, { pools: world.pools, cursors, good: good[operation.id] }),
          async (request) => {
            // One address may ask so many things a minute, and one caller as many.
            world.advance(1_000);
            await sendOne(world, operation, request);
          },
        ),
        {
          seed: SEED,
          numRuns: isLater ? RUNS_OF_LATER : RUNS,
          endOnFailure: false,
          maxSkipsPerRun: 0,
        },
      )
      .catch((error: unknown) => {
        throw new Error(`${operation.id} (seed ${SEED}): ${textOf(error)}`);
      });
  }
  expect(requests.count).toBeGreaterThan(3_000);
  const inEffect = operations.filter(({ operation }) => operation['x-effect'] !== 'later');
  expect(inEffect.map(({ id }) => id).filter((id) => !reached.has(id))).toEqual(NEVER_WELL);
  expect(requests.refused).toBeGreaterThan(2_000);
}, 300_000);
