import { ownerOf } from '../../../shared/domain/access.ts';
import { ApiTokenId } from '../../../shared/domain/ids.ts';
import { API_TOKENS_MAX, ApiToken } from '../../../shared/domain/workspace.ts';
import { conflict, invalid, notFound } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { givenPermissions, toldPermission } from '../people/given-permissions.ts';
import { newApiToken, sha256Of } from '../../../shared/aws/secret-texts.ts';

export const tokensHandlers: HandlersOf<'listTokens' | 'createToken' | 'getToken' | 'deleteToken'> = {
  listTokens: async (request) => ({
    tokens: await toldTokens(request, await request.control.listApiTokens(request.workspaceId)),
  }),

  createToken: async (request, { body }) => {
    const { control, workspaceId, newId, now, caller } = request;
    const text = newApiToken();
    const expiresAt = body.expiresAt === undefined ? undefined : new Date(body.expiresAt).toISOString();
    if (expiresAt !== undefined && expiresAt <= now().toISOString()) {
      throw invalid({
        field: 'expiresAt',
        message: 'This moment is over. Leave it out for a token that does not expire.',
      });
    }
    const token = await request.change(async (config) => {
      if ((await control.listApiTokens(workspaceId)).length >= API_TOKENS_MAX) {
        throw conflict(`A workspace has at most ${API_TOKENS_MAX} API tokens: delete some that are not used.`);
      }
      const at = now().toISOString();
      const thing = ApiToken.parse({
        id: newId('tok'),
        workspaceId,
        name: body.name,
        sha256: sha256Of(text),
        permissions: await givenPermissions(request, config, body.permissions),
        createdBy: caller.id,
        expiresAt,
        version: 0,
        createdAt: at,
        updatedAt: at,
      });
      return { changes: [{ kind: 'apiToken', verb: 'save', thing }], value: thing };
    });
    const [told] = await toldTokens(request, [token]);
    if (told === undefined) throw notFound('apiToken', token.id);
    return { token: told, text };
  },

  getToken: async (request, { path }) => {
    const [token] = await toldTokens(request, [await requireToken(request, path['tokenId'])]);
    if (token === undefined) throw notFound('apiToken', path['tokenId'] ?? '');
    return { token };
  },

  deleteToken: async (request, { path }) =>
    await request.change(async () => ({
      changes: [{ kind: 'apiToken', verb: 'remove', thing: await requireToken(request, path['tokenId']) }],
      value: { status: 'SUCCESS' as const },
    })),
};

async function requireToken({ control, workspaceId }: ApiRequest, id = ''): Promise<ApiToken> {
  const parsed = ApiTokenId.safeParse(id);
  const token = parsed.success ? await control.getApiToken(workspaceId, parsed.data) : undefined;
  if (token === undefined) throw notFound('apiToken', id);
  return token;
}

/** Tokens without what opens doors. `ownerless`: who made it, a person or another token, is of this workspace no more (M12). */
async function toldTokens({ control, workspaceId, deps, now }: ApiRequest, tokens: readonly ApiToken[]) {
  const [members, others, used] = await Promise.all([
    control.listMembers(workspaceId),
    control.listApiTokens(workspaceId),
    deps.people.lastUsed(
      workspaceId,
      tokens.map(({ id }) => id),
    ),
  ]);
  const here = new Set<string>([...members.map(({ personId }) => personId), ...others.map(({ id }) => id)]);
  const at = now().toISOString();
  return tokens.map(({ id, name, permissions, createdAt, createdBy, expiresAt }) => {
    const lastUsedDay = used.get(id);
    return {
      id,
      name,
      permissions: (permissions ?? [ownerOf(workspaceId)]).map(toldPermission),
      createdAt,
      ...(createdBy !== undefined && { createdBy }),
      ownerless: createdBy !== undefined && !here.has(createdBy),
      ...(expiresAt !== undefined && { expiresAt }),
      expired: expiresAt !== undefined && expiresAt <= at,
      ...(lastUsedDay !== undefined && { lastUsedDay }),
    };
  });
}
