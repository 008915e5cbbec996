import type { DestinationDefinition } from './destination-definition.ts';
import generated from './generated/catalog.json' with { type: 'json' };
import { INBOX } from './inbox-definition.ts';

/** Every type of destination there is, in the order in which people see them. Written by `cli/generate-catalog.ts`; the library is not loaded. */
export const DEFINITIONS: readonly DestinationDefinition[] = [
  INBOX,
  ...(generated as readonly DestinationDefinition[]),
];

const definitions = new Map(DEFINITIONS.map((definition) => [definition.slug, definition]));

/** All that is known of a type of destination but its code. */
export const findDefinition = (slug: string): DestinationDefinition | undefined => definitions.get(slug);
