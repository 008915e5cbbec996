import { configCache } from '../../shared/aws/config-cache.ts';
import type { DestinationId, WorkspaceId } from '../../shared/domain/ids.ts';
import type { Destination, Mapping, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { Sealer } from '../../shared/ports/sealer.ts';
import { aDestination, aMapping, aSource } from '../builders/workspace-things.ts';
import type { Faults } from './faults.ts';
import { type Host, sdkCall } from './host.ts';
import type { World } from './world.ts';

export const GOOD_KEY = 'good key';
export const BAD_KEY = 'bad key';

type Target = { destination: Destination; mappings: readonly Mapping[] };

/** What people configure, as it is now, and what they have closed since when. Reads go through the real cache of route and deliver. */
export class ConfigModel {
  current: WorkspaceConfig;
  /** While it is so, the table does not answer. */
  isAway = false;
  /** Destinations that get nothing (disabled, deleted or paused), and since when. */
  readonly closedSinceMs = new Map<DestinationId, number>();
  /** Since when users are suppressed; undefined while nobody is. */
  suppressedSinceMs: number | undefined;
  /** From when to when somebody is suppressed in this simulation, once. */
  suppression = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  /** Destinations that somebody has changed: what becomes of their sends is the people's choice. */
  readonly changed = new Set<DestinationId>();
  readonly #world: World;
  readonly #faults: Faults;

  constructor(world: World, faults: Faults, targets: readonly Target[], dedupBy: 'device' | 'event') {
    this.#world = world;
    this.#faults = faults;
    this.current = {
      workspaceId: aSource().workspaceId,
      configVersion: 1,
      sources: [aSource({ dedupBy })],
      destinations: targets,
    };
  }

  reader(host: Host): ConfigReader {
    const cache = configCache<WorkspaceId, WorkspaceConfig>({
      entriesMax: 10,
      nowMs: () => host.now().getTime(),
      lookUp: () =>
        sdkCall(
          host,
          'reads configuration',
          () => this.current,
          () => this.#fate(),
        ),
    });
    return { workspaceConfig: (workspaceId, asOfMs) => cache.get(workspaceId, asOfMs) };
  }

  sealer(host: Host): Pick<Sealer, 'open'> {
    const fate = () => (this.#faults.strikes('key service denies') ? ('refused' as const) : ('answered' as const));
    return { open: ({ sealed }) => sdkCall(host, 'opens a secret', () => sealed, fate) };
  }

  /** Replaces a destination by what `change` makes of it; undefined deletes it. Another version makes it another configuration. */
  change(id: DestinationId, what: string, change: (target: Target) => Target | undefined): void {
    const destinations = this.current.destinations.flatMap((target) => {
      if (target.destination.id !== id) return [target];
      const next = change(target);
      if (next === undefined) return [];
      return [{ ...next, destination: { ...next.destination, version: target.destination.version + 1 } }];
    });
    this.current = { ...this.current, configVersion: this.current.configVersion + 1, destinations };
    const found = this.#find(id);
    const isOpen = found?.destination.enabled === true && found.destination.paused === undefined;
    if (isOpen) this.closedSinceMs.delete(id);
    else if (!this.closedSinceMs.has(id)) this.closedSinceMs.set(id, this.#world.nowMs);
    this.changed.add(id);
    this.#world.trace(() => `somebody: ${what} ${id}`);
  }

  /** Says who is suppressed from now on. */
  suppress(...users: string[]): void {
    const { suppressed: _before, ...current } = this.current;
    this.current = {
      ...current,
      configVersion: current.configVersion + 1,
      ...(users.length > 0 && { suppressed: new Set(users) }),
    };
    const { nowMs } = this.#world;
    this.suppressedSinceMs = users.length > 0 ? nowMs : undefined;
    this.suppression = users.length > 0 ? { ...this.suppression, fromMs: nowMs } : { ...this.suppression, toMs: nowMs };
    this.#world.trace(() => `somebody: suppresses ${users.join(', ') || 'nobody any more'}`);
  }

  destinationIds(): DestinationId[] {
    return this.current.destinations.map(({ destination }) => destination.id);
  }

  #find(id: DestinationId): Target | undefined {
    return this.current.destinations.find(({ destination }) => destination.id === id);
  }

  #fate(): 'refused' | 'answered' {
    if (!this.isAway) return 'answered';
    this.#faults.hit('configuration away');
    return 'refused';
  }
}

/** A webhook-like destination with a mapping for each trigger. Its settings tell the tool who asks; its key may be right or wrong. */
export function aSimTarget(number: number, triggers: readonly string[], over: Record<string, unknown> = {}): Target {
  const id = `dst_${number}`;
  const destination = aDestination({
    id,
    type: 'webhook',
    settings: { destinationId: id },
    secrets: { key: { sealed: GOOD_KEY } },
    version: 1,
    ...over,
  });
  const mappings = triggers.map((trigger, index) =>
    aMapping({
      id: `map_${number}_${index}`,
      destinationId: id,
      trigger,
      fields: { mappingId: `map_${number}_${index}` },
    }),
  );
  return { destination, mappings };
}
