import { WriteKey } from '../../../shared/domain/ids.ts';
import type { Json } from '../../../shared/domain/json.ts';
import type { SourceFile } from '../files/workspace-files.ts';
import { type ApplyContext, Refused, sourceIdOf } from './apply-context.ts';
import { type ChangeOf, entriesOf, type FieldChange } from './change.ts';

/** Makes a source, its name, labels and write keys. Whatever key it got by itself goes, where the file names others: nobody has seen it yet. */
export async function createSource(context: ApplyContext, file: SourceFile): Promise<void> {
  const { client, catalog, sourceIds } = context;
  const metadataId = await catalog.sourceTypeId(file.type);
  if (metadataId === undefined) throw new Refused(`there is no type of source "${file.type}" here`);
  const { slug, settings, hook } = file;
  // Before its hook is there it would take what anybody posts.
  const enabled = file.enabled && hook === undefined;
  const { source } = await client.call('createSource', { body: { slug, enabled, metadataId, settings } });
  sourceIds.set(slug, source.id);
  const path = { sourceId: source.id };
  if (file.name !== undefined && file.name !== source.name) {
    await client.call('updateSource', { path, body: { name: file.name } });
  }
  if (hook !== undefined) {
    await setHook(context, source.id, hook);
    if (file.enabled) await client.call('updateSource', { path, body: { enabled: true } });
  }
  const labels = labelsOf(file);
  if (labels.length > 0) await client.call('replaceLabelsInSource', { path, body: { labels } });
  if (file.writeKeys === undefined) return;
  const { source: made } = await client.call('getSource', { path });
  await addWriteKeys(
    context,
    source.id,
    file.writeKeys.filter((key) => !made.writeKeys.includes(key)),
  );
  await removeWriteKeys(
    context,
    source.id,
    made.writeKeys.filter((key) => file.writeKeys?.includes(key) !== true),
  );
}

export async function updateSource(
  context: ApplyContext,
  { file, known, fields }: ChangeOf<'sources'> & { verb: 'update' },
): Promise<void> {
  const { client, prune } = context;
  const path = { sourceId: known.id };
  const has = (name: string): boolean => fields.some((one) => one.how === 'set' && isAt(one, name));
  if (has('hook') && file.hook !== undefined) await setHook(context, known.id, file.hook);
  const body = {
    ...(has('name') && { name: file.name }),
    ...(has('enabled') && { enabled: file.enabled }),
    ...(has('settings') && { settings: file.settings }),
  };
  if (Object.keys(body).length > 0) await client.call('updateSource', { path, body });
  if (has('labels')) await client.call('replaceLabelsInSource', { path, body: { labels: labelsOf(file) } });
  await addWriteKeys(context, known.id, entriesOf(fields, 'writeKeys', 'set'));
  if (prune) await removeWriteKeys(context, known.id, entriesOf(fields, 'writeKeys', 'prune'));
}

async function setHook(
  { client }: ApplyContext,
  sourceId: string,
  hook: Readonly<Record<string, Json>>,
): Promise<void> {
  // A file says all of it: one without a signature asks for none. The API checks what is in it.
  await client.call('replaceSourceHook', { path: { sourceId }, body: { signature: null, ...hook } as never });
}

/** Once all sources are there: what a source forwards names another one. */
export async function applySchemaSettings(context: ApplyContext, change: ChangeOf<'sources'>): Promise<void> {
  if (change.verb === 'remove' || change.file.schemaSettings === undefined) return;
  if (change.verb === 'update' && !change.fields.some((one) => isAt(one, 'schemaSettings'))) return;
  const sourceId = context.sourceIds.get(change.file.slug);
  // The source itself was refused, which has been told.
  if (sourceId === undefined) return;
  const settings = withIds(context, change.file.schemaSettings);
  // The API checks what is in it.
  await context.client.call('updateSchemaSettingsInSource', { path: { sourceId }, body: settings });
}

function withIds(context: ApplyContext, settings: Readonly<Record<string, Json>>): Record<string, Json> {
  const forwards = ['forwardingViolationsTo', 'forwardingBlockedEventsTo'].flatMap((key) => {
    const slug = settings[key];
    return typeof slug === 'string' && slug !== '' ? [[key, sourceIdOf(context, slug)] as const] : [];
  });
  return { ...settings, ...Object.fromEntries(forwards) };
}

export const isAt = ({ field }: FieldChange, name: string): boolean => field === name || field.startsWith(`${name}.`);

const labelsOf = ({ labels }: SourceFile): { key: string; value: string }[] =>
  Object.entries(labels).map(([key, value]) => ({ key, value }));

async function addWriteKeys({ client }: ApplyContext, sourceId: string, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const writeKey = WriteKey.safeParse(key);
    if (!writeKey.success) throw new Refused(`"${key}" is no write key: 16 to 64 letters, digits, _ and -`);
    await client.call('addWriteKeyToSource', { path: { sourceId }, body: { writeKey: writeKey.data } });
  }
}

async function removeWriteKeys({ client }: ApplyContext, sourceId: string, keys: readonly string[]): Promise<void> {
  for (const writeKey of keys) await client.call('removeWriteKeyFromSource', { path: { sourceId, writeKey } });
}
