import { ApiError } from '../../../shared/api/api-error.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import type { Catalog } from '../workspace/catalog.ts';

/** What the steps of an import share. */
export type ApplyContext = {
  client: ApiClient;
  catalog: Catalog;
  workspaceId: string;
  prune: boolean;
  /** Ids of sources by slug; those made on the way are added. */
  sourceIds: Map<string, string>;
  /** Ids of roles by name. */
  roleIds: ReadonlyMap<string, string>;
  print: (line: string) => void;
};

/** Something that the files want and that cannot be done. */
export class Refused extends Error {}

export function sourceIdOf({ sourceIds }: ApplyContext, slug: string): string {
  const id = sourceIds.get(slug);
  if (id === undefined) throw new Refused(`there is no source "${slug}"`);
  return id;
}

/** What to tell of a step that did not work; `undefined`: it is none of those that the next steps can go on after. */
export function faultText(error: unknown): string | undefined {
  if (error instanceof Refused) return error.message;
  if (!(error instanceof ApiError) || error.status === 401 || error.status >= 500) return undefined;
  return error.entries.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join(' ');
}
