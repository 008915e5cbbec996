import { CLOCK_SKEW_MS, CONFIG_CHECK_MS } from '../../shared/config/limits.ts';
import type { ReplayFilter } from '../../shared/domain/replay.ts';
import type { Destination } from '../../shared/domain/workspace.ts';
import { REPLAY_RATE_DEFAULT } from '../../shared/domain/replay-order.ts';
import { CliError } from '../cli-error.ts';
import type { Target } from '../replay/find-destinations.ts';
import type { ReplayDeps } from '../replay/replay-deps.ts';
import { sendLetters } from '../replay/send-letters.ts';

/** What becomes of what was kept while a destination was paused: all is sent, nothing, or what came at a time or later. */
export type Resume = 'send' | 'drop' | { from: string };

/**
 * deliver goes on by what it knows for CONFIG_CHECK_MS, and writes what it keeps within a moment: after this, nothing more is kept because of
 * the pause.
 */
const LAST_KEPT_MS = CONFIG_CHECK_MS + 3_000;

export function show({ print }: Pick<ReplayDeps, 'print'>, { destination, mappings }: Target): void {
  const { id, name, type, sourceId, enabled, paused, lane, retryWindowHours } = destination;
  print(`${name} (${id}), ${type}, of source ${sourceId}`);
  print(`  ${enabled ? 'switched on' : 'switched off'}, ${mappings.length} mappings`);
  print(`  ${lane === undefined ? 'shared lane' : `lane ${lane}`}, retries for ${retryWindowHours} hours`);
  if (paused !== undefined) print(`  paused since ${paused.since} ${BY[paused.by]}`);
}

const BY = { hand: 'by hand', failing: 'because it failed for days' } as const;

/** From now on nothing is sent to it, and what comes is kept. */
export async function pause(deps: ReplayDeps, { destination }: Target): Promise<void> {
  const { name, paused } = destination;
  if (paused !== undefined) return deps.print(`${name} is paused since ${paused.since} already.`);
  const since = deps.now().toISOString();
  await save(deps, { ...destination, paused: { since, by: 'hand' } });
  deps.print(`${name} is paused since ${since}: what comes is kept in the dead-letter store, as destination_paused.`);
}

/** Sends to it again, and what was kept as far as was asked. */
export async function resume(deps: ReplayDeps, target: Target, how: Resume): Promise<void> {
  const { paused, ...open } = target.destination;
  if (paused === undefined) throw new CliError(`${open.name} is not paused.`);
  const destination = await save(deps, open);
  deps.print(`${open.name} is resumed; it was paused since ${paused.since}.`);
  // deliver's clock says when a letter ended.
  const from = new Date(Date.parse(paused.since) - CLOCK_SKEW_MS).toISOString();
  const later = `${deps.command} --destination ${open.id} --code ${KEPT_CODE} --from ${from}`;
  if (how === 'drop') {
    return deps.print(`What was kept meanwhile stays in the dead-letter store; to send it after all: ${later}`);
  }
  deps.print(`Waiting ${LAST_KEPT_MS / 1_000} s for the last that is kept; broken off here, it is done by: ${later}`);
  await deps.wait(LAST_KEPT_MS);
  const filter: ReplayFilter = { code: KEPT_CODE, from, ...(how !== 'send' && { receivedFrom: how.from }) };
  await sendLetters(deps, { ...target, destination }, { filter, rate: REPLAY_RATE_DEFAULT, dryRun: false });
}

/** The code of what deliver keeps for a paused destination. */
const KEPT_CODE = 'destination_paused';

export async function changeRetryHours(deps: ReplayDeps, { destination }: Target, hours: number): Promise<void> {
  const { name, retryWindowHours } = destination;
  if (retryWindowHours === hours) return deps.print(`${name} retries for ${hours} hours already.`);
  await save(deps, { ...destination, retryWindowHours: hours });
  deps.print(`${name} retries for ${hours} hours (before: ${retryWindowHours}); what waits is judged by that, too.`);
}

async function save(deps: ReplayDeps, destination: Destination): Promise<Destination> {
  const updatedAt = deps.now().toISOString();
  const saved = await deps.control.saveDestination({ ...destination, updatedAt }, deps.newWriteId());
  if (saved.outcome === 'saved') return saved.value;
  throw new CliError(`Somebody else has changed ${destination.name} at this moment: nothing was changed; try again.`);
}
