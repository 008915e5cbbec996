import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTION_LIMITS } from '../../infra/function-limits.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PARTS = ['Data', 'Delivery', 'Ingest', 'Control', 'Web'];
/** Bundling, rules and CLI take 10 s on two cores; more only when they are busy. */
const TIMEOUT_MS = 120_000;

const out = mkdtempSync(join(tmpdir(), 'tributary-synth-'));
afterAll(() => rmSync(out, { recursive: true }));

/** Neither credentials nor Region, and a proxy that nobody listens at: whatever needs the network fails. */
const OFFLINE = {
  PATH: process.env['PATH'],
  HOME: out,
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  AWS_EC2_METADATA_DISABLED: 'true',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
};

async function run(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...OFFLINE, ...environment } });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, output };
}

const templateOf = (directory: string, stage: string, part: string): unknown =>
  JSON.parse(readFileSync(join(directory, `Tributary-${stage}-${part}.template.json`), 'utf8'));

test(
  'cdk synth works offline, without account and Region, with CloudFormation’s rules as errors',
  async () => {
    const directory = join(out, 'cli');
    const args = ['synth', '--quiet', '--no-notices', '--output', directory, '--context', 'stage=prod'];
    const { code, output } = await run([join('node_modules', 'aws-cdk', 'bin', 'cdk'), ...args]);
    expect({ code, output }).toEqual({ code: 0, output: expect.not.stringMatching(/error|deprecated/i) });
    for (const part of PARTS) expect(templateOf(directory, 'prod', part)).toHaveProperty('Resources');
  },
  TIMEOUT_MS,
);

test(
  'started without the CLI, as the local cloud does, it gives the same templates and code that is there',
  async () => {
    const directory = join(out, 'plain');
    const { code, output } = await run([join('infra', 'bin', 'app.ts')], {
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ stage: 'prod' }),
      CDK_VALIDATION: 'false',
    });
    expect({ code, output }).toEqual({ code: 0, output: '' });
    for (const part of PARTS) {
      expect(withoutPaths(templateOf(directory, 'prod', part))).toEqual(
        withoutPaths(templateOf(join(out, 'cli'), 'prod', part)),
      );
    }
    const manifest: { artifacts: Record<string, { type: string; properties?: { file?: string } }> } = JSON.parse(
      readFileSync(join(directory, 'manifest.json'), 'utf8'),
    );
    const assets = Object.values(manifest.artifacts).flatMap(({ type, properties }) =>
      type === 'cdk:asset-manifest' ? (properties?.file ?? []) : [],
    );
    const directories = assets.flatMap((file) => {
      const { files }: { files: Record<string, { source: { path: string; packaging: string } }> } = JSON.parse(
        readFileSync(join(directory, file), 'utf8'),
      );
      return Object.values(files).flatMap(({ source }) => (source.packaging === 'zip' ? [source.path] : []));
    });
    const bundles = directories.filter((asset) => existsSync(join(directory, asset, 'index.mjs')));
    expect(bundles).toHaveLength(Object.keys(FUNCTION_LIMITS).length);
    // The catalog goes with the one function that serves it.
    expect(bundles.filter((asset) => existsSync(join(directory, asset, 'catalog', 'index.json')))).toHaveLength(1);
    expect(bundles.filter((asset) => existsSync(join(directory, asset, 'logos', 'mixpanel.svg')))).toHaveLength(1);
    const others = directories.filter((asset) => !bundles.includes(asset));
    // The CDN's files with the app and its configuration, and the CDK's own function that copies them into their bucket.
    expect(others.flatMap((asset) => readdirSync(join(directory, asset))).toSorted()).toEqual([
      'analytics-next',
      'assets',
      'config.json',
      'favicon.svg',
      'index.html',
      'index.py',
      'logos',
      'manual',
      'next-integrations',
    ]);
  },
  TIMEOUT_MS,
);

test(
  'a faulty setting ends it with one sentence that names the key',
  async () => {
    const context = JSON.stringify({ stage: 'Prod!' });
    const { code, output } = await run([join('infra', 'bin', 'app.ts')], {
      CDK_OUTDIR: join(out, 'bad'),
      CDK_CONTEXT_JSON: context,
    });
    expect(code).toBe(1);
    expect(output).toBe(
      'CDK context: "stage" must be 1 to 16 characters of a-z, 0-9 and -. docs/deploy.md lists all settings.\n',
    );
  },
  TIMEOUT_MS,
);

/** The CLI adds each resource's construct path as metadata, for its own messages. */
function withoutPaths(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPaths);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'Metadata')
      .map(([key, member]) => [key, withoutPaths(member)]),
  );
}
