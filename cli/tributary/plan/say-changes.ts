import type { Json } from '../../../shared/domain/json.ts';
import type { FileKind } from '../files/workspace-files.ts';
import type { Change, FieldChange, ImportPlan } from './change.ts';

const NOUNS: Record<FileKind, string> = {
  settings: 'settings of',
  labels: 'label',
  sources: 'source',
  trackingPlans: 'tracking plan',
  destinations: 'destination',
  transformations: 'transformation',
  groups: 'group',
};
const SIGNS = { create: '+', update: '~', remove: '-' } as const;
/** Characters of a value in one line. */
const VALUE_CHARS_MAX = 120;

/** One line for one thing: `+ source website`. */
export const changeLine = ({ verb, kind, name }: Change): string => `${SIGNS[verb]} ${NOUNS[kind]} ${name}`;

/** A plan for people: what the files have and the workspace has not is `+`, the other way round `-`, what differs `~` with its fields. */
export function planLines(plan: ImportPlan): string[] {
  return plan.changes.flatMap((change) => {
    const lines = [changeLine(change)];
    if (change.verb === 'update') lines.push(...change.fields.map(fieldLine));
    return lines;
  });
}

function fieldLine({ field, how, from, to }: FieldChange): string {
  const note = how === 'fixed' ? ' (cannot be changed)' : how === 'prune' ? ' (only in the workspace)' : '';
  return `    ${field}: ${text(from)} → ${text(to)}${note}`;
}

function text(value: Json | undefined): string {
  if (value === undefined) return 'none';
  const json = JSON.stringify(value);
  return json.length <= VALUE_CHARS_MAX ? json : `${json.slice(0, VALUE_CHARS_MAX)}…`;
}

/** What an import could not do by what it was given. */
export const lackLines = (plan: ImportPlan): string[] => [
  ...plan.missing.map(({ path, field, variable }) => `? ${path}: ${field} needs ${variable}, which is not set`),
  ...plan.heldBack.map(({ path, name }) => `? ${path}: ${name} stays switched off until then`),
  ...plan.refusals.map((refusal) => `! ${refusal}`),
];

/** A change for --json: without what stands behind it. */
export const changeForJson = (change: Change): object => ({
  verb: change.verb,
  kind: NOUNS[change.kind],
  name: change.name,
  ...(change.verb !== 'remove' && { path: change.path }),
  ...(change.verb === 'update' && { fields: change.fields }),
});
