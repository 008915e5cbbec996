import { type BatchWork, EventSource, LambdaFunction } from './event-source.ts';
import { planEpisodes } from './episodes.ts';
import type { FaultKind } from './fault-kinds.ts';
import { Faults } from './faults.ts';
import { checkAtRest } from './final-checks.ts';
import { type Plant, setUpDeliver, setUpEmpty, setUpRoute } from './functions.ts';
import type { FunctionName, Host } from './host.ts';
import { putOldMessages } from './old-messages.ts';
import { type Scale, SMALL } from './policies.ts';
import { OWN_LANES, Services } from './services.ts';
import type { SqsModel } from './sqs-model.ts';
import { type Failure, START_MS, World } from './world.ts';

/** Lambda's timeouts, and how many invocations of an event source run at once. */
const TIMEOUT_MS = 30_000;
const CONCURRENCY = { intake: 3, lane: 2, shared: 3, dead: 2 };
/** The last episode has ended this long after the last request. */
const LAST_EPISODE_MS = 1_000;

export type SimulationOptions = {
  seed: number;
  scale?: Scale;
  plant?: Plant | undefined;
  /** Kinds of faults, instead of those that the seed would choose. */
  faults?: readonly FaultKind[];
  trace?: (line: string) => void;
  /** Sees the services before anything happens: for scenarios that are not left to chance. */
  prepare?: (services: Services) => void;
};

export type SimulationResult = {
  seed: number;
  failure: Failure | undefined;
  hits: ReadonlyMap<FaultKind, number>;
  steps: number;
  /** Virtual time that passed. */
  virtualMs: number;
  services: Services;
};

/** Plays one seed to its end: traffic and faults, then calm, then rest. The first broken rule ends it. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, plant } = options;
  const scale = options.scale ?? SMALL;
  const world = new World(seed, options.trace);
  const faults = new Faults(world.random, options.faults);
  const services = new Services(world, faults);
  const functions = connect(services, scale, plant);
  services.traffic.start(scale.traffic);
  planEpisodes(
    { world, faults, config: services.config, tools: services.tools, functions, lanes: OWN_LANES },
    scale.traffic.forMs,
  );
  if (faults.has('messages of the release before')) putOldMessages(services);
  options.prepare?.(services);

  await world.run(START_MS + scale.traffic.forMs + LAST_EPISODE_MS);
  faults.end(world.nowMs);
  for (const host of functions.flatMap((each) => each.hosts())) host.clockOffsetMs = 0;
  await world.run(world.nowMs + scale.drainMs, () => isAtRest(services));
  if (world.failure === undefined) {
    if (isAtRest(services)) checkAtRest(services);
    else world.fail('all queues drain once faults are over', whatIsLeft(services));
  }
  const { failure, steps, nowMs } = world;
  return { seed, failure, hits: faults.hits, steps, virtualMs: nowMs - START_MS, services };
}

/** The functions and their event sources, as infra wires them. */
function connect(services: Services, scale: Scale, plant: Plant | undefined): LambdaFunction[] {
  const { world, faults } = services;
  const make = (name: FunctionName, setUp: (host: Host) => BatchWork) =>
    new LambdaFunction(world, faults, { name, timeoutMs: TIMEOUT_MS, setUp });
  const route = make('route', (host) => setUpRoute(services, host, plant));
  const deliver = make('deliver', (host) => setUpDeliver(services, host, scale, plant));
  const empty = make('empty-dead-letters', (host) => setUpEmpty(services, host, plant));
  const source = (queue: SqsModel, fn: LambdaFunction, concurrencyMax: number) =>
    new EventSource(world, faults, { queue, fn, concurrencyMax });
  source(services.intake, route, CONCURRENCY.intake);
  source(services.lanes.shared, deliver, CONCURRENCY.shared);
  for (const lane of services.lanes.own) source(lane, deliver, CONCURRENCY.lane);
  for (const dead of [services.intakeDead, services.lanesDead]) source(dead, empty, CONCURRENCY.dead);
  return [route, deliver, empty];
}

const isAtRest = (services: Services): boolean => services.queues().every((queue) => queue.isEmpty());

const whatIsLeft = (services: Services): string =>
  services
    .queues()
    .filter((queue) => !queue.isEmpty())
    .map((queue) => `${queue.name}: ${JSON.stringify(queue.counts())}`)
    .join(', ');
