import type { KnownWorkspace } from '../workspace/known.ts';
import { type ApplyContext, faultText } from './apply-context.ts';
import { createDestination, updateDestination } from './apply-destinations.ts';
import {
  createGroup,
  createTrackingPlan,
  createTransformation,
  updateGroup,
  updateSettings,
  updateTrackingPlan,
  updateTransformation,
} from './apply-others.ts';
import { applySchemaSettings, createSource, updateSource } from './apply-sources.ts';
import { type Change, doneBy, type ImportPlan } from './change.ts';
import { changeLine } from './say-changes.ts';

export type Applied = { done: Change[]; failed: { change: Change; fault: string }[] };

/**
 * Does what a plan says, thing by thing: what one needs comes before it, what goes goes last. What the API refuses is told, and the rest is done; it throws
 * where nothing further can be done. A run that was broken off is finished by another import.
 */
export async function applyImport(
  plan: ImportPlan,
  known: KnownWorkspace,
  deps: Omit<ApplyContext, 'sourceIds' | 'workspaceId'>,
): Promise<Applied> {
  const context: ApplyContext = {
    ...deps,
    workspaceId: known.workspace.id,
    sourceIds: new Map(known.sources.map(({ id, file }) => [file.slug, id])),
  };
  const applied: Applied = { done: [], failed: [] };
  const changes = doneBy(plan, deps.prune);
  const kept = changes.filter(({ verb }) => verb !== 'remove');
  const gone = changes.filter(({ verb }) => verb === 'remove').toReversed();

  const attempt = async (change: Change, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      const fault = faultText(error);
      if (fault === undefined) throw error;
      applied.failed.push({ change, fault });
      deps.print(`! ${changeLine(change)}: ${fault}`);
      return false;
    }
  };
  const act = async (change: Change): Promise<void> => {
    if (!(await attempt(change, async () => await applyOne(context, change)))) return;
    applied.done.push(change);
    deps.print(changeLine(change));
  };

  for (const change of kept.filter(({ kind }) => kind === 'labels' || kind === 'sources')) await act(change);
  for (const change of kept) {
    if (change.kind === 'sources') await attempt(change, async () => await applySchemaSettings(context, change));
  }
  for (const change of kept.filter(({ kind }) => kind !== 'labels' && kind !== 'sources')) await act(change);
  for (const change of gone) await act(change);
  return applied;
}

async function applyOne(context: ApplyContext, change: Change): Promise<void> {
  if (change.verb === 'remove') return await remove(context, change);
  switch (change.kind) {
    case 'settings':
      return await updateSettings(context, change.file);
    case 'labels':
      if (change.verb === 'create') await context.client.call('createLabel', { body: { label: change.file } });
      return;
    case 'sources':
      return await (change.verb === 'create' ? createSource(context, change.file) : updateSource(context, change));
    case 'trackingPlans':
      return await (change.verb === 'create'
        ? createTrackingPlan(context, change.file)
        : updateTrackingPlan(context, change));
    case 'destinations':
      return await (change.verb === 'create'
        ? createDestination(context, change.file)
        : updateDestination(context, change));
    case 'transformations':
      return await (change.verb === 'create'
        ? createTransformation(context, change.file)
        : updateTransformation(context, change));
    case 'groups':
      return await (change.verb === 'create' ? createGroup(context, change.file) : updateGroup(context, change));
  }
}

async function remove({ client }: ApplyContext, { kind, known }: Change & { verb: 'remove' }): Promise<void> {
  const { id } = known;
  switch (kind) {
    case 'settings':
      return;
    case 'labels': {
      const { key, value } = known.file;
      await client.call('deleteLabel', { path: { key, value } });
      return;
    }
    case 'sources':
      await client.call('deleteSource', { path: { sourceId: id } });
      return;
    case 'trackingPlans':
      await client.call('deleteTrackingPlan', { path: { trackingPlanId: id } });
      return;
    case 'destinations':
      await client.call('deleteDestination', { path: { destinationId: id } });
      return;
    case 'transformations':
      await client.call('deleteTransformation', { path: { transformationId: id } });
      return;
    case 'groups':
      await client.call('deleteUserGroup', { path: { userGroupId: id } });
      return;
  }
}
