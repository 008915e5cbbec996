import type { Rule } from '../../../shared/domain/governance.ts';
import type { SourceId } from '../../../shared/domain/ids.ts';
import { isJsonObject, type Json, objectIn } from '../../../shared/domain/json.ts';
import type { SchemaRow } from '../../../shared/domain/schema-page.ts';
import { traitPath } from '../../../shared/domain/schema-digest.ts';
import type { ApiRequest } from '../http/request.ts';

/** Tells whether the tracking plan that a source is connected to foresees a row; null where none is connected. Traits count by their top level. */
export async function plannedBy(
  request: Pick<ApiRequest, 'control' | 'workspaceId'>,
  sourceId: SourceId,
): Promise<(row: SchemaRow) => boolean | null> {
  const plans = await request.control.listTrackingPlans(request.workspaceId);
  const plan = plans.find(({ sourceIds }) => sourceIds.includes(sourceId));
  if (plan === undefined) return () => null;
  const rules = await request.control.listRules(request.workspaceId, plan.id);
  const events = new Set(rules.flatMap(({ type, key }) => (type === 'TRACK' && key !== undefined ? [key] : [])));
  const types = new Set(rules.map(({ type }) => type));
  const traits = { identify: traitsIn(rules, 'IDENTIFY'), group: traitsIn(rules, 'GROUP') };
  return ({ call, name }) => {
    if (call === 'track') return events.has(name);
    if (call === 'page') return types.has('PAGE');
    if (call === 'screen') return types.has('SCREEN');
    return [...traits[call]].some((trait) => name === trait || name.startsWith(`${trait}.`));
  };
}

function traitsIn(rules: readonly Rule[], type: 'IDENTIFY' | 'GROUP'): Set<string> {
  const properties = rules
    .filter((rule) => rule.type === type && isJsonObject(rule.jsonSchema))
    .map(({ jsonSchema }) => propertiesIn(propertiesIn(jsonSchema)['traits'] ?? {}));
  return new Set(properties.flatMap((each) => Object.keys(each).map(traitPath)));
}

const propertiesIn = (schema: Json): { [key: string]: Json } =>
  isJsonObject(schema) ? objectIn(schema, 'properties') : {};
