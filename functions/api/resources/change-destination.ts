import type { CatalogDestination } from '../../../shared/catalog/catalog-entry.ts';
import { Destination, type WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { deviceFaults } from '../../../shared/pipeline/rules/device-faults.ts';
import { ApiFault, invalid } from '../http/api-fault.ts';
import type { ApiRequest } from '../http/request.ts';
import { refuseForAuditTrail } from './audit-source.ts';
import { entryOf } from './destination-views.ts';
import { changed, differs, faulty, taken, tellVersion } from './faults.ts';
import { destinationIn, type FoundDestination } from './find-things.ts';
import { applySettings, readSettings, refuseIncomplete } from './given-settings.ts';
import { refuseMovedSecrets } from './moved-secrets.ts';

export type DestinationInput = {
  /** Null gives it the name of its type again. */
  name?: string | null | undefined;
  enabled?: boolean | undefined;
  settings?: Readonly<Record<string, unknown>> | undefined;
  connectionMode?: Destination['connectionMode'] | undefined;
  retryWindowHours?: number | undefined;
  consentCategories?: string[] | undefined;
  paused?: boolean | undefined;
};

/** Whether the tool is fed by browsers alone. */
export const isDeviceOnly = ({ connectionModes: { device, cloud } }: CatalogDestination): boolean =>
  device.web && !cloud.web;

/** Destinations of one type on one source: their names differ, and there are only so many (B08). */
export const instancesOf = (config: WorkspaceConfig, type: string, sourceId: string): Destination[] =>
  config.destinations.flatMap(({ destination }) =>
    destination.type === type && destination.sourceId === sourceId ? [destination] : [],
  );

/** Names that differ in case alone are one name to people. */
const sameName = (name: string): string => name.trim().toLowerCase();

/** The name of a type, with a number behind it where another instance has it. */
export function freeName(name: string, instances: readonly Pick<Destination, 'name'>[]): string {
  const names = new Set(instances.map((one) => sameName(one.name)));
  if (!names.has(sameName(name))) return name;
  for (let number = 2; number <= instances.length + 1; number += 1) {
    if (!names.has(sameName(`${name} ${number}`))) return `${name} ${number}`;
  }
  return name;
}

export function refuseTakenName(name: string, instances: readonly Pick<Destination, 'name'>[]): void {
  const other = instances.find((one) => sameName(one.name) === sameName(name));
  if (other === undefined) return;
  const said = JSON.stringify(other.name);
  throw taken('name', `The source has a destination of this type that is called ${said} (B08); case does not count.`);
}

/** The catalog entry of a destination that is there. Throws ApiFault 409 for one whose type is gone: it can be deleted, nothing else. */
export async function requireEntry(
  request: ApiRequest,
  { type }: Pick<Destination, 'type'>,
): Promise<CatalogDestination> {
  const entry = await entryOf(request, type);
  if (entry !== undefined) return entry;
  throw new ApiFault(409, [{ type: 'conflict', message: `There is no destination type ${type} any more.` }]);
}

/**
 * Changes the members of a destination that are given, decided again where somebody else was quicker. One that is switched on must have what its type
 * requires (B06), and may be in a browser only where the tool can be. Answers it as it was saved, but for its lane.
 */
export async function changeDestination(
  request: ApiRequest,
  id: string | undefined,
  input: DestinationInput,
): Promise<Destination> {
  const seen = destinationIn(await request.config(), id).destination;
  const entry = await requireEntry(request, seen);
  const given = await readSettings(request, entry, seen.id, input.settings ?? {});
  refuseCategories(input.consentCategories ?? []);
  return await request.change(async (config) => {
    const found = destinationIn(config, id);
    const { destination } = found;
    request.matchVersion(destination);
    const others = instancesOf(config, destination.type, destination.sourceId).filter((one) => one.id !== id);
    refuseMovedSecrets(entry, destination, given);
    const { name, enabled, connectionMode, retryWindowHours, consentCategories, paused } = input;
    if (typeof name === 'string' && name !== destination.name) refuseTakenName(name, others);
    const members = {
      name: name === null ? freeName(entry.name, others) : name,
      enabled,
      connectionMode,
      retryWindowHours,
      consentCategories,
      ...(input.settings !== undefined && applySettings(destination, given)),
    };
    const thing = pausedAs(
      changed(
        Destination,
        destination,
        Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)),
        request,
      ),
      paused,
    );
    if (!differs(destination, thing)) return { changes: [], value: destination };
    await refuseForAuditTrail(request, destination.sourceId);
    refuseUnfit(entry, found, thing, others);
    if (thing.enabled && (enabled === true || input.settings !== undefined)) refuseIncomplete(entry, thing);
    tellVersion(request, thing.version + 1);
    return {
      changes: [{ kind: 'destination', verb: 'save', thing }],
      value: { ...thing, version: thing.version + 1 },
    };
  });
}

/** While it is paused route goes on queueing, and what is queued is kept as dead letters. */
function pausedAs(destination: Destination, paused: boolean | undefined): Destination {
  if (paused === undefined || paused === (destination.paused !== undefined)) return destination;
  const { paused: _before, ...rest } = destination;
  return paused ? { ...rest, paused: { since: destination.updatedAt, by: 'hand' } } : rest;
}

export function refuseUnfit(
  entry: CatalogDestination,
  { source }: Pick<FoundDestination, 'source'>,
  destination: Pick<Destination, 'type' | 'enabled' | 'connectionMode'>,
  others: readonly Destination[],
): void {
  const hasOther = others.some(({ enabled }) => enabled);
  const [fault] = deviceFaults(destination, isDeviceOnly(entry), source, hasOther);
  if (fault === undefined) return;
  if (fault.at === 'type') throw taken('metadataId', `${fault.message} (B08).`);
  throw invalid({ field: fault.at === 'source' ? 'sourceId' : fault.at, message: fault.message });
}

/** J20: ids of consent categories do not begin with a digit. */
function refuseCategories(categories: readonly string[]): void {
  const faults = categories.flatMap((category, index) =>
    /^\d/.test(category)
      ? [{ field: `consentCategories.${index}`, message: 'The id of a consent category does not begin with a digit.' }]
      : [],
  );
  if (faults.length > 0) throw faulty(faults);
}
