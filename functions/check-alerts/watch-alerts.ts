import { log } from '../../shared/aws/log.ts';
import { type Alert, alertsOf, ALERT_MINUTES_MAX } from '../../shared/domain/alert.ts';
import { type AlertFacts, DEAD_LETTER_MINUTES_DEFAULT, readingsOf } from '../../shared/domain/alert-readings.ts';
import { judgeStates, type Unmentioned, withoutChanges } from '../../shared/domain/alert-states.ts';
import { OUTBOX_BYTES_MAX, type WatchState } from '../../shared/domain/alert-notes.ts';
import type { Digest } from '../../shared/domain/digest.ts';
import { sumOf, windowOf } from '../../shared/domain/digest-window.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import type { Mismatch } from '../../shared/domain/mismatch.ts';
import { newErrorsOf, noteCodes } from '../../shared/domain/new-errors.ts';
import type { Notification } from '../../shared/domain/notification.ts';
import { type NotificationIdOf, tellChanges } from '../../shared/domain/tell-changes.ts';
import { hourOf, hourPlus, minuteOf, minutePlus } from '../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { DigestReader } from '../../shared/ports/digest-store.ts';
import type { Notes } from '../../shared/ports/notes.ts';
import type { NotificationStore } from '../../shared/ports/notification-store.ts';
import type { MappingTries } from './alert-facts.ts';

/** Runs that meet at one note: each loses to another at most so often. */
const TRIES_MAX = 4;
/** Notifications of one run of one workspace: alerts times kinds of change. */
const TOLD_MAX = 200;
/** Longer times are summed up from hours. */
const BY_MINUTES_MAX = 120;
/** Sums that are further behind than that are not judged: what is missing in them looks like what did not happen. */
const BEHIND_MS_MAX = 3 * 60_000;
/** Hours that codes of errors are looked back on when nothing is noted yet. */
const CODES_BACK_HOURS = 7 * 24;

export type WatchDeps = {
  control: Pick<ControlStore, 'listAlerts'>;
  notes: Notes<WatchState>;
  notifications: Pick<NotificationStore, 'add'>;
  /** What the hourly check of the books found last; asked once a run of the function. */
  mismatches: () => Promise<readonly Mismatch[] | undefined>;
  /** Asked only where an alert looks at it. */
  usage: (config: WorkspaceConfig) => Promise<AlertFacts['usage']>;
  mappings: MappingTries;
  laneAges: (config: WorkspaceConfig, ids: readonly DestinationId[]) => Promise<AlertFacts['laneAges']>;
  /** Wakes who sends: best effort, since it wakes up every minute by itself. */
  wakeSender: () => Promise<void>;
  idOf: NotificationIdOf;
  newWriteId: () => string;
  now: () => Date;
};

/** Sums, the moment before which they are whole, and the minute that they begin with. */
export type Summed = Pick<DigestReader, 'minutes' | 'hours'> & { asOf: string; since: string };

/**
 * Judges all alerts of a workspace by what is summed up now, and keeps what is to be told. What is told is noted together with the states that it follows from,
 * and kept as notifications after that: a run that ends in between is made up for by the next, under the same ids, and told once. Of runs that overlap
 * one saves; the other judges again by what that one left.
 */
export async function watchAlerts(
  deps: WatchDeps,
  config: WorkspaceConfig,
  digests: Summed,
): Promise<{ told: number }> {
  const { workspaceId } = config;
  const alerts = alertsOf(workspaceId, await deps.control.listAlerts(workspaceId)).filter(
    ({ enabled, kind }) => enabled && kind !== 'EVENT',
  );
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const noted = await deps.notes.read(workspaceId);
    const before: WatchState = noted.value ?? { states: {}, outbox: [] };
    let version = noted.version;
    await keepOutbox(deps, before);
    const now = deps.now().toISOString();
    const { facts, codes } = await factsOf({ ...deps, digests }, config, alerts, before, now);
    const seen = alerts.map((alert) => ({
      alert,
      readings: readingsOf(alert, facts),
      unmentioned: unmentionedOf(alert, facts),
    }));
    const judged = judgeStates(before.states, seen, now);
    const told = tellChanges(workspaceId, alerts, judged.changes, now, deps.idOf);
    const outbox = withinOutbox(told);
    const left = new Set(told.slice(outbox.length).map(({ alertId, transition }) => `${alertId} ${transition}`));
    const untold = judged.changes.filter(({ alertId, transition }) => left.has(`${alertId} ${transition}`));
    const states = withoutChanges(judged.states, before.states, untold);
    if (judged.leftOut > 0 || left.size > 0) {
      const { leftOut } = judged;
      log('WARN', 'More is not well than is followed or told at once', { workspaceId, leftOut, later: left.size });
    }
    const next: WatchState = { states, outbox, ...(codes !== undefined && { codes }) };
    // A run of a deployment where nothing happens writes nothing.
    if (JSON.stringify(next) === JSON.stringify(before)) return { told: 0 };
    if (!(await deps.notes.save(workspaceId, next, version, deps.newWriteId()))) continue;
    version += 1;
    if (outbox.length === 0) return { told: 0 };
    await keepOutbox(deps, next);
    // A run that came meanwhile has kept them, too: then there is nothing to take out.
    await deps.notes.save(workspaceId, { ...next, outbox: [] }, version, deps.newWriteId());
    await deps.wakeSender();
    return { told: outbox.length };
  }
  log('WARN', 'Alerts were judged by another run', { workspaceId });
  return { told: 0 };
}

/** Those that one run tells: the first ones that fit beside the states. */
function withinOutbox(told: readonly Notification[]): Notification[] {
  let room = OUTBOX_BYTES_MAX;
  const end = told.findIndex((one) => (room -= Buffer.byteLength(JSON.stringify(one))) < 0);
  return told.slice(0, Math.min(end === -1 ? told.length : end, TOLD_MAX));
}

async function keepOutbox(deps: WatchDeps, { outbox }: WatchState): Promise<void> {
  for (const notification of outbox) await deps.notifications.add(notification, deps.newWriteId());
}

/** Codes that are an hour old are not mentioned; everything else that is not mentioned is not there any more. */
const unmentionedOf = ({ kind }: Alert, { newErrors }: AlertFacts): Unmentioned => {
  if (kind !== 'NEW_ERROR') return 'gone';
  return newErrors === undefined ? 'unknown' : 'good';
};

async function factsOf(
  deps: WatchDeps & { digests: Summed },
  config: WorkspaceConfig,
  alerts: readonly Alert[],
  before: WatchState,
  now: string,
): Promise<{ facts: AlertFacts; codes: WatchState['codes'] }> {
  const { workspaceId } = config;
  const of = (...kinds: Alert['kind'][]) => alerts.filter(({ kind }) => kinds.includes(kind));
  const minute = minuteOf(now);
  const { since } = deps.digests;
  const isBehind = Date.parse(now) - Date.parse(deps.digests.asOf) > BEHIND_MS_MAX;
  const summed = isBehind ? [] : of('DELIVERY_RATE', 'DEAD_LETTERS');
  const asked = summed.map(minutesOf);
  const dayBeforeFrom = minutePlus(minute, 1 - 2 * ALERT_MINUTES_MAX);
  const compares = !isBehind && dayBeforeFrom >= since && of('SOURCE_VOLUME').length > 0;
  const asksCodes = of('NEW_ERROR').length > 0;
  const readsCodes = asksCodes && !isBehind;
  const long = new Set(asked.filter((each) => each > BY_MINUTES_MAX));
  if (compares) long.add(ALERT_MINUTES_MAX);
  const hoursBack = Math.max(
    readsCodes ? 2 : 0,
    ...[...long].map((each) => Math.ceil(each / 60) + 1),
    compares ? (2 * ALERT_MINUTES_MAX) / 60 + 1 : 0,
  );
  const minutesBack = Math.max(0, ...asked.filter((each) => each <= BY_MINUTES_MAX));

  const minutes = new Map<string, Digest>();
  const readMinutes = async (from: string, to: string): Promise<void> => {
    for (const [at, digest] of await deps.digests.minutes(workspaceId, from, to)) minutes.set(at, digest);
  };
  if (minutesBack > 0) await readMinutes(minutePlus(minute, 1 - minutesBack), minute);
  const hours =
    hoursBack === 0
      ? new Map<string, Digest>()
      : await deps.digests.hours(workspaceId, hourPlus(hourOf(now), 1 - hoursBack), hourOf(now));
  // A long time is whole hours, and minutes of the one that its beginning cuts.
  const beginnings = [...long, ...(compares ? [2 * ALERT_MINUTES_MAX] : [])].map((each) =>
    minutePlus(minute, 1 - each),
  );
  for (const hour of new Set(beginnings.map((beginning) => hourOf(beginning)))) {
    await readMinutes(`${hour}:00`, `${hour}:59`);
  }

  let codes = before.codes;
  if (readsCodes) {
    codes ??= noteCodes(
      {},
      await deps.digests.hours(workspaceId, hourPlus(hourOf(now), -CODES_BACK_HOURS), hourPlus(hourOf(now), -1)),
      minutePlus(minute, -ALERT_MINUTES_MAX),
    );
    codes = noteCodes(codes, hours, minute);
  } else if (!asksCodes) codes = undefined;

  const mappingAlerts = of('SUBSCRIPTION_DELIVERY_RATE');
  const lasting = new Map(
    [...long].map((each) => [
      each,
      windowOf({ minutes, hours }, { from: minutePlus(minute, 1 - each), to: minute, now: minute }),
    ]),
  );
  return {
    codes,
    facts: {
      now,
      summedSince: since,
      sources: config.sources,
      destinations: config.destinations.map(({ destination }) => destination),
      last: (back) => {
        if (isBehind) return undefined;
        if (back > BY_MINUTES_MAX) return lasting.get(back);
        const from = minutePlus(minute, 1 - back);
        return sumOf([...minutes].filter(([at]) => at >= from && at <= minute).map(([, digest]) => digest));
      },
      dayBefore: compares
        ? windowOf(
            { minutes, hours },
            {
              from: dayBeforeFrom,
              to: minutePlus(minute, -ALERT_MINUTES_MAX),
              now: minute,
            },
          )
        : undefined,
      newErrors: codes === undefined || isBehind ? undefined : newErrorsOf(codes, minute),
      mappings:
        mappingAlerts.length === 0
          ? undefined
          : await deps.mappings(config, [
              ...new Set(mappingAlerts.flatMap(({ destinationId }) => destinationId ?? [])),
            ]),
      laneAges:
        of('LANE_AGE').length === 0 ? undefined : await deps.laneAges(config, laneDestinations(config, of('LANE_AGE'))),
      mismatches:
        of('LEDGER_MISMATCH').length === 0
          ? undefined
          : (await deps.mismatches())?.filter((one) => one.workspaceId === workspaceId),
      usage: of('USAGE').length === 0 ? {} : await deps.usage(config),
    },
  };
}

/** How far back an alert looks, in minutes. */
const minutesOf = ({ kind, minutes }: Alert): number =>
  minutes ?? (kind === 'DEAD_LETTERS' ? DEAD_LETTER_MINUTES_DEFAULT : ALERT_MINUTES_MAX);

/** What alerts on lanes look at: a destination each, or all. */
const laneDestinations = ({ destinations }: WorkspaceConfig, alerts: readonly Alert[]): DestinationId[] =>
  destinations
    .map(({ destination: { id } }) => id)
    .filter((id) => alerts.some(({ destinationId }) => destinationId === undefined || destinationId === id));
