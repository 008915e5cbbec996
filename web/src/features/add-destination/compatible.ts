import type { CatalogSourceKind } from '../../../../shared/catalog/catalog-entry.ts';
import type { Catalog, DestinationType } from '../catalog/catalog.ts';
import { isDeviceOnly, kindWord } from '../catalog/catalog.ts';

/** The kind of a source by its type's slug. What the catalog does not have came from a file, and sends from a server. */
export const kindOfSource = (catalog: Catalog | undefined, slug: string): CatalogSourceKind =>
  catalog?.sources.find((one) => one.slug === slug)?.kind ?? 'server';

/** Instances of a type that a source may have (B08). */
const INSTANCES_MAX = 25;

export type Candidate = { id: string; name: string; kind: CatalogSourceKind; instances: number };
export type Judged<T extends Candidate> = T & { closed: string | undefined };

/** Each source with the reason for which the type cannot take its events; those that fit stand first (B05, B08). */
export function judgeSources<T extends Candidate>(
  type: Pick<DestinationType, 'name' | 'sourceKinds' | 'connectionModes'>,
  sources: readonly T[],
): Judged<T>[] {
  return sources
    .map((source) => ({ ...source, closed: whyClosed(type, source) }))
    .toSorted((a, b) => Number(a.closed !== undefined) - Number(b.closed !== undefined));
}

function whyClosed(
  type: Pick<DestinationType, 'name' | 'sourceKinds' | 'connectionModes'>,
  { kind, instances }: Candidate,
): string | undefined {
  if (!type.sourceKinds.includes(kind)) {
    const taken = type.sourceKinds.map((one) => kindWord(one).toLowerCase()).join(' and ');
    return `A ${kindWord(kind).toLowerCase()} source: ${type.name} takes events of ${taken} sources only`;
  }
  if (isDeviceOnly(type) && instances > 0) return `It has a ${type.name} already, and a website runs one`;
  if (instances >= INSTANCES_MAX) return `It has ${INSTANCES_MAX} of this type already, the most there can be`;
  return undefined;
}
