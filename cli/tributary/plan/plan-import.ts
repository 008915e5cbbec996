import type { Json } from '../../../shared/domain/json.ts';
import { byText, isSame } from '../files/canonical.ts';
import {
  type FileKind,
  type Files,
  type GroupFile,
  IDENTITIES,
  type LabelFile,
  NAMES,
  type RuleFile,
  type SettingsFile,
  type ThingIn,
  type TrackingPlanFile,
  type TransformationFile,
} from '../files/workspace-files.ts';
import type { DestinationType } from '../workspace/catalog.ts';
import type { Known, KnownWorkspace } from '../workspace/known.ts';
import { type ChangeOf, type FieldChange, fieldChanges, type ImportPlan } from './change.ts';
import { type Pairs, pairUp } from './pair-up.ts';
import { destinationFields, prepareDestination } from './plan-destinations.ts';
import { listFields, prepareSource, sourceFields } from './plan-sources.ts';

export type PlanInput = {
  files: Files;
  known: KnownWorkspace;
  /** Types of destinations that the files name; one that is absent is none of this deployment. */
  types: ReadonlyMap<string, DestinationType>;
  sourceTypes: ReadonlySet<string>;
  roles: ReadonlySet<string>;
  env: Readonly<Record<string, string | undefined>>;
  writeSecrets: boolean;
  pathOf: (thing: object) => string;
};

/** What must change for a workspace to be as the files say. Reads and changes nothing. */
export function planImport(input: PlanInput): ImportPlan {
  const { files, known, pathOf } = input;
  const plan: ImportPlan = { changes: [], missing: [], heldBack: [], refusals: refusalsOf(input) };
  const refused = new Set(plan.refusals.map((text) => text.split(': ')[0]));
  const add = <K extends FileKind>(kind: K, compare: (file: ThingIn<K>, one: Known<ThingIn<K>>) => FieldChange[]) => {
    if (!known.kinds.includes(kind)) return;
    const wanted = files[kind] as readonly ThingIn<K>[];
    const paired = pairUp(wanted, known[kind] as readonly Known<ThingIn<K>>[], IDENTITIES[kind]);
    // What is refused is in the files all the same: it is not to go.
    const { pairs, onlyFiles, onlyKnown } = without(paired, (thing) => refused.has(pathOf(thing)));
    const changes = [
      ...onlyFiles.map((file) => ({ kind, verb: 'create', name: NAMES[kind](file), path: pathOf(file), file })),
      ...pairs.flatMap(({ file, known: one }) => {
        const fields = compare(file, one);
        if (fields.length === 0) return [];
        return [{ kind, verb: 'update', name: NAMES[kind](file), path: pathOf(file), file, known: one, fields }];
      }),
      ...onlyKnown
        .filter(({ file }) => !isForEver(kind, file))
        .map((one) => ({
          kind,
          verb: 'remove',
          name: NAMES[kind](one.file),
          known: one,
        })),
    ];
    plan.changes.push(...(changes.toSorted((a, b) => byText(a.name, b.name)) as ImportPlan['changes']));
  };
  add('labels', labelFields);
  addSources(input, plan, refused);
  add('settings', settingsFields);
  add('trackingPlans', planFields);
  addDestinations(input, plan, refused);
  add('transformations', transformationFields);
  add('groups', groupFields);
  return plan;
}

function addSources(input: PlanInput, plan: ImportPlan, refused: ReadonlySet<string | undefined>): void {
  const { files, known, pathOf } = input;
  if (!known.kinds.includes('sources')) return;
  const paired = pairUp(files.sources, known.sources, IDENTITIES.sources);
  const { pairs, onlyFiles, onlyKnown } = without(paired, (file) => refused.has(pathOf(file)));
  const changes: ChangeOf<'sources'>[] = [];
  for (const { file, known: one } of [...pairs, ...onlyFiles.map((file) => ({ file, known: undefined }))]) {
    const path = pathOf(file);
    const prepared = prepareSource(file, { ...input, path, known: one });
    plan.missing.push(...prepared.missing);
    if (prepared.isHeldBack) plan.heldBack.push({ path, name: file.slug });
    const base = { kind: 'sources', name: file.slug, path, file: prepared.file } as const;
    const fields = one === undefined ? [] : sourceFields(prepared.file, one);
    if (one === undefined) changes.push({ ...base, verb: 'create' });
    else if (fields.length > 0) changes.push({ ...base, verb: 'update', known: one, fields });
  }
  for (const one of onlyKnown) changes.push({ kind: 'sources', verb: 'remove', name: one.file.slug, known: one });
  plan.changes.push(...changes.toSorted((a, b) => byText(a.name, b.name)));
}

function addDestinations(input: PlanInput, plan: ImportPlan, refused: ReadonlySet<string | undefined>): void {
  const { files, known, types, env, writeSecrets, pathOf } = input;
  if (!known.kinds.includes('destinations')) return;
  const paired = pairUp(files.destinations, known.destinations, IDENTITIES.destinations);
  const { pairs, onlyFiles, onlyKnown } = without(paired, (file) => refused.has(pathOf(file)));
  const changes: ChangeOf<'destinations'>[] = [];
  for (const { file, known: one } of [...pairs, ...onlyFiles.map((file) => ({ file, known: undefined }))]) {
    const type = types.get(file.type);
    if (type === undefined) continue;
    const path = pathOf(file);
    const prepared = prepareDestination(file, { path, type, env, writeSecrets, known: one });
    plan.missing.push(...prepared.missing);
    plan.heldBack.push(...prepared.heldBack.map((name) => ({ path, name })));
    const base = { kind: 'destinations', name: NAMES.destinations(file), path, file: prepared.file } as const;
    if (one === undefined) changes.push({ ...base, verb: 'create' });
    else {
      const fields = destinationFields(prepared.file, one);
      if (fields.length > 0) changes.push({ ...base, verb: 'update', known: one, fields });
    }
  }
  for (const one of onlyKnown) {
    changes.push({ kind: 'destinations', verb: 'remove', name: NAMES.destinations(one.file), known: one });
  }
  plan.changes.push(...changes.toSorted((a, b) => byText(a.name, b.name)));
}

/** Settings that no file has stay, and every workspace has these two environments (M11). */
function isForEver(kind: FileKind, file: object): boolean {
  if (kind === 'settings') return true;
  return kind === 'labels' && /^environment:(?:dev|prod)$/.test(NAMES.labels(file as LabelFile));
}

const without = <T, K extends Known<T>>(
  { pairs, onlyFiles, onlyKnown }: Pairs<T, K>,
  isRefused: (file: T) => boolean,
): Pairs<T, K> => ({
  pairs: pairs.filter(({ file }) => !isRefused(file)),
  onlyFiles: onlyFiles.filter((file) => !isRefused(file)),
  onlyKnown,
});

/** What names something that is not there, by file. */
function refusalsOf({ files, known, types, sourceTypes, roles, pathOf }: PlanInput): string[] {
  const slugs = new Set([...files.sources.map(({ slug }) => slug), ...known.sources.map(({ file }) => file.slug)]);
  const noSource = (slug: string): string[] => (slugs.has(slug) ? [] : [`there is no source "${slug}"`]);
  const faults: [object, string[]][] = [
    ...files.sources.map((source): [object, string[]] => [
      source,
      sourceTypes.has(source.type) ? [] : [`there is no type of source "${source.type}" here`],
    ]),
    ...files.settings.map(({ auditForwardingTo: slug }, index): [object, string[]] => [
      files.settings[index] ?? {},
      slug === undefined ? [] : noSource(slug),
    ]),
    ...files.destinations.map((one): [object, string[]] => {
      const type = types.get(one.type);
      if (type === undefined) return [one, [`there is no type of destination "${one.type}" here`]];
      const unknown = one.mappings.filter(({ action }) => !type.actions.some(({ slug }) => slug === action));
      const actions = unknown.map(({ name, action }) => `mapping "${name}": ${one.type} has no action "${action}"`);
      return [one, [...noSource(one.source), ...actions]];
    }),
    ...files.trackingPlans.map((one): [object, string[]] => [one, one.sources.flatMap(noSource)]),
    ...files.transformations.map((one): [object, string[]] => [one, noSource(one.source)]),
    ...files.groups.map((one): [object, string[]] => [
      one,
      one.permissions.flatMap(({ role, resources }) => [
        ...(roles.has(role) ? [] : [`there is no role "${role}"`]),
        ...resources.flatMap(({ source }) => (source === undefined ? [] : noSource(source))),
      ]),
    ]),
  ];
  return faults.flatMap(([thing, texts]) => texts.map((text) => `${pathOf(thing)}: ${text}`));
}

const settingsFields = (file: SettingsFile, { file: before }: Known<SettingsFile>): FieldChange[] =>
  fieldChanges(before, file, '');

const labelFields = (file: LabelFile, { file: before }: Known<LabelFile>): FieldChange[] =>
  fieldChanges(before.description ?? '', file.description ?? '', 'description').map((one) => ({
    ...one,
    how: 'fixed',
  }));

function planFields(file: TrackingPlanFile, { file: before }: Known<TrackingPlanFile>): FieldChange[] {
  const fields: FieldChange[] = [];
  if (file.type !== before.type) fields.push({ field: 'type', how: 'fixed', from: before.type, to: file.type });
  fields.push(...fieldChanges(before.description ?? '', file.description ?? '', 'description'));
  fields.push(...listFields('sources', before.sources, file.sources));
  const { set, gone } = ruleChanges(file.rules, before.rules);
  fields.push(
    ...set.map(
      ({ rule, was }): FieldChange => ({
        field: `rule ${ruleName(rule)}`,
        how: 'set',
        ...(was !== undefined && { from: was.jsonSchema }),
        to: rule.jsonSchema,
      }),
    ),
    ...gone.map((rule): FieldChange => ({ field: `rule ${ruleName(rule)}`, how: 'prune', from: rule.jsonSchema })),
  );
  return fields;
}

/** A rule is known by type, key and version. */
export const ruleName = ({ type, key, version }: RuleFile): string =>
  `${type}${key === undefined ? '' : ` ${JSON.stringify(key)}`} v${version}`;

export function ruleChanges(
  wanted: readonly RuleFile[],
  before: readonly RuleFile[],
): { set: { rule: RuleFile; was?: RuleFile }[]; gone: RuleFile[] } {
  const old = new Map(before.map((rule) => [ruleName(rule), rule]));
  const names = new Set(wanted.map(ruleName));
  const set = wanted.flatMap((rule) => {
    const was = old.get(ruleName(rule));
    if (was === undefined) return [{ rule }];
    return isSame(was.jsonSchema, rule.jsonSchema) ? [] : [{ rule, was }];
  });
  return { set, gone: before.filter((rule) => !names.has(ruleName(rule))) };
}

function transformationFields(file: TransformationFile, { file: before }: Known<TransformationFile>): FieldChange[] {
  const { name: _, source: __, ...was } = before;
  const { name: ___, source: ____, ...is } = file;
  return fieldChanges(was, is, '');
}

function groupFields(file: GroupFile, { file: before }: Known<GroupFile>): FieldChange[] {
  const inOrder = (permissions: GroupFile['permissions']): Json =>
    permissions
      .map(({ role, resources }) => ({
        role,
        resources: resources.toSorted((a, b) => byText(JSON.stringify(a), JSON.stringify(b))),
      }))
      .toSorted((a, b) => byText(JSON.stringify(a), JSON.stringify(b)));
  return [
    ...listFields('members', before.members, file.members),
    ...fieldChanges(before.piiAccess, file.piiAccess, 'piiAccess'),
    ...fieldChanges(inOrder(before.permissions), inOrder(file.permissions), 'permissions'),
  ];
}
