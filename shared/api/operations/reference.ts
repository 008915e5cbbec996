import * as z from 'zod';
import { operation } from '../operation.ts';

/** What the API says of itself. Nobody need be signed in: there is nothing of anybody's in it. */
export const referenceOperations = {
  getReferencePage: operation({
    method: 'GET',
    path: '/docs',
    tag: 'Reference',
    stability: 'own',
    effect: 'works',
    access: { right: 'public', of: 'nobody' },
    summary: 'This page.',
    contentType: 'text/html; charset=utf-8',
    answer: () => z.unknown(),
  }),
  getOpenApi: operation({
    method: 'GET',
    path: '/app-api/openapi.json',
    tag: 'Reference',
    stability: 'own',
    effect: 'works',
    access: { right: 'public', of: 'nobody' },
    summary: 'This API as an OpenAPI 3.1 document, without the envelope of other answers.',
    contentType: 'application/json; charset=utf-8',
    answer: () => z.unknown(),
  }),
  getLogo: operation({
    method: 'GET',
    path: '/logos/{file}',
    tag: 'Catalog',
    stability: 'own',
    effect: 'works',
    access: { right: 'public', of: 'nobody' },
    summary:
      'The picture of a type of source or destination, as `logo` and `logos.default` name it. May be kept for a day.',
    contentType: 'image/svg+xml',
    answer: () => z.unknown(),
  }),
};
