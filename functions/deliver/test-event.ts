import { inParallel } from '../../shared/aws/in-parallel.ts';
import type { Engine, SendResult } from '../../shared/destinations/engine.ts';
import { INBOX } from '../../shared/destinations/inbox-definition.ts';
import type { Placeheld } from '../../shared/destinations/placeholder-settings.ts';
import { type Redactor, redactedRequest, redactor } from '../../shared/destinations/redact.ts';
import { dryRun, rehearsed, type StandIn } from '../../shared/destinations/stand-in.ts';
import { invariant } from '../../shared/domain/app-error.ts';
import { triggerCondition } from '../../shared/domain/condition.ts';
import type { TributaryEvent } from '../../shared/domain/event.ts';
import { type IntakeId, MappingId } from '../../shared/domain/ids.ts';
import { diffJson } from '../../shared/domain/json-diff.ts';
import type { Json, JsonObject } from '../../shared/domain/json.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import { rehearsalAt } from '../../shared/domain/rehearsal.ts';
import type { MappingTry, TestExchange, TestResult } from '../../shared/domain/test-result.ts';
import { type Destination, Mapping, schemaOf, type WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { stageEvent } from '../../shared/pipeline/test-stages.ts';
import type { TestAsk, TriedMapping } from '../../shared/ports/deliver-asks.ts';
import type { InboxStore } from '../../shared/ports/delivery-stores.ts';
import { openSecrets, secretValuesOf, type TargetDeps } from './target-of.ts';

/** All sends of a test together: who asks waits INVOKE_TIMEOUT_MS at most, deliver may start cold. */
export const TEST_TIMEOUT_MS = 9_000;
/** Mappings of one test that are tried at once. */
const TRIES_IN_FLIGHT_MAX = 10;
/** An answer of a test as JSON: what is beyond it is left out, from the last mapping on. The API's own answers have 6 MB. */
export const TEST_ANSWER_BYTES_MAX = 900_000;
/** What a mapping makes of an event, as JSON. A mapping may repeat the event. */
const MAPPED_BYTES_MAX = 100_000;

export type TestDeps = Omit<TargetDeps, 'configs'> & {
  engine: Engine;
  inbox: Pick<InboxStore, 'add'>;
  /** What a mapping makes of an event. Throws for one that cannot be read. */
  mapPayload: (fields: Record<string, Json>, event: JsonObject) => JsonObject;
  shownFields: (fields: Record<string, Json>, secretFields: readonly string[]) => Record<string, Json>;
  placeheldFields: (fields: Record<string, Json>, secretFields: readonly string[]) => Record<string, Json>;
  placeholderSettings: (
    type: string,
    plain: Readonly<Record<string, Json>>,
    secretKeys: readonly string[],
  ) => Promise<Placeheld>;
  now: () => Date;
  monotonicMs: () => number;
  newIntakeId: () => IntakeId;
};

/** How the mappings of one test are tried. */
type Trial = {
  event: TributaryEvent;
  destination: Destination;
  settings: Record<string, Json>;
  secretFields: readonly string[];
  redact: Redactor;
  standIn: StandIn;
  isDryRun: boolean;
  endMs: number;
};

/**
 * Sends one event to a destination outside of the books, or makes believe: nothing of it is counted, kept as a sample or tried again, the breaker
 * neither asks nor hears of it. A dry run opens no secret, and no request of it leaves. Ends within TEST_TIMEOUT_MS. Throws where configuration's
 * key service does not answer. `undefined`: there is no such destination, or it has no such mapping.
 */
export async function testEvent(
  deps: TestDeps,
  config: WorkspaceConfig | undefined,
  { destinationId, event: given, applyFilters, dryRun: isDryRun, subscriptionId, mapping: draft }: TestAsk,
): Promise<TestResult | undefined> {
  const endMs = deps.monotonicMs() + TEST_TIMEOUT_MS;
  const found = config?.destinations.find(({ destination }) => destination.id === destinationId);
  if (config === undefined || found === undefined) return undefined;
  const { destination, filters = [] } = found;
  const saved = found.mappings.filter(({ id, enabled }) =>
    subscriptionId === undefined ? enabled : id === subscriptionId,
  );
  if (subscriptionId !== undefined && saved.length === 0) return undefined;
  // What is not saved has been read by nobody but its writer: it sends nothing.
  invariant(draft === undefined || isDryRun, 'a mapping that is not saved is tried by a dry run');
  const mappings = draft === undefined ? saved : [asMapping(draft, destination, subscriptionId, deps.now())];
  const source = config.sources.find(({ id }) => id === destination.sourceId);
  const schema = schemaOf(config, destination.sourceId);
  const kind = deps.kindOf(destination.type);
  const receivedAt = deps.now().toISOString();
  const intakeId = deps.newIntakeId();
  const { workspaceId, sourceId } = destination;
  const staged = stageEvent(
    { event: given, workspaceId, sourceId, intakeId, receivedAt },
    { source, schema, suppressed: config.suppressed, target: { destination, kind, filters, schema }, applyFilters },
  );
  const rehearsal = rehearsalAt(destination, source, deps.now().getTime());
  const notes = notesOf(destination, kind?.isDeviceOnly === true, rehearsal !== undefined && !isDryRun);
  const started = { dryRun: isDryRun, mappings: mappings.length, placeholders: [], notes };
  const { event } = staged;
  if (event === undefined) {
    return {
      ...started,
      stages: [...staged.stages, { stage: 'mappings', verdict: 'NOT_REACHED', reason: null, changes: [] }],
      filtered: staged.reason,
      event: null,
      matched: 0,
      requests: 0,
      subscriptions: mappings.map((mapping) => untried(mapping, 'FILTERED', staged.reason)),
    };
  }

  const secretFields = deps.secretFieldsOf?.(destination.type) ?? [];
  const readied = isDryRun ? await dryRunSettings(deps, destination) : await realSettings(deps, destination, mappings);
  const trial: Omit<Trial, 'settings'> = {
    event,
    destination,
    secretFields,
    redact: redactor(readied.secretValues),
    standIn: isDryRun ? dryRun : rehearsed(() => rehearsalAt(destination, source, deps.now().getTime())),
    isDryRun,
    endMs,
  };
  const batchId = `${receivedAt}#${intakeId}#0`;
  const subscriptions = await inParallel(mappings, TRIES_IN_FLIGHT_MAX, async (mapping) => {
    const verdict = triggerCondition(mapping.trigger)(event);
    if (verdict !== true) {
      return untried(mapping, 'FILTERED', verdict === 'unreadable' ? 'INVALID_TRIGGER' : 'NO_MATCHING_MAPPING');
    }
    if (readied.settings === undefined) return withoutSecrets(mapping);
    if (destination.type === INBOX.slug) return await putInInbox(deps, { ...trial, settings: {} }, mapping, batchId);
    return await tryMapping(deps, { ...trial, settings: readied.settings }, mapping);
  });
  const matched = subscriptions.filter((one) => one.matched).length;
  const none = subscriptions.some(({ reason }) => reason === 'INVALID_TRIGGER')
    ? 'INVALID_TRIGGER'
    : 'NO_MATCHING_MAPPING';
  return fitted({
    ...started,
    stages: [
      ...staged.stages,
      {
        stage: 'mappings',
        verdict: matched > 0 ? 'PASSED' : 'STOPPED',
        reason: matched > 0 ? null : none,
        changes: [],
      },
    ],
    filtered: matched > 0 ? null : none,
    event,
    matched,
    requests: subscriptions.reduce((sum, { exchanges }) => sum + exchanges.length, 0),
    subscriptions,
    placeholders: readied.placeholders,
    notes: [...notes, ...notesOnRequests(isDryRun, subscriptions)],
  });
}

/** A mapping that is nowhere but in one test. */
const asMapping = (draft: TriedMapping, destination: Destination, id: MappingId | undefined, now: Date): Mapping =>
  Mapping.parse({
    ...draft,
    id: id ?? UNSAVED,
    workspaceId: destination.workspaceId,
    destinationId: destination.id,
    enabled: true,
    version: 0,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  });
const UNSAVED = MappingId.parse('map_unsaved');

function notesOf(
  { enabled, paused, connectionMode }: Destination,
  isDeviceOnly: boolean,
  isRehearsed: boolean,
): string[] {
  return [
    enabled ? [] : ['The destination is switched off: events of its source do not reach it.'],
    paused === undefined ? [] : ['The destination is paused: events of its source are kept, and not sent.'],
    isDeviceOnly ? ['Browsers alone feed this tool: there is nothing to send from here.'] : [],
    connectionMode === 'device' && !isDeviceOnly
      ? ['Browsers feed this tool themselves; what they have sent is not sent again.']
      : [],
    isRehearsed ? ['An outage is rehearsed on the destination: Tributary answers in its place.'] : [],
  ].flat();
}

const notesOnRequests = (isDryRun: boolean, tries: readonly MappingTry[]): string[] =>
  isDryRun && tries.some(({ exchanges }) => exchanges.length > 1)
    ? [
        'Several requests belong to one event. Each after the first depends on what the tool answers, which a dry run does not know: they are what follows from a stand-in, and may differ.',
      ]
    : [];

type Readied = { settings: Record<string, Json> | undefined; secretValues: readonly string[]; placeholders: string[] };

async function dryRunSettings(deps: TestDeps, { type, settings, secrets }: Destination): Promise<Readied> {
  const made = await deps.placeholderSettings(type, settings, Object.keys(secrets));
  return { ...made, secretValues: [] };
}

async function realSettings(deps: TestDeps, destination: Destination, mappings: readonly Mapping[]): Promise<Readied> {
  const secrets = await openSecrets(deps.sealer, destination);
  return {
    settings: secrets && { ...(destination.settings as Record<string, Json>), ...secrets },
    secretValues: secretValuesOf(deps, destination.type, secrets ?? {}, mappings),
    placeholders: [],
  };
}

const untried = (
  { id, name, enabled }: Mapping,
  outcome: MappingTry['outcome'],
  reason: string | null,
  fault: { code: string | null; message: string | null } = { code: null, message: null },
): MappingTry => ({
  subscriptionId: id,
  name,
  enabled,
  matched: outcome !== 'FILTERED',
  reason,
  outcome,
  ...fault,
  mapped: null,
  changes: [],
  exchanges: [],
  isShortened: false,
});

const withoutSecrets = (mapping: Mapping): MappingTry =>
  untried(mapping, 'DISCARDED', null, {
    code: 'INVALID_SETTINGS',
    message: 'A secret of the destination cannot be read: enter it again',
  });

/** What goes to the Inbox is kept there, and no tool is asked. */
async function putInInbox(deps: TestDeps, trial: Trial, mapping: Mapping, batchId: string): Promise<MappingTry> {
  if (!trial.isDryRun) await deps.inbox.add(trial.destination.id, batchId, [trial.event]);
  return { ...untried(mapping, trial.isDryRun ? 'WOULD_SEND' : 'DELIVERED', null), mapped: trial.event };
}

async function tryMapping(deps: TestDeps, trial: Trial, mapping: Mapping): Promise<MappingTry> {
  const leftMs = trial.endMs - deps.monotonicMs();
  const late = { code: 'not_tried', message: 'The time of the test was over before its turn came' };
  if (leftMs <= 0) return untried(mapping, 'NOT_TRIED', null, late);
  const fields = mapping.fields as Record<string, Json>;
  const calls = await deps.engine.callsOf({
    slug: trial.destination.type,
    settings: trial.settings,
    mapping: {
      action: mapping.action,
      trigger: mapping.trigger,
      fields: trial.isDryRun ? deps.placeheldFields(fields, trial.secretFields) : fields,
    },
    events: [trial.event],
    hopThroughUs: 1,
    standIn: trial.standIn,
    timeoutMsMax: leftMs,
  });
  const [result] = (await calls[0]?.run()) ?? [];
  return { ...untried(mapping, 'NOT_TRIED', null), ...mappedBy(deps, trial, fields), ...resultOf(trial, result) };
}

/** Of the mapping as it is shown, so that no secret of it is there to be taken out. */
function mappedBy(deps: TestDeps, trial: Trial, fields: Record<string, Json>): Partial<MappingTry> {
  try {
    const mapped = deps.mapPayload(deps.shownFields(fields, trial.secretFields), trial.event);
    if (JSON.stringify(mapped).length > MAPPED_BYTES_MAX) return { isShortened: true };
    return { mapped, changes: diffJson(trial.event, mapped).changes };
  } catch {
    // What is wrong with it the send itself has said.
    return {};
  }
}

const OUTCOMES: Readonly<Record<SendOutcome['outcome'], MappingTry['outcome']>> = {
  delivered: 'DELIVERED',
  discarded: 'DISCARDED',
  retry: 'FAILED',
  'not-tried': 'NOT_TRIED',
};

function resultOf({ redact, isDryRun }: Trial, result: SendResult | undefined): Partial<MappingTry> {
  if (result === undefined) return {};
  const { outcome, exchanges } = result;
  const shown = exchanges.map((exchange) => exchangeOf(redactedRequest(exchange, redact)));
  // What code makes of a stand-in's answer is no failure of the tool.
  if (isDryRun && exchanges.length > 0) return { outcome: 'WOULD_SEND', exchanges: shown };
  return {
    outcome: OUTCOMES[outcome.outcome],
    exchanges: shown,
    ...(outcome.outcome !== 'delivered' && { code: outcome.code, message: redact.text(outcome.message) }),
  };
}

const ANSWERED_BY = { 'dry-run': 'DRY_RUN', rehearsal: 'REHEARSAL' } as const;

const exchangeOf = (request: ReturnType<typeof redactedRequest>): TestExchange => ({
  method: request.method,
  url: request.url,
  requestHeaders: request.headers,
  requestBody: request.body ?? '',
  status: request.status ?? null,
  responseHeaders: request.responseHeaders ?? {},
  responseBody: request.responseBody ?? '',
  latencyMs: request.tookMs,
  error: request.error ?? null,
  answeredBy: request.answeredBy === undefined ? 'TOOL' : ANSWERED_BY[request.answeredBy],
});

/** What is too long goes without what was asked and said, from the last mapping on: verdicts stay. */
function fitted(result: TestResult): TestResult {
  const { subscriptions, ...head } = result;
  let left = TEST_ANSWER_BYTES_MAX - Buffer.byteLength(JSON.stringify(head));
  return {
    ...head,
    subscriptions: subscriptions.map((one) => {
      const bytes = Buffer.byteLength(JSON.stringify(one));
      if (bytes <= left) {
        left -= bytes;
        return one;
      }
      return { ...one, mapped: null, changes: [], exchanges: [], isShortened: true };
    }),
  };
}
