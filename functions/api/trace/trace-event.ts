import type * as z from 'zod';
import type { EventTrace } from '../../../shared/api/operations/debug-shapes.ts';
import { type DebugEntry, headOfEntry } from '../../../shared/domain/debug-entry.ts';
import { idHashOf } from '../../../shared/domain/event-kind.ts';
import type { TributaryEvent } from '../../../shared/domain/event.ts';
import type { DestinationId } from '../../../shared/domain/ids.ts';
import type { JsonObject } from '../../../shared/domain/json.ts';
import { diffJson } from '../../../shared/domain/json-diff.ts';
import type { PlanRow } from '../../../shared/domain/ledger-rows.ts';
import { eventOfPlan, eventsByHash, type PlannedEvent, type PlannedFor } from '../../../shared/domain/row-detail.ts';
import { judgeForTarget, type RuledTarget } from '../../../shared/domain/target-verdict.ts';
import { schemaOf, type Source, type WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { entriesOfIntake } from '../../../shared/pipeline/search-debug.ts';
import type { DoneStore, PlanStore } from '../../../shared/ports/ledger.ts';
import type { ArchiveFinder, LetterFinder, SampleFinder } from '../../../shared/ports/trace-stores.ts';
import { isOfAny, type Viewer } from '../resources/shown-events.ts';
import { type FindDeps, findEvent, type FoundEvent, type TraceAsk } from './find-event.ts';
import { addExchanges, doneRowsOf, type FollowedSend, followSend } from './follow-send.ts';
import { maskedTrace } from './masked-trace.ts';

export type TraceDeps = FindDeps & {
  planRows: Pick<PlanStore, 'getPlan'>;
  dones: Pick<DoneStore, 'getDone'>;
  samples: SampleFinder;
  archive: ArchiveFinder;
  letters: LetterFinder;
  catalog: (type: string) => RuledTarget['kind'];
};

type Trace = z.output<ReturnType<typeof EventTrace>>;
type Gap = Trace['gaps'][number];
export type Traced =
  | { outcome: 'found'; trace: Trace }
  | { outcome: 'missing'; lookedBackTo: string | null; gaps: readonly Gap[] };
/** `sources`: those that the caller may see, or the one that is named. */
export type TraceWork = (
  config: WorkspaceConfig,
  sources: readonly Source[],
  ask: TraceAsk,
  view: Viewer & { now: Date; seesDestinations: (source: Source) => boolean },
) => Promise<Traced>;

const VERDICTS = {
  routed: 'ALLOWED',
  blocked: 'BLOCKED',
  invalid: 'INVALID',
  duplicate: 'DUPLICATE',
  suppressed: 'SUPPRESSED',
  untold: 'UNKNOWN',
} as const satisfies Record<PlannedEvent['verdict']['verdict'], Trace['verdict']>;

const wholeDiff = ({ changes, leftOut }: ReturnType<typeof diffJson>): Trace['stages'][number]['changes'] => ({
  changes,
  isCut: leftOut > 0,
});

/** The way of an event, derived: plan row, done rows, samples, and its payload from wherever it is kept. */
export const traceWork =
  (deps: TraceDeps): TraceWork =>
  async (config, sources, ask, { now, seesDestinations, piiAccess, suppressed }) => {
    const { found, gaps: notSearched, lookedBackTo } = await findEvent(deps, sources, ask, now);
    const source = sources.find(({ id }) => id === found?.origin.sourceId);
    if (found === undefined || source === undefined) return { outcome: 'missing', lookedBackTo, gaps: notSearched };
    const { origin } = found;
    const [row, shown] = await Promise.all([
      deps.planRows.getPlan(origin),
      entriesOfIntake(deps.debug, origin.sourceId, origin),
    ]);
    const entry = shown.entries.find((one) => headOfEntry(one).messageId === ask.messageId);
    const index = entry?.index ?? indexIn(row, ask.messageId);
    // Somebody named a request that does not hold the event.
    if (found.foundBy === 'INTAKE_ID' && index === undefined)
      return { outcome: 'missing', lookedBackTo, gaps: notSearched };
    const planned = row === undefined || index === undefined ? undefined : eventOfPlan(row, index);
    const gaps: Gap[] = [...notSearched, ...gapsOfRow(row, index)];
    const trace = await assemble(
      deps,
      config,
      source,
      { ask, found, row, entry, index, planned, gaps },
      { seesDestinations: seesDestinations(source), suppressed },
    );
    return { outcome: 'found', trace: piiAccess ? trace : maskedTrace(trace) };
  };

/** Its place in the request by the hash of its id: the first, of several that share it. */
const indexIn = (row: PlanRow | undefined, messageId: string): number | undefined => {
  if (row === undefined) return undefined;
  const byHash = eventsByHash(row, idHashOf(messageId));
  if (byHash !== undefined) return byHash[0];
  return row.received === 1 ? 0 : undefined;
};

function gapsOfRow(row: PlanRow | undefined, index: number | undefined): Gap[] {
  if (row === undefined) {
    return [
      { what: 'plan', why: 'There is no plan row: the request is not routed yet, or its rows have expired (15 days).' },
    ];
  }
  return index === undefined
    ? [{ what: 'index', why: 'Its row is of a version that did not tell which event of the request has which id.' }]
    : [];
}

type Known = {
  ask: TraceAsk;
  found: FoundEvent;
  row: PlanRow | undefined;
  entry: DebugEntry | undefined;
  index: number | undefined;
  planned: PlannedEvent | undefined;
  gaps: Gap[];
};

async function assemble(
  deps: TraceDeps,
  config: WorkspaceConfig,
  source: Source,
  known: Known,
  { seesDestinations, suppressed }: { seesDestinations: boolean; suppressed: ReadonlySet<string> },
): Promise<Trace> {
  const { ask, found, row, entry, index, planned, gaps } = known;
  const { origin } = found;
  const verdict = planned === undefined ? undefined : VERDICTS[planned.verdict.verdict];
  const meant = seesDestinations ? (planned?.destinations ?? []) : [];
  if (!seesDestinations)
    gaps.push({ what: 'destinations', why: 'Your role does not see the destinations of this source.' });
  const rows = doneRowsOf(deps.dones, origin.intakeId);
  const followed = await Promise.all(
    meant.map(async (target) => ({
      target,
      sends:
        target.outcome === 'queued'
          ? await Promise.all(
              target.sends.map((send) =>
                followSend(rows, target.destinationId as DestinationId, send, origin.receivedAt),
              ),
            )
          : [],
    })),
  );
  const all = followed.flatMap(({ target, sends }) =>
    sends.map((send) => ({ destinationId: target.destinationId, send })),
  );
  const sends = all.map(({ send }) => send);
  const kept = verdict === 'SUPPRESSED' ? NO_PAYLOAD : await payloadOf(deps, known, verdict, sends);
  // What is suppressed shows nowhere, in whatever store it may still lie (features 3.1): judged when it came, and anew now.
  const isHidden = verdict === 'SUPPRESSED' || isOfAny([kept.raw, kept.event], suppressed);
  const payload = isHidden ? NO_PAYLOAD : kept;
  if (isHidden && verdict !== 'SUPPRESSED') {
    gaps.push({ what: 'payload', why: 'Its user is suppressed now: neither it nor what was sent is shown.' });
    for (const one of sends.flatMap(({ tries }) => tries)) one.message = null;
  }
  const { without } = await addExchanges(
    shownSamples(deps.samples, isHidden ? undefined : suppressed),
    ask.messageId,
    all,
  );
  if (without > 0 && !isHidden) {
    gaps.push({
      what: 'exchanges',
      why: `Request and answer are not kept of ${without} tries: samples are ten of a code and minute, one of what went well, 7 days.`,
    });
  }
  if (all.some(({ send }) => send.isCut)) gaps.push({ what: 'tries', why: 'There are more tries than are read.' });
  const version = row?.configVersion ?? null;
  return {
    messageId: ask.messageId,
    isMasked: false,
    sourceId: source.id,
    intakeId: origin.intakeId,
    index: index ?? null,
    receivedAt: origin.receivedAt,
    plannedAt: row?.plannedAt ?? null,
    foundBy: found.foundBy,
    verdict: verdict ?? entry?.verdict ?? 'UNKNOWN',
    reason: (planned !== undefined && 'reason' in planned.verdict ? planned.verdict.reason : entry?.reason) ?? null,
    duplicateOf: twinOf(known, verdict),
    config: { decidedBy: version, present: config.configVersion, isSame: version === config.configVersion },
    payload: payload.raw,
    payloadFrom: payload.from,
    normalised: payload.event ?? null,
    stages: stagesOf(payload),
    destinations: followed.map(({ target, sends }) =>
      destinationOf(deps, config, source, target, sends, payload.event),
    ),
    gaps,
    lookedBackTo: found.lookedBackTo,
  };
}

/** Samples without those of suppressed users; none at all where the event itself is of one. */
const shownSamples = (samples: SampleFinder, suppressed: ReadonlySet<string> | undefined): SampleFinder => ({
  between: async (destinationId, from, to) => {
    if (suppressed === undefined) return [];
    const found = await samples.between(destinationId, from, to);
    return found.filter(({ event }) => !isOfAny([event], suppressed));
  },
});

/** Of a duplicate, whose event it repeats: another request's, or an earlier one of its own. */
function twinOf({ found: { claim, origin } }: Known, verdict: Trace['verdict'] | undefined): Trace['duplicateOf'] {
  if (verdict !== 'DUPLICATE') return null;
  const { intakeId, receivedAt } = claim ?? origin;
  return { intakeId, receivedAt };
}

type Payload = { raw: unknown; event: JsonObject | undefined; from: Trace['payloadFrom'] };
const NO_PAYLOAD: Payload = { raw: null, event: undefined, from: null };

/** The payload from wherever it is kept: the debugger (24 h), the archive, dead letters (30 days each). */
async function payloadOf(
  deps: TraceDeps,
  { ask, found: { origin }, entry, gaps }: Known,
  verdict: Trace['verdict'] | undefined,
  sends: readonly FollowedSend[],
): Promise<Payload> {
  if (entry !== undefined) {
    if (entry.isShortened === true) gaps.push({ what: 'payload', why: 'Long texts and lists of it are cut.' });
    return { raw: entry.raw, event: entry.event as JsonObject | undefined, from: 'DEBUGGER' };
  }
  if (verdict === 'ALLOWED' || verdict === undefined) {
    const archived = await orGap(gaps, 'archive', deps.archive.find(origin.sourceId, origin.receivedAt, ask.messageId));
    if (archived !== undefined) {
      gaps.push({ what: 'as it was sent', why: 'The archive holds it as it was routed.' });
      return { raw: null, event: archived, from: 'ARCHIVE' };
    }
  }
  for (const { letter } of sends) {
    const kept =
      letter &&
      (await orGap(gaps, 'dead letters', deps.letters.find(letter.key, { ...letter, intakeId: origin.intakeId })));
    if (kept !== undefined) {
      gaps.push({ what: 'as it was sent', why: 'The dead letter holds it as it was routed.' });
      return { raw: null, event: kept, from: 'DEAD_LETTER' };
    }
  }
  gaps.push({
    what: 'payload',
    why: 'It is in none of the places that keep payloads: the debugger keeps a sample for 24 h, the archive what was routed, once its window of minutes has closed.',
  });
  return NO_PAYLOAD;
}

/** What cannot be read is a gap, not the end of the trace. */
async function orGap<T>(gaps: Gap[], what: string, found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch {
    gaps.push({ what, why: 'It could not be read.' });
    return undefined;
  }
}

/**
 * What each stage changed. Normalising never takes traits away: what is gone of them went by the source's schema.
 */
function stagesOf({ raw, event, from }: Payload): Trace['stages'] {
  if (from !== 'DEBUGGER' || event === undefined) return [];
  const { changes, leftOut } = diffJson(raw as JsonObject, event);
  const isCut = leftOut > 0;
  const isOfSchema = ({ kind, path }: (typeof changes)[number]): boolean =>
    kind === 'removed' && path.startsWith('traits.');
  return [
    { stage: 'NORMALISED', changes: { changes: changes.filter((change) => !isOfSchema(change)), isCut } },
    { stage: 'SCHEMA', changes: { changes: changes.filter(isOfSchema), isCut } },
  ];
}

function destinationOf(
  { catalog }: TraceDeps,
  config: WorkspaceConfig,
  source: Source,
  target: PlannedFor,
  sends: readonly FollowedSend[],
  event: JsonObject | undefined,
): Trace['destinations'][number] {
  const known = config.destinations.find(({ destination }) => destination.id === target.destinationId);
  const isFiltered = target.outcome === 'filtered';
  const reason = isFiltered ? (target.reason ?? null) : null;
  let sees: Trace['destinations'][number]['sees'] = null;
  if (known !== undefined && event !== undefined && !isFiltered) {
    const { destination, filters = [] } = known;
    const judged = judgeForTarget(event as TributaryEvent, {
      destination,
      filters,
      kind: catalog(destination.type),
      schema: schemaOf(config, source.id),
    });
    if (judged.verdict === 'passes') sees = wholeDiff(diffJson(event, judged.event));
  }
  return {
    destinationId: target.destinationId,
    name: known?.destination.name ?? null,
    verdict: isFiltered ? (reason === null ? 'UNKNOWN' : 'FILTERED') : 'QUEUED',
    reason,
    sees,
    sends: sends.map(({ mappingId, state, code, tries, nextTryAt, letter }) => ({
      subscriptionId: mappingId,
      subscriptionName: known?.mappings.find(({ id }) => id === mappingId)?.name ?? null,
      state,
      code,
      tries,
      nextTryAt,
      deadLetterKept: letter !== undefined,
    })),
  };
}
