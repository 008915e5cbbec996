import type * as z from 'zod';
import type { DebugCoverage as CoverageShape, DebuggedEvent } from '../../../shared/api/operations/debug-shapes.ts';
import { KEEP_ALL_MINUTES } from '../../../shared/config/debugger.ts';
import { EVENT_BYTES_MAX, MESSAGE_ID_CHARS_MAX } from '../../../shared/config/limits.ts';
import { type DebugEntry, headOfEntry } from '../../../shared/domain/debug-entry.ts';
import type { DebugFilter } from '../../../shared/domain/debug-query.ts';
import { parseDebugQuery } from '../../../shared/domain/debug-terms.ts';
import { type JsonObject, own } from '../../../shared/domain/json.ts';
import { Source } from '../../../shared/domain/workspace.ts';
import { NO_KEY } from '../../../shared/domain/key-tags.ts';
import { bytesOf } from '../../../shared/pipeline/read-intake.ts';
import {
  type DebugCoverage,
  type LivePosition,
  readLive,
  type SearchPosition,
  searchKept,
} from '../../../shared/pipeline/search-debug.ts';
import { ApiFault, conflict, invalid, notFound } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { changed, tellVersion } from '../resources/faults.ts';
import { destinationIn, sourceIn } from '../resources/find-things.ts';
import { shownEvents, viewerOf } from '../resources/shown-events.ts';
import { targetOf } from '../resources/source-views.ts';

type Shown = z.output<ReturnType<typeof DebuggedEvent>>;

function eventShown(
  entry: DebugEntry,
  { seesDestinations, isMasked }: { seesDestinations: boolean; isMasked: boolean },
): Shown {
  const { intakeId, index, receivedAt, verdict, reason, raw, event, isShortened, isTest, destinations = [] } = entry;
  const head = headOfEntry(entry);
  return {
    messageId: head.messageId ?? null,
    intakeId,
    index,
    type: head.type ?? null,
    name: head.name ?? null,
    receivedAt,
    userId: head.userId ?? null,
    anonymousId: head.anonymousId ?? null,
    verdict,
    reason: reason ?? null,
    violations: [],
    payload: raw,
    normalised: event ?? null,
    isShortened: isShortened === true,
    isTest: isTest === true,
    isMasked,
    destinations: (seesDestinations ? destinations : []).map((target) => ({
      destinationId: target.id,
      reason: target.reason ?? null,
      subscriptionIds: target.mappings ?? [],
    })),
  };
}

/** As times stand in events: those compare as texts. */
const momentOf = (text: string | undefined): string | undefined => text && new Date(text).toISOString();

const coverageShown = (coverage: DebugCoverage): z.output<ReturnType<typeof CoverageShape>> => ({
  ...coverage,
  share: coverage.received === 0 ? 1 : coverage.kept / coverage.received,
});

/** Cursors are sealed for one source; what they hold is ours. Throws ApiFault 422 for one of another list. */
const LIVE = (sourceId: string) => `live events of ${sourceId}`;
const SEARCH = (sourceId: string) => `kept events of ${sourceId}`;

async function livePosition(request: ApiRequest, sourceId: string, cursor: string): Promise<LivePosition> {
  const text = await request.pages.position(LIVE(sourceId), cursor);
  const [at = request.now().toISOString(), ...told] = text?.split(' ') ?? [];
  return { at, told };
}
const liveCursor = (request: ApiRequest, sourceId: string, { at, told }: LivePosition): Promise<string> =>
  request.pages.cursor(LIVE(sourceId), [at, ...told].join(' '));

async function searchPosition(
  request: ApiRequest,
  sourceId: string,
  cursor: string | undefined,
): Promise<SearchPosition | undefined> {
  const [id, matches] = (await request.pages.position(SEARCH(sourceId), cursor))?.split(' ') ?? [];
  return id === undefined ? undefined : { id, matches: Number(matches) };
}

export const sourceEventsHandlers: HandlersOf<
  'listSourceEvents' | 'createTestEvent' | 'keepAllSourceEvents' | 'getEventTrace'
> = {
  listSourceEvents: async (request, { path, query }) => {
    const config = await request.config();
    const source = sourceIn(config, path['sourceId']);
    const { destinationId } = query;
    if (destinationId !== undefined && destinationIn(config, destinationId).source.id !== source.id) {
      throw notFound('destination', destinationId);
    }
    const [{ debug: kept, received }, viewer] = await Promise.all([request.deps.events(), viewerOf(request)]);
    const debug = shownEvents(kept, viewer);
    const filter: DebugFilter = {
      terms: parseDebugQuery(query.q ?? ''),
      types: query.type,
      name: query.event,
      verdict: query.status,
      reason: query.reason,
      destinationId,
      messageId: query.messageId,
      from: momentOf(query.from),
      to: momentOf(query.to),
    };
    const now = request.now();
    const keepAllUntil = keptUntil(source, now);
    const about = { sourceId: source.id, now, filter };
    const seesDestinations = request.may('destination.read', targetOf(source));
    const shown = (entry: DebugEntry) => eventShown(entry, { seesDestinations, isMasked: !viewer.piiAccess });
    if (query.after !== undefined) {
      const after = await livePosition(request, source.id, query.after);
      const { entries, coverage, position } = await readLive(debug, { ...about, after });
      const cursor = await liveCursor(request, source.id, position);
      return {
        events: entries.map(shown),
        after: cursor,
        next: null,
        coverage: coverageShown(coverage),
        keepAllUntil,
      };
    }
    const before = await searchPosition(request, source.id, query.before);
    const { entries, coverage, next, position } = await searchKept(debug, { ...about, before, limit: query.count });
    // Who writes tells what it has routed; one that had no room to write tells nothing, and sums of minutes lag by one or two.
    // Sums go by when events came, what is kept by when it was written: over all that is kept the two are of one time, of one page they are not.
    const isAll = before === undefined && coverage.isWhole;
    const summed = isAll ? await received(source.workspaceId, source.id, coverage) : 0;
    return {
      events: entries.map(shown),
      after: await liveCursor(request, source.id, position),
      next: next === undefined ? null : await request.pages.cursor(SEARCH(source.id), `${next.id} ${next.matches}`),
      coverage: coverageShown({ ...coverage, received: Math.max(coverage.received, summed) }),
      keepAllUntil,
    };
  },

  /** By the intake queue itself, in the very form that ingest puts there: no write key is needed, and none can set `test`. */
  createTestEvent: async (request, { path, body }) => {
    const source = sourceIn(await request.config(), path['sourceId']);
    if (!source.enabled) throw conflict(`${source.slug} is disabled: it takes no events.`);
    if (source.kind === 'webhook')
      throw conflict(`${source.slug} is a webhook source: post to its address, or try its mapping out.`);
    const given = body.event as JsonObject;
    const id = own(given, 'messageId');
    if (id !== undefined && (typeof id !== 'string' || id === '' || id.length > MESSAGE_ID_CHARS_MAX)) {
      throw invalid({ field: 'event.messageId', message: `must be a text of 1 to ${MESSAGE_ID_CHARS_MAX} characters` });
    }
    const messageId = id ?? request.newId('test');
    const event: JsonObject = { ...given, messageId };
    if (bytesOf(event) > EVENT_BYTES_MAX) {
      throw invalid({ field: 'event', message: `An event has at most ${EVENT_BYTES_MAX} bytes.` });
    }
    const { intake, newIntakeId } = await request.deps.events();
    const intakeId = newIntakeId();
    const receivedAt = request.now().toISOString();
    await intake.send(
      {
        v: 1,
        intakeId,
        workspaceId: source.workspaceId,
        sourceId: source.id,
        kind: 'batch',
        receivedAt,
        ip: request.asked.ip,
        test: true,
        key: NO_KEY,
      },
      JSON.stringify({ batch: [event], sentAt: receivedAt }),
    );
    return { messageId, intakeId, receivedAt };
  },

  keepAllSourceEvents: async (request, { path, body }) => {
    const source = await request.change((config) => {
      const found = sourceIn(config, path['sourceId']);
      if (!body.on && found.keepAllUntil === undefined) return { changes: [], value: found };
      const until = new Date(request.now().getTime() + KEEP_ALL_MINUTES * 60_000).toISOString();
      const thing = changed(Source, found, { keepAllUntil: body.on ? until : undefined }, request);
      tellVersion(request, thing.version + 1);
      return { changes: [{ kind: 'source', verb: 'save', thing }], value: thing };
    });
    return { keepAllUntil: source.keepAllUntil ?? null };
  },

  getEventTrace: async (request, { path, query }) => {
    const messageId = path['messageId'] ?? '';
    const visible = await request.visibleSources('source.read');
    const sources = query.sourceId === undefined ? visible : visible.filter(({ id }) => id === query.sourceId);
    if (query.sourceId !== undefined && sources.length === 0) throw notFound('source', query.sourceId);
    const [{ trace }, viewer] = await Promise.all([request.deps.events(), viewerOf(request)]);
    const found = await trace(
      await request.config(),
      sources,
      { ...query, messageId },
      {
        ...viewer,
        now: request.now(),
        seesDestinations: (source) => request.may('destination.read', targetOf(source)),
      },
    );
    if (found.outcome === 'found') return found.trace;
    throw new ApiFault(404, [
      {
        type: 'not-found',
        message: `There is no event ${messageId.slice(0, 128)} in what was looked at.`,
        data: { lookedBackTo: found.lookedBackTo, gaps: found.gaps },
      },
    ]);
  },
};

const keptUntil = ({ keepAllUntil }: Source, now: Date): string | null =>
  keepAllUntil !== undefined && keepAllUntil > now.toISOString() ? keepAllUntil : null;
