import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type StackToWrite = {
  name: string;
  template: Record<string, unknown>;
  /** Names of stacks that come before it. */
  after?: readonly string[];
  terminationProtection?: boolean;
};

/** A cloud assembly as `cdk synth` writes it, in a new directory. `code` becomes one asset `<name>.zip` each: a directory with that `index.mjs`. */
export function anAssembly(stacks: readonly StackToWrite[], code: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  const artifacts: Record<string, unknown> = {
    Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    Assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
  };
  for (const { name, template, after = [], terminationProtection } of stacks) {
    writeJson(join(directory, `${name}.template.json`), template);
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      dependencies: [...after, 'Assets'],
      properties: { templateFile: `${name}.template.json`, stackName: name, terminationProtection },
    };
  }
  const files: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(code)) {
    mkdirSync(join(directory, `asset.${name}`));
    writeFileSync(join(directory, `asset.${name}`, 'index.mjs'), source);
    files[name] = {
      source: { path: `asset.${name}`, packaging: 'zip' },
      destinations: { current: { bucketName: 'assets', objectKey: `${name}.zip` } },
    };
  }
  writeJson(join(directory, 'assets.json'), { version: '55.0.0', files });
  writeJson(join(directory, 'manifest.json'), { version: '55.0.0', artifacts });
  return directory;
}

const writeJson = (file: string, value: unknown) => writeFileSync(file, JSON.stringify(value, null, 1));
