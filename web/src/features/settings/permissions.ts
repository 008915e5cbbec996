import { ROLES, type Role, SOURCE_RIGHTS } from '../../../../shared/domain/roles.ts';

/** A permission as the API answers it, without the role's name. */
export type Permission = {
  roleId: string;
  resources: {
    id: string;
    type: 'FUNCTION' | 'SOURCE' | 'SPACE' | 'WAREHOUSE' | 'WORKSPACE';
    labels?: LabelPair[] | undefined;
  }[];
};
export type LabelPair = { key: string; value: string; description?: string | undefined };

/** A permission as a form edits it. `kept`: holds in a way that the form has no words for, and goes back as it came. */
export type Draft = {
  /** Tells rows of the form apart. */
  key: string;
  roleId: string;
  where: 'workspace' | 'labels' | 'sources' | 'kept';
  /** As `key:value`. */
  labels: string[];
  sourceIds: string[];
  resources: Permission['resources'];
};

const OF_SOURCES: ReadonlySet<string> = new Set(SOURCE_RIGHTS);
/** Areas that nothing is built of: roles that open nothing else are not offered. */
const NOT_BUILT = /^(?:function|warehouse|space)\./;

/** Roles that can be given and open something, or say that somebody belongs here. */
export const OFFERED_ROLES: readonly Role[] = ROLES.filter(
  ({ rights }) => rights === 'all' || rights.length === 0 || rights.some((right) => !NOT_BUILT.test(right)),
);

/** Whether a role can hold for some sources, or labels, alone. */
export const canBeLimited = (roleId: string): boolean => {
  const rights = ROLES.find(({ id }) => id === roleId)?.rights ?? [];
  return rights !== 'all' && rights.length > 0 && rights.every((right) => OF_SOURCES.has(right));
};

export const labelText = ({ key, value }: LabelPair): string => `${key}:${value}`;
const pairOf = (text: string): LabelPair => {
  const at = text.indexOf(':');
  return { key: text.slice(0, at), value: text.slice(at + 1) };
};

/** A row for a role in the whole workspace. */
export const newDraft = (roleId: string): Draft => ({
  key: crypto.randomUUID(),
  roleId,
  where: 'workspace',
  labels: [],
  sourceIds: [],
  resources: [],
});

/** What is given, as rows of the form. */
export const draftsOf = (permissions: readonly Permission[]): Draft[] =>
  permissions.map(({ roleId, resources }) => {
    const draft = { ...newDraft(roleId), resources: [...resources] };
    const [first] = resources;
    const hasLabels = resources.some(({ labels = [] }) => labels.length > 0);
    if (resources.length === 1 && first?.type === 'WORKSPACE') {
      return hasLabels ? { ...draft, where: 'labels', labels: (first.labels ?? []).map(labelText) } : draft;
    }
    const isOfSources = !hasLabels && resources.every(({ type }) => type === 'SOURCE');
    return isOfSources
      ? { ...draft, where: 'sources', sourceIds: resources.map(({ id }) => id) }
      : { ...draft, where: 'kept' };
  });

/** Rows of the form as the API takes them. */
export const permissionsOf = (drafts: readonly Draft[], workspaceId: string): Permission[] =>
  drafts.map(({ roleId, where, labels, sourceIds, resources }) => {
    if (where === 'kept') return { roleId, resources };
    if (where === 'sources') return { roleId, resources: sourceIds.map((id) => ({ id, type: 'SOURCE' as const })) };
    const whole = { id: workspaceId, type: 'WORKSPACE' as const };
    return { roleId, resources: [where === 'labels' ? { ...whole, labels: labels.map(pairOf) } : whole] };
  });

/** What is missing before these rows can be sent; undefined where nothing is. */
export function whatIsMissing(drafts: readonly Draft[]): string | undefined {
  if (drafts.some(({ where, labels }) => where === 'labels' && labels.length === 0)) return 'Choose a label';
  if (drafts.some(({ where, sourceIds }) => where === 'sources' && sourceIds.length === 0)) return 'Choose a source';
  return undefined;
}

/** Where a permission holds, in words; `nameOf` knows sources. */
export function whereText({ resources }: Permission, nameOf: (sourceId: string) => string): string {
  return resources
    .map(({ id, type, labels = [] }) => {
      const place = type === 'WORKSPACE' ? 'sources' : type === 'SOURCE' ? nameOf(id) : id;
      if (labels.length > 0) return `${place} with ${labels.map(labelText).join(' and ')}`;
      return type === 'WORKSPACE' ? 'the whole workspace' : place;
    })
    .join(', ');
}
