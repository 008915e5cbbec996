import * as z from 'zod';
import { operation } from '../operation.ts';
import { Period } from './usage-shapes.ts';
import {
  APICallSnapshotV1,
  MtuSnapshotV1,
  PaginationInput,
  PaginationOutput,
  SourceAPICallSnapshotV1,
  UsersPerSourceSnapshotV1,
} from '../shapes.ts';

/** API calls and tracked users of a month by day: sums from its first day on. */
export const usageOperations = {
  getDailyWorkspaceAPICallsUsage: operation({
    method: 'GET',
    path: '/usage/api-calls/daily',
    tag: 'API Calls',
    stability: 'ga',
    effect: 'works',
    access: { right: 'usage.read', of: 'workspace' },
    summary: 'API calls of the workspace in a month, up to the end of each day.',
    query: () => z.strictObject({ period: Period(), pagination: PaginationInput().optional() }),
    answer: () =>
      z.strictObject({ dailyWorkspaceAPICallsUsage: z.array(APICallSnapshotV1()), pagination: PaginationOutput() }),
  }),
  getDailyPerSourceAPICallsUsage: operation({
    method: 'GET',
    path: '/usage/api-calls/sources/daily',
    tag: 'API Calls',
    stability: 'ga',
    effect: 'works',
    access: { right: 'usage.read', of: 'workspace' },
    summary: 'API calls of each source in a month, up to the end of each day.',
    query: () => z.strictObject({ period: Period(), pagination: PaginationInput().optional() }),
    answer: () =>
      z.strictObject({
        dailyPerSourceAPICallsUsage: z.array(SourceAPICallSnapshotV1()),
        pagination: PaginationOutput(),
      }),
  }),
  getDailyWorkspaceMTUUsage: operation({
    method: 'GET',
    path: '/usage/mtu/daily',
    tag: 'Monthly Tracked Users',
    stability: 'ga',
    effect: 'works',
    access: { right: 'usage.read', of: 'workspace' },
    summary: 'Tracked users of the workspace in a month, up to the end of each day.',
    query: () => z.strictObject({ period: Period(), pagination: PaginationInput().optional() }),
    answer: () => z.strictObject({ dailyWorkspaceMTUUsage: z.array(MtuSnapshotV1()), pagination: PaginationOutput() }),
  }),
  getDailyPerSourceMTUUsage: operation({
    method: 'GET',
    path: '/usage/mtu/sources/daily',
    tag: 'Monthly Tracked Users',
    stability: 'ga',
    effect: 'works',
    access: { right: 'usage.read', of: 'workspace' },
    summary: 'Tracked users of each source in a month, up to the end of each day.',
    query: () => z.strictObject({ period: Period(), pagination: PaginationInput().optional() }),
    answer: () =>
      z.strictObject({ dailyPerSourceMTUUsage: z.array(UsersPerSourceSnapshotV1()), pagination: PaginationOutput() }),
  }),
};
