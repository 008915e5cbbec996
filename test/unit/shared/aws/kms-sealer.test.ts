import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { kmsService } from '../../../../local/kms/kms-service.ts';
import { AwsError, type JsonService } from '../../../../local/types.ts';
import { DATA_KEY_TTL_MS } from '../../../../shared/aws/envelope-sealer.ts';
import { kmsSealer } from '../../../../shared/aws/kms-sealer.ts';
import { lightClient } from '../../../../shared/aws/light-client.ts';
import { lightSealer } from '../../../../shared/aws/light-sealer.ts';
import { awsEndpoint } from '../../../builders/aws-endpoint.ts';

const CONTEXT = { workspaceId: 'ws_1', destinationId: 'dst_1', field: 'apiKey' };
const CANARY = 'canary-7f3a secret with ü and 😀';

let directory: string;
let endpoint: Awaited<ReturnType<typeof awsEndpoint>>;
let keyArn: string;
let calls: string[] = [];
let refuses: string | undefined;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tributary-kms-'));
  const service = kmsService({ directory });
  const [provider] = service.providers.filter(({ type }) => type === 'AWS::KMS::Key');
  const created = await provider?.create({
    stackName: 'Data',
    logicalId: 'Key',
    physicalName: 'key',
    properties: { KeyPolicy: {} },
  });
  keyArn = String(created?.attributes['Arn']);
  const counted: JsonService = {
    name: 'kms',
    call: async (operation, input, context) => {
      calls.push(operation);
      if (refuses !== undefined) throw new AwsError(refuses, 'no');
      return await service.call(operation, input, context);
    },
  };
  endpoint = await awsEndpoint(counted);
});
afterAll(async () => {
  await endpoint?.close();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  calls = [];
  refuses = undefined;
});

const aSealer = (options: { nowMs?: () => number; withKey?: boolean } = {}) =>
  kmsSealer({
    kms: new KMSClient({ ...endpoint.clientConfig, maxAttempts: 1 }),
    ...(options.withKey === false ? {} : { keyArn }),
    ...(options.nowMs === undefined ? {} : { nowMs: options.nowMs }),
  });

test('a sealed secret opens again, without the name of the key, and holds nothing of its text', async () => {
  const value = await aSealer().seal(CANARY, CONTEXT);
  expect(value.sealed).not.toContain('canary');
  expect(Buffer.from(value.sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('canary');
  expect(await aSealer({ withKey: false }).open(value, CONTEXT)).toBe(CANARY);
});

test('the same text sealed twice looks different', async () => {
  const sealer = aSealer();
  const [one, two] = [await sealer.seal(CANARY, CONTEXT), await sealer.seal(CANARY, CONTEXT)];
  expect(one.sealed).not.toBe(two.sealed);
});

test.each([
  ['another workspace', { ...CONTEXT, workspaceId: 'ws_2' }],
  ['another destination', { ...CONTEXT, destinationId: 'dst_2' }],
  ['another field', { ...CONTEXT, field: 'secretKey' }],
])('a secret moved to %s does not open', async (_case, context) => {
  const value = await aSealer().seal(CANARY, CONTEXT);
  await expect(aSealer().open(value, context)).rejects.toMatchObject({ code: 'secret-unreadable', retry: false });
});

test('a secret in which any one part was changed does not open', async () => {
  const { sealed } = await aSealer().seal(CANARY, CONTEXT);
  const changed = [
    sealed.replace('v1.', 'v2.'),
    sealed.slice(0, -8),
    `${sealed}.more`,
    'plain text',
    '',
    sealed.replace(/^v1\.(....)/, 'v1.AAAA'),
    sealed.replace(/(.)(.)(.{20})$/, (_all, a: string, b: string, rest: string) => `${b}${a === b ? '_' : a}${rest}`),
  ];
  for (const text of changed) {
    await expect(aSealer().open({ sealed: text }, CONTEXT)).rejects.toMatchObject({
      code: 'secret-unreadable',
      retry: false,
    });
  }
});

test('KMS is asked once for many secrets of a workspace, again when the data key has aged', async () => {
  let nowMs = 0;
  const sealer = aSealer({ nowMs: () => nowMs });
  const values = await Promise.all(Array.from({ length: 20 }, () => sealer.seal(CANARY, CONTEXT)));
  expect(calls).toEqual(['GenerateDataKey']);
  for (const value of values) await sealer.open(value, CONTEXT);
  expect(calls).toEqual(['GenerateDataKey', 'Decrypt']);
  nowMs += DATA_KEY_TTL_MS;
  await sealer.seal(CANARY, CONTEXT);
  if (values[0] !== undefined) await sealer.open(values[0], CONTEXT);
  expect(calls).toEqual(['GenerateDataKey', 'Decrypt', 'GenerateDataKey', 'Decrypt']);
});

test('a key that KMS does not give is a fault of the platform that passes, and is asked for again (K2)', async () => {
  const value = await aSealer().seal(CANARY, CONTEXT);
  const sealer = aSealer();
  refuses = 'DisabledException';
  await expect(sealer.open(value, CONTEXT)).rejects.toMatchObject({ code: 'secret-unreadable', retry: true });
  refuses = undefined;
  expect(await sealer.open(value, CONTEXT)).toBe(CANARY);
});

const SOURCE_CONTEXT = { workspaceId: 'ws_1', sourceId: 'src_1', field: 'hook.signature.secret' };

const anOpener = (options: { nowMs?: () => number } = {}) =>
  lightSealer(
    lightClient('kms', endpoint.clientConfig.endpoint, { ...endpoint.clientConfig, endpointUrl: undefined }),
    undefined,
    options.nowMs,
  );

test('a source’s secret is opened without the SDK, by one call of KMS for many of a workspace', async () => {
  let nowMs = 0;
  const opener = anOpener({ nowMs: () => nowMs });
  const sealer = aSealer();
  const values = await Promise.all([1, 2, 3].map((number) => sealer.seal(`${CANARY}${number}`, SOURCE_CONTEXT)));
  calls = [];
  const open = () => Promise.all(values.map((value) => opener.open(value, SOURCE_CONTEXT)));
  await expect(open()).resolves.toEqual([`${CANARY}1`, `${CANARY}2`, `${CANARY}3`]);
  expect(calls).toEqual(['Decrypt']);
  nowMs += DATA_KEY_TTL_MS;
  await open();
  expect(calls).toEqual(['Decrypt', 'Decrypt']);
});

test('data keys of sources’ secrets are wrapped apart: with that of a destination none of them opens, and the other way round', async () => {
  const sealer = aSealer();
  const ofSource = await sealer.seal(CANARY, SOURCE_CONTEXT);
  const ofDestination = await sealer.seal(CANARY, CONTEXT);
  expect(calls).toEqual(['GenerateDataKey', 'GenerateDataKey']);
  const unreadable = { code: 'secret-unreadable' };
  await expect(sealer.open(ofSource, CONTEXT)).rejects.toMatchObject(unreadable);
  await expect(sealer.open(ofDestination, SOURCE_CONTEXT)).rejects.toMatchObject(unreadable);
  await expect(anOpener().open(ofDestination, SOURCE_CONTEXT)).rejects.toMatchObject(unreadable);
  for (const other of [{ workspaceId: 'ws_2' }, { sourceId: 'src_2' }, { field: 'other' }]) {
    await expect(anOpener().open(ofSource, { ...SOURCE_CONTEXT, ...other })).rejects.toMatchObject(unreadable);
  }
});

test('where KMS gives no data key another try may help, and the failure is not remembered', async () => {
  const value = await aSealer().seal(CANARY, SOURCE_CONTEXT);
  const opener = anOpener();
  refuses = 'AccessDeniedException';
  await expect(opener.open(value, SOURCE_CONTEXT)).rejects.toMatchObject({ code: 'secret-unreadable', retry: true });
  refuses = undefined;
  await expect(opener.open(value, SOURCE_CONTEXT)).resolves.toBe(CANARY);
});
