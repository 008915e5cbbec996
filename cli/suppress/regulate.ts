import { CONFIG_CHECK_MS } from '../../shared/config/limits.ts';
import { AuditId, RegulationId, type WorkspaceId } from '../../shared/domain/ids.ts';
import { pageOfSuppressed, regulationEntry, type SuppressionType } from '../../shared/domain/suppression.ts';
import type { SuppressionStore } from '../../shared/ports/suppression-store.ts';
import { table, visible } from '../replay/table.ts';
import { intoRegulations } from './read-user-ids.ts';

export type SuppressDeps = {
  suppressions: Omit<SuppressionStore, 'getRegulation'>;
  workspaceId: WorkspaceId;
  by: string;
  now: () => Date;
  /** Random text of 22 characters or more of [A-Za-z0-9_-], new at each call. */
  newId: () => string;
  print: (line: string) => void;
  /** What is for people, beside what is for files. */
  note: (line: string) => void;
  /** What a person types to run this command on this deployment. */
  command: string;
};

/** userIds of a regulation that the history shows. */
const SHOWN_MAX = 3;

/** Suppresses users, or no more. In several regulations where they are many: broken off, it may be done again from the beginning. */
export async function regulate(deps: SuppressDeps, type: SuppressionType, userIds: readonly string[]): Promise<void> {
  const { suppressions, workspaceId, by, print } = deps;
  let changed = 0;
  let suppressed = 0;
  for (const some of intoRegulations(userIds)) {
    const id = RegulationId.parse(`reg_${deps.newId()}`);
    const createdAt = deps.now().toISOString();
    const regulation = { id, workspaceId, type, userIds: some, createdAt, by };
    const done = await suppressions.regulate(regulation, deps.newId(), {
      id: AuditId.parse(`aud_${id.slice('reg_'.length)}`),
      actor: { type: 'operator', id: 'command-line', name: by },
      ...regulationEntry(regulation),
    });
    changed += done.changed;
    suppressed = done.suppressed;
    print(`${id}: ${type} of ${usersIn(some.length)}`);
  }
  const before = userIds.length - changed;
  const are = type === 'SUPPRESS_ONLY' ? 'suppressed' : 'no more suppressed';
  print(
    `${usersIn(changed)} ${are}${before > 0 ? `, ${before} ${before === 1 ? 'was' : 'were'} so before` : ''}; ${suppressed} in all now.`,
  );
  print(`In force within ${CONFIG_CHECK_MS / 1_000} s; what a function has in hand then, it still ends.`);
}

const usersIn = (count: number): string => (count === 1 ? '1 user' : `${count} users`);

/** One userId a line and nothing else on the standard output, so that the list can be read in again. */
export async function listSuppressed(
  { suppressions, workspaceId, print, note, command }: SuppressDeps,
  page: { after: string | undefined; limit: number; isForFile?: boolean },
): Promise<void> {
  const suppressed = await suppressions.suppressed(workspaceId);
  const { userIds, hasMore } = pageOfSuppressed(suppressed, page);
  for (const userId of userIds) print(page.isForFile === true ? userId : visible(userId));
  if (userIds.length === 0) note('Nobody is suppressed.');
  if (hasMore)
    note(`\n${suppressed.size} in all; the next: ${command} list --after "${visible(userIds.at(-1) ?? '')}"`);
}

export async function listHistory(
  { suppressions, workspaceId, print, command }: SuppressDeps,
  page: { before: number | undefined; limit: number },
): Promise<void> {
  const { regulations, next } = await suppressions.listRegulations(workspaceId, page);
  if (regulations.length === 0) return print('There are no regulations.');
  const rows = regulations.map(({ id, type, createdAt, by, userIds }) => {
    const more = userIds.length > SHOWN_MAX ? ', …' : '';
    return [createdAt, type, userIds.length, `${userIds.slice(0, SHOWN_MAX).join(', ')}${more}`, by, id];
  });
  for (const line of table(['saved', 'type', 'users', 'userIds', 'by', 'id'], rows)) print(line);
  if (next !== undefined) print(`\nOlder ones: ${command} history --before ${next}`);
}
