import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../local/cloud.ts';
import { OPERATOR_ACCESS_KEY_ID } from '../local/lambda/function-callers.ts';
import { meterListener } from '../local/front-door/meter.ts';
import { LOCAL_REGION } from '../local/types.ts';
import { CALLBACK_PATH } from '../shared/config/sign-in.ts';
import { CliError } from './cli-error.ts';
import { seedDepsOf } from './deployed/seed-deployment.ts';
import { messagesIn, queueCounts, queuesOf } from './deployed/queues.ts';
import { type Deployment, readDeployment } from './deployed/stacks.ts';
import { helpText } from './flags.ts';
import { asTyped, runCommand } from './run-command.ts';
import { newApiToken } from '../shared/aws/secret-texts.ts';
import type { Sealer } from '../shared/ports/sealer.ts';
import { applySeed, type SeedReport } from './seed/apply-seed.ts';
import { readSeedWith } from './seed/read-seed.ts';
import { startSink } from './sink/start-sink.ts';
import { chosenSeed } from './start/chosen-seed.ts';
import { type Endpoints, readEndpoints } from './start/endpoints.ts';
import { functionLog } from './start/function-log.ts';
import { openedSeed, sealedSeed } from './start/kept-seed.ts';
import { ledgerListener } from './start/ledger-listener.ts';
import { mailboxListener } from './start/mailbox-listener.ts';
import { readyLines } from './start/ready-lines.ts';
import { readStartOptions, START_FLAGS, type StartOptions } from './start/start-options.ts';
import { type StateDirectory, takeDirectory } from './start/state-directory.ts';
import { stopSignals } from './start/stop-signals.ts';
import { LOCAL_STAGE, synthesise } from './start/synthesise.ts';
import { useLambdaTimeZone } from './start/time-zone.ts';
import { unknownWriteKeyLine } from './start/unknown-write-key.ts';

const USAGE = 'npm start [-- flags]';
const ABOUT =
  'Runs Tributary on this machine: synthesises the CDK app and runs what AWS would. For evaluation, development and tests, not for production load.';
/** Whom the sign-in page's one button signs in. Nobody reads mail to it. */
const DEMO_OWNER = 'owner@example.com';
const DEMO_SEED = join(import.meta.dirname, 'demo', 'demo-seed.json');
const KEPT_SEED = 'seed.sealed';
const ENDPOINTS = 'endpoints.json';
const DEPLOYMENT = `Tributary-${LOCAL_STAGE}`;
/** Events a second that the demo sends by itself. */
const DEMO_RATE = 1;
/** The same sentence about the same wrong write key is said once in this time. */
const SAY_AGAIN_MS = 10_000;
const SENTENCES_REMEMBERED_MAX = 100;

async function main(argv: string[]): Promise<number> {
  const options = readStartOptions(argv);
  if (options.help) {
    console.log(helpText(USAGE, ABOUT, START_FLAGS));
    return 0;
  }
  useLambdaTimeZone();
  const stopping = new AbortController();
  const onSignal = stopSignals({
    nowMs: Date.now,
    onStop: () => stopping.abort(),
    onForce: () => {
      console.log('Stopped at once; what was under way is done again at the next start.');
      process.exit(130);
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

  const directory = takeDirectory(asTyped(options.directory), { fresh: options.fresh });
  const closing: (() => Promise<void> | void)[] = [() => directory.release()];
  try {
    await run(options, directory, stopping.signal, closing);
    return 0;
  } finally {
    // What was opened last is closed first.
    for (const close of closing.toReversed()) await close();
  }
}

async function run(
  options: StartOptions,
  directory: StateDirectory,
  stopping: AbortSignal,
  closing: (() => Promise<void> | void)[],
): Promise<void> {
  // Before anything that takes time: a faulty seed file is said at once.
  const given = options.seedFile === undefined ? undefined : readSeedFile(asTyped(options.seedFile));
  const demo = readSeedFile(DEMO_SEED);
  const { remembered } = directory;
  const sink = await startSink({ host: options.host, port: remembered.sinkPort ?? options.port + SINK_OFFSET });
  closing.push(() => sink.stop());

  const assemblyDirectory = join(directory.path, 'assembly');
  await synthesise({
    assemblyDirectory,
    logFile: join(directory.path, 'synth.log'),
    privateTargetsAllowed: options.allowPrivateTargets ? ['*'] : [new URL(sink.url).host],
    lanes: options.lanes,
  });
  if (stopping.aborted) return;

  const log = functionLog(join(directory.path, 'functions.log'));
  closing.push(() => log.close());
  const writeKeys: Record<string, string> = {};
  const say = sayOnce();
  const cloud = await orSentence(log, {
    assemblyDirectory,
    stateDirectory: join(directory.path, 'cloud'),
    host: options.host,
    awsPort: remembered.awsPort ?? options.port + AWS_OFFSET,
    apiPorts: { tracking: options.port, api: remembered.apiPort ?? options.port + API_OFFSET },
    cdnPort: remembered.cdnPort ?? options.port + CDN_OFFSET,
    signInPort: remembered.signInPort ?? options.port + SIGN_IN_OFFSET,
    parameters: {
      [`${DEPLOYMENT}-Control`]: { OwnerEmail: DEMO_OWNER },
      [`${DEPLOYMENT}-Web`]: { CdnScheme: 'http' },
    },
    ...(options.faultsFile === undefined ? {} : { faultsFile: asTyped(options.faultsFile) }),
    processes: options.processes,
    onLog: (line) => {
      log.add(line);
      const sentence = unknownWriteKeyLine(line.line, writeKeys);
      if (sentence !== undefined) say(sentence);
    },
  });
  closing.push(() => cloud.stop());
  useLocalCloud(cloud, directory);

  const deployment = await readDeployment(new CloudFormationClient(), DEPLOYMENT);
  const deps = seedDepsOf(deployment);
  const seed = chosenSeed({
    given,
    kept: directory.isRestored ? await keptSeed(directory.path, deps.sealer, given) : undefined,
    demo,
  });
  const playsDemo = options.demo && seed.isDemo;
  const read = await readSeedWith(seed.text.replaceAll('{{sinkUrl}}', sink.url), deps.findDefinition);
  if (read.outcome === 'invalid') {
    throw new CliError([`${options.seedFile ?? 'The seed'} is not valid:`, ...read.faults].join('\n  '));
  }
  // A token is of one workspace. It is forgotten before the seed is kept, so that whoever starts after a crash has no token of another one.
  if (!seed.isSameWorkspace) rmSync(join(directory.path, ENDPOINTS), { force: true });
  // The demo's own is not kept: it goes on though the key is gone that would open it, and with what a later version brings.
  if (seed.text === demo) rmSync(join(directory.path, KEPT_SEED), { force: true });
  else directory.write(KEPT_SEED, await sealedSeed(deps.sealer, seed.text));
  const before = directory.isRestored ? readEndpoints(() => readKept(directory.path, ENDPOINTS) ?? '') : undefined;
  const apiToken = before?.apiToken ?? newApiToken();
  const report = await applySeed(deps, { seed: read.seed, apiToken });
  for (const { slug, writeKey } of report.sources) writeKeys[slug] = writeKey;

  const meter = options.meter ? await meterListener(cloud.meter, options.host, 0) : undefined;
  if (meter !== undefined) closing.push(() => meter.close());
  const trackingUrl = deployment.output('TrackingUrl');
  const apiUrl = deployment.output('ApiUrl');
  const cdnUrl = deployment.output('CdnUrl');
  const ledger = await ledgerListener({ apiUrl, apiToken }, remembered.ledgerPort ?? options.port + LEDGER_OFFSET);
  closing.push(() => ledger.close());
  const mailbox = await mailboxListener(() => cloud.mails(), remembered.mailboxPort ?? options.port + MAILBOX_OFFSET);
  closing.push(() => mailbox.close());
  const signIn = signInOf(deployment);
  const endpoints: Endpoints = {
    trackingUrl,
    cdnUrl,
    apiUrl,
    webUrl: deployment.output('AppUrl'),
    signIn,
    sinkUrl: sink.url,
    meterUrl: meter?.url ?? null,
    ledgerUrl: ledger.url,
    mailboxUrl: mailbox.url,
    writeKeys,
    apiToken,
  };
  directory.write(ENDPOINTS, `${JSON.stringify(endpoints, null, 2)}\n`);
  directory.remember({
    sinkPort: sink.port,
    apiPort: portOf(apiUrl),
    cdnPort: portOf(cdnUrl),
    signInPort: portOf(signIn.issuer),
    awsPort: portOf(cloud.awsEndpointUrl),
    ledgerPort: ledger.port,
    mailboxPort: mailbox.port,
  });

  const port = portOf(trackingUrl);
  if (port !== options.port) console.log(`Port ${options.port} is taken; the tracking API is on ${port}.`);
  if (directory.isRestored) console.log(await restoredLine(options, deployment, report));
  if (meter !== undefined) console.log(`Meter          ${meter.url}/_meter`);
  const player = playsDemo ? startDemo(directory.path, stopping) : undefined;
  if (player !== undefined) closing.push(() => endOf(player));
  for (const line of readyLines(endpoints, playsDemo ? DEMO_RATE : undefined)) console.log(line);

  await new Promise<void>((resolve) => {
    if (stopping.aborted) resolve();
    else stopping.addEventListener('abort', () => resolve());
  });
  console.log('Stopping: what is under way is finished first. Ctrl-C again stops at once.');
}

const portOf = (url: string): number => Number(new URL(url).port);

/** Ports next to the tracking API's, or the next free ones. */
const API_OFFSET = 1;
const SINK_OFFSET = 2;
const AWS_OFFSET = 3;
const LEDGER_OFFSET = 4;
const CDN_OFFSET = 5;
const SIGN_IN_OFFSET = 6;
const MAILBOX_OFFSET = 7;

const signInOf = (deployment: Deployment) => ({
  issuer: deployment.output('SignInIssuer'),
  clientId: deployment.output('AppClientId'),
  callbackUrl: `${deployment.output('CdnUrl')}${CALLBACK_PATH}`,
});

/** What the start before has left under this name; undefined where it left nothing. */
function readKept(path: string, name: string): string | undefined {
  const file = join(path, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** What the start before has set up. One that cannot be opened is of no workspace; that is a fault only where no file is named in its place. */
async function keptSeed(path: string, sealer: Sealer, given: string | undefined): Promise<string | undefined> {
  const kept = readKept(path, KEPT_SEED);
  if (kept === undefined) return undefined;
  try {
    return await openedSeed(sealer, kept);
  } catch (error) {
    if (given === undefined) throw error;
    return '';
  }
}

function readSeedFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CliError(`${path} cannot be read: give the path of a seed file after --seed.`, { cause });
  }
}

/** From here on the SDK's clients of this process speak with the local cloud, as its operator. */
function useLocalCloud(cloud: LocalCloud, directory: StateDirectory): void {
  const settings = {
    AWS_ENDPOINT_URL: cloud.awsEndpointUrl,
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: OPERATOR_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: 'any',
  };
  // For the shells of people: with these, `npm run smoke` and the AWS CLI speak with the local cloud.
  directory.write(
    'aws.env',
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  Object.assign(process.env, settings);
  delete process.env['AWS_SESSION_TOKEN'];
  delete process.env['AWS_PROFILE'];
}

/** What the local cloud says about why it does not start is fit to be shown; where it came from goes into the log. */
async function orSentence(log: ReturnType<typeof functionLog>, options: LocalCloudOptions): Promise<LocalCloud> {
  try {
    return await startLocalCloud(options);
  } catch (cause) {
    if (!(cause instanceof Error) || !/^(Error|TemplateError)$/.test(cause.name)) throw cause;
    log.add({ functionName: 'start', atMs: Date.now(), line: cause.stack ?? cause.message });
    throw new CliError(cause.message, { cause });
  }
}

async function restoredLine(options: StartOptions, deployment: Deployment, report: SeedReport): Promise<string> {
  const { intake, sharedLane, lanes, archive } = queuesOf(deployment);
  const sqs = new SQSClient();
  const counts = await Promise.all([intake, sharedLane, ...lanes, archive].map((url) => queueCounts(sqs, url)));
  const waiting = counts.reduce((sum, each) => sum + messagesIn(each), 0);
  const changes = report.changes.length === 0 ? '' : `; changed: ${report.changes.join(', ')}`;
  return `Restored from ${options.directory}: ${report.sources.length} sources, ${waiting} messages waiting in queues${changes}`;
}

/** The same sentence only once in SAY_AGAIN_MS: a client with a wrong key sends it with every request. */
function sayOnce(): (sentence: string) => void {
  const said = new Map<string, number>();
  return (sentence) => {
    const nowMs = Date.now();
    if (nowMs - (said.get(sentence) ?? Number.NEGATIVE_INFINITY) < SAY_AGAIN_MS) return;
    if (said.size >= SENTENCES_REMEMBERED_MAX) said.clear();
    said.set(sentence, nowMs);
    console.log(sentence);
  };
}

function startDemo(directory: string, stopping: AbortSignal): ChildProcess {
  const args = ['--dir', directory, '--rate', String(DEMO_RATE), '--quiet'];
  const child = spawn(process.execPath, [join(import.meta.dirname, 'demo.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  child.on('exit', (code) => {
    if (!stopping.aborted) console.log(`The demo has ended (${code}); "npm run demo" starts it again.`);
  });
  return child;
}

/** Ends the demo and waits for it: its last events are accepted before the APIs close. */
async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
}

await runCommand(main);
