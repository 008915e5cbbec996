import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { TemplateError } from './template-error.ts';
import { topologicalOrder } from './topological-order.ts';

const Fragment = z.record(z.string(), z.unknown());

// Strict: what a template may say beyond this (Transform, CreationPolicy, Hooks …) would change what AWS does, and nothing here does it.
const Resource = z.strictObject({
  Type: z.string(),
  Properties: Fragment.default({}),
  DependsOn: z
    .union([z.string(), z.array(z.string())])
    .transform((value) => [value].flat())
    .default([]),
  Condition: z.string().optional(),
  DeletionPolicy: z.enum(['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']).default('Delete'),
  UpdateReplacePolicy: z.string().optional(),
  Metadata: z.unknown().optional(),
});
export type TemplateResource = z.infer<typeof Resource>;

const Parameter = z.looseObject({
  Type: z.string(),
  Default: z.union([z.string(), z.number()]).optional(),
  AllowedPattern: z.string().optional(),
  AllowedValues: z.array(z.union([z.string(), z.number()])).optional(),
  NoEcho: z.boolean().default(false),
});

const Output = z.looseObject({
  Value: z.unknown(),
  Description: z.string().optional(),
  Condition: z.string().optional(),
  Export: z.strictObject({ Name: z.unknown() }).optional(),
});

export const Template = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: z.unknown().optional(),
  Parameters: z.record(z.string(), Parameter).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), Fragment)).default({}),
  Conditions: Fragment.default({}),
  /** Checks of the bootstrap version and such: they judge the account, not the machine. */
  Rules: z.unknown().optional(),
  Resources: z.record(z.string(), Resource),
  Outputs: z.record(z.string(), Output).default({}),
});
export type Template = z.infer<typeof Template>;

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({ type: z.string(), dependencies: z.array(z.string()).default([]), properties: Fragment.default({}) }),
  ),
});
const StackProperties = z.object({
  templateFile: z.string(),
  stackName: z.string().optional(),
  parameters: z.record(z.string(), z.string()).default({}),
  tags: z.record(z.string(), z.string()).default({}),
  terminationProtection: z.boolean().default(false),
});
const AssetProperties = z.object({ file: z.string() });
const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

export type Stack = {
  stackName: string;
  template: Template;
  /** The template as it lies in the assembly. */
  templateText: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  terminationProtection: boolean;
};

export type Assembly = {
  /** In deploy order: a stack comes after those that it depends on. */
  stacks: Stack[];
  /** Where the asset lies whose key in the bootstrap bucket is `objectKey`: a directory for functions, else a file. */
  assetPath(objectKey: string): string | undefined;
};

/** Reads what `cdk synth` left in a directory. Throws TemplateError for what is missing, malformed or beyond the local cloud. */
export function readAssembly(directory: string): Assembly {
  const { artifacts } = parseFile(Manifest, join(directory, 'manifest.json')).value;
  const assets = new Map<string, string>();
  const stacks = new Map<string, Stack>();
  for (const [id, { type, properties }] of Object.entries(artifacts)) {
    if (type === 'cdk:cloud-assembly') {
      throw new TemplateError(`${id}: the local cloud runs stacks of the app itself, not nested assemblies (stages).`);
    }
    if (type === 'cdk:asset-manifest') {
      const { file } = parse(AssetProperties, properties, id);
      for (const { source, destinations } of Object.values(
        parseFile(AssetManifest, join(directory, file)).value.files,
      )) {
        for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, resolve(directory, source.path));
      }
    }
    if (type === 'aws:cloudformation:stack') {
      const { templateFile, stackName = id, ...rest } = parse(StackProperties, properties, id);
      const { value: template, text: templateText } = parseFile(Template, join(directory, templateFile));
      stacks.set(id, { ...rest, stackName, template, templateText });
    }
  }
  const order = topologicalOrder(Object.keys(artifacts), (id) => artifacts[id]?.dependencies ?? []);
  return {
    stacks: order.flatMap((id) => stacks.get(id) ?? []),
    assetPath: (objectKey) => assets.get(objectKey),
  };
}

function parseFile<T extends z.ZodType>(schema: T, file: string): { value: z.infer<T>; text: string } {
  let text: string;
  let value: unknown;
  try {
    text = readFileSync(file, 'utf8');
    value = JSON.parse(text);
  } catch (error) {
    throw new TemplateError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { value: parse(schema, value, file), text };
}

function parse<T extends z.ZodType>(schema: T, value: unknown, where: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TemplateError(`${where} is not what the local cloud understands: ${z.prettifyError(parsed.error)}`);
}
