import { LabelKey, type LabelRef } from '../../../shared/domain/access.ts';
import { ENVIRONMENT_KEY } from '../../../shared/domain/environment.ts';
import { CUSTOM_ENVIRONMENTS_MAX, Label, LABELS_MAX } from '../../../shared/domain/people.ts';
import { Source } from '../../../shared/domain/workspace.ts';
import type { ControlStore } from '../../../shared/ports/control-store.ts';
import { conflict, invalid, notFound } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { changed, differs, faulty, overQuota, SUCCESS, taken, tellVersion, unsaved } from '../resources/faults.ts';
import { sourceIn } from '../resources/find-things.ts';
import { labelsShown, targetOf } from '../resources/source-views.ts';
import {
  DEFAULT_ENVIRONMENTS,
  isDefaultEnvironment,
  isSameLabel,
  type KnownLabel,
  labelsOf,
} from '../resources/workspace-labels.ts';

async function addLabel(request: ApiRequest, asked: KnownLabel, at: string): Promise<KnownLabel> {
  const label = parsedAs(
    Label,
    {
      workspaceId: request.workspaceId,
      key: asked.key,
      value: asked.value,
      ...(asked.description !== undefined && { description: asked.description }),
      ...unsaved(request),
    },
    at,
  );
  await request.change(async () => {
    const labels = await labelsOf(request);
    if (labels.some((one) => isSameLabel(one, label))) {
      throw taken(at === '' ? 'value' : `${at}.value`, `There is the label ${label.key}:${label.value} already.`);
    }
    if (labels.length >= LABELS_MAX) {
      throw overQuota('labels', LABELS_MAX, `A workspace has ${LABELS_MAX} labels at most.`);
    }
    const custom = labels.filter((one) => one.key === ENVIRONMENT_KEY && !isDefaultEnvironment(one));
    if (label.key === ENVIRONMENT_KEY && custom.length >= CUSTOM_ENVIRONMENTS_MAX) {
      throw overQuota(
        'environments',
        CUSTOM_ENVIRONMENTS_MAX,
        `A workspace has ${CUSTOM_ENVIRONMENTS_MAX} environments at most beside ${DEFAULT_ENVIRONMENTS.join(' and ')}.`,
      );
    }
    return { changes: [{ kind: 'label', verb: 'save', thing: label }], value: undefined };
  });
  return label;
}

async function removeLabel(request: ApiRequest, asked: LabelRef): Promise<void> {
  if (isDefaultEnvironment(asked))
    throw conflict(`Every workspace has the environments ${DEFAULT_ENVIRONMENTS.join(' and ')}.`);
  await request.change(async (config) => {
    const labels = await request.control.listLabels(request.workspaceId);
    const thing = labels.find((label) => isSameLabel(label, asked));
    if (thing === undefined) throw notFound('label', `${asked.key}:${asked.value}`);
    const users = [
      ...config.sources
        .filter((source) => source.labels.some((label) => isSameLabel(label, asked)))
        .map(({ id, slug }) => ({ kind: 'source', id, name: slug })),
      ...(await permissionsWith(request.control, request, asked)),
    ];
    if (users.length > 0) {
      throw conflict(
        `It is in use by ${users
          .slice(0, USERS_TOLD_MAX)
          .map(({ kind, name }) => `${kind} ${name}`)
          .join(', ')}: take it from there first.`,
        users.slice(0, USERS_TOLD_MAX),
      );
    }
    return { changes: [{ kind: 'label', verb: 'remove', thing }], value: undefined };
  });
}

/** Users of a label that an answer names. */
const USERS_TOLD_MAX = 10;

/** Who has a permission that asks for a label. */
async function permissionsWith(
  control: ControlStore,
  { workspaceId }: Pick<ApiRequest, 'workspaceId'>,
  asked: LabelRef,
): Promise<{ kind: string; id: string; name: string }[]> {
  const [members, groups, invites, tokens] = await Promise.all([
    control.listMembers(workspaceId),
    control.listGroups(workspaceId),
    control.listInvites(workspaceId),
    control.listApiTokens(workspaceId),
  ]);
  const holders = [
    ...members.map(({ personId, email, permissions }) => ({ kind: 'user', id: personId, name: email, permissions })),
    ...groups.map(({ id, name, permissions }) => ({ kind: 'group', id, name, permissions })),
    ...invites.map(({ email, permissions }) => ({ kind: 'invite', id: email, name: email, permissions })),
    ...tokens.map(({ id, name, permissions = [] }) => ({ kind: 'token', id, name, permissions })),
  ];
  return holders
    .filter(({ permissions }) =>
      permissions.some(({ resources }) =>
        resources.some(({ labels = [] }) => labels.some((label) => isSameLabel(label, asked))),
      ),
    )
    .map(({ kind, id, name }) => ({ kind, id, name }));
}

/** Labels that a request gives to a source: each must be one of the workspace's, and of each key there is one (M08). */
function refsOf(asked: readonly LabelRef[], known: readonly KnownLabel[]): LabelRef[] {
  const faults = asked.flatMap((label, index) => {
    if (asked.findIndex(({ key }) => key === label.key) < index) {
      return [
        {
          field: `labels.${index}.key`,
          message: `A source has one value for each key (M08): ${label.key} is there twice.`,
        },
      ];
    }
    return known.some((one) => isSameLabel(one, label))
      ? []
      : [
          {
            field: `labels.${index}`,
            message: `There is no label ${label.key}:${label.value}; POST /labels makes one.`,
          },
        ];
  });
  if (faults.length > 0) throw faulty(faults);
  return asked.map(({ key, value }) => ({ key, value }));
}

async function labelSource(
  request: ApiRequest,
  id: string | undefined,
  asked: readonly LabelRef[],
  merge: (before: readonly LabelRef[], given: LabelRef[]) => LabelRef[],
) {
  return await request.change(async (config) => {
    const source = sourceIn(config, id);
    request.matchVersion(source);
    const known = await labelsOf(request);
    const labels = merge(source.labels, refsOf(asked, known));
    const thing = changed(Source, source, { labels }, request);
    const value = { labels: labelsShown(labels, known) };
    if (!differs(source, thing)) return { changes: [], value };
    tellVersion(request, thing.version + 1);
    return { changes: [{ kind: 'source', verb: 'save', thing }], value };
  });
}

export const labelsHandlers: HandlersOf<
  | 'listLabels'
  | 'createLabel'
  | 'deleteLabel'
  | 'addLabelsToSource'
  | 'replaceLabelsInSource'
  | 'listEnvironments'
  | 'createEnvironment'
  | 'deleteEnvironment'
> = {
  listLabels: async (request) => {
    const labels = await labelsOf(request);
    return { labels: labelsShown(labels, labels) };
  },

  createLabel: async (request, { body: { label } }) => {
    const { key, value, description } = await addLabel(request, label, 'label');
    return { label: { key, value, ...(description !== undefined && { description }) } };
  },

  deleteLabel: async (request, { path }) => {
    await removeLabel(request, { key: path['key'] ?? '', value: path['value'] ?? '' });
    return SUCCESS;
  },

  /** A key that the source has with another value is refused: to change it, replace the labels. */
  addLabelsToSource: async (request, { path, body }) =>
    await labelSource(request, path['sourceId'], body.labels, (before, given) => {
      const other = given.find(({ key, value }) => before.some((one) => one.key === key && one.value !== value));
      if (other !== undefined) {
        throw conflict(
          `The source has another value for ${other.key}, and of each key there is one. Replace its labels.`,
        );
      }
      return [...before, ...given.filter((label) => !before.some((one) => isSameLabel(one, label)))];
    }),

  replaceLabelsInSource: async (request, { path, body }) =>
    await labelSource(request, path['sourceId'], body.labels, (_before, given) => given),

  listEnvironments: async (request) => {
    const labels = (await labelsOf(request)).filter(({ key }) => key === ENVIRONMENT_KEY);
    const { sources } = await request.config();
    const seen = sources.filter((source) => request.may('source.read', targetOf(source)));
    return {
      environments: labels.map((label) => ({
        value: label.value,
        ...(label.description !== undefined && { description: label.description }),
        isDefault: isDefaultEnvironment(label),
        sourceIds: seen.filter((source) => source.labels.some((one) => isSameLabel(one, label))).map(({ id }) => id),
      })),
    };
  },

  createEnvironment: async (request, { body }) => {
    if (!LabelKey.safeParse(body.value).success) {
      throw invalid({ field: 'value', message: 'a letter, then letters, digits and hyphens, at most 64' });
    }
    const { value, description } = await addLabel(request, { key: LabelKey.parse(ENVIRONMENT_KEY), ...body }, '');
    return {
      environment: { value, ...(description !== undefined && { description }), isDefault: false, sourceIds: [] },
    };
  },

  deleteEnvironment: async (request, { path }) => {
    await removeLabel(request, { key: ENVIRONMENT_KEY, value: path['value'] ?? '' });
    return SUCCESS;
  },
};
