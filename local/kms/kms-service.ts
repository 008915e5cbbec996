import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import {
  AwsError,
  type CallContext,
  type JsonService,
  LOCAL_ACCOUNT,
  LOCAL_REGION,
  type ResourceProvider,
  type ResourceToCreate,
} from '../types.ts';

export type KmsService = JsonService & { providers: ResourceProvider[] };

type Input = Record<string, unknown>;

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 16;
/** First byte of a ciphertext. Layout: version, key id, IV, tag, encrypted text. */
const VERSION = 1;
const HEAD_BYTES = 1 + ID_BYTES + IV_BYTES + TAG_BYTES;
/** KMS: Encrypt takes at most 4,096 bytes, an encryption context at most 8 KB. */
const PLAINTEXT_BYTES_MAX = 4_096;
const CIPHERTEXT_BYTES_MAX = 6_144;
const CONTEXT_BYTES_MAX = 8_192;
/** KMS: ScheduleKeyDeletion waits 7 to 30 days, 30 if not told. */
const DELETION_DAYS_MIN = 7;
const DELETION_DAYS_MAX = 30;
const DAY_MS = 86_400_000;

const StoredKey = z.strictObject({ keyId: z.uuid(), material: z.base64(), createdAtMs: z.number() });
type StoredKey = z.infer<typeof StoredKey>;

/** A key id has the form of a UUID; it follows from the physical name, so that every start finds the same key. */
function keyIdOf(physicalName: string): string {
  const hex = createHash('sha256').update(physicalName).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const keyArn = (keyId: string) => `arn:aws:kms:${LOCAL_REGION}:${LOCAL_ACCOUNT}:key/${keyId}`;
const validation = (message: string) => new AwsError('ValidationException', message);
const invalidCiphertext = () => new AwsError('InvalidCiphertextException', '');

async function readKey(file: string): Promise<StoredKey | undefined> {
  try {
    return StoredKey.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes a key for good, unless there is one. Written aside and linked, so that a crash leaves no half of a key and nothing is overwritten. */
async function makeKey(directory: string, keyId: string): Promise<StoredKey> {
  const file = path.join(directory, `${keyId}.json`);
  const existing = await readKey(file);
  if (existing !== undefined) return existing;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const key: StoredKey = { keyId, material: randomBytes(KEY_BYTES).toString('base64'), createdAtMs: Date.now() };
  const aside = `${file}.${process.pid}`;
  const handle = await open(aside, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(key));
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(aside, file);
  } finally {
    await unlink(aside);
  }
  return key;
}

/** `<key id>.deleted-<when it is due, in milliseconds since the epoch>`: no start takes such a file for a key. */
const DELETED_FILE = /^[0-9a-f-]{36}\.deleted-(\d+)$/;

/** From the next start on there is no such key, and one made again has new material. A person may name the file back until it is due. */
async function setAside(directory: string, keyId: string, dueAtMs: number): Promise<void> {
  await rename(path.join(directory, `${keyId}.json`), path.join(directory, `${keyId}.deleted-${dueAtMs}`));
}

/** Removes the material of keys whose waiting period is over. */
async function deleteDue(directory: string, nowMs: number): Promise<void> {
  for (const file of await readdir(directory)) {
    const dueAtMs = Number(DELETED_FILE.exec(file)?.[1] ?? Number.POSITIVE_INFINITY);
    if (dueAtMs <= nowMs) await unlink(path.join(directory, file));
  }
}

function bytesOf(input: Input, member: string, max: number): Buffer {
  const text = input[member];
  if (typeof text !== 'string' || text === '')
    throw validation(`1 validation error detected: ${member} must not be null`);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.length > max)
    throw validation(`1 validation error detected: ${member} must have 1 to ${max} bytes`);
  return bytes;
}

/** The encryption context in one form, whatever the order of its pairs: what the ciphertext is bound to. */
function contextOf(input: Input): Buffer {
  const context = input['EncryptionContext'] ?? {};
  if (typeof context !== 'object' || context === null || Array.isArray(context))
    throw validation('EncryptionContext must be a map of strings');
  const pairs = Object.entries(context);
  if (pairs.some(([, value]) => typeof value !== 'string'))
    throw validation('EncryptionContext must be a map of strings');
  const text = JSON.stringify(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  if (Buffer.byteLength(text) > CONTEXT_BYTES_MAX)
    throw validation(`EncryptionContext exceeds ${CONTEXT_BYTES_MAX} bytes`);
  return Buffer.from(text);
}

const idBytes = (keyId: string) => Buffer.from(keyId.replaceAll('-', ''), 'hex');

function seal(key: StoredKey, plaintext: Buffer, context: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const head = Buffer.concat([Buffer.from([VERSION]), idBytes(key.keyId)]);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), iv);
  cipher.setAAD(Buffer.concat([head, context]));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([head, iv, cipher.getAuthTag(), sealed]).toString('base64');
}

function unseal(key: StoredKey, blob: Buffer, context: Buffer): Buffer {
  const head = blob.subarray(0, 1 + ID_BYTES);
  const iv = blob.subarray(1 + ID_BYTES, 1 + ID_BYTES + IV_BYTES);
  const tag = blob.subarray(1 + ID_BYTES + IV_BYTES, HEAD_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), iv, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.concat([head, context]));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(blob.subarray(HEAD_BYTES)), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

function checkMembers(operation: string, input: Input, known: readonly string[]) {
  const unknownMember = Object.keys(input).find((member) => !known.includes(member) && input[member] !== undefined);
  if (unknownMember !== undefined)
    throw validation(`The local cloud does not have the member ${unknownMember} of ${operation}`);
}

/** Only symmetric keys for encryption: what a key is unless its template says otherwise. */
const KeyProperties = z.object({
  KeySpec: z.literal('SYMMETRIC_DEFAULT').optional(),
  KeyUsage: z.literal('ENCRYPT_DECRYPT').optional(),
  Enabled: z.literal(true).optional(),
});
const AliasProperties = z.object({ AliasName: z.string().startsWith('alias/'), TargetKeyId: z.string() });

const parseProperties = <T extends z.ZodType>(schema: T, type: string, resource: ResourceToCreate): z.infer<T> => {
  const parsed = schema.safeParse(resource.properties);
  if (!parsed.success)
    throw new Error(`${resource.stackName}/${resource.logicalId} (${type}): ${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

/**
 * KMS on one machine: AES-256-GCM under keys that are made at the first start and kept in `directory`, one file each, readable by its
 * owner only. Who has the files has the keys; deleting one makes unreadable what it sealed. A key whose deletion is scheduled is refused while
 * the process runs, and gone at the next start.
 */
export function kmsService({ directory }: { directory: string }): KmsService {
  const keys = new Map<string, StoredKey>();
  const aliases = new Map<string, string>();
  /** When a key is deleted, by its id. */
  const dueAtMsOf = new Map<string, number>();

  /** A key in any state. */
  const knownKey = (named: unknown): StoredKey => {
    if (typeof named !== 'string' || named === '') throw validation('KeyId must not be null');
    const local = named.startsWith('arn:') ? named.split(':').slice(5).join(':') : named;
    const keyId = local.startsWith('alias/') ? (aliases.get(local) ?? local) : local.replace(/^key\//, '');
    const key = keys.get(keyId);
    if (key === undefined)
      throw new AwsError(
        'NotFoundException',
        `${local.startsWith('alias/') ? 'Alias' : 'Key'} '${named}' does not exist`,
      );
    return key;
  };
  const requireKey = (named: unknown): StoredKey => {
    const key = knownKey(named);
    if (dueAtMsOf.has(key.keyId))
      throw new AwsError('KMSInvalidStateException', `${keyArn(key.keyId)} is pending deletion.`);
    return key;
  };

  const dataKeyBytes = (input: Input): number => {
    const { KeySpec, NumberOfBytes } = input;
    if (KeySpec === 'AES_256' && NumberOfBytes === undefined) return KEY_BYTES;
    if (KeySpec === undefined && typeof NumberOfBytes === 'number' && NumberOfBytes >= 1 && NumberOfBytes <= 1_024)
      return NumberOfBytes;
    throw validation('The local cloud makes data keys of KeySpec AES_256, or of NumberOfBytes 1 to 1024');
  };

  const operations: Record<string, (input: Input) => Input | Promise<Input>> = {
    GenerateDataKey: (input) => {
      checkMembers('GenerateDataKey', input, ['KeyId', 'KeySpec', 'NumberOfBytes', 'EncryptionContext']);
      const key = requireKey(input['KeyId']);
      const plaintext = randomBytes(dataKeyBytes(input));
      const CiphertextBlob = seal(key, plaintext, contextOf(input));
      return { KeyId: keyArn(key.keyId), Plaintext: plaintext.toString('base64'), CiphertextBlob };
    },
    Encrypt: (input) => {
      checkMembers('Encrypt', input, ['KeyId', 'Plaintext', 'EncryptionContext', 'EncryptionAlgorithm']);
      const key = requireKey(input['KeyId']);
      const CiphertextBlob = seal(key, bytesOf(input, 'Plaintext', PLAINTEXT_BYTES_MAX), contextOf(input));
      return { KeyId: keyArn(key.keyId), CiphertextBlob, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
    Decrypt: (input) => {
      checkMembers('Decrypt', input, ['KeyId', 'CiphertextBlob', 'EncryptionContext', 'EncryptionAlgorithm']);
      const blob = bytesOf(input, 'CiphertextBlob', CIPHERTEXT_BYTES_MAX);
      if (blob.length <= HEAD_BYTES || blob[0] !== VERSION) throw invalidCiphertext();
      const sealedWith = blob.subarray(1, 1 + ID_BYTES).toString('hex');
      const key = [...keys.values()].find(({ keyId }) => keyId.replaceAll('-', '') === sealedWith);
      if (key === undefined) throw invalidCiphertext();
      if (requireKey(input['KeyId'] ?? key.keyId).keyId !== key.keyId)
        throw new AwsError(
          'IncorrectKeyException',
          'The key ID in the request does not identify a CMK that can perform this operation.',
        );
      const Plaintext = unseal(key, blob, contextOf(input)).toString('base64');
      return { KeyId: keyArn(key.keyId), Plaintext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
    ScheduleKeyDeletion: async (input) => {
      checkMembers('ScheduleKeyDeletion', input, ['KeyId', 'PendingWindowInDays']);
      const { PendingWindowInDays: days = DELETION_DAYS_MAX } = input;
      if (typeof days !== 'number' || !Number.isInteger(days) || days < DELETION_DAYS_MIN || days > DELETION_DAYS_MAX)
        throw validation(`PendingWindowInDays must be ${DELETION_DAYS_MIN} to ${DELETION_DAYS_MAX}`);
      const { keyId } = requireKey(input['KeyId']);
      const dueAtMs = Date.now() + days * DAY_MS;
      dueAtMsOf.set(keyId, dueAtMs);
      try {
        await setAside(directory, keyId, dueAtMs);
      } catch (error) {
        dueAtMsOf.delete(keyId);
        throw error;
      }
      const DeletionDate = dueAtMs / 1_000;
      return { KeyId: keyArn(keyId), DeletionDate, KeyState: 'PendingDeletion', PendingWindowInDays: days };
    },
    DescribeKey: (input) => {
      checkMembers('DescribeKey', input, ['KeyId']);
      const { keyId, createdAtMs } = knownKey(input['KeyId']);
      const dueAtMs = dueAtMsOf.get(keyId);
      return {
        KeyMetadata: {
          AWSAccountId: LOCAL_ACCOUNT,
          KeyId: keyId,
          Arn: keyArn(keyId),
          CreationDate: createdAtMs / 1_000,
          Enabled: dueAtMs === undefined,
          Description: '',
          KeyUsage: 'ENCRYPT_DECRYPT',
          ...(dueAtMs === undefined
            ? { KeyState: 'Enabled' }
            : { KeyState: 'PendingDeletion', DeletionDate: dueAtMs / 1_000 }),
          Origin: 'AWS_KMS',
          KeyManager: 'CUSTOMER',
          KeySpec: 'SYMMETRIC_DEFAULT',
          CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
          EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
          MultiRegion: false,
        },
      };
    },
  };

  const providers: ResourceProvider[] = [
    {
      type: 'AWS::KMS::Key',
      honoured: ['KeySpec', 'KeyUsage', 'Enabled'],
      // Who may use a key is checked by the function's role; rotation and deletion periods are of AWS.
      ignored: ['KeyPolicy', 'EnableKeyRotation', 'RotationPeriodInDays', 'PendingWindowInDays', 'Description', 'Tags'],
      create: async (resource) => {
        parseProperties(KeyProperties, 'AWS::KMS::Key', resource);
        const keyId = keyIdOf(resource.physicalName);
        keys.set(keyId, await makeKey(directory, keyId));
        dueAtMsOf.delete(keyId);
        await deleteDue(directory, Date.now());
        return { ref: keyId, attributes: { Arn: keyArn(keyId), KeyId: keyId } };
      },
      // As at AWS, where a deleted key waits for weeks: it can no longer be used, and its file stays, should the resource come back.
      remove: ({ ref }) => Promise.resolve(void keys.delete(ref)),
    },
    {
      type: 'AWS::KMS::Alias',
      honoured: ['AliasName', 'TargetKeyId'],
      ignored: [],
      create: (resource) => {
        const { AliasName, TargetKeyId } = parseProperties(AliasProperties, 'AWS::KMS::Alias', resource);
        aliases.set(AliasName, requireKey(TargetKeyId).keyId);
        return Promise.resolve({ ref: AliasName, attributes: {} });
      },
      remove: ({ ref }) => Promise.resolve(void aliases.delete(ref)),
    },
  ];

  return {
    name: 'kms',
    providers,
    call: async (operation: string, input: Input, _context: CallContext) => {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (run === undefined)
        throw new AwsError('UnknownOperationException', `The local cloud does not have kms:${operation}`);
      return await run(input);
    },
  };
}
