import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { applySeed, newSeedId } from '../../cli/seed/apply-seed.ts';
import { readSeedWith } from '../../cli/seed/read-seed.ts';
import { synthesise } from '../../cli/start/synthesise.ts';
import { type LocalCloud, startLocalCloud } from '../../local/cloud.ts';
import { OPERATOR_ACCESS_KEY_ID } from '../../local/lambda/function-callers.ts';
import { LOCAL_REGION } from '../../local/types.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { kmsSealer } from '../../shared/aws/kms-sealer.ts';
import { findDefinition } from '../../shared/destinations/catalog.ts';
import { aDirectory } from './running-tributary.ts';

/** What `cdk synth` makes of the whole app for one machine, in a new directory; destinations may reach any address. */
export async function theWholeApp(): Promise<string> {
  const directory = aDirectory();
  await synthesise({
    assemblyDirectory: join(directory, 'assembly'),
    logFile: join(directory, 'synth.log'),
    privateTargetsAllowed: ['*'],
  });
  return join(directory, 'assembly');
}

/** A grant in a template: the stack's part, the beginning of the policy's logical id, the action, and text in what it is granted on. */
export type Grant = { part: string; policy: string; action: string; on: string };

type Statement = { Action: string | string[]; Resource: unknown };
type Policy = { Type: string; Properties: { PolicyDocument: { Statement: Statement[] } } };

/** A copy of an assembly in a new directory, with one grant taken out of its template. Throws where the template has no such grant. */
export function withoutGrant(assembly: string, { part, policy, action, on }: Grant): string {
  const copy = join(aDirectory(), 'assembly');
  cpSync(assembly, copy, { recursive: true });
  const file = join(copy, `Tributary-local-${part}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, Policy> };
  let taken = 0;
  for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::IAM::Policy' || !logicalId.startsWith(policy)) continue;
    const document = Properties.PolicyDocument;
    document.Statement = document.Statement.flatMap((statement) => {
      const without = lessGrant(statement, action, on);
      if (without !== statement) taken += 1;
      return without === undefined ? [] : [without];
    });
  }
  if (taken !== 1)
    throw new Error(`${file} has ${taken} statements of ${policy} that allow ${action} on ${on}, not one`);
  writeFileSync(file, JSON.stringify(template));
  return copy;
}

/** The statement itself where it does not allow the action there; `undefined` where nothing is left of it. */
function lessGrant(statement: Statement, action: string, on: string): Statement | undefined {
  const actions = [statement.Action].flat();
  const resources = [statement.Resource].flat();
  const isMeant = (resource: unknown) => JSON.stringify(resource).includes(on);
  if (!actions.includes(action) || !resources.some(isMeant)) return statement;
  if (actions.length > 1 && resources.length > 1) throw new Error('Which of several grants is meant?');
  if (actions.length > 1) return { ...statement, Action: actions.filter((each) => each !== action) };
  const left = resources.filter((resource) => !isMeant(resource));
  return left.length === 0 ? undefined : { ...statement, Resource: left };
}

export type WholeCloud = {
  cloud: LocalCloud;
  /** All that functions and the local cloud have logged. */
  log(): string;
  endpoints: { trackingUrl: string; apiUrl: string; apiToken: string };
};

const API_TOKEN = `tby_${'t'.repeat(43)}`;

/** Runs an assembly of the whole app in this process and seeds it; on a directory that was seeded before, nothing changes. */
export async function startWholeCloud(options: {
  assembly: string;
  stateDirectory: string;
  seedFile: string;
  faultsFile?: string;
}): Promise<WholeCloud> {
  let log = '';
  const cloud = await startLocalCloud({
    assemblyDirectory: options.assembly,
    stateDirectory: options.stateDirectory,
    host: '127.0.0.1',
    parameters: { 'Tributary-local-Control': { OwnerEmail: 'owner@example.com' } },
    ...(options.faultsFile === undefined ? {} : { faultsFile: options.faultsFile }),
    onLog: ({ functionName, line }) => (log += `${functionName} ${line}\n`),
  });
  try {
    const client = {
      endpoint: cloud.awsEndpointUrl,
      region: LOCAL_REGION,
      credentials: { accessKeyId: OPERATOR_ACCESS_KEY_ID, secretAccessKey: 'any' },
    };
    const { ControlTableName = '', SecretsKeyArn = '', LaneCount } = cloud.stacks['Tributary-local-Data'] ?? {};
    const read = await readSeedWith(readFileSync(options.seedFile, 'utf8'), findDefinition);
    if (read.outcome === 'invalid') throw new Error(read.faults.join('\n'));
    const deps = {
      control: dynamoControlStore(documentClient(new DynamoDBClient(client)), ControlTableName, {
        lanes: Number(LaneCount),
      }),
      sealer: kmsSealer({ kms: new KMSClient(client), keyArn: SecretsKeyArn }),
      findDefinition,
      now: () => new Date(),
      newId: newSeedId,
    };
    await applySeed(deps, { seed: read.seed, apiToken: API_TOKEN });
    const urlOf = (name: string) => cloud.apis.find((api) => api.name === name)?.url ?? '';
    return {
      cloud,
      log: () => log,
      endpoints: { trackingUrl: urlOf('tracking'), apiUrl: urlOf('api'), apiToken: API_TOKEN },
    };
  } catch (error) {
    await cloud.stop();
    throw error;
  }
}
