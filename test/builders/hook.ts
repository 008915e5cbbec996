import { createHmac } from 'node:crypto';
import { type HookRequest, HookSetting } from '../../shared/domain/source-hook.ts';
import type { Source } from '../../shared/domain/workspace.ts';
import { aSource } from './workspace-things.ts';

/** A push to a repository, as code hosts post it. */
export const A_PUSH = {
  ref: 'refs/heads/main',
  repository: { id: 1296269, full_name: 'octo/hello' },
  sender: { id: 583231, login: 'octo' },
  commits: [
    { id: 'c1', author: { email: 'a@example.com' }, message: 'One' },
    { id: 'c2', author: { email: 'b@example.com' }, message: 'Two' },
  ],
};

export const aHookSetting = (over: Record<string, unknown> = {}): HookSetting =>
  HookSetting.parse({
    mapping: {
      event: { '@template': 'Repository {{headers["x-github-event"]}}' },
      userId: { '@path': '$.body.sender.id' },
      properties: { repository: { '@path': '$.body.repository.full_name' } },
    },
    eventIdHeader: 'X-GitHub-Delivery',
    ...over,
  });

export const aHookRequest = (over: Partial<HookRequest> = {}): HookRequest => ({
  headers: { 'x-github-event': 'push', 'x-github-delivery': '72d3162e' },
  body: structuredClone(A_PUSH),
  ...over,
});

export const aHookSource = (
  hook: HookSetting | undefined = aHookSetting(),
  over: Record<string, unknown> = {},
): Source => aSource({ kind: 'webhook', slug: 'hook', hook, ...over });

/** A signature as ingest-face's opener understands it: sealed by a word. */
export const aSignature = (secret: string, over: Record<string, unknown> = {}) => ({
  scheme: 'hmac-sha256',
  header: 'X-Hub-Signature-256',
  prefix: 'sha256=',
  secrets: [{ sealed: `sealed:${secret}` }],
  ...over,
});

export const hmacOf = (
  secret: string | Buffer,
  text: string,
  encoding: 'hex' | 'base64' = 'hex',
  algorithm = 'sha256',
) => createHmac(algorithm, secret).update(text).digest(encoding);
