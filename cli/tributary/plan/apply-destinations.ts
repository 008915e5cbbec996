import { isSame } from '../files/canonical.ts';
import type { DestinationFile, FilterFile, MappingFile } from '../files/workspace-files.ts';
import type { DestinationType } from '../workspace/catalog.ts';
import { knownDestination } from '../workspace/read-workspace.ts';
import { type ApplyContext, Refused, sourceIdOf } from './apply-context.ts';
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
    await client.call('updateDestination', { path: { destinationId: known.id }, body: { settings: file.settings } });
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

async function applyChildren(context: ApplyContext, parent: Parent, { mappings, filters }: Children): Promise<void> {
  // What goes makes room first: there are limits to how many there may be.
  if (context.prune) await removeAll(context, parent, { mappings, filters });
  await applyFilters(context, parent, filters);
  await applyMappings(context, parent, mappings);
}

async function removeAll({ client }: ApplyContext, parent: Parent, { mappings, filters }: Children): Promise<void> {
  const path = { destinationId: parent.id };
  for (const { id } of mappings.remove)
    await client.call('removeSubscriptionFromDestination', { path: { ...path, id } });
  for (const { id } of filters.remove) {
    await client.call('removeFilterFromDestination', { path: { ...path, filterId: id } });
  }
}

async function applyMappings(
  { client }: ApplyContext,
  parent: Parent,
  { create, update }: ChildPlan<MappingFile>,
): Promise<void> {
  const path = { destinationId: parent.id };
  const make = async ({ name, action, trigger, enabled, fields }: MappingFile): Promise<void> => {
    const actionId = parent.type.actions.find(({ slug }) => slug === action)?.id;
    if (actionId === undefined) throw new Refused(`mapping "${name}": there is no action "${action}"`);
    await client.call('createDestinationSubscription', {
      path,
      body: { name, actionId, trigger, enabled, settings: fields },
    });
  };
  for (const { id, file, fields } of update) {
    // An action is for ever: another one is another mapping.
    if (fields.some(({ field }) => field === 'action')) {
      await client.call('removeSubscriptionFromDestination', { path: { ...path, id } });
      await make(file);
      continue;
    }
    const { name, trigger, enabled } = file;
    const input = { name, trigger, enabled, settings: file.fields };
    await client.call('updateSubscriptionForDestination', { path: { ...path, id }, body: { input } });
  }
  for (const file of create) await make(file);
}

async function applyFilters(
  { client }: ApplyContext,
  parent: Parent,
  { create, update }: ChildPlan<FilterFile>,
): Promise<void> {
  const path = { destinationId: parent.id };
  for (const { id, file } of update) {
    const { title, description = null, if: condition, enabled } = file;
    const body = { title, description, if: condition, actions: actionsOf(file), enabled };
    await client.call('updateFilterForDestination', { path: { ...path, filterId: id }, body });
  }
  for (const file of create) {
    const { actions: _, ...plain } = file;
    const body = { ...plain, sourceId: parent.sourceId, actions: actionsOf(file) };
    await client.call('createFilterForDestination', { path, body });
  }
}

/** The API checks them. */
const actionsOf = ({ actions }: FilterFile) => actions as never;
