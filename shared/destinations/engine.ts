import { Destination as LibraryDestination, transform } from '@segment/actions-core';
import { SEND_TIMEOUT_MS } from '../config/limits.ts';
import { invariant } from '../domain/app-error.ts';
import { type Json, type JsonObject, own } from '../domain/json.ts';
import type { SendOutcome } from '../domain/outcomes.ts';
import { type AccessTokens, accessTokens } from './access-tokens.ts';
import { type Batch, batchSizeOf, groupIntoBatches } from './batches.ts';
import { ACCESS_TOKEN_SETTING } from './destination-definition.ts';
import { SendTimeoutError } from './http-errors.ts';
import { type LibraryDefinition, type Loaders, loadLibraryDefinition } from './library-code.ts';
import { withNestedKeys } from './nested-keys.ts';
import { discarded, outcomeOfError, outcomeOfStatus, retry } from './outcome-of.ts';
import { mayReachUs } from './own/rows.ts';
import { findRow } from './rows.ts';
import type { StandIn } from './stand-in.ts';
import { type Exchange, type GuardedHttp, runInSendContext, type SendContext } from './send-context.ts';

/** Instances of destinations that one environment keeps; the one used longest ago makes room. */
const INSTANCES_MAX = 50;
/** FQL that chooses every event: whether an event is for a mapping has been judged before, by our own reading of its trigger. */
const ANY_EVENT = 'type != ""';

/** One mapping as the engine needs it. The trigger is for those who call it; here it chooses nothing. */
export type EngineMapping = { action: string; trigger: string; fields: Record<string, Json> };

export type SendResult = {
  outcome: SendOutcome;
  /** What was asked and answered over HTTP; shared by the events of one batch. */
  exchanges: readonly Exchange[];
  /** Bytes of the bodies that its call sent; of the events of one batch the first has them all. Absent: none. */
  bytesOut?: number;
};

/** Some events of one mapping that go out in one call of the destination's code. */
export type EngineCall = {
  events: Batch;
  /** Never rejects, and settles within the send's timeout; answers one result for each event, in order. */
  run: () => Promise<SendResult[]>;
};

export type EngineWork = {
  /** Slug of a destination of the library. */
  slug: string;
  /** All settings, secrets opened. */
  settings: Record<string, Json>;
  mapping: EngineMapping;
  events: readonly JsonObject[];
  /** Value of X-Tributary-Hop on what goes out (loops). */
  hopThroughUs: number;
  /** Who answers in the tool's place, if anybody does. */
  standIn?: StandIn | undefined;
  /** Less time than a send of this destination has. */
  timeoutMsMax?: number;
};

export type EngineDeps = {
  http: GuardedHttp;
  now: () => Date;
  loaders?: Loaders;
};

export type Engine = {
  /** The calls that send these events by this mapping, none of them begun. Each event is in exactly one. Throws for an unknown slug. */
  callsOf(work: EngineWork): Promise<EngineCall[]>;
};

type Loaded = { instance: LibraryDestination<JsonObject>; definition: LibraryDefinition };
/** The parts of an engine that a call needs. */
type Parts = EngineDeps & { tokens: AccessTokens };

/**
 * Runs the library's destinations, one mapping a call: with several, one failing mapping would fail the call although others had sent, and a
 * repetition would send those twice.
 */
export function createEngine(deps: EngineDeps): Engine {
  const parts: Parts = { ...deps, tokens: accessTokens() };
  const loaded = new Map<string, Promise<Loaded>>();

  const load = (slug: string): Promise<Loaded> => {
    const known = loaded.get(slug);
    const entry = known ?? loadDestination(slug, deps.loaders);
    loaded.delete(slug);
    loaded.set(slug, entry);
    const oldest = loaded.keys().next();
    if (loaded.size > INSTANCES_MAX && !oldest.done) loaded.delete(oldest.value);
    if (known === undefined) {
      // A chunk that could not be read is read anew next time.
      entry.catch(() => {
        if (loaded.get(slug) === entry) loaded.delete(slug);
      });
    }
    return entry;
  };

  return {
    callsOf: async (given) => {
      const work = { ...given, mapping: { ...given.mapping, fields: withNestedKeys(given.mapping.fields) } };
      const { instance, definition } = await load(work.slug);
      const fault = configurationFault(parts, instance, work);
      const all = work.events.map((_, index) => index);
      if (fault !== undefined) return [settledCall(all, fault)];
      const batches = batchesOf(definition, work);
      if ('fault' in batches) return [settledCall(all, batches.fault)];
      return batches.batches.map((events) => ({
        events,
        run: () => send(parts, instance, work, events, batches.isBatching),
      }));
    },
  };
}

/** With names that its schemas can be compiled under. */
export async function loadDestination(slug: string, loaders: Loaders | undefined): Promise<Loaded> {
  const loaded = await loadLibraryDefinition(slug, loaders);
  const definition = withSafeNames(slug, findRow(slug)?.class === 'token' ? withoutRefresh(loaded) : loaded);
  return { definition, instance: new LibraryDestination<JsonObject>(definition) };
}

/** A pasted token cannot be made anew: the library would try, with an app that there is not. */
function withoutRefresh(definition: LibraryDefinition): LibraryDefinition {
  const { authentication } = definition;
  if (authentication === undefined || !('refreshAccessToken' in authentication)) return definition;
  const { refreshAccessToken: _refresh, ...rest } = authentication;
  return { ...definition, authentication: rest };
}

/**
 * The library names its compiled schemas `<destination>:<action title>` and reads that as a URI: a space in the first part is an error
 * there, and two actions of one title would share a schema. Slug and action key are neither.
 */
const withSafeNames = (slug: string, definition: LibraryDefinition): LibraryDefinition => ({
  ...definition,
  name: `d-${slug}`,
  actions: Object.fromEntries(
    Object.entries(definition.actions).map(([key, action]) => [key, { ...action, title: key }]),
  ),
});

/** What no event can get past. The library would answer an unknown action with an empty success. */
function configurationFault(
  { tokens }: Parts,
  instance: Loaded['instance'],
  { slug, settings, mapping }: EngineWork,
): SendOutcome | undefined {
  if (!Object.hasOwn(instance.actions, mapping.action)) {
    return discarded('INVALID_SETTINGS', `There is no action ${mapping.action}`);
  }
  const access = tokens.accessFor(slug, findRow(slug)?.class, settings);
  if (findRow(slug)?.class === 'token' && access.oauth?.access_token === undefined) {
    return discarded('INVALID_SETTINGS', `Settings: ${ACCESS_TOKEN_SETTING} is required`);
  }
  try {
    instance.validateSettings(access.settings);
    return undefined;
  } catch (error) {
    return discarded('INVALID_SETTINGS', `Settings: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Batches = { isBatching: boolean; batches: Batch[] } | { fault: SendOutcome };

function batchesOf(definition: Loaded['definition'], { mapping, events }: EngineWork): Batches {
  const action = definition.actions[mapping.action];
  invariant(action !== undefined, 'the action was looked up before');
  const isBatching = action.performBatch !== undefined && own(mapping.fields, 'enable_batching') === true;
  if (!isBatching) return { isBatching, batches: events.map((_, index) => [index]) };
  const defaults = action.fields as Record<string, { default?: Json } | undefined>;
  const names = own(mapping.fields, 'batch_keys') ?? defaults['batch_keys']?.default ?? [];
  const keys = Object.fromEntries(
    (Array.isArray(names) ? names : []).flatMap((name) =>
      typeof name === 'string' && Object.hasOwn(mapping.fields, name) ? [[name, mapping.fields[name] ?? null]] : [],
    ),
  );
  const sizeMax = batchSizeOf(own(mapping.fields, 'batch_size') ?? defaults['batch_size']?.default);
  try {
    return { isBatching, batches: groupIntoBatches(events, keys, sizeMax, transform) };
  } catch (error) {
    return { fault: discarded('INVALID_SETTINGS', error instanceof Error ? error.message : String(error)) };
  }
}

const settledCall = (events: Batch, outcome: SendOutcome): EngineCall => ({
  events,
  run: async () => events.map(() => ({ outcome, exchanges: [] })),
});

/** One call of the library, bounded in time even where its code waits for something else than HTTP. */
async function send(
  parts: Parts,
  instance: Loaded['instance'],
  work: EngineWork,
  indexes: Batch,
  isBatching: boolean,
): Promise<SendResult[]> {
  const timeoutMs = Math.min(
    findRow(work.slug)?.sendTimeoutMs ?? SEND_TIMEOUT_MS,
    work.timeoutMsMax ?? Number.POSITIVE_INFINITY,
  );
  const context: SendContext = {
    http: parts.http,
    now: parts.now,
    deadlineMs: performance.now() + timeoutMs,
    hopThroughUs: work.hopThroughUs,
    wireNames: findRow(work.slug)?.wireNames ?? [],
    mayReachUs: mayReachUs(work.slug),
    ...(work.standIn !== undefined && { standIn: work.standIn }),
    exchanges: [],
    isOver: false,
  };
  const events = indexes.map((index) => work.events[index] as JsonObject);
  const timeout = timeoutOf(timeoutMs);
  let outcomes: SendOutcome[];
  try {
    const call = runInSendContext(context, () => callLibrary(parts, instance, work, events, isBatching));
    outcomes = await Promise.race([call, timeout.promise]);
    if (!hasSent(work.slug, context)) outcomes = outcomes.map(unlessNothingWasSent);
  } catch (error) {
    // The failure of a call is the failure of each event in it (G17).
    const outcome = outcomeOfError(error, parts.now());
    outcomes = events.map(() => outcome);
  } finally {
    timeout.clear();
    context.isOver = true;
    // The library keeps every answer for ever, 5 KB an event.
    instance.responses.splice(0);
  }
  const { exchanges, bytesOut } = context;
  return outcomes.map((outcome, index) => ({
    outcome,
    exchanges,
    ...(index === 0 && bytesOut !== undefined && { bytesOut }),
  }));
}

/** A request that asks only (whether somebody is known, say) sends nothing, but for a tool whose requests are all of that kind. */
const hasSent = (slug: string, { exchanges, hasSent }: SendContext): boolean =>
  hasSent === true || (exchanges.length > 0 && findRow(slug)?.sendsByGet === true);

/** Code that ended well without sending anything to anybody has not delivered. */
const unlessNothingWasSent = (outcome: SendOutcome): SendOutcome =>
  outcome.outcome === 'delivered'
    ? discarded('NOTHING_SENT', 'The destination found nothing to send in this event')
    : outcome;

function timeoutOf(timeoutMs: number): { promise: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  // Our client gives up first, with the better message.
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new SendTimeoutError(`Not done within ${timeoutMs} ms`)), timeoutMs + 100);
  });
  return { promise, clear: () => clearTimeout(timer) };
}

async function callLibrary(
  { tokens }: Parts,
  instance: Loaded['instance'],
  { slug, settings, mapping }: EngineWork,
  events: readonly JsonObject[],
  isBatching: boolean,
): Promise<SendOutcome[]> {
  const subscriptions = [{ partnerAction: mapping.action, subscribe: ANY_EVENT, mapping: mapping.fields }];
  const { onTokenRefresh, ...access } = tokens.accessFor(slug, findRow(slug)?.class, settings);
  const given = {
    ...access.settings,
    ...(access.oauth !== undefined && { oauth: access.oauth }),
    subscriptions,
  } as Parameters<Loaded['instance']['onEvent']>[1];
  const options = { ...optionsOf(slug), ...(onTokenRefresh !== undefined && { onTokenRefresh }) };
  if (isBatching) {
    const answer = await instance.onBatch(
      events as unknown as Parameters<Loaded['instance']['onBatch']>[0],
      given,
      options,
    );
    return batchOutcomes(answer, events.length);
  }
  const [event] = events;
  const answer = await instance.onEvent(
    event as unknown as Parameters<Loaded['instance']['onEvent']>[0],
    given,
    options,
  );
  return [singleOutcome(answer)];
}

const nothing = (): void => undefined;
const statsClient = {
  observe: nothing,
  _name: String,
  _tags: () => [],
  incr: nothing,
  set: nothing,
  histogram: nothing,
};
const logger = {
  level: 'silent',
  name: 'none',
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  crit: nothing,
  log: nothing,
  withTags: nothing,
};

/** Statistics and log lines go nowhere; some destinations call them without asking. The tags are new each time, since the library adds to them. */
const optionsOf = (slug: string) => ({
  statsContext: { statsClient, tags: [] },
  logger,
  features: Object.fromEntries((findRow(slug)?.features ?? []).map((flag) => [flag, true])),
});

/** What the library answers beside throwing. */
type LibraryResult = { output?: unknown; data?: unknown; multistatus?: readonly (ItemStatus | undefined)[] };
type ItemStatus = { status?: unknown; errortype?: unknown; errormessage?: unknown };

const DONE = 'Action Executed';
const DELIVERED: SendOutcome = { outcome: 'delivered' };

/** Some actions report by item even when there is one item only; that report is data to the library, not an error. */
type ItemReport = { getResponseAtIndex: (index: number) => { value?: () => ItemStatus } | undefined };
const isItemReport = (data: unknown): data is ItemReport =>
  typeof data === 'object' &&
  data !== null &&
  'getResponseAtIndex' in data &&
  typeof data.getResponseAtIndex === 'function';

/** A call that did not throw has not sent by that alone: only "Action Executed" says so. */
function singleOutcome(results: readonly LibraryResult[]): SendOutcome {
  const done = results.find(({ output }) => output === DONE);
  if (done !== undefined)
    return isItemReport(done.data) ? itemOutcome(done.data.getResponseAtIndex(0)?.value?.()) : DELIVERED;
  return discarded('INTERNAL', 'The destination did nothing');
}

function batchOutcomes(results: readonly LibraryResult[], count: number): SendOutcome[] {
  const statuses = results[0]?.multistatus;
  const single = statuses === undefined ? singleOutcome(results) : undefined;
  return Array.from({ length: count }, (_, index) => single ?? itemOutcome(statuses?.[index]));
}

/** The tool's verdict on one item of a batch: a rejected item stays rejected. An item that it says nothing about is sent again. */
function itemOutcome(item: ItemStatus | undefined): SendOutcome {
  if (typeof item?.status !== 'number') {
    return retry('RETRY', 'The destination gave no status for this event');
  }
  const message = typeof item.errormessage === 'string' ? item.errormessage : `Status ${item.status}`;
  if (item.errortype === 'PAYLOAD_VALIDATION_FAILED' && item.status === 400) {
    return discarded('MESSAGE_REJECTED', message);
  }
  return outcomeOfStatus(item.status, message);
}
