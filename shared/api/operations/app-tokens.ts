import * as z from 'zod';
import { PERMISSIONS_MAX } from '../../domain/access.ts';
import { nameText } from '../bounds.ts';
import { operation } from '../operation.ts';
import { AccessPermissionV1, PermissionInputV1 } from '../shapes.ts';
import { shape } from '../shape.ts';

const AppToken = shape('AppToken', () =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    permissions: z.array(AccessPermissionV1()),
    createdAt: z.string(),
    createdBy: z.string().optional(),
    ownerless: z.boolean(),
    expiresAt: z.string().optional(),
    expired: z.boolean(),
    lastUsedDay: z.string().optional(),
  }),
);

/** API tokens (M12). Their text is shown once, by the answer that makes one. */
export const appTokensOperations = {
  listTokens: operation({
    method: 'GET',
    path: '/app-api/tokens',
    tag: 'Tokens',
    stability: 'own',
    effect: 'works',
    access: { right: 'token.read', of: 'workspace' },
    summary: 'All API tokens, with the day of their last use and whether who made them has left.',
    answer: () => z.strictObject({ tokens: z.array(AppToken()) }),
  }),
  createToken: operation({
    method: 'POST',
    path: '/app-api/tokens',
    tag: 'Tokens',
    stability: 'own',
    effect: 'works',
    access: { right: 'token.edit', of: 'workspace' },
    summary: 'Makes a token with no more rights than the caller has, and answers its text this once.',
    status: 201,
    body: () =>
      z.strictObject({
        name: nameText(),
        permissions: z.array(PermissionInputV1()).min(1).max(PERMISSIONS_MAX),
        expiresAt: z.iso.datetime({ offset: true }).optional(),
      }),
    answer: () => z.strictObject({ token: AppToken(), text: z.string() }),
    audits: ['API Token Created'],
  }),
  getToken: operation({
    method: 'GET',
    path: '/app-api/tokens/{tokenId}',
    tag: 'Tokens',
    stability: 'own',
    effect: 'works',
    access: { right: 'token.read', of: 'workspace' },
    summary: 'One API token.',
    answer: () => z.strictObject({ token: AppToken() }),
  }),
  deleteToken: operation({
    method: 'DELETE',
    path: '/app-api/tokens/{tokenId}',
    tag: 'Tokens',
    stability: 'own',
    effect: 'works',
    access: { right: 'token.edit', of: 'workspace' },
    summary: 'Revokes a token: its next request is refused.',
    answer: () => z.strictObject({ status: z.literal('SUCCESS') }),
    audits: ['API Token Deleted'],
  }),
};
