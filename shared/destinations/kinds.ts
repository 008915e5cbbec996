import type { DestinationKind } from './destination-definition.ts';
import { INBOX } from './inbox-definition.ts';
import { LIBRARY_ROWS } from './library-rows.ts';

const kinds: ReadonlyMap<string, DestinationKind> = new Map([INBOX, ...LIBRARY_ROWS].map((kind) => [kind.slug, kind]));

/** What route asks of a type of destination, without the weight of its fields and presets. */
export const findKind = (slug: string): DestinationKind | undefined => kinds.get(slug);
