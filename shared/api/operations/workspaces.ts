import * as z from 'zod';
import { operation } from '../operation.ts';
import { freeMap, queryNumber, queryBoolean } from '../shape.ts';
import { WorkspaceV1 } from '../shapes.ts';

export const workspacesOperations = {
  echo: operation({
    method: 'GET',
    path: '/echo',
    tag: 'Testing',
    stability: 'ga',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
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
