import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type TributaryApp, tributaryApp } from '../../infra/tributary-app.ts';

export type Resource = {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string[];
};
export type StackTemplate = {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: unknown; Export?: { Name: string } }>;
  Parameters: Record<string, { Type: string; Default?: unknown }>;
};
export type Part = 'Data' | 'Delivery' | 'Ingest' | 'Control' | 'Web';

/** Files that stand for those of the CDN. */
const WEB_FILES = {
  appDirectory: join(import.meta.dirname, '..', 'fixtures', 'app-files'),
  logoDirectory: join(import.meta.dirname, '..', 'fixtures', 'logo-files'),
  directory: join(import.meta.dirname, '..', 'fixtures', 'web-files'),
  deviceScripts: { 'braze-web': '/next-integrations/actions/braze-web/0123456789abcdef.js' },
};

/** The app without bundles: templates are the same but for the code's place. */
export const anApp = (context: Record<string, unknown> = {}, outdir?: string): TributaryApp =>
  tributaryApp(() => Code.fromInline('exports.handler = async () => {};'), WEB_FILES, { context, outdir });

/** The templates by the last part of the stacks' names. */
export function templatesOf(context: Record<string, unknown> = {}): Record<Part, StackTemplate> {
  const outdir = mkdtempSync(join(tmpdir(), 'tributary-templates-'));
  try {
    const { data, delivery, ingest, control, web } = anApp(context, outdir);
    const json = (stack: Parameters<typeof Template.fromStack>[0]): StackTemplate => {
      const template = Template.fromStack(stack).toJSON();
      return { Resources: {}, Outputs: {}, Parameters: {}, ...template };
    };
    return {
      Data: json(data),
      Delivery: json(delivery),
      Ingest: json(ingest),
      Control: json(control),
      Web: json(web),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export type Located = Resource & { part: Part; id: string };

/** What the CDK adds for its BucketDeployment: a function of its own making, with role and log. */
const DEPLOYER = /^(?:CustomCDKBucketDeployment|DeployFiles)/;

/** All resources of ours in all stacks, or those of one type. */
export const resourcesOf = (templates: Record<Part, StackTemplate>, type?: string): Located[] =>
  allResourcesOf(templates, type).filter(({ id }) => !DEPLOYER.test(id));
/** And what the CDK adds for its BucketDeployment. */
export const deployerOf = (templates: Record<Part, StackTemplate>): Located[] =>
  allResourcesOf(templates).filter(({ id }) => DEPLOYER.test(id));

const allResourcesOf = (templates: Record<Part, StackTemplate>, type?: string): Located[] =>
  Object.entries(templates).flatMap(([part, template]) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => type === undefined || resource.Type === type)
      .map(([id, resource]) => ({ ...resource, Properties: resource.Properties ?? {}, part: part as Part, id })),
  );
