import type * as z from 'zod';
import type { BodyOf } from '../../../shared/api/operation.ts';
import type { appTesterOperations } from '../../../shared/api/operations/app-tester.ts';
import type { Estimate } from '../../../shared/api/operations/tester-shapes.ts';
import { Filter } from '../../../shared/domain/filter.ts';
import { MappingId } from '../../../shared/domain/ids.ts';
import { maskedChanges, maskedEvent } from '../../../shared/domain/masked-event.ts';
import { Mapping, schemaOf, type WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import {
  type EventJudge,
  judgeOfRules,
  judgeOfTarget,
  nameOf,
  type TargetRules,
} from '../../../shared/pipeline/estimate.ts';
import { type EstimateRun, runEstimate } from '../../../shared/pipeline/run-estimate.ts';
import { invalid, notFound } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { refuseTrigger } from '../resources/change-mapping.ts';
import { unsaved } from '../resources/faults.ts';
import { destinationIn, filterIn, mappingIn, sourceIn } from '../resources/find-things.ts';
import { readActions, refuseCondition } from '../resources/given-filters.ts';
import { targetOf } from '../resources/source-views.ts';

type Body = BodyOf<(typeof appTesterOperations)['createEstimate']>;
type Rules = Pick<Body, 'trigger' | 'filter'>;
type Shown = z.output<ReturnType<typeof Estimate>>;
type Judges = { now: EventJudge | undefined; after: EventJudge };

const HOUR_MS = 3_600_000;
/** The furthest that an estimate looks back. */
const SPAN_MS_MAX = 24 * HOUR_MS;
const RANGES_MS: Readonly<Record<string, number>> = { '10m': HOUR_MS / 6, '1h': HOUR_MS, '24h': SPAN_MS_MAX };
const PROPOSED = 'proposed';

/** The time that is asked about: the last 24 hours where nothing is said. */
function spanOf({ range, from, to }: Body, nowMs: number): { from: string; to: string } {
  if (range !== undefined && (from !== undefined || to !== undefined)) {
    throw invalid({ field: 'range', message: 'Say a range, or from and to.' });
  }
  const lengthMs = RANGES_MS[range ?? '24h'];
  if (lengthMs === undefined) throw invalid({ field: 'range', message: 'It is 24h at most: 10m, 1h or 24h.' });
  const endMs = Math.min(to === undefined ? nowMs : Date.parse(to), nowMs);
  const startMs = from === undefined ? endMs - lengthMs : Date.parse(from);
  if (startMs >= endMs) throw invalid({ field: 'from', message: 'It lies behind the end of the time.' });
  if (endMs - startMs > SPAN_MS_MAX) throw invalid({ field: 'from', message: 'The time has 24 hours at most.' });
  return { from: new Date(startMs).toISOString(), to: new Date(endMs).toISOString() };
}

/** Throws ApiFault 422 for rules that nobody can read. */
function filterOf(request: ApiRequest, { filter }: Rules, at: string, id: string): Filter | undefined {
  if (filter === undefined || filter === null) return undefined;
  refuseCondition(filter.if, `${at}filter.if`);
  return parsedAs(Filter, {
    id,
    workspaceId: request.workspaceId,
    destinationId: `dst_${PROPOSED}`,
    title: PROPOSED,
    if: filter.if,
    actions: readActions(filter.actions, `${at}filter.actions`),
    enabled: true,
    ...unsaved(request),
  });
}

/** Rules by themselves, against others by themselves. */
function looseJudges(request: ApiRequest, body: Body): Judges {
  const { present, trigger } = body;
  const filter = filterOf(request, body, '', `flt_${PROPOSED}`);
  const before = present && filterOf(request, present, 'present.', `flt_${PROPOSED}`);
  return {
    now: present && judgeOfRules({ trigger: present.trigger, filter: before }),
    after: judgeOfRules({ trigger, filter }),
  };
}

/** What the destination gets now, against what it would get by the rules that are proposed. */
async function targetJudges(request: ApiRequest, config: WorkspaceConfig, body: Body): Promise<Judges> {
  const { trigger, subscriptionId, filterId, sourceId } = body;
  if (body.present !== undefined) {
    throw invalid({ field: 'present', message: 'It is what the destination has: name one or the other.' });
  }
  const found = destinationIn(config, body.destinationId);
  const { destination } = found;
  // Its filters and mappings are judged by: of one that the caller does not see, nothing is said, nor that it is there.
  if (!request.may('destination.read', targetOf(found.source))) throw notFound('destination', destination.id);
  if (destination.sourceId !== sourceId) {
    throw invalid({ field: 'destinationId', message: 'It is of another source.' });
  }
  const replaced = filterId === undefined ? undefined : filterIn(found, filterId);
  if (body.filter === null && replaced === undefined) {
    throw invalid({ field: 'filterId', message: 'Name the filter that would go.' });
  }
  const proposed = filterOf(request, body, '', replaced?.id ?? `flt_${PROPOSED}`);
  const filtersAfter =
    body.filter === undefined
      ? found.filters
      : [...found.filters.filter(({ id }) => id !== replaced?.id), ...(proposed === undefined ? [] : [proposed])];

  const { findKind } = await import('../../../shared/destinations/kinds.ts');
  const target = { destination, kind: findKind(destination.type), schema: schemaOf(config, sourceId) };
  const mapping = subscriptionId === undefined ? undefined : mappingIn(found, subscriptionId);
  const live = found.mappings.filter(({ enabled }) => enabled);
  const isOfOne = trigger !== undefined || mapping !== undefined;
  const before = isOfOne ? live.filter(({ id }) => id === mapping?.id) : live;
  const after = isOfOne ? [mappingAfter(request, mapping, trigger, destination.id)] : live;
  const asksMappings = isOfOne || live.length > 0;
  const judge = (mappings: TargetRules['mappings'], filters: readonly Filter[]) =>
    judgeOfTarget({ ...target, filters, mappings, asksMappings });
  return { now: judge(before, found.filters), after: judge(after, filtersAfter) };
}

/** Enabled, as it would be. */
function mappingAfter(
  request: ApiRequest,
  mapping: Mapping | undefined,
  trigger: string | undefined,
  destinationId: string,
): Mapping {
  const base = mapping ?? {
    id: MappingId.parse(`map_${PROPOSED}`),
    workspaceId: request.workspaceId,
    destinationId,
    name: PROPOSED,
    action: PROPOSED,
    fields: {},
    ...unsaved(request),
  };
  return parsedAs(Mapping, { ...base, ...(trigger !== undefined && { trigger }), enabled: true });
}

function shownOf(
  run: EstimateRun,
  span: { from: string; to: string },
  { delaySeconds, seesPersonal }: { delaySeconds: number; seesPersonal: boolean },
): Shown {
  const { samples, examined, matchedNow, matchedAfter, more, fewer, share, sampled } = run;
  const whole = (count: number) => (share > 0 ? Math.round(count / share) : count);
  return {
    ...span,
    ...run,
    estimated: {
      examined: whole(examined),
      matchedNow: matchedNow === null ? null : whole(matchedNow),
      matchedAfter: whole(matchedAfter),
      more: whole(more),
      fewer: whole(fewer),
    },
    basis: basisOf(run, delaySeconds),
    archiveDelaySeconds: delaySeconds,
    sampled,
    samples: samples.map(({ event, changes, ...rest }) => ({
      messageId: event.messageId,
      type: event.type,
      name: nameOf(event),
      receivedAt: event.receivedAt,
      ...rest,
      changes: seesPersonal ? changes : maskedChanges(changes),
      event: seesPersonal ? event : maskedEvent(event),
    })),
  };
}

function basisOf({ sampled, share, examined }: EstimateRun, delaySeconds: number): string {
  const late = `Events of the last ${delaySeconds} s may not be in the archive yet, and events that were blocked never are.`;
  if (!sampled) return `All ${examined} archived events of the time were judged. ${late}`;
  const percent = (share * 100).toPrecision(2);
  return `The newest ${examined} events were judged, ${percent} % of the time's archive by bytes; the whole is estimated from them, as if older ones were alike. ${late}`;
}

export const estimatesHandlers: HandlersOf<'createEstimate'> = {
  createEstimate: async (request, { body }) => {
    const config = await request.config();
    const source = sourceIn(config, body.sourceId);
    const { trigger, filter, destinationId, subscriptionId, filterId } = body;
    if (trigger === undefined && filter === undefined) {
      throw invalid({ field: 'trigger', message: 'Say a trigger, a filter, or both.' });
    }
    if (destinationId === undefined && (subscriptionId !== undefined || filterId !== undefined || filter === null)) {
      throw invalid({ field: 'destinationId', message: 'Name the destination that it is of.' });
    }
    if (trigger !== undefined) refuseTrigger(trigger, 'trigger');
    if (body.present?.trigger !== undefined) refuseTrigger(body.present.trigger, 'present.trigger');
    const span = spanOf(body, request.now().getTime());
    const judges = destinationId === undefined ? looseJudges(request, body) : await targetJudges(request, config, body);
    const [archive, suppression] = await Promise.all([request.deps.archive(), request.deps.suppression()]);
    const run = await runEstimate(
      { archive, monotonicMs: () => performance.now() },
      {
        sourceId: source.id,
        ...span,
        ...judges,
        suppressed: await suppression.suppressed(request.workspaceId),
      },
    );
    return shownOf(run, span, { delaySeconds: archive.delaySeconds, seesPersonal: request.caller.piiAccess });
  },
};
