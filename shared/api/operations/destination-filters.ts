import * as z from 'zod';
import { FQL_BYTES_MAX } from '../../domain/rule-bounds.ts';
import { descriptionText, idText, titleText } from '../bounds.ts';
import { operation } from '../operation.ts';
import { freeMap } from '../shape.ts';
import {
  DestinationFilterActionV1,
  DestinationFilterV1,
  PaginationInput,
  PaginationOutput,
  PreviewDestinationFilterV1,
} from '../shapes.ts';

export const destinationFiltersOperations = {
  listFiltersFromDestination: operation({
    method: 'GET',
    path: '/destination/{destinationId}/filters',
    tag: 'Destination Filters',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.read', of: 'destination', param: 'destinationId', in: 'path' },
    query: () => z.strictObject({ pagination: PaginationInput().optional() }),
    answer: () => z.strictObject({ filters: z.array(DestinationFilterV1()), pagination: PaginationOutput() }),
  }),
  createFilterForDestination: operation({
    method: 'POST',
    path: '/destination/{destinationId}/filters',
    tag: 'Destination Filters',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.edit', of: 'destination', param: 'destinationId', in: 'path' },
    body: () =>
      z.strictObject({
        sourceId: idText(),
        if: z.string().min(1).max(FQL_BYTES_MAX),
        actions: z.array(DestinationFilterActionV1()),
        title: titleText(),
        description: descriptionText().optional(),
        enabled: z.boolean(),
      }),
    answer: () => z.strictObject({ filter: DestinationFilterV1() }),
    audits: ['Destination Filter Created'],
  }),
  removeFilterFromDestination: operation({
    method: 'DELETE',
    path: '/destination/{destinationId}/filters/{filterId}',
    tag: 'Destination Filters',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.edit', of: 'destination', param: 'destinationId', in: 'path' },
    answer: () => z.strictObject({ status: z.literal('SUCCESS') }),
    audits: ['Destination Filter Deleted'],
  }),
  getFilterInDestination: operation({
    method: 'GET',
    path: '/destination/{destinationId}/filters/{filterId}',
    tag: 'Destination Filters',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.read', of: 'destination', param: 'destinationId', in: 'path' },
    answer: () => z.strictObject({ filter: DestinationFilterV1() }),
  }),
  updateFilterForDestination: operation({
    method: 'PATCH',
    path: '/destination/{destinationId}/filters/{filterId}',
    tag: 'Destination Filters',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.edit', of: 'destination', param: 'destinationId', in: 'path' },
    body: () =>
      z.strictObject({
        if: z.string().min(1).max(FQL_BYTES_MAX).optional(),
        actions: z.array(DestinationFilterActionV1()).optional(),
        title: titleText().optional(),
        description: descriptionText().nullable().optional(),
        enabled: z.boolean().optional(),
      }),
    answer: () => z.strictObject({ filter: DestinationFilterV1() }),
    audits: ['Destination Filter Modified', 'Destination Filter Enabled', 'Destination Filter Disabled'],
  }),
  previewDestinationFilter: operation({
    method: 'POST',
    path: '/destination/filters/preview',
    tag: 'Destination Filters',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.read', of: 'visible' },
    body: () => z.strictObject({ filter: PreviewDestinationFilterV1(), payload: freeMap() }),
    answer: () => z.strictObject({ inputPayload: freeMap(), result: freeMap().nullable() }),
  }),
};
