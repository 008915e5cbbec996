import { isJsonObject, type Json } from '../domain/json.ts';

/** Words of tools of their own: a segment of theirs is not the platform that the library was written for. */
const THEIR_SEGMENTS = /\b(Pendo|Audience) Segment\b|\bSegment (?=node\b)/g;
/** The library's own links to its maker's documentation, with a text or bare. */
const LINK_WITH_TEXT = /\[([^\]]*)\]\(https?:\/\/(?:www\.)?segment\.com[^)]*\)/g;
const BARE_LINK = /\(?https?:\/\/(?:www\.)?segment\.com[^\s)]*\)?/g;
/** The maker's name in small letters, where the word is not the common one. */
const SMALL_NAME = /\bsegment (?=will\b|auto\b|traits\b)/g;
const QUOTED_VALUE = /(["`])segment(-integration|_data)?(?=["`])/g;

/** Examples, and links to pages of tools about the platform, in which the name is a part of a word. */
const LEFTOVERS: readonly (readonly [string, string])[] = [
  [
    'If list name is empty, the name of the list will be set to segment_[groupId].',
    'If it is empty, Cordial names the list after the group ID.',
  ],
  ['`segment_id`', '`tributary_id`'],
  ['traits.segmentPerson.', 'traits.person.'],
  ['"segment-app"', '"tributary-app"'],
  ['"segmentSync"', '"tributarySync"'],
  ['?source=segment-actions', ''],
  [
    ' [See more details on setting up an xflow trigger and getting the URL.](https://static-assets.qualtrics.com/static/integrations-external/twilio_segment_event_webhook_setup_instructions.pdf)',
    '',
  ],
];

/** A label or help text of the library without the name of the platform that it was written for. */
export const ourText = (text: string): string =>
  LEFTOVERS.reduce((left, [theirs, ours]) => left.replaceAll(theirs, ours), text)
    .replaceAll(LINK_WITH_TEXT, '$1')
    .replaceAll(BARE_LINK, '')
    .replaceAll(THEIR_SEGMENTS, (_, before?: string) => (before === undefined ? 'segment ' : `${before} segment`))
    .replaceAll(SMALL_NAME, 'Tributary ')
    .replaceAll(QUOTED_VALUE, '$1tributary$2')
    .replaceAll(/\bSegment(?:\.io)?\b/g, 'Tributary')
    .trim();

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/(?<![A-Za-z])segment(?![A-Za-z])/g, 'tributary'],
  [/(?<![A-Za-z])Segment(?![A-Za-z])/g, 'Tributary'],
  [/(?<![A-Za-z])SEGMENT(?![A-Za-z])/g, 'TRIBUTARY'],
];

/** A default of the library with our name for its maker's. Paths into events stay: they say where a value lies. */
export function ourDefault(value: Json): Json {
  if (typeof value === 'string') {
    if (value.includes('$.') || value.includes('://')) return value;
    return NAMES.reduce((text, [theirs, ours]) => text.replaceAll(theirs, ours), value);
  }
  if (Array.isArray(value)) return value.map(ourDefault);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, ourDefault(each)]));
}
