import type { Json } from '../../../shared/domain/json.ts';
import { resolved } from '../files/placeholders.ts';
import type { SourceFile } from '../files/workspace-files.ts';
import type { Known } from '../workspace/known.ts';
import { type FieldChange, fieldChanges, type Missing } from './change.ts';

export type SourceContext = {
  path: string;
  env: Readonly<Record<string, string | undefined>>;
  writeSecrets: boolean;
  known: Known<SourceFile> | undefined;
};

/**
 * A source as it is to be. One whose hook lacks a secret of its signature keeps what it has, and is not switched on: it would take what anybody posts.
 */
export function prepareSource(
  file: SourceFile,
  { path, env, writeSecrets, known }: SourceContext,
): { file: SourceFile; missing: Missing[]; isHeldBack: boolean } {
  if (file.hook === undefined) return { file, missing: [], isHeldBack: false };
  const filled = resolved(file.hook, env, { before: known?.file.hook, writeSecrets });
  const missing = filled.missing.map((variable): Missing => ({ path, field: 'hook', variable }));
  if (missing.length === 0) {
    return { file: { ...file, hook: filled.value as Record<string, Json> }, missing, isHeldBack: false };
  }
  const enabled = file.enabled && known?.file.enabled === true;
  return {
    file: { ...file, enabled, hook: known?.file.hook },
    missing,
    isHeldBack: file.enabled && !enabled,
  };
}

export function sourceFields(file: SourceFile, { file: before }: Known<SourceFile>): FieldChange[] {
  const fields: FieldChange[] = [];
  if (file.type !== before.type) fields.push({ field: 'type', how: 'fixed', from: before.type, to: file.type });
  if (file.name !== undefined) fields.push(...fieldChanges(before.name, file.name, 'name'));
  fields.push(...fieldChanges(before.enabled, file.enabled, 'enabled'));
  fields.push(...fieldChanges(before.labels, file.labels, 'labels'));
  // All have a value, which the API tells of each: what a file leaves out stays as it is.
  const was = Object.fromEntries(Object.entries(before.settings).filter(([key]) => Object.hasOwn(file.settings, key)));
  fields.push(...fieldChanges(was, file.settings, 'settings'));
  if (file.schemaSettings !== undefined) {
    fields.push(...fieldChanges(before.schemaSettings ?? {}, file.schemaSettings, 'schemaSettings'));
  }
  // Secrets of its signature are dots on both sides, or are to be written.
  if (file.hook !== undefined) {
    fields.push(...fieldChanges(before.hook ?? {}, file.hook, 'hook').map(withoutValues));
  }
  if (file.writeKeys !== undefined) fields.push(...listFields('writeKeys', before.writeKeys ?? [], file.writeKeys));
  return fields;
}

/** What stands in a hook may be a secret. */
const withoutValues = (change: FieldChange): FieldChange =>
  change.field.startsWith('hook.signature')
    ? { field: change.field, how: change.how, ...(change.to === undefined ? { from: SIGNATURE } : { to: SIGNATURE }) }
    : change;
const SIGNATURE = '(a signature)';

/** A list whose order means nothing: what is to be added, and what only --prune takes away. */
export function listFields(field: string, before: readonly string[], wanted: readonly string[]): FieldChange[] {
  const added = wanted.filter((one) => !before.includes(one));
  const gone = before.filter((one) => !wanted.includes(one));
  return [
    ...added.map((one): FieldChange => ({ field, how: 'set', to: one })),
    ...gone.map((one): FieldChange => ({ field, how: 'prune', from: one })),
  ];
}
