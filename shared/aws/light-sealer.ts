import * as z from 'zod';
import { AppError, invariant } from '../domain/app-error.ts';
import type { Sealer } from '../ports/sealer.ts';
import { envelopeSealer, unreadable } from './envelope-sealer.ts';
import { type LightClient, LightFailure } from './light-client.ts';

const Generated = z.object({ Plaintext: z.string(), CiphertextBlob: z.string() });
const Decrypted = z.object({ Plaintext: z.string() });

/** As kmsSealer, without the SDK: for a function whose cold start people wait for. `open` needs no `keyArn`. */
export const lightSealer = (kms: Pick<LightClient, 'call'>, keyArn: string | undefined, nowMs?: () => number): Sealer =>
  envelopeSealer(
    {
      generate: async (EncryptionContext) => {
        invariant(keyArn !== undefined, 'sealing needs the ARN of the KMS key');
        const answer = await kms.call('GenerateDataKey', {
          KeyId: keyArn,
          KeySpec: 'AES_256',
          EncryptionContext,
        });
        const { Plaintext, CiphertextBlob } = Generated.parse(answer);
        const wrapped = Buffer.from(CiphertextBlob, 'base64').toString('base64url');
        return { key: Buffer.from(Plaintext, 'base64'), wrapped };
      },
      unwrap: async (wrapped, EncryptionContext) => {
        try {
          const answer = await kms.call('Decrypt', {
            CiphertextBlob: Buffer.from(wrapped, 'base64url').toString('base64'),
            EncryptionContext,
          });
          return Buffer.from(Decrypted.parse(answer).Plaintext, 'base64');
        } catch (error) {
          const type = error instanceof AppError && error.cause instanceof LightFailure ? error.cause.type : '';
          if (type === 'InvalidCiphertextException')
            throw unreadable('its data key does not belong here', false, error);
          throw error;
        }
      },
    },
    nowMs,
  );
