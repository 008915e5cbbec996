import type { Command } from './command.ts';
import { diffWorkspace } from './commands/diff.ts';
import { doctor } from './commands/doctor.ts';
import { exportWorkspace } from './commands/export.ts';
import { importWorkspace } from './commands/import.ts';
import { importSegment } from './commands/import-segment.ts';
import { replayCancel, replayList, replayShow, replayStart } from './commands/replay.ts';
import { failures } from './commands/failures.ts';
import { login, logout, whoami } from './commands/sign-in.ts';
import { tail } from './commands/tail.ts';

/** By name, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  login,
  logout,
  whoami,
  export: exportWorkspace,
  import: importWorkspace,
  diff: diffWorkspace,
  'import segment': importSegment,
  doctor,
  'replay start': replayStart,
  'replay list': replayList,
  'replay show': replayShow,
  'replay cancel': replayCancel,
  tail,
  failures,
};
