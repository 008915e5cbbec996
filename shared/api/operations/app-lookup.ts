import * as z from 'zod';
import { operation } from '../operation.ts';

export const SEARCH_KINDS = ['source', 'destination', 'mapping', 'filter', 'tracking-plan', 'person', 'page'] as const;
/** Things that one search answers. */
export const SEARCH_RESULTS_MAX = 50;

/** Things found by name. */
export const appSearchOperations = {
  search: operation({
    method: 'GET',
    path: '/app-api/search',
    tag: 'Overview',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'Finds things of the workspace, and pages of the app, by parts of their name or id; the best match first.',
    query: () => z.strictObject({ q: z.string().min(1).max(256) }),
    answer: () =>
      z.strictObject({
        results: z
          .array(
            z.strictObject({
              kind: z.enum(SEARCH_KINDS),
              id: z.string(),
              name: z.string(),
              /** What tells it from others of its name: its type, or what it belongs to. */
              detail: z.string(),
              /** In the app, below the workspace. */
              path: z.string(),
            }),
          )
          .max(SEARCH_RESULTS_MAX),
      }),
  }),
};
