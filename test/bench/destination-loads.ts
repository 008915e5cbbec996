import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { deliverBuildOptions } from '../../infra/build/deliver-aliases.ts';
import { medianOf } from './median.ts';

const ROUNDS = 5;
/** Those that most people use, and the largest. */
const MEASURED = [
  'webhook',
  'slack',
  'amplitude',
  'mixpanel',
  'google-analytics-4',
  'customerio',
  'braze',
  'hubspot',
  'klaviyo',
];

export type DestinationLoad = { type: string; ms: number };

/** Milliseconds until a destination's code is loaded and ready in a fresh process: what its first event waits for. Medians. */
export async function destinationLoads(): Promise<DestinationLoad[]> {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
  try {
    await build({
      ...deliverBuildOptions,
      entryPoints: [join(import.meta.dirname, 'load-destination.ts')],
      outdir: directory,
      entryNames: 'index',
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      minify: true,
      keepNames: true,
      banner: {
        js: "import { createRequire as tributaryRequire } from 'node:module'; const require = tributaryRequire(import.meta.url);",
      },
    });
    return MEASURED.map((type) => {
      const runs = Array.from({ length: ROUNDS }, () =>
        Number(
          execFileSync(process.execPath, [join(directory, 'index.mjs'), type], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          }).split(' ')[0],
        ),
      );
      return { type, ms: medianOf(runs) };
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
