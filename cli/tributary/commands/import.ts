import { command, EXIT, type Io, type SignIn } from '../command.ts';
import { type ReadFolder, readFolder } from '../files/folder.ts';
import { compare } from '../import-folder.ts';
import { keepSecrets } from '../keep-secrets.ts';
import { applyImport } from '../plan/apply-import.ts';
import { doneBy, type ImportPlan } from '../plan/change.ts';
import { changeForJson, changeLine, lackLines, planLines } from '../plan/say-changes.ts';
import { folderOf, kindsOf, ONLY_FLAG } from './folder-of.ts';

export const IMPORT_FLAGS = {
  ...ONLY_FLAG,
  'dry-run': { help: 'say what would be done, and do nothing' },
  prune: { help: 'remove what the files have not; without --yes it only lists that' },
  yes: { help: 'with --prune: do remove it' },
  secrets: { help: 'write the secrets that the environment has, also where the workspace has one already' },
} as const;
export type ImportFlags = {
  only: string | undefined;
  'dry-run': boolean;
  prune: boolean;
  yes: boolean;
  secrets: boolean;
  json: boolean;
};

export const importWorkspace = command({
  usage: 'import DIR',
  about:
    'Makes the workspace as the files say. What is so already is left alone: a second import does nothing. Secrets (${NAME}) come from the environment; what lacks one is imported switched off. Nothing is removed without --prune.',
  examples: [
    'tributary import workspace/ --dry-run',
    'WEBSITE_SLACK_URL=… tributary import workspace/',
    'tributary import workspace/ --prune --yes',
  ],
  flags: IMPORT_FLAGS,
  plainMax: 1,
  run: async ({ flags, plain, io, signIn }) => {
    const read = await readFolder(folderOf(plain, io), kindsOf(flags.only));
    return await importFiles(await signIn(), read, flags, io);
  },
});

/** Exit code 1 where anything that the files say was not brought about. */
export async function importFiles(
  { client }: SignIn,
  { files, pathOf }: Pick<ReadFolder, 'files' | 'pathOf'>,
  flags: ImportFlags,
  io: Pick<Io, 'out' | 'note' | 'env'>,
): Promise<number> {
  const { prune, yes, json } = flags;
  const { plan, known, catalog, roleIds } = await compare(client, files, {
    kinds: kindsOf(flags.only),
    env: io.env,
    writeSecrets: flags.secrets,
    pathOf,
  });
  const kept = keepSecrets(files, io.env);
  const say = (line: string): void => (json ? undefined : io.out(kept(line)));
  for (const line of lackLines(plan)) io.note(kept(line));
  const lacks = plan.refusals.length > 0 || plan.heldBack.length > 0 || plan.missing.length > 0;
  const intended = doneBy(plan, prune);

  if (flags['dry-run']) {
    const shown = { ...plan, changes: intended };
    if (json) io.out(kept(jsonOf(shown, [])));
    for (const line of planLines(shown)) say(line);
    say(intended.length === 0 ? 'Nothing to do.' : `${intended.length} changes; none was made (--dry-run).`);
    return lacks ? EXIT.refused : EXIT.ok;
  }
  if (prune && !yes) {
    const gone = goneBy(plan);
    if (gone.length > 0) {
      for (const line of ['This would go; with --yes it does. Nothing was changed.', ...gone]) io.note(kept(line));
      return EXIT.refused;
    }
  }
  const { done, failed } = await applyImport(plan, known, { client, catalog, roleIds, prune, print: say });
  if (json)
    io.out(
      kept(
        jsonOf(
          { ...plan, changes: done },
          failed.map(({ change, fault }) => ({ name: changeLine(change), fault })),
        ),
      ),
    );
  say(
    `${done.length === 0 ? 'Nothing to do' : `${done.length} changes made`}${failed.length > 0 ? `, ${failed.length} refused` : ''}.`,
  );
  return lacks || failed.length > 0 ? EXIT.refused : EXIT.ok;
}

/** A line for each thing, and each part of one, that --prune takes away. */
const goneBy = (plan: ImportPlan): string[] =>
  plan.changes.flatMap((change) => {
    if (change.verb === 'remove') return [changeLine(change)];
    if (change.verb === 'create') return [];
    return change.fields.flatMap(({ field, how, from }) =>
      how === 'prune'
        ? [`- of ${change.kind} ${change.name}: ${field}${typeof from === 'string' ? ` ${from}` : ''}`]
        : [],
    );
  });

const jsonOf = ({ changes, missing, heldBack, refusals }: ImportPlan, failed: readonly object[]): string =>
  JSON.stringify({ changes: changes.map(changeForJson), missing, heldBack, refusals, failed });
