import type { OAuthAppId } from '../../shared/domain/ids.ts';
import { OAUTH_KEYS_MAX, OAUTH_TOKEN_DAYS, OAuthApp, type Source } from '../../shared/domain/workspace.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import { CliError } from '../cli-error.ts';

export type OAuthDeps = {
  control: Pick<
    ControlStore,
    'listWorkspaces' | 'listSources' | 'saveSource' | 'listOAuthApps' | 'saveOAuthApp' | 'removeOAuthApp'
  >;
  /** Deletes a token by its text. False: there was none. */
  revokeToken: (token: string) => Promise<boolean>;
  /** Whether a PEM text is a public RSA key that assertions can be checked by. */
  isUsableKey: (pem: string) => boolean;
  now: () => Date;
  newAppId: () => OAuthAppId;
  newWriteId: () => string;
  print: (line: string) => void;
};

/** A public key as it was given: a name for it and its text. */
export type NewKey = { keyId: string; pem: string };

/** Makes an app whose tokens may send to one source; further ones are connected later. */
export async function addApp(
  deps: OAuthDeps,
  { name, source: wanted, key, days }: { name: string; source: string; key: NewKey; days: number },
): Promise<void> {
  const source = await sourceNamed(deps, wanted);
  const at = deps.now().toISOString();
  const tokenDays = OAUTH_TOKEN_DAYS.find((known) => known === days);
  if (tokenDays === undefined) throw new CliError(`--days is one of ${OAUTH_TOKEN_DAYS.join(', ')}.`);
  const parsed = OAuthApp.safeParse({
    id: deps.newAppId(),
    workspaceId: source.workspaceId,
    name,
    tokenDays,
    publicKeys: [{ ...usable(deps, key), addedAt: at }],
    sourceIds: [source.id],
    version: 0,
    createdAt: at,
    updatedAt: at,
  });
  if (!parsed.success) throw new CliError(`"${name}" cannot be the name of an app, or its key's.`);
  await saved(deps, parsed.data);
  deps.print(`${parsed.data.name} is made. Its client id: ${parsed.data.id}; its key id: ${key.keyId}`);
  deps.print(`Its tokens live ${tokenDays} ${tokenDays === 1 ? 'day' : 'days'} and may send to ${source.name}.`);
  if (source.requires !== 'oauth') {
    deps.print(`${source.name} still takes what comes with its write key alone; to end that: require ${source.id}`);
  }
}

export async function listApps(deps: OAuthDeps): Promise<void> {
  const apps = await allApps(deps);
  if (apps.length === 0) deps.print('There are no OAuth apps.');
  for (const { id, name, tokenDays, publicKeys, sourceIds } of apps) {
    deps.print(`${name} (${id}): tokens of ${tokenDays} days`);
    deps.print(`  keys: ${publicKeys.map(({ keyId }) => keyId).join(', ')}`);
    deps.print(`  sources: ${sourceIds.length === 0 ? 'none' : sourceIds.join(', ')}`);
  }
  for (const source of await allSources(deps)) {
    if (source.requires === 'oauth') deps.print(`${source.name} (${source.id}) takes nothing without a token.`);
  }
}

/** A second key, so that the first can be changed in turn. */
export async function addKey(deps: OAuthDeps, appText: string, key: NewKey): Promise<void> {
  const app = await appNamed(deps, appText);
  if (app.publicKeys.length >= OAUTH_KEYS_MAX) {
    throw new CliError(`${app.name} has ${OAUTH_KEYS_MAX} keys, the most there can be: remove one first.`);
  }
  if (app.publicKeys.some(({ keyId }) => keyId === key.keyId)) {
    throw new CliError(`${app.name} has a key ${key.keyId} already: give this one another id by --key-id.`);
  }
  await saved(deps, {
    ...app,
    publicKeys: [...app.publicKeys, { ...usable(deps, key), addedAt: deps.now().toISOString() }],
  });
  deps.print(`${app.name} may sign with ${key.keyId}, too.`);
}

/** The tokens that were asked for by that key end with it. */
export async function removeKey(deps: OAuthDeps, appText: string, keyId: string): Promise<void> {
  const app = await appNamed(deps, appText);
  const publicKeys = app.publicKeys.filter((key) => key.keyId !== keyId);
  if (publicKeys.length === app.publicKeys.length) throw new CliError(`${app.name} has no key ${keyId}.`);
  if (publicKeys.length === 0) throw new CliError(`${keyId} is the only key of ${app.name}: add another one first.`);
  await saved(deps, { ...app, publicKeys });
  deps.print(`The key ${keyId} of ${app.name} is gone, and with it within seconds all tokens that it was used for.`);
}

export async function connect(deps: OAuthDeps, appText: string, sourceText: string): Promise<void> {
  const app = await appNamed(deps, appText);
  const source = await sourceNamed(deps, sourceText);
  if (source.workspaceId !== app.workspaceId) throw new CliError(`${source.name} is of another workspace.`);
  if (app.sourceIds.includes(source.id)) return deps.print(`${app.name} may send to ${source.name} already.`);
  await saved(deps, { ...app, sourceIds: [...app.sourceIds, source.id] });
  deps.print(`${app.name} may send to ${source.name}.`);
}

export async function disconnect(deps: OAuthDeps, appText: string, sourceText: string): Promise<void> {
  const app = await appNamed(deps, appText);
  const source = await sourceNamed(deps, sourceText);
  if (!app.sourceIds.includes(source.id)) return deps.print(`${app.name} may not send to ${source.name} anyway.`);
  await saved(deps, { ...app, sourceIds: app.sourceIds.filter((id) => id !== source.id) });
  deps.print(`${app.name} may no longer send to ${source.name}.`);
}

/** Whether a source takes nothing without a token. */
export async function requireTokens(deps: OAuthDeps, sourceText: string, required: boolean): Promise<void> {
  const source = await sourceNamed(deps, sourceText);
  const requires = required ? 'oauth' : 'write-key';
  const apps = (await allApps(deps)).filter(({ sourceIds }) => sourceIds.includes(source.id));
  if (required && apps.length === 0) {
    throw new CliError(`No app may send to ${source.name}: connect one first, or nothing would be taken.`);
  }
  if (source.requires !== requires) {
    const result = await deps.control.saveSource(
      { ...source, requires, updatedAt: deps.now().toISOString() },
      deps.newWriteId(),
    );
    if (result.outcome === 'stale') throw changedMeanwhile(source.name);
  }
  deps.print(
    required
      ? `${source.name} takes only what comes with a token of ${apps.map(({ name }) => name).join(', ')}.`
      : `${source.name} takes what comes with its write key.`,
  );
}

export async function revoke(deps: OAuthDeps, token: string): Promise<void> {
  if (!(await deps.revokeToken(token))) throw new CliError('There is no such token, or it has ended long ago.');
  deps.print('The token is revoked; the last environment of ingest knows it within seconds.');
}

/** As Segment has it, an app that may send somewhere is not removed by accident. */
export async function removeApp(deps: OAuthDeps, appText: string): Promise<void> {
  const app = await appNamed(deps, appText);
  if (app.sourceIds.length > 0) {
    throw new CliError(`${app.name} may send to ${app.sourceIds.join(', ')}: disconnect it from there first.`);
  }
  await deps.control.removeOAuthApp(app, deps.newWriteId());
  deps.print(`${app.name} is gone, and with it all of its tokens.`);
}

async function saved(deps: OAuthDeps, app: OAuthApp): Promise<void> {
  const updatedAt = deps.now().toISOString();
  const result = await deps.control.saveOAuthApp({ ...app, updatedAt }, deps.newWriteId());
  if (result.outcome === 'stale') throw changedMeanwhile(app.name);
}

const changedMeanwhile = (name: string) =>
  new CliError(`Somebody else has changed ${name} at this moment: nothing was changed; try again.`);

function usable(deps: OAuthDeps, key: NewKey): NewKey {
  if (deps.isUsableKey(key.pem)) return key;
  throw new CliError('The key is no public RSA key of 2,048 bits or more in PEM ("-----BEGIN PUBLIC KEY-----").');
}

async function allApps({ control }: OAuthDeps): Promise<OAuthApp[]> {
  const found: OAuthApp[] = [];
  for (const { id } of await control.listWorkspaces()) found.push(...(await control.listOAuthApps(id)));
  return found;
}

async function allSources({ control }: OAuthDeps): Promise<Source[]> {
  const found: Source[] = [];
  for (const { id } of await control.listWorkspaces()) found.push(...(await control.listSources(id)));
  return found;
}

const appNamed = async (deps: OAuthDeps, text: string): Promise<OAuthApp> =>
  only(
    (await allApps(deps)).filter(({ id, name }) => id === text || name === text),
    'app',
    text,
  );

const sourceNamed = async (deps: OAuthDeps, text: string): Promise<Source> =>
  only(
    (await allSources(deps)).filter(({ id, slug, name }) => id === text || slug === text || name === text),
    'source',
    text,
  );

/** The one thing of an id or name. Throws CliError. */
function only<T extends { id: string }>(found: readonly T[], what: string, text: string): T {
  const [first, second] = found;
  if (first === undefined) throw new CliError(`There is no ${what} "${text}".`);
  if (second === undefined) return first;
  throw new CliError(
    `${found.length} are called "${text}"; give the id of one: ${found.map(({ id }) => id).join(', ')}.`,
  );
}
