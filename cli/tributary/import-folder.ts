import type { ApiClient } from '../../shared/api/client.ts';
import type { Files } from './files/workspace-files.ts';
import type { FileKind } from './files/workspace-files.ts';
import type { ImportPlan } from './plan/change.ts';
import { planImport } from './plan/plan-import.ts';
import { type Catalog, catalogOf, type DestinationType } from './workspace/catalog.ts';
import type { KnownWorkspace } from './workspace/known.ts';
import { readWorkspace } from './workspace/read-workspace.ts';

export type Comparison = {
  plan: ImportPlan;
  known: KnownWorkspace;
  catalog: Catalog;
  roleIds: ReadonlyMap<string, string>;
};
export type CompareOptions = {
  kinds: readonly FileKind[];
  env: Readonly<Record<string, string | undefined>>;
  writeSecrets: boolean;
  pathOf: (thing: object) => string;
};

/** Reads the workspace and says in what it differs from the files. Changes nothing. */
export async function compare(client: ApiClient, files: Files, options: CompareOptions): Promise<Comparison> {
  const catalog = catalogOf(client);
  const known = await readWorkspace(client, catalog, options.kinds);
  const types = new Map<string, DestinationType>();
  for (const slug of new Set(files.destinations.map(({ type }) => type))) {
    const type = await catalog.destinationType(slug);
    if (type !== undefined) types.set(slug, type);
  }
  const roles = files.groups.length === 0 ? [] : await client.all('listRoles', 'roles');
  const sourceTypes = new Set([
    ...(await catalog.sourceTypes()).map(({ slug }) => slug),
    ...known.sources.map(({ file }) => file.type),
  ]);
  const roleIds = new Map(roles.map(({ name, id }) => [name, id]));
  const { env, writeSecrets, pathOf } = options;
  const plan = planImport({
    files,
    known,
    types,
    sourceTypes,
    roles: new Set(roleIds.keys()),
    env,
    writeSecrets,
    pathOf,
  });
  return { plan, known, catalog, roleIds };
}
