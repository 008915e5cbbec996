import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import { CliError } from '../cli-error.ts';
import { nearest } from '../nearest.ts';

/** A destination with its mappings. */
export type Target = WorkspaceConfig['destinations'][number];

/** All destinations of a deployment. */
export async function listTargets(control: Pick<ControlStore, 'listWorkspaces' | 'readConfig'>): Promise<Target[]> {
  const targets: Target[] = [];
  for (const { id } of await control.listWorkspaces()) {
    targets.push(...((await control.readConfig(id))?.destinations ?? []));
  }
  return targets;
}

/** The destination of an id, or of a name that only one has. Throws CliError. */
export function targetNamed(targets: readonly Target[], text: string): Target {
  const found = targets.filter(({ destination: { id, name } }) => id === text || name === text);
  const [only, other] = found;
  if (only !== undefined && other === undefined) return only;
  if (only !== undefined) {
    const ids = found.map(({ destination }) => `${destination.id} (source ${destination.sourceId})`);
    throw new CliError(`${found.length} destinations are called "${text}"; give the id of one: ${ids.join(', ')}.`);
  }
  const names = targets.map(({ destination: { name } }) => name);
  const near = nearest(text, names);
  throw new CliError(
    `There is no destination "${text}"${near === undefined ? '' : `; did you mean "${near.candidate}"?`}`,
  );
}
