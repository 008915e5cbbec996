import { readFile } from 'node:fs/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CliError } from './cli-error.ts';
import { seedDepsOf } from './deployed/seed-deployment.ts';
import { deploymentName, readDeployment } from './deployed/stacks.ts';
import { helpText, readFlags } from './flags.ts';
import { asTyped, runCommand } from './run-command.ts';
import { newApiToken } from '../shared/aws/secret-texts.ts';
import { applySeed } from './seed/apply-seed.ts';
import { curlLine } from './seed/curl-line.ts';
import { readSeedWith } from './seed/read-seed.ts';

const FLAGS = {
  stack: { value: 'NAME', help: 'the deployment, such as Tributary-prod' },
  prune: {
    help: 'remove write keys and mappings, and switch off sources and destinations, that the file does not name',
  },
  'new-token': { help: 'make a further API token; the first run makes one anyway' },
  help: { help: 'print this' },
} as const;

const USAGE = 'npm run seed -- --stack NAME FILE [flags]';
const ABOUT =
  'Brings a deployment to what a seed file says (docs/seed-file.md): workspace, sources, write keys, destinations, mappings. A second run of the same file changes nothing.';

async function main(argv: string[]): Promise<number> {
  const { flags, plain } = readFlags(FLAGS, argv, 1);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const name = deploymentName(flags.stack);
  const [file] = plain;
  if (file === undefined) throw new CliError(`Say which seed file: ${USAGE}.`);
  const text = await readSeedText(file);
  const deployment = await readDeployment(new CloudFormationClient(), name);
  const deps = seedDepsOf(deployment);
  const read = await readSeedWith(text, deps.findDefinition);
  if (read.outcome === 'invalid') throw new CliError([`${file} is not valid:`, ...read.faults].join('\n  '));
  const report = await applySeed(deps, {
    seed: read.seed,
    prune: flags.prune,
    ...(flags['new-token'] ? { apiToken: newApiToken() } : {}),
  });

  for (const change of report.changes) console.log(change);
  if (report.changes.length === 0) console.log('Nothing to change: it is as the file says.');
  console.log('');
  const trackingUrl = deployment.output('TrackingUrl');
  for (const { slug, writeKey } of report.sources) console.log(`Write key of ${slug}: ${writeKey}`);
  if (report.newApiToken === undefined) console.log('API token: shown when it was made; --new-token makes another');
  else {
    console.log(`API token, shown this once: ${report.newApiToken}`);
    console.log(`Status page: ${deployment.output('ApiUrl')}/#token=${report.newApiToken}`);
  }
  const [first] = report.sources;
  if (first !== undefined) console.log(`Send an event:\n  ${curlLine(trackingUrl, first.writeKey)}`);
  return 0;
}

async function readSeedText(file: string): Promise<string> {
  try {
    return await readFile(asTyped(file), 'utf8');
  } catch (cause) {
    throw new CliError(`${file} cannot be read: give the path of a seed file.`, { cause });
  }
}

await runCommand(main);
