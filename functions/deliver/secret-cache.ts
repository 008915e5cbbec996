import type { SealedValue } from '../../shared/domain/workspace.ts';
import type { SealContext, Sealer } from '../../shared/ports/sealer.ts';

/** Opened secrets stay in memory this long (K1), and no more of them than this. */
export const SECRET_TTL_MS = 5 * 60_000;
const SECRETS_MAX = 500;

/** Opens secrets through a cache. The sealed text is part of the key: a secret that was changed is opened anew at once. */
export function secretCache(sealer: Pick<Sealer, 'open'>, nowMs: () => number): Pick<Sealer, 'open'> {
  const entries = new Map<string, { plain: string; expiresAtMs: number }>();
  return {
    open: async (value: SealedValue, context: SealContext) => {
      const name = JSON.stringify([context, value.sealed]);
      const known = entries.get(name);
      if (known !== undefined && nowMs() < known.expiresAtMs) return known.plain;
      const plain = await sealer.open(value, context);
      entries.delete(name);
      entries.set(name, { plain, expiresAtMs: nowMs() + SECRET_TTL_MS });
      const oldest = entries.keys().next();
      if (entries.size > SECRETS_MAX && !oldest.done) entries.delete(oldest.value);
      return plain;
    },
  };
}
