import { apiClient, type ApiClient } from '../../shared/api/client.ts';
import { CliError } from '../cli-error.ts';
import { type Flag, type Flags, helpText, readFlags } from '../flags.ts';
import { nearest } from '../nearest.ts';
import { sentenceFor } from '../run-command.ts';
import { explained } from './explain-error.ts';
import { apiUrl, type Profile, PROFILE_DEFAULT, type Profiles } from './profiles.ts';
import { UsageError } from './usage-error.ts';

/** 1: differences were found, or something was refused; 2: the command was not understood. */
export const EXIT = { ok: 0, refused: 1, usage: 2 } as const;

/** The world outside of a command. */
export type Io = {
  env: Readonly<Record<string, string | undefined>>;
  /** A line of the answer. */
  out: (line: string) => void;
  /** A line beside it: what goes on, and what is wrong. */
  note: (line: string) => void;
  /** What is typed or piped in; asked for by `question` where somebody types. */
  secret: (question: string) => Promise<string>;
  profiles: Profiles;
  /** A path as it was typed. */
  path: (text: string) => string;
  now: () => Date;
  /** Between two looks of a command that follows something. */
  wait?: (ms: number) => Promise<void>;
  fetch?: typeof fetch;
};

const GLOBAL = {
  json: { help: 'answer in JSON' },
  profile: { value: 'NAME', help: `which sign-in to use, "${PROFILE_DEFAULT}" where nothing is said` },
  url: { value: 'URL', help: 'the API, instead of the one signed in to; the token is then TRIBUTARY_TOKEN' },
  workspace: { value: 'SLUG', help: 'which workspace, for people who belong to several' },
  help: { help: 'print this' },
} as const;
type GlobalFlags = Flags<typeof GLOBAL>;

export type Run<T extends Record<string, Flag>> = {
  flags: Flags<T> & GlobalFlags;
  plain: string[];
  io: Io;
  /** Signed in as the flags say. Throws CliError where nobody is. */
  signIn: () => Promise<SignIn>;
};
export type SignIn = { client: ApiClient; profile: Profile };

export type Command = {
  /** Behind `tributary`. */
  usage: string;
  about: string;
  examples: readonly string[];
  flags: Record<string, Flag>;
  plainMax: number;
  run: (run: Run<Record<string, Flag>>) => Promise<number>;
};

/** Keeps the types of one command's flags. */
export const command = <const T extends Record<string, Flag>>(one: {
  usage: string;
  about: string;
  examples: readonly string[];
  flags: T;
  plainMax?: number;
  run: (run: Run<T>) => Promise<number>;
}): Command => ({ plainMax: 0, ...one, run: one.run as unknown as Command['run'] });

/** Runs the command that the arguments name, and answers the exit code. Never throws for what a person can put right. */
export async function runTributary(
  commands: Readonly<Record<string, Command>>,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  try {
    const found = commandOf(commands, argv);
    if (found === undefined) {
      io.out(overview(commands));
      return argv.length === 0 ? EXIT.usage : EXIT.ok;
    }
    const { flags, plain } = readFlags({ ...found.command.flags, ...GLOBAL }, found.rest, found.command.plainMax);
    const all = flags as Flags<Record<string, Flag>> & GlobalFlags;
    if (all.help) {
      io.out(helpOf(found.command));
      return EXIT.ok;
    }
    return await attempt(found.command, { flags: all, plain, io, signIn: async () => await signedIn(all, io) });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    io.note(error.message);
    return EXIT.usage;
  }
}

async function attempt(found: Command, run: Run<Record<string, Flag>>): Promise<number> {
  try {
    return await found.run(run);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const sentence = explained(error) ?? sentenceFor(error);
    if (sentence === undefined) throw error;
    run.io.note(sentence);
    return EXIT.refused;
  }
}

/** Names of two words go before those of one. */
function commandOf(
  commands: Readonly<Record<string, Command>>,
  argv: readonly string[],
): { command: Command; rest: string[] } | undefined {
  const [first = '', second = ''] = argv;
  if (first === '' || first === '--help' || first === 'help') return undefined;
  for (const [name, length] of [[`${first} ${second}`, 2] as const, [first, 1] as const]) {
    const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (found !== undefined) return { command: found, rest: argv.slice(length) };
  }
  const near = nearest(first, Object.keys(commands));
  const hint = near !== undefined && near.distance <= 2 ? `; did you mean "${near.candidate}"?` : '';
  throw new UsageError(`There is no command "${first}"${hint === '' ? '; --help lists those there are.' : hint}`);
}

async function signedIn({ profile: name, url, workspace }: GlobalFlags, io: Io): Promise<SignIn> {
  const profile = await profileOf(name, url, io);
  const meant = workspace ?? io.env['TRIBUTARY_WORKSPACE'] ?? profile.workspace;
  return {
    profile,
    client: apiClient({
      baseUrl: profile.url,
      token: () => profile.token,
      workspace: meant,
      ...(io.fetch && { fetch: io.fetch }),
    }),
  };
}

/** From the flags and the environment, as pipelines have it, else what somebody signed in with. */
async function profileOf(name: string | undefined, url: string | undefined, io: Io): Promise<Profile> {
  const { TRIBUTARY_URL, TRIBUTARY_TOKEN, TRIBUTARY_PROFILE } = io.env;
  const given = url ?? (name === undefined ? TRIBUTARY_URL : undefined);
  if (given !== undefined && given !== '') {
    if (!TRIBUTARY_TOKEN) throw new UsageError('With a URL of its own a command takes its token from TRIBUTARY_TOKEN.');
    return { url: apiUrl(given), token: TRIBUTARY_TOKEN };
  }
  const wanted = name ?? TRIBUTARY_PROFILE ?? PROFILE_DEFAULT;
  const found = await io.profiles.get(wanted);
  if (found !== undefined) return found;
  throw new UsageError(
    `Nobody has signed in as "${wanted}": "tributary login --url URL", or set TRIBUTARY_URL and TRIBUTARY_TOKEN.`,
  );
}

function overview(commands: Readonly<Record<string, Command>>): string {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  return [
    'tributary COMMAND [flags]',
    '',
    'Works with a deployment by its public API.',
    '',
    ...Object.values(commands).map(({ usage, about }) => `  ${usage.padEnd(width)}  ${about.split('. ')[0]}`),
    '',
    'tributary COMMAND --help says more of each. Exit codes: 0 well, 1 differences or refused, 2 not understood.',
  ].join('\n');
}

const helpOf = ({ usage, about, flags, examples }: Command): string =>
  [
    helpText(`tributary ${usage}`, about, { ...flags, ...GLOBAL }),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
  ].join('\n');
