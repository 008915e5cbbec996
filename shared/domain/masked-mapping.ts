import { isNearlyMasked, MASKED } from './audit.ts';
import { isJsonObject, type Json, own } from './json.ts';

type Fields = Readonly<Record<string, Json>>;

/** Names under which a fixed text is taken for a secret, whatever it looks like. */
const SECRET_NAME =
  /api[-_]?key|access[-_]?key|(?:write|repeat)[-_]?keys?$|secret|token|passw|authori[sz]ation|credential|signature|cookie|headers?$/i;
/** Names under which a fixed text is taken for an address. */
const ADDRESS_NAME = /(?:^|[-_a-z])(?:ur[li]|endpoint|webhook)s?$/i;
/** Members of a URL's query that let somebody in. */
const CREDENTIAL_MEMBER = /token|key|secret|passw|auth|credential|^(?:sig|pwd|code|hmac)$|signature/i;
/** Names in a query that are longer are no names. */
const QUERY_MEMBER = /([?&;])([\w.~%[\]-]{1,128})=([^&#\s]+)/g;
/** A whole variable of a template: what it becomes is the event's. */
const VARIABLE = /^\{\{[^{}]*\}\}$/;
/** User and password before a host. */
const USER_IN_URL = /(:\/\/)[^\s/?#@]{1,1024}@/g;

/** What directives choose between: these words say nothing of a secret. */
const CHOICES: Readonly<Record<string, { member: string; words: readonly string[] }>> = {
  '@case': { member: 'operator', words: ['lower', 'upper'] },
  '@json': { member: 'mode', words: ['encode', 'decode'] },
  '@merge': { member: 'direction', words: ['left', 'right'] },
};

/** Text with what lets somebody in taken out of the addresses in it. */
export const withoutCredentials = (text: string): string =>
  text
    .replaceAll(USER_IN_URL, `$1${MASKED}@`)
    .replaceAll(QUERY_MEMBER, (all, before: string, name: string, value: string) =>
      CREDENTIAL_MEMBER.test(name) && !VARIABLE.test(value) ? `${before}${name}=${MASKED}` : all,
    );

/**
 * A field map as answers show it. Of a field that `isSecret` every fixed text and number is masked, however deep in directives it stands, but for the
 * names of members, paths and the choices of directives; of every other field only what lets somebody in by an address.
 */
export const maskedMapping = (fields: Fields, isSecret: (field: string) => boolean): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      isSecret(key)
        ? eachFixed(value, () => MASKED)
        : eachFixed(value, (fixed) => (typeof fixed === 'string' ? withoutCredentials(fixed) : fixed)),
    ]),
  );

/**
 * A field map as somebody sends it back: a text that is masked where it was masked leaves what was there. `unknown`: fields in which dots stand for
 * nothing that is known at their place. `kept`: fields in which something masked stays.
 */
export function unmaskedMapping(
  given: Fields,
  before: Fields,
  isSecret: (field: string) => boolean,
): { fields: Record<string, Json>; unknown: string[]; kept: string[] } {
  const shown = maskedMapping(before, isSecret);
  const unknown: string[] = [];
  const kept: string[] = [];
  const fields = Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const isDots = (text: string) => text.includes(MASKED) || (isSecret(key) && isNearlyMasked(text));
      const found = unmasked(value, memberOf(shown, key), memberOf(before, key), isDots);
      if (found === undefined) unknown.push(key);
      else if (JSON.stringify(found) !== JSON.stringify(value)) kept.push(key);
      return [key, found ?? value];
    }),
  );
  return { fields, unknown, kept };
}

/** `undefined`: dots that stand for nothing. */
function unmasked(
  value: Json,
  shown: Json | undefined,
  before: Json | undefined,
  isDots: (text: string) => boolean,
): Json | undefined {
  if (typeof value === 'string') return isDots(value) ? (value === shown ? before : undefined) : value;
  if (Array.isArray(value)) {
    const items = value.map((item, index) => unmasked(item, itemOf(shown, index), itemOf(before, index), isDots));
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, Json | undefined] => [
    key,
    unmasked(inner, memberOf(shown, key), memberOf(before, key), isDots),
  ]);
  return entries.some(([, inner]) => inner === undefined) ? undefined : Object.fromEntries(entries as [string, Json][]);
}

const itemOf = (value: Json | undefined, index: number): Json | undefined =>
  Array.isArray(value) ? value[index] : undefined;
const memberOf = (value: Fields | Json | undefined, key: string): Json | undefined =>
  value !== undefined && isJsonObject(value) ? own(value, key) : undefined;

/** Changes what is fixed in an expression: texts and numbers, but neither paths nor choices of directives. */
function eachFixed(value: Json, change: (fixed: string | number) => Json): Json {
  if (typeof value === 'number') return change(value);
  if (typeof value === 'string') return value === '' ? value : change(value);
  if (Array.isArray(value)) return value.map((item) => eachFixed(item, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]): [string, Json] => [
      key,
      restored(key, inner, key === '@path' && typeof inner === 'string' ? inner : eachFixed(inner, change)),
    ]),
  );
}

/** The value of a directive with its path, or its choice, as it was. */
function restored(directive: string, before: Json, changed: Json): Json {
  if (directive === '@arrayPath' && Array.isArray(before) && Array.isArray(changed) && typeof before[0] === 'string') {
    return [before[0], ...changed.slice(1)];
  }
  const choice = Object.hasOwn(CHOICES, directive) ? CHOICES[directive] : undefined;
  if (choice === undefined || !isJsonObject(before) || !isJsonObject(changed)) return changed;
  const chosen = own(before, choice.member);
  return choice.words.some((word) => word === chosen) ? { ...changed, [choice.member]: chosen ?? null } : changed;
}

/**
 * A field map as the audit trail tells of it, which does not know what the fields of a type are for: masked by names and by the look of texts, and so
 * more of it than answers mask. Of what is, or may be, an address the host is told alone.
 */
export const mappingByForm = (fields: Fields): Record<string, Json> => membersByForm(fields, true);

/** As `mappingByForm`, of settings that are no secrets: a word under the name of an address is a choice. */
export const settingsByForm = (settings: Fields): Record<string, Json> => membersByForm(settings, false);

const membersByForm = (members: Fields, hasAddressNames: boolean): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(members).map(([key, inner]): [string, Json] => {
      if (key === '@path' && typeof inner === 'string') return [key, inner];
      if (SECRET_NAME.test(key)) return [key, eachFixed(inner, () => MASKED)];
      if (hasAddressNames && ADDRESS_NAME.test(key)) return [key, eachFixed(inner, hostAlone)];
      return [key, byForm(inner, hasAddressNames)];
    }),
  );

function byForm(value: Json, hasAddressNames: boolean): Json {
  if (typeof value === 'string') return ADDRESS.test(value) ? hostAlone(value) : withoutCredentials(value);
  if (Array.isArray(value)) return value.map((item) => byForm(item, hasAddressNames));
  return isJsonObject(value) ? membersByForm(value, hasAddressNames) : value;
}

/** With a scheme anywhere; a host, or a variable that may be one, with a path behind it. */
const ADDRESS = /https?:\/\/|^\s*[\w-]+(?:\.[\w-]+)+(?::\d+)?[/?#]\S|^\S*\}\}[/?#]\S/i;
const HOST = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?$/;

function hostAlone(fixed: string | number): Json {
  if (typeof fixed === 'number' || HOST.test(fixed)) return fixed;
  const url = /^https?:\/\/[^\s/?#{}]+(?:[/?#]|$)/i.test(fixed) ? URL.parse(fixed) : null;
  if (url === null) return MASKED;
  const isAlone = [url.origin, `${url.origin}/`].includes(fixed);
  return isAlone ? fixed : `${url.origin}/${MASKED}`;
}
