import type { SettingDefinition } from '../../../shared/destinations/destination-definition.ts';
import { secretsOf } from '../../../shared/domain/secret-list.ts';
import type { ApiRequest } from '../http/request.ts';
import { faulty } from './faults.ts';
import { targetOf } from './source-views.ts';

/** The setting of a Repeater that holds write keys. */
const REPEAT_KEYS = 'repeatKeys';

/** Who sends events into a source of the workspace may edit it (M04): a write key that somebody came by is not enough. Throws ApiFault 422. */
export async function refuseForeignKeys(
  request: ApiRequest,
  { settings }: { settings: readonly Pick<SettingDefinition, 'key'>[] },
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const value = Object.hasOwn(given, REPEAT_KEYS) ? given[REPEAT_KEYS] : undefined;
  if (value === undefined || value === null || !settings.some(({ key }) => key === REPEAT_KEYS)) return;
  const texts = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
  const wanted = new Set(texts.flatMap(secretsOf));
  const [{ sources }, keys] = await Promise.all([request.config(), request.control.listWriteKeys(request.workspaceId)]);
  const owners = new Set<string>(keys.flatMap(({ writeKey, sourceId }) => (wanted.has(writeKey) ? [sourceId] : [])));
  if (sources.some((source) => owners.has(source.id) && !request.may('source.edit', targetOf(source)))) {
    throw faulty([
      { field: `settings.${REPEAT_KEYS}`, message: 'holds a write key of a source that you may not edit' },
    ]);
  }
}
