import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { WriteKey } from '../../shared/domain/ids.ts';
import { isJsonObject } from '../../shared/domain/json.ts';
import type { DoneRow, PlanRow } from '../../shared/domain/ledger-rows.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import type { Destination, Source } from '../../shared/domain/workspace.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { InboxStore } from '../../shared/ports/delivery-stores.ts';
import type { LedgerReader } from '../../shared/ports/ledger.ts';
import { CliError } from '../cli-error.ts';

/** The whole way of the event, a cold start of each function included. */
export const SMOKE_MS_MAX = 60_000;
const POST_TIMEOUT_MS = 15_000;
const POLL_MS = 500;

export type SmokeDeps = {
  control: Pick<ControlStore, 'listWorkspaces' | 'readConfig' | 'listWriteKeys' | 'findWriteKey'>;
  inbox: Pick<InboxStore, 'list'>;
  ledger: Pick<LedgerReader, 'plansOfHour' | 'donesOfHour'>;
  post: (url: string, init: RequestInit) => Promise<Response>;
  nowMs: () => number;
  print: (line: string) => void;
};

type Target = { source: Source; inbox: Destination; writeKey: WriteKey };

/**
 * Sends one event and follows it through a deployment, printing each step with its time. Throws CliError with one sentence that says how far
 * it came where a step is not seen within SMOKE_MS_MAX.
 */
export async function smokeTest(
  deps: SmokeDeps,
  where: { trackingUrl: string; writeKey?: string | undefined },
): Promise<void> {
  const target = await findTarget(deps, where.writeKey);
  deps.print(`source ${target.source.slug}, destination ${target.inbox.name}`);
  const startMs = deps.nowMs();
  const step = (text: string): void => deps.print(`${String(deps.nowMs() - startMs).padStart(6)} ms  ${text}`);
  const messageId = `smoke-${randomUUID()}`;

  await send(deps, where.trackingUrl, target, messageId);
  step('accepted');

  const arrived = await until(deps, startMs, 'it was accepted, but did not reach the Inbox', async () => {
    const events = await deps.inbox.list(target.inbox.id);
    return events.find((event) => event['messageId'] === messageId);
  });
  step('delivered to the Inbox');

  const receivedAt = arrived['receivedAt'];
  if (typeof receivedAt !== 'string') throw new CliError('The event in the Inbox has no receivedAt.');
  const plan = await until(deps, startMs, 'it was delivered, but its plan row is not in the ledger', async () => {
    const plans = await deps.ledger.plansOfHour(target.source.id, hourOf(receivedAt));
    return plans.find((row) => isPlanOf(row, receivedAt, target));
  });
  step(`planned in the ledger: ${plan.routed} routed`);

  const done = await until(deps, startMs, 'it was delivered, but its done row is not in the ledger', async () => {
    const rows = await deps.ledger.donesOfHour(target.inbox.id, hourOf(receivedAt));
    return rows.find((row) => isDoneOf(row, plan));
  });
  step(`settled in the ledger: ${done.delivered} delivered`);
}

const isPlanOf = (row: PlanRow, receivedAt: string, { inbox }: Target): boolean =>
  row.receivedAt === receivedAt && row.destinations.some((one) => one.destinationId === inbox.id && one.sends > 0);

const isDoneOf = (row: DoneRow, plan: PlanRow): boolean => row.intakeId === plan.intakeId && row.delivered > 0;

/** The source of a given key, or the first source of the deployment that has an Inbox switched on. */
async function findTarget(deps: SmokeDeps, text: string | undefined): Promise<Target> {
  const given = text === undefined ? undefined : WriteKey.safeParse(text).data;
  if (text !== undefined && given === undefined) throw new CliError(`"${text}" is not a write key.`);
  const owner = given === undefined ? undefined : await deps.control.findWriteKey(given);
  if (given !== undefined && owner === undefined) throw new CliError(`No source has the write key ${given}.`);
  for (const workspace of await deps.control.listWorkspaces()) {
    const config = await deps.control.readConfig(workspace.id);
    for (const source of config?.sources ?? []) {
      if (!source.enabled || (owner !== undefined && owner.sourceId !== source.id)) continue;
      const inbox = config?.destinations.find(
        ({ destination }) => destination.sourceId === source.id && destination.type === 'inbox' && destination.enabled,
      );
      if (inbox === undefined) continue;
      const writeKey = given ?? (await deps.control.listWriteKeys(workspace.id, source.id))[0]?.writeKey;
      if (writeKey !== undefined) return { source, inbox: inbox.destination, writeKey };
    }
  }
  throw new CliError(
    text === undefined
      ? 'No source has an Inbox that is switched on: seed one (docs/seed-file.md), then try again.'
      : 'The source of that write key is switched off or has no Inbox: seed one (docs/seed-file.md).',
  );
}

async function send(deps: SmokeDeps, trackingUrl: string, target: Target, messageId: string): Promise<void> {
  const url = `${trackingUrl}/v1/track`;
  let response: Response;
  try {
    response = await deps.post(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Basic ${Buffer.from(`${target.writeKey}:`).toString('base64')}`,
      },
      body: JSON.stringify({ messageId, anonymousId: messageId, event: 'Smoke Test', properties: {} }),
      signal: AbortSignal.timeout(POST_TIMEOUT_MS),
    });
  } catch (cause) {
    throw new CliError(`${url} does not answer: is the Ingest stack deployed, and reachable from here?`, { cause });
  }
  const text = await response.text();
  const rejected = response.headers.get('Tributary-Rejected');
  if (!response.ok) throw new CliError(`${url} answered ${response.status}: ${text.slice(0, 200)}`);
  if (rejected !== null) throw new CliError(`${url} rejected the event: ${rejected}.`);
  if (!isJsonObject(parsed(text))) throw new CliError(`${url} does not answer as Tributary does.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Looks until something is there. Throws CliError when SMOKE_MS_MAX have passed since the start. */
async function until<T>(
  deps: SmokeDeps,
  startMs: number,
  otherwise: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (deps.nowMs() - startMs > SMOKE_MS_MAX) {
      throw new CliError(`The event is not through within ${SMOKE_MS_MAX / 1_000} s: ${otherwise}.`);
    }
    await wait(POLL_MS);
  }
}
