import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { invariant } from '../domain/app-error.ts';
import type { Resealer, Sealer } from '../ports/sealer.ts';
import { type DataKeys, envelopeSealer, unreadable } from './envelope-sealer.ts';

/** As `envelopeSealer`, through the SDK. `open` needs kms:Decrypt alone, and no `keyArn`. */
export function kmsSealer(deps: { kms: KMSClient; keyArn?: string; nowMs?: () => number }): Sealer & Resealer {
  const keys: DataKeys = {
    generate: async (EncryptionContext) => {
      invariant(deps.keyArn !== undefined, 'sealing needs the ARN of the KMS key');
      const { Plaintext, CiphertextBlob } = await deps.kms.send(
        new GenerateDataKeyCommand({
          KeyId: deps.keyArn,
          KeySpec: 'AES_256',
          EncryptionContext,
        }),
      );
      invariant(Plaintext !== undefined && CiphertextBlob !== undefined, 'KMS answers a data key in both forms');
      return { key: Buffer.from(Plaintext), wrapped: Buffer.from(CiphertextBlob).toString('base64url') };
    },
    unwrap: async (wrapped, EncryptionContext) => {
      try {
        const { Plaintext } = await deps.kms.send(
          new DecryptCommand({
            CiphertextBlob: Buffer.from(wrapped, 'base64url'),
            EncryptionContext,
          }),
        );
        invariant(Plaintext !== undefined, 'KMS answers the plain data key');
        return Buffer.from(Plaintext);
      } catch (cause) {
        // InvalidCiphertextException: the wrapped key was changed, or belongs to another workspace. No further try will help.
        if (cause instanceof Error && cause.name === 'InvalidCiphertextException') {
          throw unreadable('its data key does not belong here', false, cause);
        }
        throw cause;
      }
    },
  };
  return envelopeSealer(keys, deps.nowMs);
}
