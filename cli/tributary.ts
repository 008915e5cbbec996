import { homedir } from 'node:os';
import { asTyped, runCommand } from './run-command.ts';
import { type Io, runTributary } from './tributary/command.ts';
import { COMMANDS } from './tributary/commands.ts';
import { fileProfiles, profilesPath } from './tributary/profiles.ts';
import { readSecret } from './tributary/read-secret.ts';

const io: Io = {
  env: process.env,
  out: (line) => console.log(line),
  note: (line) => console.error(line),
  // The question is no part of the answer.
  secret: async (question) => await readSecret(question, process.stdin, process.stderr),
  profiles: fileProfiles(profilesPath(process.env, process.platform, homedir())),
  path: asTyped,
  now: () => new Date(),
};

await runCommand(async (argv) => await runTributary(COMMANDS, argv, io));
