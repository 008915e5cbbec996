import { type ProvisionChange, removeResources } from '../template/provisioner.ts';
import type { ResourceRecord, StackRecord, StackStore } from '../template/stack-store.ts';
import { AwsError, type Clock, type JsonService, type ResourceProvider } from '../types.ts';

export type CloudFormationOptions = {
  store: StackStore;
  providers: readonly ResourceProvider[];
  clock: Clock;
};

type Input = Readonly<Record<string, unknown>>;
type Operation = (input: Input) => Record<string, unknown> | Promise<Record<string, unknown>>;

/**
 * CloudFormation's face of the provisioned stacks: what `seed`, `smoke` and `destroy` ask for. Deleting works and is done when the call answers;
 * creating and updating is what a start does. Lists come whole: a hundred resources need no paging.
 */
export function cloudFormationService(options: CloudFormationOptions): JsonService {
  const { store, clock } = options;
  const now = () => new Date(clock.now()).toISOString();
  /** By name: live stacks only. By id: deleted ones, too. */
  const required = ({ StackName: name }: Input): StackRecord => {
    const found = store.stacks().find(({ stackName, stackId, status }) => {
      return stackId === name || (stackName === name && status !== 'DELETE_COMPLETE');
    });
    if (found === undefined) throw new AwsError('ValidationError', `Stack with id ${String(name)} does not exist`);
    return found;
  };

  const operations: Readonly<Record<string, Operation>> = {
    DescribeStacks: (input) => {
      const stacks = input['StackName'] === undefined ? liveStacks(store) : [required(input)];
      return { Stacks: stacks.map((stack) => described(stack)) };
    },
    ListStacks: ({ StackStatusFilter: filter }) => {
      const wanted = Array.isArray(filter) ? new Set(filter.map(String)) : undefined;
      const stacks = store.stacks().filter(({ status }) => wanted === undefined || wanted.has(status));
      return { StackSummaries: stacks.map((stack) => summary(stack)) };
    },
    ListStackResources: (input) => {
      const stack = required(input);
      return {
        StackResourceSummaries: stack.resources.map((record) => resourceOf(record, stack, 'LastUpdatedTimestamp')),
      };
    },
    DescribeStackResources: (input) => {
      const stack = required(input);
      const ids = { StackName: stack.stackName, StackId: stack.stackId };
      const wanted = input['LogicalResourceId'];
      const records = stack.resources.filter(({ logicalId }) => wanted === undefined || wanted === logicalId);
      return { StackResources: records.map((record) => ({ ...ids, ...resourceOf(record, stack, 'Timestamp') })) };
    },
    GetTemplate: (input) => ({
      TemplateBody: required(input).templateText,
      StagesAvailable: ['Original', 'Processed'],
    }),
    UpdateTerminationProtection: (input) => {
      const stack = required(input);
      store.save({ ...stack, terminationProtection: String(input['EnableTerminationProtection']) === 'true' });
      return { StackId: stack.stackId };
    },
    DeleteStack: async (input) => {
      // A stack that is not there, or no more, is no error (CloudFormation API reference, DeleteStack).
      const stack = store
        .stacks()
        .find(({ stackName, stackId }) => [stackName, stackId].includes(String(input['StackName'])));
      if (stack === undefined || stack.status === 'DELETE_COMPLETE') return {};
      refuseProtected(stack, store);
      await deleteStack(stack, options, now());
      return {};
    },
  };

  return {
    name: 'cloudformation',
    call: async (operation, input) => {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (run === undefined) {
        throw new AwsError('UnknownOperationException', `The local cloud does not have cloudformation:${operation}`);
      }
      return run(input);
    },
  };
}

const liveStacks = (store: StackStore) => store.stacks().filter(({ status }) => status !== 'DELETE_COMPLETE');

function refuseProtected({ stackName, terminationProtection, outputs }: StackRecord, store: StackStore): void {
  if (terminationProtection) {
    const message = `Stack [${stackName}] cannot be deleted while TerminationProtection is enabled`;
    throw new AwsError('ValidationError', message);
  }
  for (const { exportName } of outputs) {
    const users = liveStacks(store).filter(({ imports }) => exportName !== undefined && imports.includes(exportName));
    if (users.length > 0) {
      const names = users.map((user) => user.stackName).join(', ');
      throw new AwsError('ValidationError', `Export ${exportName} cannot be deleted as it is in use by ${names}`);
    }
  }
}

async function deleteStack(stack: StackRecord, options: CloudFormationOptions, changedAt: string): Promise<void> {
  const providers = new Map(options.providers.map((provider) => [provider.type, provider]));
  const changes: ProvisionChange[] = [];
  try {
    const resources = await removeResources(stack, stack.resources, providers, changes);
    options.store.save({ ...stack, status: 'DELETE_COMPLETE', changedAt, resources, outputs: [], imports: [] });
  } catch (error) {
    // As CloudFormation: the call is taken, and the stack says what went wrong.
    const statusReason = error instanceof Error ? error.message : String(error);
    options.store.save({ ...stack, status: 'DELETE_FAILED', statusReason, changedAt });
  }
}

const summary = ({ stackName, stackId, status, statusReason, createdAt, changedAt }: StackRecord) => ({
  StackName: stackName,
  StackId: stackId,
  StackStatus: status,
  StackStatusReason: statusReason,
  CreationTime: createdAt,
  LastUpdatedTime: changedAt,
  ...(status === 'DELETE_COMPLETE' ? { DeletionTime: changedAt } : {}),
});

const described = (stack: StackRecord) => ({
  ...summary(stack),
  EnableTerminationProtection: stack.terminationProtection,
  DisableRollback: false,
  Parameters: stack.parameters.map(({ name, value, hidden }) => ({
    ParameterKey: name,
    ParameterValue: hidden ? '****' : value,
  })),
  Outputs: stack.outputs.map(({ name, value, description, exportName }) => ({
    OutputKey: name,
    OutputValue: value,
    Description: description,
    ExportName: exportName,
  })),
  Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
});

const resourceOf = (
  { logicalId, type, ref, status }: ResourceRecord,
  { changedAt }: StackRecord,
  timeMember: string,
) => ({
  LogicalResourceId: logicalId,
  PhysicalResourceId: ref,
  ResourceType: type,
  ResourceStatus: status,
  [timeMember]: changedAt,
});
