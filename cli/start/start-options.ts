import { LANES_MAX } from '../../shared/config/limits.ts';
import { CliError } from '../cli-error.ts';
import { type Flag, readFlags, wholeNumber } from '../flags.ts';

export const TRACKING_PORT_DEFAULT = 4747;

export const START_FLAGS = {
  port: {
    value: 'N',
    help: `port of the tracking API, default ${TRACKING_PORT_DEFAULT}; the others follow on free ones`,
  },
  host: { value: 'ADDRESS', help: 'address to listen on, default 127.0.0.1; 0.0.0.0 is all of this machine' },
  dir: { value: 'DIRECTORY', help: 'where state is kept, default .tributary' },
  fresh: { help: 'forget what an earlier start left in that directory' },
  seed: {
    value: 'FILE',
    help: 'set up from a seed file (docs/seed-file.md) instead of the demo; later starts go on with it',
  },
  'no-demo': { help: 'do not play the demo shop' },
  'allow-private-targets': { help: 'let destinations reach private addresses and this machine' },
  processes: { help: 'run functions in processes instead of threads' },
  faults: { value: 'FILE', help: 'inject the faults of this file into the calls to AWS services' },
  lanes: {
    value: 'N',
    help: 'lanes of their own that destinations may hold, default 16; those without one share a lane',
  },
  meter: { help: 'count the calls to AWS services, and say where the counts can be read' },
  help: { help: 'print this' },
} as const satisfies Record<string, Flag>;

export type StartOptions = {
  help: boolean;
  port: number;
  host: string;
  directory: string;
  fresh: boolean;
  seedFile: string | undefined;
  /** To play the demo, where what is set up is the demo's seed: with a file of one's own there is nothing to play on. */
  demo: boolean;
  allowPrivateTargets: boolean;
  processes: boolean;
  faultsFile: string | undefined;
  /** `undefined`: what the app takes by itself. */
  lanes: number | undefined;
  meter: boolean;
};

/** Reads the flags of `npm start`. Throws CliError with one sentence. */
export function readStartOptions(argv: readonly string[]): StartOptions {
  const { flags } = readFlags(START_FLAGS, argv);
  const host = flags.host ?? '127.0.0.1';
  if (!/^[A-Za-z0-9.:-]+$/.test(host)) throw new CliError(`--host is an address such as 127.0.0.1, not "${host}".`);
  return {
    help: flags.help,
    port: flags.port === undefined ? TRACKING_PORT_DEFAULT : wholeNumber('port', flags.port, 1, 65_535),
    host,
    directory: flags.dir ?? '.tributary',
    fresh: flags.fresh,
    seedFile: flags.seed,
    demo: !flags['no-demo'] && flags.seed === undefined,
    allowPrivateTargets: flags['allow-private-targets'],
    processes: flags.processes,
    faultsFile: flags.faults,
    lanes: flags.lanes === undefined ? undefined : wholeNumber('lanes', flags.lanes, 0, LANES_MAX),
    meter: flags.meter,
  };
}
