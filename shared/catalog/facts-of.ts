import { invariant } from '../domain/app-error.ts';
import { CATALOG_STATUSES, type CatalogStatus } from './catalog-entry.ts';
import { DESTINATION_FACTS } from './destination-facts.ts';

type Facts = { id: string; otherSlugs: readonly string[]; addedAt: string; status: CatalogStatus; website?: string };

const bySlug: ReadonlyMap<string, Facts> = new Map(DESTINATION_FACTS.trim().split('\n').map(factsIn));

function factsIn(line: string): [slug: string, Facts] {
  const [slug = '', id = '', other, addedAt = '', statusText, website] = line.split('|').map((cell) => cell.trim());
  const status = CATALOG_STATUSES.find((each) => each === statusText);
  invariant(status !== undefined, `the line of ${slug} in the catalog's facts has a status`);
  return [slug, { id, otherSlugs: other ? [other] : [], addedAt, status, ...(website && { website }) }];
}

/** What the catalog says of a type beyond its definition. Throws for one without a line. */
export function factsOf(slug: string): Facts {
  const facts = bySlug.get(slug);
  invariant(facts !== undefined, `${slug} has a line in the catalog's facts`);
  return facts;
}

/** Slugs that have a line. */
export const FACT_SLUGS: readonly string[] = [...bySlug.keys()];
