import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { documentClient } from '../shared/aws/document-client.ts';
import { revokeAccessToken } from '../shared/aws/dynamo-access-tokens.ts';
import { dynamoControlStore } from '../shared/aws/dynamo-control-store.ts';
import { rsaKey } from '../shared/aws/rsa-key.ts';
import { OAuthAppId } from '../shared/domain/ids.ts';
import { OAUTH_TOKEN_DAYS } from '../shared/domain/workspace.ts';
import { CliError } from './cli-error.ts';
import { type Deployment, deploymentName, readDeployment } from './deployed/stacks.ts';
import { type Flags, helpText, readFlags, wholeNumber } from './flags.ts';
import {
  addApp,
  addKey,
  connect,
  disconnect,
  listApps,
  type NewKey,
  type OAuthDeps,
  removeApp,
  removeKey,
  requireTokens,
  revoke,
} from './oauth/steer-apps.ts';
import { asTyped, runCommand } from './run-command.ts';

const FLAGS = {
  stack: { value: 'NAME', help: 'the deployment, such as Tributary-prod' },
  source: { value: 'SOURCE', help: 'add: the source that the app may send to' },
  key: { value: 'FILE', help: 'add, add-key: the public RSA key, in PEM' },
  'key-id': { value: 'ID', help: 'add, add-key: what assertions call the key (kid); left out: one is made' },
  days: { value: 'N', help: `add: how long its tokens live: ${OAUTH_TOKEN_DAYS.join(', ')}; 1 by default` },
  help: { help: 'print this' },
} as const;

const USAGE =
  'npm run oauth -- --stack NAME list | add NAME --source SOURCE --key FILE | add-key APP --key FILE | remove-key APP KEY-ID | connect APP SOURCE | disconnect APP SOURCE | require SOURCE | release SOURCE | revoke TOKEN | remove APP';
const ABOUT =
  'OAuth apps, whose access tokens sources may ask for (docs/api.md). SOURCE and APP are ids or names. A source that requires a token refuses everything else with 401.';
/** Of a verb: two names. */
const PLAIN_MAX = 3;
const APP_ID_BYTES = 12;
const KEY_ID_BYTES = 6;

async function main(argv: string[]): Promise<number> {
  const { flags, plain } = readFlags(FLAGS, argv, PLAIN_MAX);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const name = deploymentName(flags.stack);
  const [verb = '', first, second] = plain;
  const asked = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (asked === undefined) throw new CliError(`Say what to do: ${USAGE}.`);
  const work = await asked({ first, second, flags });
  await work(depsOf(await readDeployment(new CloudFormationClient(), name)));
  return 0;
}

type Asked = { first: string | undefined; second: string | undefined; flags: Flags<typeof FLAGS> };
type Work = (deps: OAuthDeps) => Promise<void>;

/** What each verb does. They throw CliError for what is missing, before anything is read or changed. */
const VERBS: Record<string, (asked: Asked) => Work | Promise<Work>> = {
  list: () => listApps,
  add: async ({ first, flags }) => {
    const name = named(first, 'the app');
    const source = named(flags.source, 'a source by --source');
    const key = await keyOf(flags);
    const days = flags.days === undefined ? OAUTH_TOKEN_DAYS[0] : wholeNumber('days', flags.days, 1, 30);
    return (deps) => addApp(deps, { name, source, key, days });
  },
  'add-key': async ({ first, flags }) => {
    const [app, key] = [named(first, 'an app'), await keyOf(flags)];
    return (deps) => addKey(deps, app, key);
  },
  'remove-key': ({ first, second }) => {
    const [app, keyId] = [named(first, 'an app'), named(second, 'the id of a key')];
    return (deps) => removeKey(deps, app, keyId);
  },
  connect: ({ first, second }) => {
    const [app, source] = [named(first, 'an app'), named(second, 'a source')];
    return (deps) => connect(deps, app, source);
  },
  disconnect: ({ first, second }) => {
    const [app, source] = [named(first, 'an app'), named(second, 'a source')];
    return (deps) => disconnect(deps, app, source);
  },
  require: ({ first }) => {
    const source = named(first, 'a source');
    return (deps) => requireTokens(deps, source, true);
  },
  release: ({ first }) => {
    const source = named(first, 'a source');
    return (deps) => requireTokens(deps, source, false);
  },
  revoke: ({ first }) => {
    const token = named(first, 'a token');
    return (deps) => revoke(deps, token);
  },
  remove: ({ first }) => {
    const app = named(first, 'an app');
    return (deps) => removeApp(deps, app);
  },
};

function named(text: string | undefined, what: string): string {
  if (text === undefined) throw new CliError(`Name ${what}: ${USAGE}.`);
  return text;
}

async function keyOf(flags: Flags<typeof FLAGS>): Promise<NewKey> {
  const file = named(flags.key, 'the file of a public key by --key');
  const text = await readFile(asTyped(file), 'utf8').catch((cause: unknown) => {
    throw new CliError(`The file ${file} cannot be read.`, { cause });
  });
  if (text.includes('PRIVATE KEY')) {
    throw new CliError(`${file} holds a private key, which stays with the client: give its public half.`);
  }
  return { keyId: flags['key-id'] ?? `key-${randomBytes(KEY_ID_BYTES).toString('hex')}`, pem: text.trim() };
}

function depsOf(deployment: Deployment): OAuthDeps {
  const doc = documentClient();
  const usage = deployment.output('UsageTableName');
  return {
    control: dynamoControlStore(doc, deployment.output('ControlTableName')),
    revokeToken: (token) => revokeAccessToken(doc, usage, createHash('sha256').update(token.trim()).digest('hex')),
    isUsableKey: (pem) => rsaKey(pem) !== undefined,
    now: () => new Date(),
    newAppId: () => OAuthAppId.parse(`oap_${randomBytes(APP_ID_BYTES).toString('base64url')}`),
    newWriteId: randomUUID,
    print: (line) => console.log(line),
  };
}

await runCommand(main);
