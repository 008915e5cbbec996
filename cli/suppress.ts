import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { documentClient } from '../shared/aws/document-client.ts';
import { dynamoControlStore } from '../shared/aws/dynamo-control-store.ts';
import { dynamoSuppressionStore } from '../shared/aws/dynamo-suppression-store.ts';
import { SUPPRESSION_PAGE_MAX, USERS_PER_REGULATION_MAX } from '../shared/domain/suppression.ts';
import type { Workspace } from '../shared/domain/workspace.ts';
import { CliError } from './cli-error.ts';
import { deploymentName, readDeployment } from './deployed/stacks.ts';
import { type Flags, helpText, readFlags, wholeNumber } from './flags.ts';
import { asTyped, runCommand } from './run-command.ts';
import { readUserIds } from './suppress/read-user-ids.ts';
import { listHistory, listSuppressed, regulate, type SuppressDeps } from './suppress/regulate.ts';

const FLAGS = {
  stack: { value: 'NAME', help: 'the deployment, such as Tributary-prod' },
  workspace: { value: 'SLUG', help: 'which workspace, where there are several' },
  file: { value: 'FILE', help: 'add, remove: userIds from a file, one a line' },
  limit: { value: 'N', help: `list, history: so many at most, ${SUPPRESSION_PAGE_MAX} by default` },
  after: { value: 'USERID', help: 'list: those after this one' },
  before: { value: 'N', help: 'history: those before this one' },
  help: { help: 'print this' },
} as const;

const VERBS = ['add', 'remove', 'list', 'history'] as const;
type Verb = (typeof VERBS)[number];
const USAGE = 'npm run suppress -- --stack NAME add|remove|list|history [USERID ...] [flags]';
const ABOUT =
  'Says whose events are taken no more (docs/suppression.md). They go to no destination and into no archive, whatever source they come from; remove lets later ones pass again.';
/** A million userIds of 64 characters. */
const FILE_BYTES_MAX = 65_000_000;
const LIMIT_MAX = 1_000_000;
const BY_CHARS_MAX = 128;

async function main(argv: string[]): Promise<number> {
  const { flags, plain } = readFlags(FLAGS, argv, 1 + USERS_PER_REGULATION_MAX);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const name = deploymentName(flags.stack);
  const [word, ...typed] = plain;
  const verb = VERBS.find((known) => known === word);
  if (verb === undefined) throw new CliError(`Say what to do: ${USAGE}.`);
  refuseStray(flags, verb, typed);
  const limit = flags.limit === undefined ? SUPPRESSION_PAGE_MAX : wholeNumber('limit', flags.limit, 1, LIMIT_MAX);
  const before =
    flags.before === undefined ? undefined : wholeNumber('before', flags.before, 1, Number.MAX_SAFE_INTEGER);
  const userIds = isChange(verb) ? readUserIds(typed, await textOf(flags.file)) : [];
  const deps = await openDeployment(name, flags.workspace);
  if (verb === 'list') await listSuppressed(deps, { after: flags.after, limit, isForFile: !process.stdout.isTTY });
  else if (verb === 'history') await listHistory(deps, { before, limit });
  else await regulate(deps, verb === 'add' ? 'SUPPRESS_ONLY' : 'UNSUPPRESS', userIds);
  return 0;
}

const isChange = (verb: Verb): boolean => verb === 'add' || verb === 'remove';

function refuseStray(flags: Flags<typeof FLAGS>, verb: Verb, typed: readonly string[]): void {
  if (isChange(verb)) {
    if (flags.limit !== undefined) throw new CliError('--limit goes with list and history.');
  } else if (typed.length > 0 || flags.file !== undefined) {
    throw new CliError('userIds and --file go with add and remove.');
  }
  if (verb !== 'list' && flags.after !== undefined) throw new CliError('--after goes with list.');
  if (verb !== 'history' && flags.before !== undefined) throw new CliError('--before goes with history.');
}

async function textOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const full = asTyped(path);
  try {
    const { size } = await stat(full);
    if (size <= FILE_BYTES_MAX) return await readFile(full, 'utf8');
  } catch {
    throw new CliError(`${full} cannot be read.`);
  }
  throw new CliError(`${full} has more than ${FILE_BYTES_MAX} bytes.`);
}

async function openDeployment(name: string, slug: string | undefined): Promise<SuppressDeps> {
  const deployment = await readDeployment(new CloudFormationClient(), name);
  const doc = documentClient();
  const tableName = deployment.output('ControlTableName');
  const workspace = workspaceNamed(await dynamoControlStore(doc, tableName).listWorkspaces(), slug);
  return {
    suppressions: dynamoSuppressionStore(doc, tableName),
    workspaceId: workspace.id,
    by: `cli: ${userInfo().username}`.slice(0, BY_CHARS_MAX),
    now: () => new Date(),
    newId: () => randomBytes(16).toString('base64url'),
    print: (line) => console.log(line),
    note: (line) => console.error(line),
    command: `npm run suppress -- --stack ${name}${slug === undefined ? '' : ` --workspace ${slug}`}`,
  };
}

function workspaceNamed(workspaces: readonly Workspace[], slug: string | undefined): Workspace {
  const [only, other] = workspaces.filter((workspace) => slug === undefined || workspace.slug === slug);
  if (only !== undefined && other === undefined) return only;
  const slugs = workspaces.map((workspace) => workspace.slug).join(', ');
  if (workspaces.length === 0) throw new CliError('There is no workspace yet: seed one first (npm run seed).');
  throw new CliError(
    slug === undefined
      ? `Say which workspace: --workspace ${slugs}.`
      : `There is no workspace "${slug}"; there are ${slugs}.`,
  );
}

await runCommand(main);
