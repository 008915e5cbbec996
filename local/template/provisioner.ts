import { createHash } from 'node:crypto';
import { type Created, LOCAL_ACCOUNT, LOCAL_REGION, type ResourceProvider } from '../types.ts';
import type { Assembly, Stack, TemplateResource } from './assembly.ts';
import { holds, namesIn, resolveValue, type Scope } from './intrinsics.ts';
import { parameterValues } from './parameters.ts';
import { physicalNameOf, stackIdOf } from './physical-name.ts';
import type { ResourceRecord, StackRecord, StackStore } from './stack-store.ts';
import { TemplateError } from './template-error.ts';
import { topologicalOrder } from './topological-order.ts';

/** A resource that exists, as other parts look at it: the start checks, the IAM registry, the composition. */
export type ProvisionedResource = Created & {
  stackName: string;
  logicalId: string;
  type: string;
  physicalName: string;
  properties: Record<string, unknown>;
};

export type ProvisionChange = {
  stackName: string;
  logicalId: string;
  type: string;
  change: 'created' | 'changed' | 'removed' | 'retained';
};

export type Provisioned = {
  resources: ProvisionedResource[];
  /** Against the last start in this state directory; a resource that is as it was is not listed. */
  changes: ProvisionChange[];
};

export type ProvisionInput = {
  assembly: Assembly;
  providers: readonly ResourceProvider[];
  /** Values of template parameters, by stack name. */
  parameters: Readonly<Record<string, Readonly<Record<string, string>>>>;
  store: StackStore;
  nowMs: number;
  /** Called after each resource, before the next one is made. */
  onCreated(resource: ProvisionedResource): void;
};

/** Resources of the CDK itself that stand for nothing. */
const SKIPPED = new Set(['AWS::CDK::Metadata']);

/**
 * Makes all stacks of an assembly, or finds again what an earlier start made. What it does not know (types, properties) it lists whole in one
 * TemplateError before it makes anything.
 */
export async function provision(input: ProvisionInput): Promise<Provisioned> {
  const providers = new Map(input.providers.map((provider) => [provider.type, provider]));
  refuseUnknown(input.assembly.stacks, providers);
  const exports = new Map<string, unknown>();
  const provisioned: Provisioned = { resources: [], changes: [] };
  for (const stack of input.assembly.stacks) {
    const parameters = parameterValues(stack, input.parameters[stack.stackName] ?? {});
    await provisionStack({ ...input, stack, parameters, stackProviders: providers, exports }, provisioned);
  }
  for (const unknown of Object.keys(input.parameters)) {
    if (!input.assembly.stacks.some(({ stackName }) => stackName === unknown)) {
      throw new TemplateError(`Parameters are given for the stack ${unknown}, but the app has no such stack.`);
    }
  }
  const current = new Set(input.assembly.stacks.map(({ stackName }) => stackName));
  for (const record of input.store.stacks()) {
    if (current.has(record.stackName) || record.status === 'DELETE_COMPLETE') continue;
    const resources = await removeResources(record, record.resources, providers, provisioned.changes);
    const changedAt = new Date(input.nowMs).toISOString();
    input.store.save({ ...record, status: 'DELETE_COMPLETE', imports: [], outputs: [], changedAt, resources });
  }
  return provisioned;
}

function refuseUnknown(stacks: readonly Stack[], providers: ReadonlyMap<string, ResourceProvider>): void {
  const faults: string[] = [];
  for (const { stackName, template } of stacks) {
    for (const [logicalId, { Type: type, Properties: properties }] of Object.entries(template.Resources)) {
      if (SKIPPED.has(type)) continue;
      const provider = providers.get(type);
      if (provider === undefined)
        faults.push(`Stack ${stackName}, ${logicalId}: the local cloud does not have ${type}.`);
      for (const property of provider === undefined ? [] : Object.keys(properties)) {
        if (provider?.honoured.includes(property) || provider?.ignored.includes(property)) continue;
        faults.push(`Stack ${stackName}, ${logicalId}: the local cloud does not honour ${type} property ${property}.`);
      }
    }
  }
  if (faults.length > 0) throw new TemplateError(faults.join('\n'));
}

type StackInput = Omit<ProvisionInput, 'parameters'> & {
  stack: Stack;
  parameters: ReturnType<typeof parameterValues>;
  stackProviders: ReadonlyMap<string, ResourceProvider>;
  exports: Map<string, unknown>;
};

async function provisionStack(input: StackInput, into: Provisioned): Promise<void> {
  const { stack, exports, store } = input;
  const { stackName, template } = stack;
  const created = new Map<string, Created>();
  const imports = new Set<string>();
  const scope: Scope = {
    stackName,
    stackId: stackIdOf(stackName, LOCAL_REGION, LOCAL_ACCOUNT),
    parameters: Object.fromEntries(input.parameters.map(({ name, resolved }) => [name, resolved])),
    mappings: template.Mappings,
    conditions: template.Conditions,
    created: (logicalId) => created.get(logicalId),
    imported: (exportName) => {
      imports.add(exportName);
      return exports.get(exportName);
    },
  };
  const before = store.get(stackName);
  const known = new Map(
    before?.status === 'DELETE_COMPLETE' ? [] : before?.resources.map((record) => [record.logicalId, record]),
  );
  const records: ResourceRecord[] = [];
  for (const [logicalId, resource] of inOrder(template.Resources, stackName)) {
    const path = `Resources.${logicalId}`;
    const provider = input.stackProviders.get(resource.Type);
    if (provider === undefined || (resource.Condition !== undefined && !holds(resource.Condition, scope, path)))
      continue;
    const physicalName = physicalNameOf(stackName, logicalId, resource.Type);
    const properties = resolveValue(resource.Properties, scope, `${path}.Properties`) as Record<string, unknown>;
    const result = await make(provider, { stackName, logicalId, physicalName, properties });
    created.set(logicalId, result);
    const made = { ...result, stackName, logicalId, type: resource.Type, physicalName, properties };
    input.onCreated(made);
    into.resources.push(made);
    const record = recordOf(made, resource, known.get(logicalId));
    records.push(record.entry);
    if (record.change !== undefined) {
      into.changes.push({ stackName, logicalId, type: resource.Type, change: record.change });
    }
  }
  const outputs = outputsOf(template, scope, exports);
  const gone = [...known.values()].filter(({ logicalId, type }) => !created.has(logicalId) && !SKIPPED.has(type));
  if (before !== undefined) await removeResources(before, gone, input.stackProviders, into.changes);
  const now = new Date(input.nowMs).toISOString();
  const isNew = before === undefined || before.status === 'DELETE_COMPLETE';
  store.save({
    stackName,
    stackId: scope.stackId,
    status: isNew ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE',
    createdAt: isNew ? now : before.createdAt,
    changedAt: now,
    // The operator's switch outlives a start; the template's says what it is at first.
    terminationProtection: isNew ? stack.terminationProtection : before.terminationProtection,
    tags: stack.tags,
    parameters: input.parameters.map(({ name, value, hidden }) => ({ name, value, hidden })),
    outputs,
    imports: [...imports],
    templateText: stack.templateText,
    resources: records,
  });
}

function inOrder(resources: Record<string, TemplateResource>, stackName: string): [string, TemplateResource][] {
  const dependencies = (logicalId: string) => {
    const resource = resources[logicalId];
    return [...namesIn(resource?.Properties), ...(resource?.DependsOn ?? [])];
  };
  for (const [logicalId, { DependsOn: dependsOn }] of Object.entries(resources)) {
    const missing = dependsOn.find((name) => !Object.hasOwn(resources, name));
    if (missing !== undefined) {
      throw new TemplateError(`Stack ${stackName}, ${logicalId}: DependsOn names ${missing}, which does not exist.`);
    }
  }
  const order = topologicalOrder(Object.keys(resources), dependencies);
  return order.flatMap((logicalId) => {
    const resource = resources[logicalId];
    return resource === undefined ? [] : [[logicalId, resource]];
  });
}

async function make(provider: ResourceProvider, resource: Parameters<ResourceProvider['create']>[0]): Promise<Created> {
  try {
    return await provider.create(resource);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TemplateError(`Stack ${resource.stackName}, ${resource.logicalId} (${provider.type}): ${why}`, error);
  }
}

function recordOf(
  made: ProvisionedResource,
  resource: TemplateResource,
  known: ResourceRecord | undefined,
): { entry: ResourceRecord; change?: ProvisionChange['change'] } {
  const { logicalId, type, physicalName, ref } = made;
  const digest = createHash('sha256').update(JSON.stringify(resource)).digest('hex').slice(0, 16);
  const retained = resource.DeletionPolicy !== 'Delete';
  const entry = { logicalId, type, physicalName, ref, retained, digest };
  if (known === undefined) return { entry: { ...entry, status: 'CREATE_COMPLETE' }, change: 'created' };
  if (known.digest === digest) return { entry: { ...entry, status: known.status } };
  return { entry: { ...entry, status: 'UPDATE_COMPLETE' }, change: 'changed' };
}

function outputsOf(template: Stack['template'], scope: Scope, exports: Map<string, unknown>): StackRecord['outputs'] {
  const outputs: StackRecord['outputs'] = [];
  for (const [name, output] of Object.entries(template.Outputs)) {
    const path = `Outputs.${name}`;
    if (output.Condition !== undefined && !holds(output.Condition, scope, path)) continue;
    const value = resolveValue(output.Value, scope, path);
    if (typeof value !== 'string') throw new TemplateError(`Stack ${scope.stackName}, ${path}: an output is text.`);
    const exportName = output.Export && String(resolveValue(output.Export.Name, scope, `${path}.Export`));
    if (exportName !== undefined) {
      if (exports.has(exportName)) throw new TemplateError(`Two outputs are exported as ${exportName}.`);
      exports.set(exportName, value);
    }
    outputs.push({ name, value, description: output.Description, exportName });
  }
  return outputs;
}

/** Deletes what may be deleted, last made first. Answers the records with their new status; `changes` gets an entry for each. */
export async function removeResources(
  { stackName }: StackRecord,
  records: readonly ResourceRecord[],
  providers: ReadonlyMap<string, ResourceProvider>,
  changes: ProvisionChange[],
): Promise<ResourceRecord[]> {
  const removed: ResourceRecord[] = [];
  for (const record of records.toReversed()) {
    const { logicalId, type, physicalName, ref } = record;
    if (!record.retained) await providers.get(type)?.remove?.({ physicalName, ref });
    changes.push({ stackName, logicalId, type, change: record.retained ? 'retained' : 'removed' });
    removed.push({ ...record, status: record.retained ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE' });
  }
  return removed.toReversed();
}
