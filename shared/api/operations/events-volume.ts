import * as z from 'zod';
import { operation } from '../operation.ts';
import { anyCase, queryList } from '../shape.ts';
import {
  GetEventsVolumeFromWorkspaceV1Query,
  PaginationInput,
  PaginationOutput,
  SourceEventVolumeV1,
} from '../shapes.ts';

const texts = () => queryList(z.string().max(512));

export const eventsVolumeOperations = {
  getEventsVolumeFromWorkspace: operation({
    method: 'GET',
    path: '/events/volume',
    tag: 'Events',
    stability: 'ga',
    effect: 'works',
    access: { right: 'usage.read', of: 'workspace' },
    summary: 'Events that sources took, by source, name, call and app version.',
    query: () =>
      z.strictObject({
        granularity: anyCase(['DAY', 'HOUR', 'MINUTE']),
        startTime: z.string().max(64),
        endTime: z.string().max(64),
        groupBy: queryList(z.string().max(64)).optional(),
        sourceId: texts().optional(),
        eventName: texts().optional(),
        eventType: texts().optional(),
        appVersion: texts().optional(),
        pagination: PaginationInput().optional(),
      }),
    answer: () =>
      z.strictObject({
        path: z.string(),
        query: GetEventsVolumeFromWorkspaceV1Query(),
        result: z.array(SourceEventVolumeV1()),
        pagination: PaginationOutput().optional(),
      }),
  }),
};
