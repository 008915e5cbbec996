import { isSecretHeader, isToldHeader } from '../../shared/domain/hook-header-names.ts';

/** Headers of a request that mappings may look at, and their characters together and one by one. */
const HEADERS_MAX = 20;
const HEADERS_CHARS_MAX = 4_096;
const HEADER_CHARS_MAX = 512;

/** Names of headers, in any case. */
type Named = {
  /** Names the delivery. */
  id: string | undefined;
  /** Carries the signature, or the secret itself: it is for ingest alone, whatever it is called. */
  signature: string | undefined;
};

/**
 * The headers of a request that travel with it, names in lower case: few, small, and none that holds a secret. The one that names the delivery comes
 * first; the others in the order of their names, so that which are left out does not depend on chance.
 */
export function keptHeaders(
  headers: Readonly<Record<string, string | undefined>>,
  { id, signature }: Named,
): Record<string, string> {
  const wanted = id?.toLowerCase();
  const closed = signature?.toLowerCase();
  const names = Object.keys(headers)
    .filter((name) => (name === wanted || isToldHeader(name)) && name !== closed && !isSecretHeader(name))
    .toSorted((a, b) => Number(b === wanted) - Number(a === wanted) || (a < b ? -1 : 1));
  const kept: [string, string][] = [];
  let chars = 0;
  for (const name of names) {
    const value = headers[name];
    if (value === undefined || value.length > HEADER_CHARS_MAX) continue;
    chars += name.length + value.length;
    if (kept.length === HEADERS_MAX || chars > HEADERS_CHARS_MAX) break;
    kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}
