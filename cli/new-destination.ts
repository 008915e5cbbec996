import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { INBOX } from '../shared/destinations/inbox-definition.ts';
import { ROWS } from '../shared/destinations/rows.ts';
import { CliError } from './cli-error.ts';
import { helpText, readFlags } from './flags.ts';
import { nextSteps, planDestination } from './new-destination/plan-destination.ts';
import { runCommand } from './run-command.ts';

const FLAGS = { help: { help: 'print this' } } as const;
const USAGE = 'npm run new:destination -- SLUG "Name"';
const ABOUT =
  'Writes a destination of your own that works, its test and its line in the list (docs/adding-a-destination.md).';
const ROOT = join(import.meta.dirname, '..');
const ROWS_FILE = join(ROOT, 'shared', 'destinations', 'own', 'rows.ts');

async function main(argv: string[]): Promise<number> {
  const { flags, plain } = readFlags(FLAGS, argv, 2);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const [slug, name] = plain;
  if (slug === undefined || name === undefined) throw new CliError(`Say its slug and its name: ${USAGE}.`);
  const files = planDestination({ slug, name }, [INBOX, ...ROWS], await readFile(ROWS_FILE, 'utf8'));
  for (const path of Object.keys(files)) {
    if (existsSync(join(ROOT, path)) && join(ROOT, path) !== ROWS_FILE) {
      throw new CliError(`${path} is there already: nothing was written.`);
    }
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(ROOT, dirname(path)), { recursive: true });
    await writeFile(join(ROOT, path), text);
    console.log(`wrote ${path}`);
  }
  await run(['cli/generate-catalog.ts']);
  const generated = join('shared', 'destinations', 'generated');
  await run(['node_modules/@biomejs/biome/bin/biome', 'format', '--write', ...Object.keys(files), generated]);
  console.log(`\n${nextSteps(slug)}`);
  return 0;
}

/** Another process, because this one has read the list as it was. */
async function run(args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, args, { cwd: ROOT });
}

await runCommand(main);
