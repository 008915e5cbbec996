import type { DefinitionField, DestinationDefinition } from '../destinations/destination-definition.ts';
import type { Credential, WrongCredential } from './catalog-entry.ts';
import { CREDENTIALS_BY_HAND } from './credentials-by-hand.ts';

/**
 * How a person comes by each secret or required setting of a destination, in the order of its settings, then by each of `secretFields`, the fields of
 * its mappings that hold a secret. By hand where `credentials-by-hand` has a line, else in the words of the field's own help.
 */
export function credentialsOf(definition: DestinationDefinition, secretFields: readonly string[]): Credential[] {
  const lines = linesBySlug.get(definition.slug);
  const settings = definition.settings.filter(({ secret, required }) => secret || required || false);
  const listed = settings.map((setting) => credentialOf(setting, setting.secret, lines?.get(setting.key)));
  // Settings that are neither, and yet nothing works without them or only with them wrong.
  const further = definition.settings
    .filter(({ key }) => lines?.has(key) === true && !settings.some((setting) => setting.key === key))
    .map((setting) => credentialOf(setting, setting.secret, lines?.get(setting.key)));
  const fields = secretFields.flatMap((key) => {
    const field = definition.actions.flatMap((action) => action.fields).find((each) => each.key === key);
    return field === undefined ? [] : [{ ...credentialOf(field, true, lines?.get(key)), isField: true as const }];
  });
  return [...listed, ...further, ...fields];
}

function credentialOf(field: DefinitionField, secret: boolean, line: Line | undefined): Credential {
  const about = { key: field.key, secret, required: field.required };
  if (line !== undefined) return { ...about, ...line, origin: 'by hand' };
  return {
    ...about,
    theirName: field.label,
    ...(field.description !== '' && { where: field.description }),
    origin: 'field help',
  };
}

type Line = Pick<Credential, 'theirName' | 'where' | 'right' | 'wrong'>;

const linesBySlug: ReadonlyMap<string, ReadonlyMap<string, Line>> = linesIn(CREDENTIALS_BY_HAND);

/** Slugs that have lines by hand. */
export const SLUGS_BY_HAND: readonly string[] = [...linesBySlug.keys()];
/** Slug and key of each line by hand. */
export const KEYS_BY_HAND: readonly (readonly [slug: string, key: string])[] = [...linesBySlug].flatMap(
  ([slug, lines]) => [...lines.keys()].map((key) => [slug, key] as const),
);

function linesIn(text: string): Map<string, Map<string, Line>> {
  const bySlug = new Map<string, Map<string, Line>>();
  for (const line of text.trim().split('\n')) {
    const [slug = '', key = '', theirName = '', where, right, wrong] = line.split('|').map((cell) => cell.trim());
    const lines = bySlug.get(slug) ?? new Map<string, Line>();
    bySlug.set(slug, lines);
    lines.set(key, {
      theirName,
      ...(where && { where }),
      ...(right && { right }),
      ...(wrong && { wrong: wrongIn(wrong) }),
    });
  }
  return bySlug;
}

/** `401 words`, or `silent words`. */
function wrongIn(cell: string): WrongCredential {
  const [first = '', ...rest] = cell.split(' ');
  const words = rest.join(' ');
  const answer = first === 'silent' ? first : Number(first);
  return { answer, ...(words !== '' && { words }), seenHere: seenHere(answer) };
}

/** As deliver and its books treat such an answer (decision 013). */
function seenHere(answer: WrongCredential['answer']): string {
  if (answer === 'silent') return 'As delivered: nothing here can tell. Look into the tool for what was sent.';
  const row = `In the destination’s errors under the code ${answer}, with the tool’s own words.`;
  return answer === 401 || answer === 403
    ? `${row} When most sends end so, sending stops and what comes waits, until the key is right.`
    : `${row} Each such send is discarded, and kept for a replay.`;
}
