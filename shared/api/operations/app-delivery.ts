import * as z from 'zod';
import { operation } from '../operation.ts';
import { DeliveryPage } from './delivery-shapes.ts';
import { twoWeeksQuery } from './range-shapes.ts';

/** The delivery pages of a destination and of a source: every step at once. */
export const appDeliveryOperations = {
  getDestinationDelivery: operation({
    method: 'GET',
    path: '/app-api/destinations/{destinationId}/delivery',
    tag: 'Delivery',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.read', of: 'destination', param: 'destinationId', in: 'path' },
    summary:
      'The steps from its source to a destination: counts, shares, change, series, breakdown, reasons, retries that wait, and how long delivery takes.',
    query: () => z.strictObject({ ...twoWeeksQuery(), subscriptionId: z.string().max(64).optional() }),
    answer: () => DeliveryPage(),
  }),
  getSourceDelivery: operation({
    method: 'GET',
    path: '/app-api/sources/{sourceId}/delivery',
    tag: 'Delivery',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'path' },
    summary: 'The steps that end at a source: what came, what was no event, and what was kept back, by reason.',
    query: () => z.strictObject(twoWeeksQuery()),
    answer: () => DeliveryPage(),
  }),
};
