import { type Io, runTributary } from '../../cli/tributary/command.ts';
import { COMMANDS } from '../../cli/tributary/commands.ts';
import type { Profile } from '../../cli/tributary/profiles.ts';
import type { Answered } from './api-world.ts';
import type { Arrived, Reply } from './served.ts';

type World = { call: (method: string, path: string, asked: Record<string, unknown>) => Promise<Answered> };

/** What a world of the API answers to a request that came over HTTP. */
export const replyOf =
  (world: World) =>
  async ({ method, path, query, headers, body }: Arrived): Promise<Reply> => {
    const { authorization, ...others } = headers;
    const answered = await world.call(method, path, {
      bearer: authorization === undefined ? null : authorization.replace(/^Bearer /, ''),
      query,
      headers: others,
      ...(body !== '' && { text: body }),
    });
    return { status: answered.status, headers: answered.headers, body: answered.text };
  };

/** The same without a socket. */
export const fetchOf = (world: World): typeof fetch =>
  (async (input: string | URL, init: RequestInit = {}) => {
    const url = new URL(input);
    const { method = 'GET', headers, body } = init;
    const {
      status,
      headers: answered,
      body: text,
    } = await replyOf(world)({
      method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: Object.fromEntries(new Headers(headers)),
      body: typeof body === 'string' ? body : '',
    });
    return new Response(text, { status, ...(answered && { headers: answered }) });
  }) as typeof fetch;

export type Typed = { code: number; out: string; notes: string };

/** Somebody at a terminal, signed in to that URL. */
export function terminal(signedInTo: Profile, over: Partial<Io> = {}) {
  const profiles = new Map<string, Profile>([['default', signedInTo]]);
  return async (line: string, env: Record<string, string> = {}, secret = ''): Promise<Typed> => {
    const out: string[] = [];
    const notes: string[] = [];
    const io: Io = {
      env,
      out: (text) => out.push(text),
      note: (text) => notes.push(text),
      secret: async () => secret,
      profiles: {
        path: '/home/ada/.config/tributary/profiles.json',
        get: async (name) => profiles.get(name),
        save: async (name, profile) => void profiles.set(name, profile),
        remove: async (name) => profiles.delete(name),
      },
      path: (text) => text,
      now: () => new Date('2026-11-26T10:00:00.000Z'),
      ...over,
    };
    const code = await runTributary(COMMANDS, line.split(' ').filter(Boolean), io);
    return { code, out: out.join('\n'), notes: notes.join('\n') };
  };
}
