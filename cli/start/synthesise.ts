import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../cli-error.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Bundling and synthesis take seconds; on a machine under heavy load a minute. */
const SYNTH_TIMEOUT_MS = 180_000;
export const LOCAL_STAGE = 'local';
/** Mails go into the mailbox of the local cloud: nobody's address. */
const LOCAL_SENDER = 'alerts@example.com';

/**
 * Synthesises the CDK app into a directory, with the settings of one machine. What it prints goes into a log file; where it fails, the log's
 * last lines are the error.
 */
export async function synthesise(options: {
  assemblyDirectory: string;
  logFile: string;
  privateTargetsAllowed: readonly string[];
  /** `undefined`: as many as the app takes by itself. */
  lanes?: number | undefined;
}): Promise<void> {
  mkdirSync(options.assemblyDirectory, { recursive: true });
  const { context } = readCdkJson();
  const child = spawn(process.execPath, [join(ROOT, 'infra', 'bin', 'app.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: SYNTH_TIMEOUT_MS,
    env: {
      ...process.env,
      CDK_OUTDIR: options.assemblyDirectory,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...context,
        stage: LOCAL_STAGE,
        archiveWindowSeconds: 1,
        alertSender: LOCAL_SENDER,
        privateTargetsAllowed: options.privateTargetsAllowed,
        ...(options.lanes !== undefined && { lanes: options.lanes }),
      }),
      // Template validation takes seconds; tests and `cdk synth` do it.
      CDK_VALIDATION: 'false',
      NODE_NO_WARNINGS: '1',
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  writeFileSync(options.logFile, output);
  if (code === 0) return;
  const last = output.trim().split('\n').slice(-LAST_LINES).join('\n  ');
  throw new CliError(`The CDK app cannot be synthesised:\n  ${last}`);
}

const LAST_LINES = 15;

function readCdkJson(): { context?: Record<string, unknown> } {
  return JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
}
