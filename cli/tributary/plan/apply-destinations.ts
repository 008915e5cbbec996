import { ApiError } from '../../../shared/api/api-error.ts';
import { isSame } from '../files/canonical.ts';
import type { DestinationFile, FilterFile, MappingFile } from '../files/workspace-files.ts';
import type { DestinationType } from '../workspace/catalog.ts';
import { knownDestination } from '../workspace/read-workspace.ts';
import { type ApplyContext, faultText, Refused, sourceIdOf } from './apply-context.ts';
import { isAt } from './apply-sources.ts';
import type { ChangeOf, ChildPlan, Children } from './change.ts';
import { childrenOf, OWN_MEMBERS } from './plan-destinations.ts';

/** Makes it switched off, with its mappings and filters, and only then switches it on: nothing is sent by half of what was meant. */
export async function createDestination(context: ApplyContext, file: DestinationFile): Promise<void> {
  const { client, catalog } = context;
  const sourceId = sourceIdOf(context, file.source);
  const type = await catalog.destinationType(file.type);
  if (type === undefined) throw new Refused(`there is no type of destination "${file.type}" here`);
  const { destination } = await client.call('createDestination', {
    body: {
      sourceId,
      metadataId: type.id,
      enabled: false,
      ...(file.name !== '' && { name: file.name }),
      settings: file.settings,
    },
  });
  // Of what it came with, nothing was anybody's choice.
  const made = await knownDestination(client, catalog, destination, (id) => id);
  await setOwnMembers(
    context,
    destination.id,
    file,
    OWN_MEMBERS.filter((key) => !isSame(made.file[key], file[key])),
  );
  await applyChildren({ ...context, prune: true }, { id: destination.id, sourceId, type }, childrenOf(file, made));
  if (file.enabled) await enable(context, destination.id, true);
}

export async function updateDestination(
  context: ApplyContext,
  { file, known, fields }: ChangeOf<'destinations'> & { verb: 'update' },
): Promise<void> {
  const { client } = context;
  const { enabled } = known.file;
  if (enabled && !file.enabled) await enable(context, known.id, false);
  if (fields.some((one) => one.how === 'set' && isAt(one, 'settings'))) {
    // What is not named stays: null takes it away.
    const gone = Object.keys(known.file.settings).filter((key) => !Object.hasOwn(file.settings, key));
    const settings = { ...Object.fromEntries(gone.map((key) => [key, null])), ...file.settings };
    await client.call('updateDestination', { path: { destinationId: known.id }, body: { settings } });
  }
  await setOwnMembers(
    context,
    known.id,
    file,
    OWN_MEMBERS.filter((key) => fields.some(({ field }) => field === key)),
  );
  const parent = { id: known.id, sourceId: sourceIdOf(context, file.source), type: known.type };
  await applyChildren(context, parent, childrenOf(file, known));
  if (!enabled && file.enabled) await enable(context, known.id, true);
}

async function setOwnMembers(
  { client }: ApplyContext,
  destinationId: string,
  file: DestinationFile,
  keys: readonly (typeof OWN_MEMBERS)[number][],
): Promise<void> {
  const body = Object.fromEntries(keys.filter((key) => file[key] !== undefined).map((key) => [key, file[key]]));
  if (Object.keys(body).length > 0) await client.call('updateAppDestination', { path: { destinationId }, body });
}

async function enable({ client }: ApplyContext, destinationId: string, enabled: boolean): Promise<void> {
  await client.call('updateDestination', { path: { destinationId }, body: { enabled } });
}

type Parent = { id: string; sourceId: string; type: DestinationType };

/** Does what can be done of it, and throws what was refused once the rest is done. */
async function applyChildren(context: ApplyContext, parent: Parent, children: Children): Promise<void> {
  const faults: string[] = [];
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const fault = faultText(error);
      if (fault === undefined) throw error;
      faults.push(`${what}: ${fault}`);
    }
  };
  const { mappings, filters } = children;
  // What goes makes room first: there are limits to how many there may be.
  if (context.prune) {
    for (const { id, file } of mappings.remove) {
      await attempt(`mapping "${file.name}"`, async () => await removeMapping(context, parent, id));
    }
    for (const { id, file } of filters.remove) {
      await attempt(`filter "${file.title}"`, async () => await removeFilter(context, parent, id));
    }
  }
  for (const { id, file } of filters.update) {
    await attempt(`filter "${file.title}"`, async () => await updateFilter(context, parent, id, file));
  }
  for (const file of filters.create) {
    await attempt(`filter "${file.title}"`, async () => await createFilter(context, parent, file));
  }
  for (const update of mappings.update) {
    await attempt(`mapping "${update.file.name}"`, async () => await updateMapping(context, parent, update));
  }
  for (const file of mappings.create) {
    await attempt(`mapping "${file.name}"`, async () => await createMapping(context, parent, file));
  }
  if (faults.length > 0) throw new Refused(faults.join('; '));
}

/** One that the API does not take switched on, because it lacks something, is made switched off, and said to be. */
async function createMapping({ client }: ApplyContext, parent: Parent, file: MappingFile): Promise<void> {
  const { name, action, trigger, enabled, fields } = file;
  const actionId = parent.type.actions.find(({ slug }) => slug === action)?.id;
  if (actionId === undefined) throw new Refused(`there is no action "${action}"`);
  const path = { destinationId: parent.id };
  const body = { name, actionId, trigger, enabled, settings: fields };
  try {
    await client.call('createDestinationSubscription', { path, body });
  } catch (error) {
    if (!enabled || !(error instanceof ApiError) || error.status !== 422) throw error;
    await client.call('createDestinationSubscription', { path, body: { ...body, enabled: false } });
    throw new Refused(`${faultText(error)}; it was made switched off`);
  }
}

async function updateMapping(
  context: ApplyContext,
  parent: Parent,
  { id, file, fields }: ChildPlan<MappingFile>['update'][number],
): Promise<void> {
  // An action is for ever: another one is another mapping.
  if (fields.some(({ field }) => field === 'action')) {
    await removeMapping(context, parent, id);
    await createMapping(context, parent, file);
    return;
  }
  const { name, trigger, enabled } = file;
  const input = { name, trigger, enabled, settings: file.fields };
  const path = { destinationId: parent.id, id };
  await context.client.call('updateSubscriptionForDestination', { path, body: { input } });
}

async function removeMapping({ client }: ApplyContext, parent: Parent, id: string): Promise<void> {
  await client.call('removeSubscriptionFromDestination', { path: { destinationId: parent.id, id } });
}

async function createFilter({ client }: ApplyContext, parent: Parent, file: FilterFile): Promise<void> {
  const { actions: _, ...plain } = file;
  const body = { ...plain, sourceId: parent.sourceId, actions: actionsOf(file) };
  await client.call('createFilterForDestination', { path: { destinationId: parent.id }, body });
}

async function updateFilter({ client }: ApplyContext, parent: Parent, id: string, file: FilterFile): Promise<void> {
  const { title, description = null, if: condition, enabled } = file;
  const body = { title, description, if: condition, actions: actionsOf(file), enabled };
  await client.call('updateFilterForDestination', { path: { destinationId: parent.id, filterId: id }, body });
}

async function removeFilter({ client }: ApplyContext, parent: Parent, filterId: string): Promise<void> {
  await client.call('removeFilterFromDestination', { path: { destinationId: parent.id, filterId } });
}

/** The API checks them. */
const actionsOf = ({ actions }: FilterFile) => actions as never;
