import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { TemplateError } from './template-error.ts';

const ResourceRecord = z.object({
  logicalId: z.string(),
  type: z.string(),
  physicalName: z.string(),
  ref: z.string(),
  /** Kept when the resource leaves the template or its stack is deleted. */
  retained: z.boolean(),
  /** Of the resource as the template has it, so that a later start can say what changed. */
  digest: z.string(),
  status: z.enum(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE', 'DELETE_SKIPPED', 'DELETE_FAILED']),
});
export type ResourceRecord = z.infer<typeof ResourceRecord>;

const StackRecord = z.object({
  stackName: z.string(),
  stackId: z.string(),
  status: z.enum(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE', 'DELETE_FAILED']),
  statusReason: z.string().optional(),
  createdAt: z.string(),
  changedAt: z.string(),
  terminationProtection: z.boolean(),
  tags: z.record(z.string(), z.string()),
  /** `hidden` ones (NoEcho) are answered as asterisks. */
  parameters: z.array(z.object({ name: z.string(), value: z.string(), hidden: z.boolean() })),
  outputs: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      description: z.string().optional(),
      exportName: z.string().optional(),
    }),
  ),
  /** Names of other stacks' exports that this one uses. */
  imports: z.array(z.string()),
  templateText: z.string(),
  resources: z.array(ResourceRecord),
});
export type StackRecord = z.infer<typeof StackRecord>;

const StateFile = z.object({ version: z.literal(1), stacks: z.array(StackRecord) });

/** What CloudFormation would remember of the stacks, in one small file. A write replaces the file whole. */
export type StackStore = {
  stacks(): readonly StackRecord[];
  get(stackName: string): StackRecord | undefined;
  save(stack: StackRecord): void;
};

export function stackStore(directory: string): StackStore {
  const file = join(directory, 'stacks.json');
  const stacks = new Map(readStacks(file).map((stack) => [stack.stackName, stack]));
  return {
    stacks: () => [...stacks.values()],
    get: (stackName) => stacks.get(stackName),
    save: (stack) => {
      stacks.set(stack.stackName, stack);
      const replacement = `${file}.new`;
      const descriptor = openSync(replacement, 'w');
      try {
        writeSync(descriptor, JSON.stringify({ version: 1, stacks: [...stacks.values()] }));
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(replacement, file);
    },
  };
}

function readStacks(file: string): StackRecord[] {
  if (!existsSync(file)) return [];
  try {
    return StateFile.parse(JSON.parse(readFileSync(file, 'utf8'))).stacks;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TemplateError(
      `${file} is damaged (${why}). Remove that one file and start again: the data is elsewhere.`,
    );
  }
}
