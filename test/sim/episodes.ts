import type { DestinationId } from '../../shared/domain/ids.ts';
import { BAD_KEY, type ConfigModel, GOOD_KEY } from './config-model.ts';
import type { LambdaFunction } from './event-source.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { Spell, Tools } from './tools.ts';
import { ADA } from './traffic.ts';
import type { World } from './world.ts';

export type EpisodeDeps = {
  world: World;
  faults: Faults;
  config: ConfigModel;
  tools: Tools;
  functions: readonly LambdaFunction[];
  lanes: number;
};

/** How long a spell of a tool, a failure of the configuration table, or a closed destination lasts at most: a share of the traffic's time. */
const SPELL_SHARE = { min: 0.1, max: 0.45 };
const AWAY_SHARE = { min: 0.1, max: 0.35 };
/** Spells that one seed has of a kind at most; redeploys likewise. */
const TIMES_MAX = 3;
/** A clock that jumps is wrong by up to so much, in either direction. */
const CLOCK_JUMP_MS = 10 * 60_000;

const SPELLS = ['outage', 'tool does not answer', 'tool flaps', 'tool is slow', 'refuses the key (401)'] as const;

/** Makes the appointments of all that a seed has planned: spells of tools, what people change, what operators do. */
export function planEpisodes(deps: EpisodeDeps, forMs: number): void {
  const { world, faults, config, tools } = deps;
  const random = world.random.fork('episodes');
  for (const kind of SPELLS) {
    if (!faults.has(kind)) continue;
    for (let number = random.whole(1, TIMES_MAX); number > 0; number -= 1) {
      tools.addSpell(anyOf(random, config), spellWithin(random, kind, world.nowMs, forMs));
    }
  }
  if (faults.has('configuration away')) {
    const { fromMs, toMs } = within(random, forMs, AWAY_SHARE);
    world.after(fromMs, () => {
      config.isAway = !faults.isOver;
    });
    world.after(toMs, () => {
      config.isAway = false;
    });
  }
  // From its own chance, so that older seeds play as they did.
  if (faults.has('user suppressed')) {
    const { fromMs, toMs } = within(world.random.fork('suppression'), forMs, SPELL_SHARE);
    world.after(fromMs, () => config.suppress(ADA));
    world.after(toMs, () => config.suppress());
  }
  for (const [kind, change] of Object.entries(CHANGES)) {
    if (faults.has(kind as FaultKind)) change(deps, random, anyOf(random, config), forMs);
  }
  planOperators(deps, random, forMs);
}

function planOperators({ world, faults, functions }: EpisodeDeps, random: Random, forMs: number): void {
  if (faults.has('redeploy')) {
    for (let number = random.whole(1, TIMES_MAX); number > 0; number -= 1) {
      world.after(random.between(0, forMs), () => {
        faults.hit('redeploy');
        for (const each of functions) each.redeploy();
      });
    }
  }
  if (faults.has('clock jump')) {
    world.after(random.between(0, forMs), () => {
      const hosts = functions.flatMap((each) => each.hosts());
      const host = hosts[random.whole(0, hosts.length - 1)];
      if (host === undefined) return;
      faults.hit('clock jump');
      host.hasJumped = true;
      host.clockOffsetMs += random.between(-CLOCK_JUMP_MS, CLOCK_JUMP_MS);
    });
  }
}

type Change = (deps: EpisodeDeps, random: Random, id: DestinationId, forMs: number) => void;

const now = (world: World): string => new Date(world.nowMs).toISOString();

/** What people do to a destination, and undo some time later. */
const CHANGES: Partial<Record<FaultKind, Change>> = {
  'destination disabled': ({ world, faults, config }, random, id, forMs) => {
    const { fromMs, toMs } = within(random, forMs, AWAY_SHARE);
    const set = (enabled: boolean) =>
      config.change(id, enabled ? 'enables' : 'disables', (target) => ({
        ...target,
        destination: { ...target.destination, enabled },
      }));
    world.after(fromMs, () => {
      faults.hit('destination disabled');
      set(false);
    });
    world.after(toMs, () => set(true));
  },
  'destination deleted': ({ world, faults, config }, random, id, forMs) => {
    world.after(random.between(0, forMs), () => {
      faults.hit('destination deleted');
      config.change(id, 'deletes', () => undefined);
    });
  },
  'destination paused': ({ world, faults, config }, random, id, forMs) => {
    const { fromMs, toMs } = within(random, forMs, AWAY_SHARE);
    world.after(fromMs, () => {
      faults.hit('destination paused');
      const paused = { since: now(world), by: 'hand' as const };
      config.change(id, 'pauses', (target) => ({ ...target, destination: { ...target.destination, paused } }));
    });
    world.after(toMs, () =>
      config.change(id, 'resumes', (target) => {
        const { paused: _paused, ...destination } = target.destination;
        return { ...target, destination };
      }),
    );
  },
  'mapping removed': ({ world, faults, config }, random, id, forMs) => {
    world.after(random.between(0, forMs), () => {
      faults.hit('mapping removed');
      config.change(id, 'removes a mapping of', (target) => ({ ...target, mappings: target.mappings.slice(1) }));
    });
  },
  'lane moved': ({ world, faults, config, lanes }, random, id, forMs) => {
    for (let number = random.whole(1, TIMES_MAX); number > 0; number -= 1) {
      world.after(random.between(0, forMs), () => {
        faults.hit('lane moved');
        const lane = random.whole(0, lanes);
        config.change(id, `moves to lane ${lane}`, (target) => ({
          ...target,
          destination: { ...target.destination, lane: lane === lanes ? undefined : lane },
        }));
      });
    }
  },
  'key corrected': ({ world, faults, config }, random, id, forMs) => {
    const { fromMs, toMs } = within(random, forMs, SPELL_SHARE);
    const set = (sealed: string) =>
      config.change(id, `sets the ${sealed} of`, (target) => ({
        ...target,
        destination: { ...target.destination, secrets: { key: { sealed } } },
      }));
    world.after(fromMs, () => {
      faults.hit('key corrected');
      set(BAD_KEY);
    });
    world.after(toMs, () => set(GOOD_KEY));
  },
};

function anyOf(random: Random, config: ConfigModel): DestinationId {
  const [first, ...rest] = config.destinationIds();
  if (first === undefined) throw new Error('A simulation has destinations');
  return random.pick([first, ...rest]);
}

/** A stretch of the traffic's time, in ms from now. */
function within(random: Random, forMs: number, share: { min: number; max: number }): { fromMs: number; toMs: number } {
  const lengthMs = forMs * random.between(share.min, share.max);
  const fromMs = random.between(0, forMs - lengthMs);
  return { fromMs, toMs: fromMs + lengthMs };
}

function spellWithin(random: Random, kind: Spell['kind'], startMs: number, forMs: number): Spell {
  const { fromMs, toMs } = within(random, forMs, SPELL_SHARE);
  return { kind, fromMs: startMs + fromMs, toMs: startMs + toMs };
}
