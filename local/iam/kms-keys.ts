import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import type { ProvisionedResource } from '../template/provisioner.ts';
import type { ArnLookups } from './access-requests.ts';

/** A ciphertext names its key somewhere in its first bytes. */
const HEAD_BYTES = 64;

/** Tells which key a KMS call is about: IAM is asked for a key's ARN, while calls may name an id, an alias, or (Decrypt) nothing. */
export function kmsKeys(): ArnLookups & { learn(resource: ProvisionedResource): void } {
  const keyIds = new Set<string>();
  const aliases = new Map<string, string>();
  const arnOf = (keyId: string) => `arn:aws:kms:${LOCAL_REGION}:${LOCAL_ACCOUNT}:key/${keyId}`;
  return {
    learn: ({ type, ref, properties }) => {
      if (type === 'AWS::KMS::Key') keyIds.add(ref);
      if (type === 'AWS::KMS::Alias') aliases.set(ref, String(properties['TargetKeyId']).split('/').at(-1) ?? '');
    },
    kmsKeyArn: ({ KeyId: named, CiphertextBlob: blob }) => {
      if (typeof named === 'string') {
        const local = named.startsWith('arn:') ? named.split(':').slice(5).join(':') : named;
        const keyId = aliases.get(local) ?? local.replace(/^key\//, '');
        return keyIds.has(keyId) ? arnOf(keyId) : undefined;
      }
      const head = typeof blob === 'string' ? Buffer.from(blob.slice(0, HEAD_BYTES * 2), 'base64') : Buffer.alloc(0);
      const found = [...keyIds].find((keyId) => head.includes(Buffer.from(keyId.replaceAll('-', ''), 'hex')));
      return found && arnOf(found);
    },
  };
}
