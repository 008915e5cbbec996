import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError, invariant } from '../domain/app-error.ts';
import type { SealedValue } from '../domain/sealed-value.ts';
import type { Resealer, SealContext, Sealer } from '../ports/sealer.ts';

/** Unwrapped data keys stay in memory this long (K1: 5 to 15 minutes), and no more of them than this. */
export const DATA_KEY_TTL_MS = 10 * 60_000;
const DATA_KEYS_MAX = 200;
/** The form of the text below; bound into the cipher with the context. */
const FORM = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export type DataKey = { key: Buffer; wrapped: string };

/** What KMS binds a data key to. It is in no text: who opens must know it, and policies may ask for it. */
export type EncryptionContext = { workspace: string; purpose?: 'source' | 'alert' };

export type DataKeys = {
  /** A new key: as it is, and wrapped. */
  generate(context: EncryptionContext): Promise<DataKey>;
  /** Rejects with AppError('secret-unreadable') where the wrapped key was changed or belongs elsewhere, with anything else while KMS is away. */
  unwrap(wrapped: string, context: EncryptionContext): Promise<Buffer>;
};

/**
 * Seals with AES-256-GCM under data keys of the workspace, one for secrets of destinations, one for those of sources and one for those of alerts, which KMS makes and wraps for
 * them only (their encryption context). Sealed text: `v1.<wrapped data key>.<iv, cipher text and tag>`, both in base64url. Workspace, owner, field and
 * form are authenticated: a text that was moved or changed does not open.
 *
 * open throws AppError('secret-unreadable'): `retry` false where text and context do not fit, true where KMS does not give the data key
 * (disabled, denied, unreachable: a fault of the platform, not of the secret, K2).
 */
export function envelopeSealer(keys: DataKeys, nowMs: () => number = Date.now): Sealer & Resealer {
  const forSealing = dataKeyCache(nowMs);
  const forOpening = dataKeyCache(nowMs);
  const unwrap = async (wrapped: string, context: EncryptionContext): Promise<DataKey> => {
    try {
      return { key: await keys.unwrap(wrapped, context), wrapped };
    } catch (cause) {
      if (cause instanceof AppError && cause.code === 'secret-unreadable') throw cause;
      throw unreadable('KMS gave no data key', true, cause);
    }
  };

  const sealUnder = ({ key, wrapped }: DataKey, plain: string, context: SealContext): SealedValue => {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(authenticated(context));
    const text = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return { sealed: `${FORM}.${wrapped}.${text.toString('base64url')}` };
  };
  const openWith = async (
    { sealed }: SealedValue,
    context: SealContext,
  ): Promise<{ plain: string; dataKey: DataKey }> => {
    const [form, wrapped, text, ...rest] = sealed.split('.');
    if (form !== FORM || !wrapped || !text || rest.length > 0) throw unreadable('its form is unknown', false);
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES) throw unreadable('it is cut short', false);
    const bound = encryptionContextOf(context);
    const dataKey = await forOpening.get(JSON.stringify([bound, wrapped]), () => unwrap(wrapped, bound));
    try {
      const decipher = createDecipheriv('aes-256-gcm', dataKey.key, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(authenticated(context));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
      return { plain: plain.toString('utf8'), dataKey };
    } catch (cause) {
      throw unreadable('it was changed or belongs elsewhere', false, cause);
    }
  };

  return {
    seal: async (plain, context) => {
      const bound = encryptionContextOf(context);
      const dataKey = await forSealing.get(JSON.stringify(bound), () => keys.generate(bound));
      return sealUnder(dataKey, plain, context);
    },
    open: async (value, context) => (await openWith(value, context)).plain,
    reseal: async (value, from, to) => {
      const bound = [from, to].map((context) => JSON.stringify(encryptionContextOf(context)));
      invariant(bound[0] === bound[1], 'a data key is of one workspace and one purpose');
      const { plain, dataKey } = await openWith(value, from);
      return sealUnder(dataKey, plain, to);
    },
  };
}

const encryptionContextOf = (context: SealContext): EncryptionContext => ({
  workspace: context.workspaceId,
  ...('sourceId' in context && { purpose: 'source' }),
  ...('alertId' in context && { purpose: 'alert' }),
});

/** Ids say by how they begin whose they are: an owner of one kind never passes for one of the other. */
const authenticated = (context: SealContext): Buffer => {
  return Buffer.from(JSON.stringify([FORM, context.workspaceId, ownerOf(context), context.field]));
};

const ownerOf = (context: SealContext): string => {
  if ('sourceId' in context) return context.sourceId;
  return 'alertId' in context ? context.alertId : context.destinationId;
};

export const unreadable = (why: string, retry: boolean, cause?: unknown) =>
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
