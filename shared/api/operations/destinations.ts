import * as z from 'zod';
import { idText, nameText, triggerText } from '../bounds.ts';
import { operation } from '../operation.ts';
import { freeMap } from '../shape.ts';
import {
  DestinationSubscription,
  DestinationSubscriptionUpdateInput,
  DestinationV1,
  PaginationInput,
  PaginationOutput,
} from '../shapes.ts';

export const destinationsOperations = {
  listDestinations: operation({
    method: 'GET',
    path: '/destinations',
    tag: 'Destinations',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.read', of: 'visible' },
    query: () => z.strictObject({ pagination: PaginationInput().optional() }),
    answer: () => z.strictObject({ destinations: z.array(DestinationV1()), pagination: PaginationOutput() }),
  }),
  createDestination: operation({
    method: 'POST',
    path: '/destinations',
    tag: 'Destinations',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.create', of: 'source', param: 'sourceId', in: 'body' },
    body: () =>
      z.strictObject({
        sourceId: idText(),
        metadataId: idText(),
        enabled: z.boolean().optional(),
        name: nameText().optional(),
        settings: freeMap(),
      }),
    answer: () => z.strictObject({ destination: DestinationV1() }),
    audits: ['Integration Created'],
  }),
  deleteDestination: operation({
    method: 'DELETE',
    path: '/destinations/{destinationId}',
    tag: 'Destinations',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.delete', of: 'destination', param: 'destinationId', in: 'path' },
    answer: () => z.strictObject({ status: z.literal('SUCCESS') }),
    audits: ['Integration Deleted'],
  }),
  getDestination: operation({
    method: 'GET',
    path: '/destinations/{destinationId}',
    tag: 'Destinations',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.read', of: 'destination', param: 'destinationId', in: 'path' },
    answer: () => z.strictObject({ destination: DestinationV1() }),
  }),
  updateDestination: operation({
    method: 'PATCH',
    path: '/destinations/{destinationId}',
    tag: 'Destinations',
    stability: 'ga',
    effect: 'works',
    access: { right: 'destination.edit', of: 'destination', param: 'destinationId', in: 'path' },
    body: () =>
      z.strictObject({
        name: nameText().nullable().optional(),
        enabled: z.boolean().optional(),
        settings: freeMap().optional(),
      }),
    answer: () => z.strictObject({ destination: DestinationV1() }),
    audits: ['Integration Disabled'],
  }),
  listSubscriptionsFromDestination: operation({
    method: 'GET',
    path: '/destinations/{destinationId}/subscriptions',
    tag: 'Destinations',
    stability: 'alpha',
    effect: 'works',
    access: { right: 'destination.read', of: 'destination', param: 'destinationId', in: 'path' },
    query: () => z.strictObject({ pagination: PaginationInput().optional() }),
    answer: () =>
      z.strictObject({ subscriptions: z.array(DestinationSubscription()), pagination: PaginationOutput().optional() }),
  }),
  createDestinationSubscription: operation({
    method: 'POST',
    path: '/destinations/{destinationId}/subscriptions',
    tag: 'Destinations',
    stability: 'alpha',
    effect: 'works',
    access: { right: 'destination.edit', of: 'destination', param: 'destinationId', in: 'path' },
    body: () =>
      z.strictObject({
        name: nameText(),
        actionId: idText(),
        trigger: triggerText(),
        enabled: z.boolean(),
        settings: freeMap().optional(),
        modelId: z.string().optional(),
      }),
    answer: () => z.strictObject({ destinationSubscription: DestinationSubscription() }),
  }),
  removeSubscriptionFromDestination: operation({
    method: 'DELETE',
    path: '/destinations/{destinationId}/subscriptions/{id}',
    tag: 'Destinations',
    stability: 'alpha',
    effect: 'works',
    access: { right: 'destination.edit', of: 'destination', param: 'destinationId', in: 'path' },
    answer: () => z.strictObject({ status: z.literal('SUCCESS') }),
  }),
  getSubscriptionFromDestination: operation({
    method: 'GET',
    path: '/destinations/{destinationId}/subscriptions/{id}',
    tag: 'Destinations',
    stability: 'alpha',
    effect: 'works',
    access: { right: 'destination.read', of: 'destination', param: 'destinationId', in: 'path' },
    answer: () => z.strictObject({ subscription: DestinationSubscription() }),
  }),
  updateSubscriptionForDestination: operation({
    method: 'PATCH',
    path: '/destinations/{destinationId}/subscriptions/{id}',
    tag: 'Destinations',
    stability: 'alpha',
    effect: 'works',
    access: { right: 'destination.edit', of: 'destination', param: 'destinationId', in: 'path' },
    body: () => z.strictObject({ input: DestinationSubscriptionUpdateInput() }),
    answer: () => z.strictObject({ subscription: DestinationSubscription() }),
  }),
};
