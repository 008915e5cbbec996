import type * as z from 'zod';
import type { TrackingPlanV1 } from '../../../shared/api/shapes.ts';
import { TrackingPlan, TRACKING_PLANS_MAX } from '../../../shared/domain/governance.ts';
import { TrackingPlanId } from '../../../shared/domain/ids.ts';
import { conflict, notFound } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { HandlersOf } from '../http/request.ts';
import { changed, differs, overQuota, SUCCESS, tellVersion, unsaved } from '../resources/faults.ts';
import { sourceIn } from '../resources/find-things.ts';
import { planOf, removeRules } from '../resources/plans.ts';
import { sourceViews, targetOf } from '../resources/source-views.ts';

const shown = ({
  id,
  name,
  description,
  type,
  createdAt,
  updatedAt,
}: TrackingPlan): z.output<ReturnType<typeof TrackingPlanV1>> => ({
  id,
  name,
  slug: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
  ...(description !== undefined && { description }),
  type,
  createdAt,
  updatedAt,
});

/** Kept and checked for clients of the Public API; nothing obeys a plan before the governance issue. */
export const trackingPlansHandlers: HandlersOf<
  | 'listTrackingPlans'
  | 'createTrackingPlan'
  | 'getTrackingPlan'
  | 'updateTrackingPlan'
  | 'deleteTrackingPlan'
  | 'listSourcesFromTrackingPlan'
  | 'addSourceToTrackingPlan'
  | 'removeSourceFromTrackingPlan'
> = {
  listTrackingPlans: async (request, { query }) => {
    const plans = await request.control.listTrackingPlans(request.workspaceId);
    const items = plans.filter(({ type }) => query.type === undefined || type === query.type);
    const name = `tracking plans ${query.type ?? ''}`;
    const page = await request.pages.cut({ name, items, keyOf: ({ id }) => id }, query.pagination);
    return { trackingPlans: page.items.map(shown), pagination: page.pagination };
  },

  createTrackingPlan: async (request, { body }) => {
    const thing = parsedAs(TrackingPlan, {
      id: TrackingPlanId.parse(request.newId('tp')),
      workspaceId: request.workspaceId,
      ...body,
      ...unsaved(request),
    });
    await request.change(async () => {
      if ((await request.control.listTrackingPlans(request.workspaceId)).length >= TRACKING_PLANS_MAX) {
        throw overQuota(
          'tracking-plans',
          TRACKING_PLANS_MAX,
          `A workspace has ${TRACKING_PLANS_MAX} tracking plans at most.`,
        );
      }
      return { changes: [{ kind: 'trackingPlan', verb: 'save', thing }], value: undefined };
    });
    return { trackingPlan: shown(thing) };
  },

  getTrackingPlan: async (request, { path }) => {
    const plan = await planOf(request, path['trackingPlanId']);
    request.matchVersion(plan);
    return { trackingPlan: shown(plan) };
  },

  updateTrackingPlan: async (request, { path, body }) => {
    await request.change(async () => {
      const plan = await planOf(request, path['trackingPlanId']);
      request.matchVersion(plan);
      const { name = plan.name, description = plan.description } = body;
      const thing = changed(TrackingPlan, plan, { name, description }, request);
      if (!differs(plan, thing)) return { changes: [], value: undefined };
      tellVersion(request, thing.version + 1);
      return { changes: [{ kind: 'trackingPlan', verb: 'save', thing }], value: undefined };
    });
    return SUCCESS;
  },

  /** With its rules, which go first: a request that was broken off can be sent again. */
  deleteTrackingPlan: async (request, { path }) => {
    const plan = await planOf(request, path['trackingPlanId']);
    request.matchVersion(plan);
    await removeRules(request, plan.id, () => true);
    await request.change(async () => ({
      changes: [{ kind: 'trackingPlan', verb: 'remove', thing: await planOf(request, plan.id) }],
      value: undefined,
    }));
    return SUCCESS;
  },

  listSourcesFromTrackingPlan: async (request, { path, query }) => {
    const plan = await planOf(request, path['trackingPlanId']);
    const { sources } = await request.config();
    const items = sources.filter(
      (source) => plan.sourceIds.includes(source.id) && request.may('source.read', targetOf(source)),
    );
    const page = await request.pages.cut(
      { name: `sources of ${plan.id}`, items, keyOf: ({ id }) => id },
      query.pagination,
    );
    return { sources: await sourceViews(request, page.items), pagination: page.pagination };
  },

  /** A source has one plan at most. */
  addSourceToTrackingPlan: async (request, { path, body }) => {
    await request.change(async (config) => {
      const plan = await planOf(request, path['trackingPlanId']);
      const source = sourceIn(config, body.sourceId);
      if (plan.sourceIds.includes(source.id)) return { changes: [], value: undefined };
      const plans = await request.control.listTrackingPlans(request.workspaceId);
      const other = plans.find(({ sourceIds }) => sourceIds.includes(source.id));
      if (other !== undefined)
        throw conflict(`The source has the plan ${other.id}, and may have one. Take it from there first.`);
      const thing = changed(TrackingPlan, plan, { sourceIds: [...plan.sourceIds, source.id] }, request);
      return { changes: [{ kind: 'trackingPlan', verb: 'save', thing }], value: undefined };
    });
    return SUCCESS;
  },

  removeSourceFromTrackingPlan: async (request, { path, query }) => {
    await request.change(async () => {
      const plan = await planOf(request, path['trackingPlanId']);
      const sourceIds = plan.sourceIds.filter((id) => id !== query.sourceId);
      if (sourceIds.length === plan.sourceIds.length) throw notFound('source', query.sourceId);
      const thing = changed(TrackingPlan, plan, { sourceIds }, request);
      return { changes: [{ kind: 'trackingPlan', verb: 'save', thing }], value: undefined };
    });
    return SUCCESS;
  },
};
