import * as z from 'zod';
import { operation } from '../operation.ts';

/** What became of the workspace's events, from the books. Their answers hold every source: to see them takes a role for all sources. */
export const appStatusOperations = {
  getStatus: operation({
    method: 'GET',
    path: '/app-api/status',
    tag: 'Status',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'workspace' },
    summary: 'Counts of the last 24 hours, rates and lanes, what fails and why.',
    answer: () => z.unknown(),
  }),
  getBalance: operation({
    method: 'GET',
    path: '/app-api/balance',
    tag: 'Status',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'workspace' },
    summary: 'Where every event is, by source and destination. Its answer has no envelope.',
    bare: true,
    query: () => z.strictObject({ from: z.string().max(32).optional(), to: z.string().max(32).optional() }),
    answer: () => z.unknown(),
  }),
};
