import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { AppError, invariant } from '../domain/app-error.ts';
import type { SealedValue } from '../domain/workspace.ts';
import type { SealContext, Sealer } from '../ports/sealer.ts';

/** Unwrapped data keys stay in memory this long (K1: 5 to 15 minutes), and no more of them than this. */
export const DATA_KEY_TTL_MS = 10 * 60_000;
const DATA_KEYS_MAX = 200;
/** The form of the text below; bound into the cipher with the context. */
const FORM = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

type DataKey = { key: Buffer; wrapped: string };

/**
 * Seals with AES-256-GCM under a data key per workspace, which KMS makes and wraps with `keyArn` for that workspace only (its encryption
 * context). Sealed text: `v1.<wrapped data key>.<iv, cipher text and tag>`, both in base64url. Workspace, destination, field and form are
 * authenticated: a text that was moved or changed does not open. `open` needs kms:Decrypt alone, and no `keyArn`.
 *
 * open throws AppError('secret-unreadable'): `retry` false where text and context do not fit, true where KMS does not give the data key
 * (disabled, denied, unreachable: a fault of the platform, not of the secret, K2).
 */
export function kmsSealer(deps: { kms: KMSClient; keyArn?: string; nowMs?: () => number }): Sealer {
  const nowMs = deps.nowMs ?? Date.now;
  const forSealing = dataKeyCache(nowMs);
  const forOpening = dataKeyCache(nowMs);

  const generate = async (workspaceId: string): Promise<DataKey> => {
    invariant(deps.keyArn !== undefined, 'sealing needs the ARN of the KMS key');
    const { Plaintext, CiphertextBlob } = await deps.kms.send(
      new GenerateDataKeyCommand({
        KeyId: deps.keyArn,
        KeySpec: 'AES_256',
        EncryptionContext: { workspace: workspaceId },
      }),
    );
    invariant(Plaintext !== undefined && CiphertextBlob !== undefined, 'KMS answers a data key in both forms');
    return { key: Buffer.from(Plaintext), wrapped: Buffer.from(CiphertextBlob).toString('base64url') };
  };

  const unwrap = async (wrapped: string, workspaceId: string): Promise<DataKey> => {
    try {
      const { Plaintext } = await deps.kms.send(
        new DecryptCommand({
          CiphertextBlob: Buffer.from(wrapped, 'base64url'),
          EncryptionContext: { workspace: workspaceId },
        }),
      );
      invariant(Plaintext !== undefined, 'KMS answers the plain data key');
      return { key: Buffer.from(Plaintext), wrapped };
    } catch (cause) {
      // InvalidCiphertextException: the wrapped key was changed, or belongs to another workspace. No further try will help.
      const damaged = cause instanceof Error && cause.name === 'InvalidCiphertextException';
      throw unreadable(damaged ? 'its data key does not belong here' : 'KMS gave no data key', !damaged, cause);
    }
  };

  return {
    seal: async (plain, context) => {
      const { key, wrapped } = await forSealing.get(context.workspaceId, () => generate(context.workspaceId));
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(authenticated(context));
      const text = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return { sealed: `${FORM}.${wrapped}.${text.toString('base64url')}` };
    },

    open: async ({ sealed }: SealedValue, context) => {
      const [form, wrapped, text, ...rest] = sealed.split('.');
      if (form !== FORM || !wrapped || !text || rest.length > 0) throw unreadable('its form is unknown', false);
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length < IV_BYTES + TAG_BYTES) throw unreadable('it is cut short', false);
      const { key } = await forOpening.get(`${context.workspaceId} ${wrapped}`, () =>
        unwrap(wrapped, context.workspaceId),
      );
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(authenticated(context));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        const plain = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
        return Buffer.concat([plain, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw unreadable('it was changed or belongs elsewhere', false, cause);
      }
    },
  };
}

const authenticated = ({ workspaceId, destinationId, field }: SealContext): Buffer =>
  Buffer.from(JSON.stringify([FORM, workspaceId, destinationId, field]));

const unreadable = (why: string, retry: boolean, cause?: unknown) =>
  new AppError('secret-unreadable', `A secret cannot be opened: ${why}`, { cause, retry });

/** Data keys in memory, single flight, bounded in time and number. A failure is not remembered. */
function dataKeyCache(nowMs: () => number) {
  const entries = new Map<string, { dataKey: Promise<DataKey>; expiresAtMs: number }>();
  return {
    get: (name: string, make: () => Promise<DataKey>): Promise<DataKey> => {
      const known = entries.get(name);
      if (known !== undefined && nowMs() < known.expiresAtMs) return known.dataKey;
      const entry = { dataKey: make(), expiresAtMs: nowMs() + DATA_KEY_TTL_MS };
      entries.delete(name);
      entries.set(name, entry);
      const oldest = entries.keys().next();
      if (entries.size > DATA_KEYS_MAX && !oldest.done) entries.delete(oldest.value);
      entry.dataKey.catch(() => {
        if (entries.get(name) === entry) entries.delete(name);
      });
      return entry.dataKey;
    },
  };
}
