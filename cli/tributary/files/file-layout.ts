import type { Json } from '../../../shared/domain/json.ts';
import { byText, fileText, keyOf, plainLetters, sortedDeep } from './canonical.ts';
import {
  type DestinationFile,
  type FileKind,
  type Files,
  type MappingFile,
  NAMES,
  type SourceFile,
  type ThingIn,
  type WorkspaceFile,
} from './workspace-files.ts';

/** Where each kind lies. Labels are few and short: one file holds them all. */
export const FOLDERS = {
  sources: 'sources',
  trackingPlans: 'tracking-plans',
  destinations: 'destinations',
  transformations: 'transformations',
  groups: 'groups',
} as const satisfies Partial<Record<FileKind, string>>;
export const WORKSPACE_FILE = 'workspace.json';
export const LABELS_FILE = 'labels.json';
export const SETTINGS_FILE = 'settings.json';
/** Characters of a file's name before its ending. */
const NAME_CHARS_MAX = 80;

/** Every file of a workspace by its path, `/` between folders: the same workspace gives the same texts under the same paths. */
export function layOut(
  files: Files,
  workspace: Omit<WorkspaceFile, 'format'>,
  kinds: readonly FileKind[],
): Map<string, string> {
  const texts = new Map<string, string>();
  texts.set(WORKSPACE_FILE, fileText({ format: 1, slug: workspace.slug, name: workspace.name }));
  for (const settings of inOrder(files, 'settings')) texts.set(SETTINGS_FILE, fileText(settings));
  if (kinds.includes('labels')) texts.set(LABELS_FILE, fileText(inOrder(files, 'labels')));
  for (const kind of folderKinds(kinds)) {
    for (const [path, thing] of pathsOf(files, kind)) texts.set(path, fileText(thing));
  }
  return texts;
}

/** Of these kinds those with a folder of their own. */
export const folderKinds = (kinds: readonly FileKind[]): (keyof typeof FOLDERS)[] =>
  (Object.keys(FOLDERS) as (keyof typeof FOLDERS)[]).filter((kind) => kinds.includes(kind));

/** Things of one kind with the paths of their files, in their order. Of several with one name the second is `-2`. */
export function pathsOf<K extends keyof typeof FOLDERS>(files: Files, kind: K): [path: string, thing: ThingIn<K>][] {
  const taken = new Set<string>();
  return inOrder(files, kind).map((thing) => {
    const base = [FOLDERS[kind], ...partsOf(kind, thing).map(fileName)].join('/');
    let path = `${base}.json`;
    for (let count = 2; taken.has(path); count += 1) path = `${base}-${count}.json`;
    taken.add(path);
    return [path, thing];
  });
}

/** Sorted by name; those of one name by what they say. */
export const inOrder = <K extends FileKind>(files: Files, kind: K): ThingIn<K>[] =>
  (files[kind] as readonly ThingIn<K>[])
    .map((thing) => tidy(kind, thing))
    .map((thing) => ({ thing, name: NAMES[kind](thing), text: keyOf(thing) }))
    .toSorted((a, b) => byText(a.name, b.name) || byText(a.text, b.text))
    .map(({ thing }) => thing);

/** What belongs to a source lies in a folder of that. */
function partsOf(kind: keyof typeof FOLDERS, thing: ThingIn<typeof kind>): string[] {
  if (kind !== 'destinations' && kind !== 'transformations') return [(NAMES[kind] as (one: object) => string)(thing)];
  const { source, name } = thing as DestinationFile;
  return [source, name];
}

const fileName = (name: string): string =>
  plainLetters(name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, NAME_CHARS_MAX) || 'unnamed';

/** Members in the order of the schema, free maps sorted, lists whose order means nothing sorted. */
function tidy<K extends FileKind>(kind: K, thing: ThingIn<K>): ThingIn<K> {
  const tidied = TIDY[kind](thing);
  return Object.fromEntries(Object.entries(tidied).filter(([, value]) => value !== undefined)) as ThingIn<K>;
}

const sorted = <T>(value: T): T => sortedDeep(value as Json) as T;
const inTextOrder = <T>(list: readonly T[]): T[] => list.toSorted((a, b) => byText(keyOf(a), keyOf(b)));
const named = <T>(list: readonly T[], nameOf: (one: T) => string): T[] =>
  list.toSorted((a, b) => byText(nameOf(a), nameOf(b)) || byText(keyOf(a), keyOf(b)));

const TIDY: { [K in FileKind]: (thing: ThingIn<K>) => ThingIn<K> } = {
  settings: ({ autoDisableSources, auditForwardingTo }) => ({ autoDisableSources, auditForwardingTo }),
  labels: ({ key, value, description }) => ({ key, value, description }),
  sources: ({ slug, name, type, enabled, labels, settings, schemaSettings, hook, writeKeys }): SourceFile => ({
    slug,
    name,
    type,
    enabled,
    labels: sorted(labels),
    settings: sorted(settings),
    schemaSettings: sorted(schemaSettings),
    hook: sorted(hook),
    writeKeys: writeKeys?.toSorted(byText),
  }),
  destinations: ({ source, name, type, enabled, settings, mappings, filters, ...rest }): DestinationFile => ({
    source,
    name,
    type,
    enabled,
    settings: sorted(settings),
    connectionMode: rest.connectionMode,
    retryWindowHours: rest.retryWindowHours,
    consentCategories: rest.consentCategories?.toSorted(byText),
    paused: rest.paused,
    mappings: named(mappings.map(tidyMapping), (mapping) => mapping.name),
    filters: named(
      filters.map(({ title, description, if: condition, actions, enabled: isOn }) => ({
        title,
        ...(description !== undefined && { description }),
        if: condition,
        actions: sorted(actions),
        enabled: isOn,
      })),
      (filter) => filter.title,
    ),
  }),
  trackingPlans: ({ name, description, type, sources, rules }) => ({
    name,
    description,
    type,
    sources: sources.toSorted(byText),
    rules: named(
      rules.map(({ type: of, key, version, jsonSchema }) => ({
        type: of,
        ...(key !== undefined && { key }),
        version,
        jsonSchema: sorted(jsonSchema),
      })),
      ({ type: of, key = '', version }) => `${of} ${key} ${String(version).padStart(9, '0')}`,
    ),
  }),
  transformations: ({ name, source, destinationType, enabled, if: condition, does }) => ({
    name,
    source,
    destinationType,
    enabled,
    if: condition,
    does: sorted(does),
  }),
  groups: ({ name, members, piiAccess, permissions }) => ({
    name,
    members: members.toSorted(byText),
    piiAccess,
    permissions: inTextOrder(
      permissions.map(({ role, resources }) => ({ role, resources: inTextOrder(resources.map(sorted)) })),
    ),
  }),
};

const tidyMapping = ({ name, action, trigger, enabled, fields }: MappingFile): MappingFile => ({
  name,
  action,
  trigger,
  enabled,
  fields: sorted(fields),
});
