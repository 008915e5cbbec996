import { apiClient } from '../../../shared/api/client.ts';
import { command, EXIT } from '../command.ts';
import { apiUrl, PROFILE_DEFAULT } from '../profiles.ts';
import { rightsOf } from '../workspace/rights-of.ts';
import { UsageError } from '../usage-error.ts';

/** A token of ours has 47 characters; what people sign in with, some 1,500. */
const TOKEN_CHARS_MAX = 8_192;

export const login = command({
  usage: 'login --url URL',
  about:
    'Signs in to a deployment with an API token. The token is read from the terminal, from standard input or from TRIBUTARY_TOKEN, never from an argument, and kept in a file that you alone can read.',
  examples: [
    'tributary login --url https://api.example.com',
    'tributary login --url https://staging.example.com --profile staging < token.txt',
    'npm start    # prints the URL and a token of the local cloud',
  ],
  flags: {},
  run: async ({ flags, io }) => {
    if (flags.url === undefined) throw new UsageError('Say which deployment: tributary login --url URL.');
    const url = apiUrl(flags.url);
    const token = (io.env['TRIBUTARY_TOKEN'] || (await io.secret('API token: '))).trim();
    if (!/^[A-Za-z0-9._~+/=-]+$/.test(token) || token.length > TOKEN_CHARS_MAX) {
      throw new UsageError('That is no token: copy it whole, and nothing else.');
    }
    const { workspace: wanted } = flags;
    const client = apiClient({
      baseUrl: url,
      token: () => token,
      workspace: wanted,
      ...(io.fetch && { fetch: io.fetch }),
    });
    const { workspace } = await client.call('getWorkspace');
    const name = flags.profile ?? PROFILE_DEFAULT;
    await io.profiles.save(name, { url, token, ...(wanted !== undefined && { workspace: wanted }) });
    if (flags.json) io.out(JSON.stringify({ profile: name, url, workspace }));
    else
      io.out(`Signed in to ${workspace.name} (${workspace.slug}) at ${url}, kept as "${name}" in ${io.profiles.path}`);
    return EXIT.ok;
  },
});

export const logout = command({
  usage: 'logout',
  about: 'Forgets a sign-in. The token itself lives on: revoke it in the workspace if nobody needs it.',
  examples: ['tributary logout', 'tributary logout --profile staging'],
  flags: {},
  run: async ({ flags, io }) => {
    const name = flags.profile ?? PROFILE_DEFAULT;
    const removed = await io.profiles.remove(name);
    if (flags.json) io.out(JSON.stringify({ profile: name, removed }));
    else io.out(removed ? `Forgot "${name}".` : `Nobody was signed in as "${name}".`);
    return EXIT.ok;
  },
});

export const whoami = command({
  usage: 'whoami',
  about: 'Says which workspace of which deployment commands work with, and what the token may do there.',
  examples: ['tributary whoami', 'tributary whoami --json --profile staging'],
  flags: {},
  run: async ({ flags, io, signIn }) => {
    const { client, profile } = await signIn();
    const { workspace } = await client.call('getWorkspace');
    const rights = await rightsOf(client);
    if (flags.json) {
      io.out(JSON.stringify({ url: profile.url, workspace, rights }));
      return EXIT.ok;
    }
    io.out(`${workspace.name} (${workspace.slug}) at ${profile.url}`);
    io.out(rights.length === 0 ? 'May do nothing but belong to it.' : `May: ${rights.join(', ')}`);
    return EXIT.ok;
  },
});
