import type { CatalogDestination } from '../../../shared/catalog/catalog-entry.ts';
import { isNearlyMasked, MASKED } from '../../../shared/domain/audit.ts';
import type { DestinationId } from '../../../shared/domain/ids.ts';
import type { Json } from '../../../shared/domain/json.ts';
import { listAsSecret } from '../../../shared/domain/secret-list.ts';
import {
  type Destination,
  SECRET_CHARS_MAX,
  type SealedValue,
  SETTINGS_BYTES_MAX,
} from '../../../shared/domain/workspace.ts';
import { missingSettings, settingFaults } from '../../../shared/pipeline/rules/setting-faults.ts';
import type { ApiRequest } from '../http/request.ts';
import { faulty } from './faults.ts';
import { refuseForeignKeys } from './repeat-keys.ts';

/** Settings that a request gives, judged and with secrets sealed. Null takes a setting away; `kept` are secrets of which only the dots came back. */
export type GivenSettings = {
  plain: Readonly<Record<string, Json | null>>;
  sealed: Readonly<Record<string, SealedValue | null>>;
  kept: readonly string[];
};

/**
 * Judges settings by their definition and seals what is secret. Throws ApiFault 422 with an entry `settings.KEY` for each at fault. Done once, before
 * the change is decided: the key service is asked only once, however often others are quicker.
 */
export async function readSettings(
  request: ApiRequest,
  entry: CatalogDestination,
  id: DestinationId,
  given: Readonly<Record<string, unknown>>,
): Promise<GivenSettings> {
  const rules = new Map(entry.settings.map((rule) => [rule.key, rule]));
  const present = Object.fromEntries(
    Object.entries(given).filter(([key, value]) => value !== null || !rules.has(key)),
  ) as Record<string, Json>;
  const faults = settingFaults(entry.slug, entry.settings, present).map(({ key, message }) => fault(key, message));
  const secrets = Object.entries(present).filter(([key]) => rules.get(key)?.secret === true);
  for (const [key, given] of secrets) {
    const value = asSecret(given);
    if (value !== undefined && value.length > SECRET_CHARS_MAX) {
      faults.push(fault(key, `must have ${SECRET_CHARS_MAX} characters at most`));
    }
    if (
      value !== undefined &&
      value !== MASKED &&
      secretsIn(given).some((one) => one === MASKED || isNearlyMasked(one))
    ) {
      faults.push(fault(key, `is nearly ${MASKED}, which leaves what is there: enter that, or the secret itself`));
    }
  }
  if (Buffer.byteLength(JSON.stringify(present)) > SETTINGS_BYTES_MAX) {
    faults.push({ field: 'settings', message: `All settings together have ${SETTINGS_BYTES_MAX} bytes at most.` });
  }
  if (faults.length > 0) throw faulty(faults);
  await refuseForeignKeys(request, entry, given);

  const plain: Record<string, Json | null> = {};
  const sealed: Record<string, SealedValue | null> = {};
  const kept: string[] = [];
  const { workspaceId } = request;
  for (const [key, value] of Object.entries(given)) {
    const text = asSecret(value as Json);
    if (rules.get(key)?.secret !== true) plain[key] = value as Json;
    else if (text === MASKED) kept.push(key);
    else if (text === undefined || text === '') sealed[key] = null;
    else {
      const sealer = await request.deps.sealer();
      sealed[key] = await sealer.seal(text, { workspaceId, destinationId: id, field: key });
    }
  }
  return { plain, sealed, kept };
}

const secretsIn = (value: Json): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');

/** A secret as the text that is sealed; dots alone in a list are the dots. `undefined`: none. */
function asSecret(value: Json): string | undefined {
  if (!Array.isArray(value)) return typeof value === 'string' ? value : undefined;
  const texts = secretsIn(value);
  if (texts.length === 0) return undefined;
  return texts.length === 1 && texts[0] === MASKED ? MASKED : listAsSecret(texts);
}

/** What a destination has after them: what is not named stays. Throws ApiFault 422 where dots stand for a secret that is not there. */
export function applySettings(
  before: Pick<Destination, 'settings' | 'secrets'>,
  { plain, sealed, kept }: GivenSettings,
): Pick<Destination, 'settings' | 'secrets'> {
  // What became a secret after it was saved stands among the settings still, until it is entered again.
  const unknown = kept.filter((key) => !Object.hasOwn(before.secrets, key) && !Object.hasOwn(before.settings, key));
  if (unknown.length > 0) {
    throw faulty(
      unknown.map((key) => fault(key, 'These dots stand for a secret, and none is kept: enter the secret itself.')),
    );
  }
  return {
    settings: merged<Json>(before.settings, { ...plain, ...mapped(sealed, null) }),
    secrets: merged(before.secrets, sealed),
  };
}

const mapped = <T>(record: Readonly<Record<string, unknown>>, value: T): Record<string, T> =>
  Object.fromEntries(Object.keys(record).map((key) => [key, value]));
const merged = <T>(before: Readonly<Record<string, T>>, given: Readonly<Record<string, T | null>>): Record<string, T> =>
  Object.fromEntries(Object.entries({ ...before, ...given }).filter((pair): pair is [string, T] => pair[1] !== null));

/** Throws ApiFault 422 where a destination that is switched on lacks what its type requires (B06). */
export function refuseIncomplete(
  entry: CatalogDestination,
  { settings, secrets }: Pick<Destination, 'settings' | 'secrets'>,
): void {
  const missing = missingSettings(entry.settings, { ...settings, ...secrets });
  if (missing.length > 0) {
    throw faulty(missing.map(({ key }) => fault(key, 'is required before the destination can be enabled')));
  }
}

const fault = (key: string, message: string) => ({ field: `settings.${key}`, message });
