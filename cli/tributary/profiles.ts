import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import { UsageError } from './usage-error.ts';

/** One deployment that somebody has signed in to. */
const Profile = z.object({ url: z.string(), token: z.string(), workspace: z.string().optional() });
export type Profile = z.infer<typeof Profile>;
const ProfilesFile = z.object({ version: z.literal(1), profiles: z.record(z.string(), Profile) });

/** Nobody else's to read: it holds tokens. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const OTHERS = 0o077;
export const PROFILE_DEFAULT = 'default';

type Env = Readonly<Record<string, string | undefined>>;

/** Where a person's configuration lies on this system. */
export function profilesPath(env: Env, platform: NodeJS.Platform, home: string): string {
  const base = env['XDG_CONFIG_HOME'] || (platform === 'win32' ? env['APPDATA'] : undefined) || join(home, '.config');
  return join(base, 'tributary', 'profiles.json');
}

export type Profiles = {
  get(name: string): Promise<Profile | undefined>;
  save(name: string, profile: Profile): Promise<void>;
  /** Whether there was one. */
  remove(name: string): Promise<boolean>;
  path: string;
};

/** Profiles in one file with mode 0600, written whole. Throws CliError where others could read it. */
export function fileProfiles(path: string, platform: NodeJS.Platform = process.platform): Profiles {
  const read = async (): Promise<Record<string, Profile>> => {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return {};
    if (platform !== 'win32' && (found.mode & OTHERS) !== 0) {
      throw new CliError(`${path} holds tokens, and others may read it: "chmod 600 ${path}", and make new tokens.`);
    }
    const parsed = ProfilesFile.safeParse(jsonOf(await readFile(path, 'utf8')));
    if (!parsed.success) throw new CliError(`${path} is damaged: remove it, and sign in again.`);
    return parsed.data.profiles;
  };
  const write = async (profiles: Record<string, Profile>): Promise<void> => {
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    const fresh = `${path}.${process.pid}.tmp`;
    await writeFile(fresh, `${JSON.stringify({ version: 1, profiles }, undefined, 2)}\n`, { mode: FILE_MODE });
    // One that was left behind keeps the mode that it had.
    await chmod(fresh, FILE_MODE);
    await rename(fresh, path);
  };
  return {
    path,
    get: async (name) => {
      const profiles = await read();
      return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
    },
    save: async (name, profile) => await write({ ...(await read()), [name]: profile }),
    remove: async (name) => {
      const { [name]: gone, ...left } = await read();
      if (gone !== undefined) await write(left);
      return gone !== undefined;
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An API's URL without a slash at its end. Throws UsageError for one that a token must not be sent to. */
export function apiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hash !== '' || url.search !== '') {
    throw new UsageError(`"${text}" is no URL of an API, such as https://abc123.execute-api.eu-west-1.amazonaws.com.`);
  }
  if (url.username !== '' || url.password !== '')
    throw new UsageError('The URL must hold no user name and no password.');
  if (url.protocol === 'http:' && !/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)) {
    throw new UsageError(`${url.origin} is not https: a token would be readable on the way.`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
