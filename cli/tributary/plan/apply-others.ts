import type {
  GroupFile,
  RuleFile,
  SettingsFile,
  TrackingPlanFile,
  TransformationFile,
} from '../files/workspace-files.ts';
import type { Known } from '../workspace/known.ts';
import { type ApplyContext, Refused, sourceIdOf } from './apply-context.ts';
import { type ChangeOf, entriesOf } from './change.ts';
import { ruleChanges } from './plan-import.ts';

/** Rules of one request: a body of the API has at most 1 MB, and a rule 100 KB. */
const RULES_BYTES_MAX = 800_000;
const RULES_MAX = 200;
/** Rules named in one URL, which has 10 KB. */
const RULES_IN_QUERY_MAX = 10;

export async function updateSettings(context: ApplyContext, file: SettingsFile): Promise<void> {
  const { autoDisableSources, auditForwardingTo } = file;
  const auditForwarding = auditForwardingTo === undefined ? null : { sourceId: sourceIdOf(context, auditForwardingTo) };
  await context.client.call('updateWorkspace', { body: { autoDisableSources, auditForwarding } });
}

export async function createTrackingPlan(context: ApplyContext, file: TrackingPlanFile): Promise<void> {
  const { name, description, type } = file;
  const body = { name, type, ...(description !== undefined && { description }) };
  const { trackingPlan } = await context.client.call('createTrackingPlan', { body });
  await fillPlan(context, { id: trackingPlan.id, file: { ...file, rules: [], sources: [] } }, file);
}

export async function updateTrackingPlan(
  context: ApplyContext,
  { file, known, fields }: ChangeOf<'trackingPlans'> & { verb: 'update' },
): Promise<void> {
  if (fields.some(({ field }) => field === 'description')) {
    const path = { trackingPlanId: known.id };
    await context.client.call('updateTrackingPlan', { path, body: { description: file.description ?? '' } });
  }
  await fillPlan(context, known, file);
}

async function fillPlan(context: ApplyContext, known: Known<TrackingPlanFile>, file: TrackingPlanFile): Promise<void> {
  const { client, prune } = context;
  const path = { trackingPlanId: known.id };
  const { set, gone } = ruleChanges(file.rules, known.file.rules);
  for (const rules of inChunks(set.map(({ rule }) => rule))) {
    await client.call('updateRulesInTrackingPlan', { path, body: { rules } });
  }
  for (const slug of file.sources.filter((one) => !known.file.sources.includes(one))) {
    await client.call('addSourceToTrackingPlan', { path, body: { sourceId: sourceIdOf(context, slug) } });
  }
  if (!prune) return;
  for (let at = 0; at < gone.length; at += RULES_IN_QUERY_MAX) {
    const rules = gone.slice(at, at + RULES_IN_QUERY_MAX).map(({ type, key, version }) => ({ type, key, version }));
    await client.call('removeRulesFromTrackingPlan', { path, query: { rules } });
  }
  for (const slug of known.file.sources.filter((one) => !file.sources.includes(one))) {
    await client.call('removeSourceFromTrackingPlan', { path, query: { sourceId: sourceIdOf(context, slug) } });
  }
}

function inChunks(rules: readonly RuleFile[]): RuleFile[][] {
  const chunks: RuleFile[][] = [];
  let bytes = RULES_BYTES_MAX;
  for (const rule of rules) {
    const size = JSON.stringify(rule).length;
    const last = chunks.at(-1);
    if (last === undefined || bytes + size > RULES_BYTES_MAX || last.length >= RULES_MAX) {
      chunks.push([rule]);
      bytes = size;
    } else {
      last.push(rule);
      bytes += size;
    }
  }
  return chunks;
}

export async function createTransformation(context: ApplyContext, file: TransformationFile): Promise<void> {
  await context.client.call('createTransformation', { body: await transformationBody(context, file) });
}

export async function updateTransformation(
  context: ApplyContext,
  { file, known }: ChangeOf<'transformations'> & { verb: 'update' },
): Promise<void> {
  const path = { transformationId: known.id };
  await context.client.call('updateTransformation', { path, body: await transformationBody(context, file) });
}

async function transformationBody(context: ApplyContext, file: TransformationFile) {
  const { name, source, destinationType, enabled, if: condition, does } = file;
  const type = destinationType === undefined ? undefined : await context.catalog.destinationType(destinationType);
  if (destinationType !== undefined && type === undefined) {
    throw new Refused(`there is no type of destination "${destinationType}" here`);
  }
  return {
    // The API checks what it does.
    ...(does as Record<string, never>),
    name,
    sourceId: sourceIdOf(context, source),
    ...(type !== undefined && { destinationMetadataId: type.id }),
    enabled,
    if: condition,
  };
}

export async function createGroup(context: ApplyContext, file: GroupFile): Promise<void> {
  const { userGroup } = await context.client.call('createUserGroup', { body: { name: file.name } });
  const path = { userGroupId: userGroup.id };
  await setPermissions(context, path, file);
  if (file.piiAccess) await setPiiAccess(context, userGroup.id, true);
  if (file.members.length > 0) {
    await context.client.call('addUsersToUserGroup', { path, body: { emails: file.members } });
  }
}

export async function updateGroup(
  context: ApplyContext,
  { file, known, fields }: ChangeOf<'groups'> & { verb: 'update' },
): Promise<void> {
  const { client, prune } = context;
  const path = { userGroupId: known.id };
  if (fields.some(({ field }) => field === 'permissions')) await setPermissions(context, path, file);
  if (fields.some(({ field }) => field === 'piiAccess')) await setPiiAccess(context, known.id, file.piiAccess);
  const added = entriesOf(fields, 'members', 'set');
  if (added.length > 0) await client.call('addUsersToUserGroup', { path, body: { emails: added } });
  const gone = entriesOf(fields, 'members', 'prune');
  if (prune && gone.length > 0) await client.call('removeUsersFromUserGroup', { path, query: { emails: gone } });
}

async function setPiiAccess({ client }: ApplyContext, groupId: string, piiAccess: boolean): Promise<void> {
  await client.call('updateAppGroup', { path: { groupId }, body: { piiAccess } });
}

async function setPermissions(context: ApplyContext, path: { userGroupId: string }, file: GroupFile): Promise<void> {
  const permissions = file.permissions.map(({ role, resources }) => {
    const roleId = context.roleIds.get(role);
    if (roleId === undefined) throw new Refused(`there is no role "${role}"`);
    return {
      roleId,
      resources: resources.map(({ source, labels = {} }) => ({
        ...(source === undefined
          ? { id: context.workspaceId, type: 'WORKSPACE' as const }
          : { id: sourceIdOf(context, source), type: 'SOURCE' as const }),
        ...(Object.keys(labels).length > 0 && {
          labels: Object.entries(labels).map(([key, value]) => ({ key, value })),
        }),
      })),
    };
  });
  await context.client.call('replacePermissionsForUserGroup', { path, body: { permissions } });
}
