import { type DeliverDeps, deliverBatch } from '../../functions/deliver/deliver-batch.ts';
import { noDebugSampler, noHookSampler } from '../builders/fake-route-stores.ts';
import { createBreakers } from '../../functions/deliver/breaker.ts';
import { createPace } from '../../functions/deliver/pace.ts';
import { sampleBudget } from '../../functions/deliver/sample-budget.ts';
import { secretCache } from '../../functions/deliver/secret-cache.ts';
import { emptyBatch, type EmptyDeps } from '../../functions/empty-dead-letters/empty-batch.ts';
import { type RouteDeps, routeBatch } from '../../functions/route/route-batch.ts';
import type { DeviceLedger } from '../../shared/aws/device-claims.ts';
import { ANY_KIND } from '../builders/any-kind.ts';
import type { BreakerStore } from '../../shared/ports/breaker-store.ts';
import type { BatchWork } from './event-source.ts';
import type { Host } from './host.ts';
import type { Scale } from './policies.ts';
import type { Services } from './services.ts';

/**
 * A wrong product: what a planted bug makes of the dependencies of each function. Nothing of it is in production code; a plant is a port that
 * does not keep its promise, or a rule that was taken away.
 */
export type Plant = {
  name: string;
  route?: (deps: RouteDeps, host: Host) => RouteDeps;
  deliver?: (deps: DeliverDeps, host: Host) => DeliverDeps;
  empty?: (deps: EmptyDeps, host: Host) => EmptyDeps;
  devices?: (ledger: DeviceLedger) => DeviceLedger;
  breakers?: (store: BreakerStore, host: Host) => BreakerStore;
  /** Wraps the function itself: records may be changed on their way in. */
  work?: (work: BatchWork, host: Host) => BatchWork;
};

/** One warm environment of route: the real code on the services of the simulation. */
export function setUpRoute(services: Services, host: Host, plant: Plant | undefined): BatchWork {
  const deps: RouteDeps = {
    configs: services.config.reader(host),
    claims: services.seen.claimStore(host, plant?.devices),
    plans: services.ledger.planStore(host),
    touches: services.ledger.touches(host),
    tries: services.ledger.tryStore(host),
    timers: host.timers,
    deadLetters: services.deadLetters.store(host),
    lanes: services.lanes.port(host),
    archive: services.archive.port(host),
    catalog: () => ANY_KIND,
    hookSampler: noHookSampler,
    debugSampler: noDebugSampler,
    holdBack: (receiptHandle, seconds) => services.holdBack(host, services.intake, receiptHandle, seconds),
    now: host.now,
    newWriteId: services.newWriteId,
  };
  const work = routeBatch(plant?.route?.(deps, host) ?? deps);
  return plant?.work?.(work, host) ?? work;
}

/** One warm environment of deliver. */
export function setUpDeliver(services: Services, host: Host, scale: Scale, plant: Plant | undefined): BatchWork {
  const breakers = services.breakers.store(host);
  const { now } = host;
  const random = services.world.random.fork(`jitter of ${host.name}`);
  const deps: DeliverDeps = {
    configs: services.config.reader(host),
    sealer: secretCache(services.config.sealer(host), () => now().getTime()),
    kindOf: () => ANY_KIND,
    engine: services.tools.engine(host),
    inbox: { add: () => host.call('adds to the Inbox', () => undefined) },
    dones: services.ledger.doneStore(host),
    touches: services.ledger.touches(host),
    deadLetters: services.deadLetters.store(host),
    samples: services.deadLetters.samples(host),
    lanes: services.lanes.port(host),
    isOfSharedLane: ({ eventSourceARN }) => eventSourceARN.endsWith(`:${services.lanes.shared.name}`),
    breakers: createBreakers({
      store: plant?.breakers?.(breakers, host) ?? breakers,
      policy: scale.breakerPolicy,
      now,
      newWriteId: services.newWriteId,
      onOpen: ({ destinationId, cause }) =>
        services.world.trace(() => `the breaker of ${destinationId} opens: ${cause}`),
    }),
    tries: services.ledger.tryStore(host),
    retryPolicy: scale.retryPolicy,
    holdBack: (record, seconds) => services.holdBackByArn(host, record, seconds),
    now,
    random: random.next,
    timers: host.timers,
    newWriteId: services.newWriteId,
    takesSample: sampleBudget(),
    pace: createPace(),
  };
  const work = deliverBatch(plant?.deliver?.(deps, host) ?? deps);
  return plant?.work?.(work, host) ?? work;
}

/** One warm environment of empty-dead-letters. */
export function setUpEmpty(services: Services, host: Host, plant: Plant | undefined): BatchWork {
  const deps: EmptyDeps = {
    configs: services.config.reader(host),
    suppressions: services.config.reader(host),
    plans: services.ledger.planStore(host),
    dones: services.ledger.doneStore(host),
    touches: services.ledger.touches(host),
    deadLetters: services.deadLetters.store(host),
    samples: services.deadLetters.samples(host),
    lanes: services.lanes.port(host),
    tries: services.ledger.tryStore(host),
    isOfIntake: ({ eventSourceARN }) => eventSourceARN.endsWith(`:${services.intakeDead.name}`),
    now: host.now,
    newWriteId: services.newWriteId,
  };
  const work = emptyBatch(plant?.empty?.(deps, host) ?? deps);
  return plant?.work?.(work, host) ?? work;
}
