import { mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  KMSServiceException,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { type KmsService, kmsService } from '../../../../local/kms/kms-service.ts';
import { awsEndpoint } from '../../../builders/aws-endpoint.ts';

let directory: string;
let service: KmsService;
let endpoint: Awaited<ReturnType<typeof awsEndpoint>>;
let client: KMSClient;
let keyId: string;
let arn: string;

const create = async (type: string, physicalName: string, properties: Record<string, unknown>) => {
  const provider = service.providers.find((candidate) => candidate.type === type);
  if (provider === undefined) throw new Error(`No provider of ${type}`);
  return await provider.create({ stackName: 'Data', logicalId: 'Key', physicalName, properties });
};
const start = async () => {
  service = kmsService({ directory });
  const key = await create('AWS::KMS::Key', 'data-key', {});
  keyId = key.ref;
  arn = String(key.attributes['Arn']);
  await create('AWS::KMS::Alias', 'data-alias', { AliasName: 'alias/data', TargetKeyId: arn });
  endpoint = await awsEndpoint(service);
  client = new KMSClient({ ...endpoint.clientConfig, maxAttempts: 1 });
};
const stop = async () => {
  client.destroy();
  await endpoint.close();
};
const failure = async (call: Promise<unknown>) => {
  try {
    await call;
  } catch (error) {
    return error instanceof KMSServiceException ? error.name : error;
  }
  return 'no failure';
};
const schedule = (PendingWindowInDays: number | undefined) =>
  client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays }));
const CONTEXT = { workspace: 'w1', kind: 'destination' };

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tributary-kms-'));
  await start();
});
afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true });
});

test('a data key can be opened again after a restart, with its context in any order', async () => {
  const made = await client.send(
    new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: CONTEXT }),
  );
  expect([made.Plaintext?.length, made.KeyId]).toEqual([32, arn]);
  await stop();
  await start();
  const EncryptionContext = { kind: 'destination', workspace: 'w1' };
  const opened = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext }));
  expect(opened).toMatchObject({ Plaintext: made.Plaintext, KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
});

test('the same text encrypted twice gives two ciphertexts', async () => {
  const encrypt = () => client.send(new EncryptCommand({ KeyId: 'alias/data', Plaintext: Buffer.from('secret') }));
  const [first, second] = await Promise.all([encrypt(), encrypt()]);
  expect(Buffer.from(first.CiphertextBlob ?? []).equals(Buffer.from(second.CiphertextBlob ?? []))).toBe(false);
  const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob: second.CiphertextBlob }));
  expect(Buffer.from(Plaintext ?? []).toString()).toBe('secret');
});

test.each([
  ['another context', { workspace: 'w2', kind: 'destination' }],
  ['less context', { workspace: 'w1' }],
  ['no context', undefined],
])('%s does not open a ciphertext', async (_case, EncryptionContext) => {
  const Plaintext = Buffer.from('secret');
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: keyId, Plaintext, EncryptionContext: CONTEXT }),
  );
  const opening = client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  await expect(failure(opening)).resolves.toBe('InvalidCiphertextException');
});

test('a ciphertext with any bit changed, cut short or made up does not open', async () => {
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('secret') }));
  const whole = Buffer.from(CiphertextBlob ?? []);
  const changed = Array.from(whole, (byte, at) => {
    const copy = Buffer.from(whole);
    copy[at] = byte ^ 1;
    return copy;
  });
  for (const blob of [...changed, whole.subarray(0, -1), whole.subarray(0, 10), Buffer.from('made up')])
    await expect(failure(client.send(new DecryptCommand({ CiphertextBlob: blob })))).resolves.toBe(
      'InvalidCiphertextException',
    );
});

test('the key is named by id, ARN, alias or ARN of the alias', async () => {
  for (const KeyId of [keyId, arn, 'alias/data', 'arn:aws:kms:us-east-1:000000000000:alias/data']) {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyId: keyId, Arn: arn, KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT' });
  }
  for (const KeyId of ['alias/other', 'ffffffff-ffff-4fff-8fff-ffffffffffff'])
    await expect(failure(client.send(new DescribeKeyCommand({ KeyId })))).resolves.toBe('NotFoundException');
});

test('decrypting under the name of another key is refused', async () => {
  const other = await create('AWS::KMS::Key', 'other-key', {});
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('secret') }));
  const opening = client.send(new DecryptCommand({ CiphertextBlob, KeyId: other.ref }));
  await expect(failure(opening)).resolves.toBe('IncorrectKeyException');
});

test('a key lies in one file that only its owner can read', async () => {
  const files = await readdir(directory);
  expect(files).toEqual([`${keyId}.json`]);
  const { mode } = await stat(path.join(directory, `${keyId}.json`));
  expect(mode & 0o777).toBe(0o600);
});

test('a key file that is damaged stops the start instead of making a new key', async () => {
  await writeFile(path.join(directory, `${keyId}.json`), '{"keyId":');
  await expect(create('AWS::KMS::Key', 'data-key', {})).rejects.toThrow();
});

test('a removed key no longer opens anything, and opens again when the resource comes back', async () => {
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('secret') }));
  const opening = () => failure(client.send(new DecryptCommand({ CiphertextBlob })));
  for (const provider of service.providers) await provider.remove?.({ physicalName: 'data-key', ref: keyId });
  await expect(opening()).resolves.toBe('InvalidCiphertextException');
  await create('AWS::KMS::Key', 'data-key', {});
  await expect(opening()).resolves.toBe('no failure');
});

test.each([
  ['an operation', 'CancelKeyDeletion', {}, 'UnknownOperationException', 'kms:CancelKeyDeletion'],
  ['a member', 'Decrypt', { GrantTokens: [] }, 'ValidationException', 'GrantTokens of Decrypt'],
])(
  '%s that the local cloud does not have is an error that says its name',
  async (_case, operation, input, code, name) => {
    const context = { principal: { kind: 'operator' as const }, requestId: 'request' };
    await expect(service.call(operation, input, context)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(name),
    });
  },
);

test('a key of another kind is refused by resource and property', async () => {
  await expect(create('AWS::KMS::Key', 'data-key', { KeySpec: 'RSA_2048' })).rejects.toThrow(
    /Data\/Key \(AWS::KMS::Key\)[^]*KeySpec/,
  );
});

test('a key whose deletion is scheduled neither seals nor opens, and cannot be scheduled again (KMS: key states)', async () => {
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from('x') }));
  await expect(schedule(7)).resolves.toMatchObject({ KeyId: arn, KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
  const calls = [
    client.send(new DecryptCommand({ CiphertextBlob })),
    client.send(new EncryptCommand({ KeyId: 'alias/data', Plaintext: Buffer.from('x') })),
    client.send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' })),
    schedule(7),
  ];
  await expect(Promise.all(calls.map(failure))).resolves.toEqual(calls.map(() => 'KMSInvalidStateException'));
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
  expect(KeyMetadata).toMatchObject({ KeyId: keyId, KeyState: 'PendingDeletion', Enabled: false });
});

test.each([
  ['in 7 days, the fewest', 7, 7],
  ['in 30 days, the most', 30, 30],
  ['in 30 days if not told', undefined, 30],
])('KMS says that it deletes a key %s', async (_case, asked, days) => {
  const beforeMs = Date.now();
  const { DeletionDate, PendingWindowInDays } = await schedule(asked);
  const dayOf = ((DeletionDate?.getTime() ?? 0) - beforeMs) / 86_400_000;
  expect([PendingWindowInDays, Math.round(dayOf)]).toEqual([days, days]);
});

test.each([6, 31, 7.5])('a waiting period of %d days is refused, and the key stays', async (days) => {
  await expect(failure(schedule(days))).resolves.toBe('ValidationException');
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
  expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled' });
});

test('at the next start there is a new key in the place of a deleted one, which does not open what that one sealed', async () => {
  const { CiphertextBlob: old } = await client.send(
    new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from('secret') }),
  );
  await schedule(7);
  await stop();
  await start();
  await expect(failure(client.send(new DecryptCommand({ CiphertextBlob: old })))).resolves.toBe(
    'InvalidCiphertextException',
  );
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: 'alias/data', Plaintext: Buffer.from('anew') }),
  );
  await stop();
  await start();
  const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
  expect(Buffer.from(Plaintext ?? []).toString()).toBe('anew');
});

test('the material of a deleted key lies aside until it is due, and the next start after that removes it', async () => {
  await schedule(7);
  await stop();
  await start();
  const aside = (await readdir(directory)).find((file) => file.startsWith(`${keyId}.deleted-`)) ?? '';
  expect((await readdir(directory)).toSorted()).toEqual([aside, `${keyId}.json`].toSorted());
  await rename(path.join(directory, aside), path.join(directory, `${keyId}.deleted-${Date.now() - 1}`));
  await stop();
  await start();
  await expect(readdir(directory)).resolves.toEqual([`${keyId}.json`]);
});
