import { command, EXIT } from '../command.ts';
import { readFolder } from '../files/folder.ts';
import { compare } from '../import-folder.ts';
import { keepSecrets } from '../keep-secrets.ts';
import { changeForJson, lackLines, planLines } from '../plan/say-changes.ts';
import { folderOf, kindsOf, ONLY_FLAG } from './folder-of.ts';

export const diffWorkspace = command({
  usage: 'diff DIR',
  about:
    'Says in what the workspace differs from files: + only in the files, - only in the workspace, ~ in both, with each field as it is → as the files have it. Exit code 1 where anything differs.',
  examples: ['tributary diff workspace/', 'tributary diff workspace/ --json | jq .changes'],
  flags: ONLY_FLAG,
  plainMax: 1,
  run: async ({ flags, plain, io, signIn }) => {
    const kinds = kindsOf(flags.only);
    const { files, pathOf } = await readFolder(folderOf(plain, io), kinds);
    const { client } = await signIn();
    const { plan } = await compare(client, files, { kinds, env: io.env, writeSecrets: false, pathOf });
    const kept = keepSecrets(files, io.env);
    const differs = plan.changes.length > 0 || plan.refusals.length > 0 || plan.heldBack.length > 0;
    if (flags.json) {
      const { missing, heldBack, refusals } = plan;
      io.out(kept(JSON.stringify({ changes: plan.changes.map(changeForJson), missing, heldBack, refusals })));
    } else {
      for (const line of [...planLines(plan), ...lackLines(plan)]) io.out(kept(line));
      if (!differs) io.out('No differences.');
    }
    return differs ? EXIT.refused : EXIT.ok;
  },
});
