import * as z from 'zod';
import { operation } from '../operation.ts';
import { freeMap, queryNumber, queryBoolean } from '../shape.ts';
import { WorkspaceV1 } from '../shapes.ts';

/** Requests of one caller in a minute: each may hold an environment of the function for 2 s, and the least of tokens may ask. */
const ECHO_PER_MINUTE_MAX = 30;

export const workspacesOperations = {
  echo: operation({
    method: 'GET',
    path: '/echo',
    tag: 'Testing',
    stability: 'ga',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'Answers what it was sent, or fails as it is asked to; waits as long as `delay` says, 2,000 ms at most.',
    perMinuteMax: ECHO_PER_MINUTE_MAX,
    query: () =>
      z.strictObject({
        message: z.string(),
        delay: queryNumber().optional(),
        triggerError: queryBoolean().optional(),
        triggerMultipleErrors: queryBoolean().optional(),
        triggerUnexpectedError: queryBoolean().optional(),
        statusCode: queryNumber().optional(),
      }),
    answer: () => z.strictObject({ method: z.enum(['get', 'post']), message: z.string(), headers: freeMap() }),
  }),
  getWorkspace: operation({
    method: 'GET',
    path: '/',
    tag: 'Workspaces',
    stability: 'ga',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    answer: () => z.strictObject({ workspace: WorkspaceV1() }),
  }),
};
