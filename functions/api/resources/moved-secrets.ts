import type { CatalogDestination } from '../../../shared/catalog/catalog-entry.ts';
import type { Json } from '../../../shared/domain/json.ts';
import type { Destination } from '../../../shared/domain/workspace.ts';
import { faulty } from './faults.ts';
import type { GivenSettings } from './given-settings.ts';

/** How names of settings and fields end that say where something is sent. */
const PLACE_NAME = /(?:ur[li]|host|hostname|domain|endpoint|deployment|region|server|data[-_]?center)$/i;
const PLACE_FORMATS: ReadonlySet<string> = new Set(['uri', 'uri-reference', 'url', 'hostname', 'idn-hostname']);
const HAS_SCHEME = /^\s*[a-z][a-z\d+.-]*:\/\//i;

/** Whom a text leads to. Of an address scheme, host and port; of what destinations make one of, such as a region, all of it. */
function originOf(text: string): string {
  const url = HAS_SCHEME.test(text) ? URL.parse(text) : null;
  return url === null ? text.trim().toLowerCase() : `${url.protocol}//${url.host}`;
}

const differ = (before: Json | undefined, after: Json): boolean =>
  typeof before === 'string' && typeof after === 'string'
    ? originOf(before) !== originOf(after)
    : JSON.stringify(before) !== JSON.stringify(after);

/**
 * Who changes where a destination sends to gets its secrets sent there, and could so read what is shown to nobody: then they must come in the same
 * request. A choice that the type itself offers, and the way back to its default, lead to the tool. Throws ApiFault 422 that names the secrets.
 */
export function refuseMovedSecrets(
  entry: CatalogDestination,
  before: Pick<Destination, 'settings' | 'secrets'>,
  { plain, sealed }: GivenSettings,
): void {
  const rules = new Map(entry.settings.map((rule) => [rule.key, rule]));
  const moved = Object.entries(plain).filter(([key, value]) => {
    const rule = rules.get(key);
    const { choices = [], format = '' } = rule ?? {};
    if (value === null || value === '' || choices.length > 0) return false;
    const was = Object.hasOwn(before.settings, key) ? before.settings[key] : rule?.default;
    const isPlace = PLACE_NAME.test(key) || PLACE_FORMATS.has(format) || [value, was].some(isAddress);
    return isPlace && differ(was, value) && differ(rule?.default, value);
  });
  const [first] = moved;
  if (first === undefined) return;
  const names = moved.map(([key]) => key).join(', ');
  const secrets = [
    ...Object.keys(before.secrets),
    ...entry.settings.flatMap(({ key, secret }) => (secret && Object.hasOwn(before.settings, key) ? [key] : [])),
  ];
  const kept = secrets.filter((key) => !Object.hasOwn(sealed, key));
  if (kept.length > 0) {
    throw faulty(
      kept.map((key) => ({
        field: `settings.${key}`,
        message: `would be sent elsewhere, since ${names} changes: enter it again in the same request`,
        data: { moved: moved.map(([place]) => place) },
      })),
    );
  }
}

const isAddress = (value: Json | undefined): boolean => typeof value === 'string' && HAS_SCHEME.test(value);

/** As `refuseMovedSecrets`, of a mapping: `kept` are its fields of which some secret stays. Faults are told at `at`. */
export function refuseMovedFields(
  before: Readonly<Record<string, Json>>,
  after: Readonly<Record<string, Json>>,
  kept: readonly string[],
  at: string,
): void {
  const moved = Object.entries(after).filter(
    ([key, value]) => PLACE_NAME.test(key) && differ(Object.hasOwn(before, key) ? before[key] : undefined, value),
  );
  if (moved.length === 0 || kept.length === 0) return;
  const names = moved.map(([key]) => key).join(', ');
  throw faulty(
    kept.map((key) => ({
      field: `${at}.${key}`,
      message: `would be sent elsewhere, since ${names} changes: enter it again in the same request`,
    })),
  );
}
