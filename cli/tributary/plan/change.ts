import type { Json } from '../../../shared/domain/json.ts';
import { byText, isSame } from '../files/canonical.ts';
import type { FileKind, FilterFile, MappingFile, ThingIn } from '../files/workspace-files.ts';
import type { Known, KnownDestination } from '../workspace/known.ts';

/**
 * One difference within a thing. `set`: an import brings it about. `prune`: something is there that the files have not; it goes only with --prune.
 * `fixed`: the API cannot change it.
 */
export type FieldChange = { field: string; how: 'set' | 'prune' | 'fixed'; from?: Json; to?: Json };

type Base<Kind extends FileKind> = { kind: Kind; name: string };
type KnownOf<Kind extends FileKind> = Kind extends 'destinations' ? KnownDestination : Known<ThingIn<Kind>>;
export type ChangeOf<Kind extends FileKind> =
  | (Base<Kind> & { verb: 'create'; path: string; file: ThingIn<Kind> })
  | (Base<Kind> & { verb: 'update'; path: string; file: ThingIn<Kind>; known: KnownOf<Kind>; fields: FieldChange[] })
  | (Base<Kind> & { verb: 'remove'; known: KnownOf<Kind> });
export type Change = { [Kind in FileKind]: ChangeOf<Kind> }[FileKind];

/** Of a destination what is within it. */
export type ChildPlan<T> = {
  create: readonly T[];
  update: readonly { id: string; file: T; fields: readonly FieldChange[] }[];
  remove: readonly Known<T>[];
};
export type Children = { mappings: ChildPlan<MappingFile>; filters: ChildPlan<FilterFile> };

/** A value that the environment lacks, and where it is asked for. */
export type Missing = { path: string; field: string; variable: string };

export type ImportPlan = {
  changes: Change[];
  missing: Missing[];
  /** What is not switched on because something of it is missing. */
  heldBack: { path: string; name: string }[];
  /** What cannot be done as it stands in the files; the rest can. */
  refusals: string[];
};

/** What an import does to a workspace without --prune, or with it. */
export const doneBy = (plan: ImportPlan, prune: boolean): Change[] =>
  plan.changes.filter(
    (change) =>
      change.verb === 'create' ||
      (change.verb === 'remove' && prune) ||
      (change.verb === 'update' && change.fields.some(({ how }) => how === 'set' || (how === 'prune' && prune))),
  );

const DEPTH_MAX = 20;

/** The differences of two values by field: objects member by member, lists as a whole. */
export function fieldChanges(from: Json | undefined, to: Json | undefined, field: string, depth = 0): FieldChange[] {
  if (isSame(from, to)) return [];
  if (isMap(from) && isMap(to) && depth < DEPTH_MAX) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted(byText);
    return keys.flatMap((key) =>
      fieldChanges(own(from, key), own(to, key), field === '' ? key : `${field}.${key}`, depth + 1),
    );
  }
  return [{ field, how: 'set', ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
}

const own = (map: Readonly<Record<string, Json>>, key: string): Json | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;
const isMap = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of a list's changes the entries that are to be added, or that only --prune takes away. */
export const entriesOf = (fields: readonly FieldChange[], field: string, how: 'set' | 'prune'): string[] =>
  fields
    .filter((one) => one.field === field && one.how === how)
    .map(({ from, to }) => (how === 'set' ? to : from))
    .filter((value) => typeof value === 'string');
