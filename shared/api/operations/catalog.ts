import * as z from 'zod';
import { operation } from '../operation.ts';
import {
  DestinationMetadataV1,
  PaginationInput,
  PaginationOutput,
  SourceMetadataV1,
  WarehouseMetadataV1,
} from '../shapes.ts';

export const catalogOperations = {
  getDestinationsCatalog: operation({
    method: 'GET',
    path: '/catalog/destinations',
    tag: 'Catalog',
    stability: 'ga',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    query: () => z.strictObject({ pagination: PaginationInput().optional() }),
    answer: () =>
      z.strictObject({ destinationsCatalog: z.array(DestinationMetadataV1()), pagination: PaginationOutput() }),
  }),
  getDestinationMetadata: operation({
    method: 'GET',
    path: '/catalog/destinations/{destinationMetadataId}',
    tag: 'Catalog',
    stability: 'ga',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    answer: () => z.strictObject({ destinationMetadata: DestinationMetadataV1() }),
  }),
  getSourcesCatalog: operation({
    method: 'GET',
    path: '/catalog/sources',
    tag: 'Catalog',
    stability: 'ga',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    query: () => z.strictObject({ pagination: PaginationInput().optional() }),
    answer: () => z.strictObject({ sourcesCatalog: z.array(SourceMetadataV1()), pagination: PaginationOutput() }),
  }),
  getSourceMetadata: operation({
    method: 'GET',
    path: '/catalog/sources/{sourceMetadataId}',
    tag: 'Catalog',
    stability: 'ga',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    answer: () => z.strictObject({ sourceMetadata: SourceMetadataV1() }),
  }),
  getWarehousesCatalog: operation({
    method: 'GET',
    path: '/catalog/warehouses',
    tag: 'Catalog',
    stability: 'ga',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    query: () => z.strictObject({ pagination: PaginationInput().optional() }),
    answer: () => z.strictObject({ warehousesCatalog: z.array(WarehouseMetadataV1()), pagination: PaginationOutput() }),
  }),
  getWarehouseMetadata: operation({
    method: 'GET',
    path: '/catalog/warehouses/{warehouseMetadataId}',
    tag: 'Catalog',
    stability: 'ga',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    answer: () => z.strictObject({ warehouseMetadata: WarehouseMetadataV1() }),
  }),
};
