import { createHash } from 'node:crypto';
import { SAMPLE_DAYS } from '../../../shared/config/limits.ts';
import { type Issue, issuesOf } from '../../../shared/domain/delivery/issues.ts';
import { total } from '../../../shared/domain/books.ts';
import { type ConnectedDestination, type Source } from '../../../shared/domain/workspace.ts';
import { notFound } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { readWithin } from '../resources/asked-range.ts';
import { beginOf, destinationIn, mappingIn, sourceIn } from '../resources/find-things.ts';
import { issueIdOf, readIssueId } from '../resources/issue-id.ts';
import { shownSample } from '../resources/masked-sample.ts';
import { isOfAny, viewerOf } from '../resources/shown-events.ts';
import { type PageBuckets, pageBuckets } from '../resources/page-range.ts';
import { targetOf } from '../resources/source-views.ts';
import { causeOf } from '../../../shared/domain/error-cause.ts';

/** Destinations whose books one list looks into; those that failed most. */
const DESTINATIONS_MAX = 40;
/** Destinations read at once. */
const AT_ONCE = 8;
/** Samples of one reason (G04, G15). */
export const SAMPLES_SHOWN_MAX = 10;
/** How far back events of a reason are kept: as the debugger's. */
const REASON_HOURS = 24;

export const appIssuesHandlers: HandlersOf<'listDeliveryIssues' | 'listDeliveryIssueSamples' | 'listReasonSamples'> = {
  listDeliveryIssues: async (request, { query: { sourceId, destinationId, subscriptionId, pagination, ...range } }) => {
    const asked = await destinationsAsked(request, { sourceId, destinationId, subscriptionId });
    const { now: buckets } = pageBuckets(range, request.now().getTime());
    const { some, leftOut } = await failingMost(request, asked, buckets);
    const { details } = await request.deps.delivery();
    const config = await request.config();
    const found: { issue: Issue; id: string; sourceId: string }[] = [];
    for (let at = 0; at < some.length; at += AT_ONCE) {
      const issues = await Promise.all(
        some.slice(at, at + AT_ONCE).map(async ({ destination }) => {
          const { from, to, unit } = buckets;
          const since = beginOf(destinationIn(config, destination.id));
          const steps = await readWithin('range', () =>
            details.destination(destination.id, { from, to, step: unit, since }),
          );
          return issuesOf(destination.id, steps, subscriptionId).map((issue) => ({
            issue,
            id: issueIdOf(issue.name),
            sourceId: destination.sourceId,
          }));
        }),
      );
      found.push(...issues.flat());
    }
    const page = await request.pages.cut({ name: 'delivery issues', items: found, keyOf }, pagination);
    return {
      issues: page.items.map(({ issue: { name, subscriptions, ...issue }, id, sourceId: of }) => ({
        id,
        destinationId: name[0],
        sourceId: of,
        subscriptionId: subscriptions.length === 1 ? (subscriptions[0]?.subscriptionId ?? null) : null,
        subscriptions,
        ...issue,
      })),
      destinationsLeftOut: leftOut,
      pagination: page.pagination,
    };
  },

  listDeliveryIssueSamples: async (request, { path }) => {
    const id = path['issueId'] ?? '';
    const [destinationId, code, message] = readIssueId(id) ?? [];
    const found = (await visibleDestinations(request)).find(({ destination }) => destination.id === destinationId);
    if (found === undefined || code === undefined) throw notFoundIssue(id);
    const [{ samples }, viewer] = await Promise.all([request.deps.delivery(), viewerOf(request)]);
    const now = request.now();
    const range = { from: new Date(now.getTime() - SAMPLE_DAYS * DAY_MS).toISOString(), to: now.toISOString() };
    const kept = await samples.ofCode(found.destination.id, code, range, SAMPLES_LOOKED_AT_MAX);
    const ofCode = kept.filter(({ event }) => !isOfAny([event], viewer.suppressed));
    // A tool says many things under one code: those of this one first, and only if there are none the others.
    const fitting = ofCode.filter((sample) => causeOf(sample.message ?? '') === message);
    const shown = (fitting.length > 0 ? fitting : ofCode).slice(0, SAMPLES_SHOWN_MAX);
    return { samples: shown.map((sample) => shownSample(sample, viewer.piiAccess)), keptDays: SAMPLE_DAYS };
  },

  listReasonSamples: async (request, { path, query: { reason, destinationId, ...range } }) => {
    const config = await request.config();
    const source = sourceIn(config, path['sourceId']);
    if (destinationId !== undefined && destinationIn(config, destinationId).source.id !== source.id) {
      throw notFound('destination', destinationId);
    }
    const { now: asked } = pageBuckets(range, request.now().getTime());
    const oldest = new Date(request.now().getTime() - REASON_HOURS * HOUR_MS).toISOString();
    const from = asked.from > oldest ? asked.from : oldest;
    const [{ reasonSamples }, viewer] = await Promise.all([request.deps.delivery(), viewerOf(request)]);
    const samples =
      asked.to <= from
        ? []
        : await reasonSamples.list(source.id, { reason, destinationId }, { from, to: asked.to }, REASONS_LOOKED_AT_MAX);
    const shown = samples.filter(({ event }) => !isOfAny([event], viewer.suppressed)).slice(0, SAMPLES_SHOWN_MAX);
    return {
      samples: shown.map(({ messageId, at, event }) =>
        shownSample(
          { destinationId: destinationId ?? '', mappingId: '', messageId, at, code: reason, event, requests: [] },
          viewer.piiAccess,
        ),
      ),
      keptHours: REASON_HOURS,
    };
  },
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of a code, so that a rare message of it is among them. */
const SAMPLES_LOOKED_AT_MAX = 100;
/** Of a reason, so that some are left where those of suppressed users are not shown. */
const REASONS_LOOKED_AT_MAX = 3 * SAMPLES_SHOWN_MAX;

const notFoundIssue = (id: string) => notFound('destination', `with the issue ${id.slice(0, 64)}`);

async function visibleDestinations(request: ApiRequest): Promise<ConnectedDestination[]> {
  const { sources, destinations } = await request.config();
  const mayRead = (source: Source): boolean => request.may('destination.read', targetOf(source));
  const seen = new Set<string>(sources.filter(mayRead).map(({ id }) => id));
  return destinations.filter(({ destination }) => seen.has(destination.sourceId));
}

type Asked = { sourceId?: string | undefined; destinationId?: string | undefined; subscriptionId?: string | undefined };

/** Of those that the caller sees, those that are asked for. Throws ApiFault 404 for what is named and not seen. */
async function destinationsAsked(request: ApiRequest, { sourceId, destinationId, subscriptionId }: Asked) {
  const visible = await visibleDestinations(request);
  const config = await request.config();
  if (sourceId !== undefined && !request.may('destination.read', targetOf(sourceIn(config, sourceId)))) {
    throw notFound('source', sourceId);
  }
  const asked = visible.filter(
    ({ destination, mappings }) =>
      (sourceId === undefined || destination.sourceId === sourceId) &&
      (destinationId === undefined || destination.id === destinationId) &&
      (subscriptionId === undefined || mappings.some(({ id }) => id === subscriptionId)),
  );
  if (destinationId !== undefined && asked.length === 0) {
    const [found] = visible.filter(({ destination }) => destination.id === destinationId);
    if (found === undefined) throw notFound('destination', destinationId);
    if (subscriptionId !== undefined) mappingIn(destinationIn(config, destinationId), subscriptionId);
    throw notFound('destination', destinationId);
  }
  if (subscriptionId !== undefined && asked.length === 0) throw notFound('mapping', subscriptionId);
  return asked;
}

/** With few, all of them; of many those that failed most, as the workspace's digest of the range has it: one read whatever their number. */
async function failingMost(request: ApiRequest, asked: readonly ConnectedDestination[], { from, to }: PageBuckets) {
  if (asked.length <= DESTINATIONS_MAX) return { some: asked, leftOut: 0 };
  const { digests } = await request.deps.delivery();
  const byHour = await digests.hours(request.workspaceId, from.slice(0, 13), to.slice(0, 13));
  const failures = new Map<string, number>();
  for (const { destinations } of byHour.values()) {
    for (const [id, { failedTries, discarded, deadLettered }] of Object.entries(destinations)) {
      const sum = total(failedTries) + total(discarded) + total(deadLettered);
      failures.set(id, (failures.get(id) ?? 0) + sum);
    }
  }
  const of = ({ destination }: ConnectedDestination): number => failures.get(destination.id) ?? 0;
  const failing = asked.filter((one) => of(one) > 0).toSorted((a, b) => of(b) - of(a));
  return { some: failing.slice(0, DESTINATIONS_MAX), leftOut: Math.max(0, failing.length - DESTINATIONS_MAX) };
}

const COUNT_DIGITS = 15;
/** Most first; ids are too long for a cursor. */
const keyOf = ({ issue, id }: { issue: Issue; id: string }): string =>
  `${String(10 ** COUNT_DIGITS - issue.count).padStart(COUNT_DIGITS + 1, '0')} ${createHash('sha256').update(id).digest('base64url')}`;
