import { command, EXIT } from '../command.ts';
import { layOut } from '../files/file-layout.ts';
import { writeFolder } from '../files/folder.ts';
import { placeholdersIn } from '../files/placeholders.ts';
import { catalogOf } from '../workspace/catalog.ts';
import { exportFiles } from '../workspace/export-files.ts';
import { readWorkspace } from '../workspace/read-workspace.ts';
import { folderOf, kindsOf, ONLY_FLAG } from './folder-of.ts';

export const exportWorkspace = command({
  usage: 'export DIR',
  about:
    'Writes the workspace as files that can be reviewed in git: the same workspace gives the same files. Secrets leave as ${NAME}. Files of what is gone are removed.',
  examples: ['tributary export workspace/', 'tributary export workspace/ && git diff workspace/'],
  flags: {
    ...ONLY_FLAG,
    'no-write-keys': { help: 'leave write keys out; an import then makes new ones, and clients must be changed' },
  },
  plainMax: 1,
  run: async ({ flags, plain, io, signIn }) => {
    const folder = folderOf(plain, io);
    const { client } = await signIn();
    const kinds = kindsOf(flags.only);
    const known = await readWorkspace(client, catalogOf(client), kinds);
    const files = exportFiles(known, { writeKeys: !flags['no-write-keys'] });
    const done = await writeFolder(folder, layOut(files, known.workspace, kinds), kinds);
    const variables = [...files.sources, ...files.destinations].flatMap((file) => placeholdersIn(file));
    if (flags.json) io.out(JSON.stringify({ workspace: known.workspace, ...done, variables }));
    else {
      for (const path of done.written) io.out(`wrote ${path}`);
      for (const path of done.removed) io.out(`removed ${path}`);
      io.out(`${known.workspace.name}: ${done.written.length} files written, ${done.unchanged} as they were.`);
      if (variables.length > 0) io.out(`An import takes from the environment: ${variables.join(', ')}`);
    }
    return EXIT.ok;
  },
});
